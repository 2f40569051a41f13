//! Who may ask for anything: somebody by a session, or by a sub-command on this machine; and nothing is done for nobody.

use crate::support::{PASSWORD, world};
use model::{
    log::LogQuery,
    person::{RightsForm, Role, Scope},
    record::{Entrance, RecordKind},
};
use services::{Failure, Origin, Refusal};
use std::{collections::BTreeSet, path::Path};

fn origin() -> Origin {
    Origin { from: "uid 1000".into(), request: "c-1".into(), ..Origin::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sub_command_acts_in_somebodys_name_and_the_log_says_how() {
    let world = world().await;
    let id = world.whole().await;
    let ada = world.services.sessions().at_console(" ada ", origin()).await.unwrap();
    let plan = world.services.plans().make(&ada.writer().unwrap(), id).await.unwrap();
    assert_eq!(world.services.plans().show(&ada, plan).await.unwrap().by, "ada");
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
    let appliance = services.clusters().show(&world.cx, berlin).await.unwrap().appliance.id;
    let elsewhere = Scope::Only([world.other_cluster(appliance).await].into());
    world.person("vera", Role::Viewer, &Scope::All).await;
    let olga = world.person("olga", Role::Operator, &elsewhere).await.person().id;
    let vera = services.sessions().at_console("vera", origin()).await.unwrap();
    assert!(matches!(vera.writer(), Err(Failure::Forbidden(_))));
    let caller = services.sessions().at_console("olga", origin()).await.unwrap();
    assert!(matches!(services.clusters().show(&caller, berlin).await, Err(Failure::NotFound(_))));
    // Asked again later, it is what they may do then.
    let admin = world.cx.admin().unwrap();
    services.team().change_rights(&admin, olga, &RightsForm::of(Role::Viewer, &Scope::All)).await.unwrap();
    let again = services.sessions().reader_again(&caller).await.unwrap().unwrap();
    assert!(again.writer().is_err() && services.clusters().show(&again, berlin).await.is_ok());
    services.team().disable(&admin, olga).await.unwrap();
    assert!(services.sessions().reader_again(&caller).await.unwrap().is_none(), "the way back ends with the person's");
    let refused = services.sessions().at_console("olga", origin()).await.unwrap_err();
    assert!(matches!(&refused, Failure::Refused(Refusal::Disabled(name)) if name == "olga"), "{refused:?}");
    let refused = services.sessions().at_console("nobody", origin()).await.unwrap_err();
    assert!(matches!(&refused, Failure::Refused(Refusal::NobodyCalled(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_about_a_session_is_refused_to_who_has_none() {
    let world = world().await;
    let (services, ada) = (&world.services, world.services.sessions().at_console("ada", origin()).await.unwrap());
    let refused = services.sessions().sign_out(&ada).await.unwrap_err();
    assert!(matches!(refused, Failure::Refused(Refusal::NoSession)), "{refused:?}");
    let refused = services.account().change_password(&ada, PASSWORD, "another long password").await.unwrap_err();
    assert!(matches!(refused, Failure::Refused(Refusal::NoSession)), "{refused:?}");
    assert!(services.account().sessions(&ada).await.unwrap().iter().all(|line| !line.current));
    assert_eq!(ada.session_id(), None);
    assert_eq!(services.sessions().renewed(&mut ada.clone()).await.unwrap(), None);
}

/// What is public in a room and takes no caller: what the console does by itself, what is known of it without asking for
/// anybody, and what leads to a caller. A new one here needs its reason.
const WITHOUT: [(&str, &[&str]); 9] = [
    // Start and stop; what is no person's: times, that something changed, what it does by itself.
    (
        "Services",
        &["open", "start_observing", "stop", "be_patient", "now", "interval", "clock_step", "listen", "told", "sweep"],
    ),
    ("Acting", &["to_its_end"]),
    // Looking, health.
    ("Observer", &["look", "glance"]),
    ("Nodes", &["observe"]),
    ("Health", &["troubles", "look"]),
    // Tokens; and what a stranger typed, which their own browser keeps.
    ("Forms", &["fresh_token", "token", "is_token", "hand_out", "handed_back"]),
    // On the way to becoming a caller, or turned away from it.
    ("Sessions", &["sign_in", "known_by", "visitor", "at_console", "end_of", "lapsed"]),
    ("Refusals", &["note"]),
    // The first one, and the machine's own command line.
    ("People", &["nobody_yet", "first_use_token", "first_use", "add"]),
];

/// The rooms that doors reach, as the program itself names them.
fn rooms(folder: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(folder.join("lib.rs")).unwrap();
    let rooms = text.split("(&self) -> &").skip(1).map(|rest| rest.split_whitespace().next().unwrap().to_owned());
    rooms.chain(["Services".to_owned()]).collect()
}

#[test]
fn nothing_is_done_for_nobody() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let rooms = rooms(folder);
    let (mut without, mut with) = (BTreeSet::new(), 0);
    for path in crate::scopes::sources(folder) {
        let text = std::fs::read_to_string(&path).unwrap();
        for part in text.split("\nimpl ").skip(1) {
            let room = part.split(" {").next().unwrap();
            if !rooms.contains(room) {
                continue;
            }
            let body = part.split("\n}").next().unwrap();
            for method in body.split("\n    pub ").skip(1) {
                let head = method.split('{').next().unwrap();
                let Some((name, rest)) = head.split_once("fn ").and_then(|(_, rest)| rest.split_once(['(', '<']))
                else {
                    continue;
                };
                let callers = ["ReadCx", "WriteCx", "AdminCx", "ExportCx", "Lapsed"];
                let (takes, gives) = rest.split_once("->").unwrap_or((rest, ""));
                if callers.iter().any(|caller| takes.contains(caller)) {
                    with += 1;
                } else if !gives.trim().strip_prefix('&').is_some_and(|room| rooms.contains(room)) {
                    without.insert((room.to_owned(), name.to_owned()));
                }
            }
        }
    }
    let listed =
        WITHOUT.iter().flat_map(|(room, names)| names.iter().map(|name| ((*room).to_owned(), (*name).to_owned())));
    assert_eq!(without, listed.collect());
    assert!(rooms.len() > 20 && with > 60, "{with} of {rooms:?}");
}
