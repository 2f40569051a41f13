//! Who may ask for anything: somebody by a session, or by a sub-command on this machine; and nothing is done for nobody.

use crate::support::{PASSWORD, world};
use model::{
    log::LogQuery,
    person::{RightsForm, Role, Scope},
    record::{Entrance, RecordKind},
};
use services::{Failure, Origin, Refusal};
use std::collections::BTreeSet;

fn origin() -> Origin {
    Origin { from: "uid 1000".into(), request: "c-1".into(), ..Origin::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sub_command_acts_in_somebodys_name_and_the_log_says_how() {
    let world = world().await;
    let id = world.whole().await;
    let ada = world.services.at_console(" ada ", origin()).await.unwrap();
    let plan = world.services.make_plan(&ada.writer().unwrap(), id).await.unwrap();
    assert_eq!(world.services.plan(&ada, plan).await.unwrap().by, "ada");
    let log = world.log(&world.cx, &LogQuery::default()).await;
    let begun = log.iter().find(|record| record.entry.kind == RecordKind::PlanBegun).unwrap();
    let actor = &begun.entry.actor;
    assert_eq!((actor.via, actor.from.as_str(), actor.person), (Entrance::Console, "uid 1000", Some(ada.person().id)));
    let saved = log.iter().find(|record| record.entry.kind == RecordKind::DesiredSaved).unwrap();
    assert_eq!(saved.entry.actor.via, Entrance::Session);
}

#[tokio::test(flavor = "multi_thread")]
async fn role_and_scope_hold_for_a_sub_command_as_well() {
    let world = world().await;
    let (services, berlin) = (&world.services, world.cluster().await);
    let appliance = services.cluster(&world.cx, berlin).await.unwrap().appliance.id;
    let elsewhere = Scope::Only([world.other_cluster(appliance).await].into());
    world.person("vera", Role::Viewer, &Scope::All).await;
    let olga = world.person("olga", Role::Operator, &elsewhere).await.person().id;
    let vera = services.at_console("vera", origin()).await.unwrap();
    assert!(matches!(vera.writer(), Err(Failure::Forbidden(_))));
    let caller = services.at_console("olga", origin()).await.unwrap();
    assert!(matches!(services.cluster(&caller, berlin).await, Err(Failure::NotFound(_))));
    // Asked again later, it is what they may do then.
    let admin = world.cx.admin().unwrap();
    services.change_rights(&admin, olga, &RightsForm::of(Role::Viewer, &Scope::All)).await.unwrap();
    let again = services.reader_again(&caller).await.unwrap().unwrap();
    assert!(again.writer().is_err() && services.cluster(&again, berlin).await.is_ok());
    services.disable_person(&admin, olga).await.unwrap();
    assert!(services.reader_again(&caller).await.unwrap().is_none(), "the way back ends with the person's");
    let refused = services.at_console("olga", origin()).await.unwrap_err();
    assert!(matches!(&refused, Failure::Refused(Refusal::Disabled(name)) if name == "olga"), "{refused:?}");
    let refused = services.at_console("nobody", origin()).await.unwrap_err();
    assert!(matches!(&refused, Failure::Refused(Refusal::NobodyCalled(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_about_a_session_is_refused_to_who_has_none() {
    let world = world().await;
    let (services, ada) = (&world.services, world.services.at_console("ada", origin()).await.unwrap());
    let refused = services.sign_out(&ada).await.unwrap_err();
    assert!(matches!(refused, Failure::Refused(Refusal::NoSession)), "{refused:?}");
    let refused = services.change_password(&ada, PASSWORD, "another long password").await.unwrap_err();
    assert!(matches!(refused, Failure::Refused(Refusal::NoSession)), "{refused:?}");
    assert!(services.own_sessions(&ada).await.unwrap().iter().all(|line| !line.current));
    assert_eq!(ada.session_id(), None);
    assert_eq!(services.renewed(&mut ada.clone()).await.unwrap(), None);
}

/// Of `impl Services`, what is public and takes no caller: what the console does by itself, what is known of it without
/// asking for anybody, and what leads to a caller. A new one here needs its reason.
const WITHOUT: [&str; 31] = [
    // Start, stop, looking, health.
    "open",
    "start_observing",
    "stop",
    "with_patience",
    "observe",
    "glance",
    "observe_nodes",
    "mind_the_data",
    "troubles",
    // What is no person's: times, tokens, that something changed.
    "now",
    "interval",
    "clock_step",
    "fresh_token",
    "listen",
    "told",
    "form_token",
    "is_form_token",
    "to_its_end",
    // On the way to becoming a caller, or turned away from it.
    "nobody_yet",
    "first_use_token",
    "first_use",
    "sign_in",
    "known_by",
    "visitor",
    "at_console",
    "session_end",
    "lapsed",
    "refused_request",
    // What a stranger typed, which their own browser keeps.
    "hand_out",
    "handed_back",
    // The machine's own command line, which makes the first people.
    "add_person",
];

#[test]
fn nothing_is_done_for_nobody() {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let (mut without, mut with) = (BTreeSet::new(), 0);
    for path in crate::scopes::sources(root) {
        let text = std::fs::read_to_string(&path).unwrap();
        for part in text.split("\nimpl Services {").skip(1) {
            let body = part.split("\n}").next().unwrap();
            for method in body.split("\n    pub ").skip(1) {
                let head = method.split('{').next().unwrap();
                let Some((name, rest)) = head.split_once("fn ").and_then(|(_, rest)| rest.split_once(['(', '<']))
                else {
                    continue;
                };
                let callers = ["ReadCx", "WriteCx", "AdminCx", "ExportCx", "Lapsed"];
                let takes = rest.split("->").next().unwrap();
                if callers.iter().any(|caller| takes.contains(caller)) {
                    with += 1;
                } else {
                    without.insert(name.to_owned());
                }
            }
        }
    }
    let listed: BTreeSet<String> = WITHOUT.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(without, listed);
    assert!(with > 60, "{with}");
}
