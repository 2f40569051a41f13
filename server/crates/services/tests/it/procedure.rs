//! The whole procedure over the lab: from what it presupposes to every virtual server UP, and back.

use crate::support::{World, world};
use model::{desired::Step, object::Kind, run::RunStatus, state::StateWord};
use serde_json::Value as Json;
use std::time::Duration;

fn configuration(world: &World) -> Json {
    let state = world.lab.state();
    let appliance = &state["appliances"][0];
    let kinds = ["servers", "groups", "vservers", "certkeys", "files", "dns", "gateways", "session_actions"];
    kinds.iter().map(|kind| ((*kind).to_owned(), appliance[*kind].clone())).collect::<serde_json::Map<_, _>>().into()
}

async fn planned(world: &World, id: model::ClusterId) -> model::PlanId {
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    let view = world.services.plans().show(&world.cx, plan).await.unwrap();
    assert!(view.plan.conflicts.is_empty(), "ticking the session action was the consent: {:?}", view.plan.conflicts);
    plan
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_procedure_is_applied_seen_and_taken_back() {
    let world = world().await;
    let id = world.whole().await;
    let start = configuration(&world);
    let gets = || world.lab.requests().iter().filter(|request| request.method == "GET").count();
    let before = gets();
    let plan = planned(&world, id).await;
    assert!(gets() - before <= 2 * 20, "two plans, at most twenty reads each: {}", gets() - before);
    let done = world.applied(plan).await;
    assert_eq!(done.run.status, RunStatus::Succeeded, "{}", done.run.note);
    let lines: Vec<String> = world.lab.cli().into_iter().map(|line| line.line).collect();
    for line in [
        "bind serviceGroup xms-berlin-mam-8443-sg xms02 8443 -CustomServerID 169090572",
        "bind ssl vserver xms-berlin-mam-8443 -certkeyName wildcard-example",
        "add dns addRec xms.example.com 10.20.40.52",
        r#"bind vpn vserver _XM_ag.example.com -appController "https://xms.example.com:8443""#,
        r#"set vpn sessionAction AC_OS_10.20.40.40 -storefronturl "https://xms.example.com:8443""#,
    ] {
        assert!(lines.iter().any(|other| other == line), "{line} in {lines:#?}");
    }

    world.lab.advance(Duration::from_secs(30)).await;
    let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
    world.services.observer().look(appliance).await;
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    let (_, snapshot, _) = setup.view.sighting.seen.as_ref().unwrap();
    assert_eq!(snapshot.unread, []);
    let up = |kind| {
        let all = snapshot.of_kind(kind).filter(|seen| seen.object.part(0).starts_with("xms-berlin"));
        all.filter(|seen| seen.state.as_ref().is_some_and(StateWord::is_up)).count()
    };
    assert_eq!((up(Kind::LbVserver), up(Kind::ServiceGroup), up(Kind::Member)), (3, 3, 9));
    assert!(setup.nothing_to_do(), "{:?}", setup.preview);
    let states: Vec<_> = Step::ALL[1..].iter().map(|step| setup.state(*step).word()).collect();
    assert_eq!(states, ["in sync"; 6]);
    assert!(Step::ALL.iter().all(|step| setup.conflicts(*step).is_empty()));

    let writer = world.cx.writer().unwrap();
    let again = world.services.plans().make(&writer, id).await.unwrap();
    assert!(world.services.plans().show(&world.cx, again).await.unwrap().plan.is_empty());
    let back = world.services.plans().make_undo(&writer, done.run.act).await.unwrap();
    let undone = world.applied(back).await;
    assert_eq!(undone.run.status, RunStatus::Succeeded, "{}", undone.run.note);
    assert_eq!(configuration(&world), start);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_in_one_step_do_not_overwrite_each_other_unseen() {
    let world = world().await;
    let id = world.cluster().await;
    let (cx, services) = (world.cx.writer().unwrap(), &world.services);
    let drawn = services.setup().show(&world.cx, id).await.unwrap().version;
    let form = |timeout: &str| {
        services::StepForm::Mdm(model::desired::MdmForm { timeout: timeout.into(), ..crate::support::mdm_form() })
    };
    services.setup().save_step(&cx, id, &form("30"), Some(drawn)).await.unwrap();
    let refused = services.setup().save_step(&cx, id, &form("40"), Some(drawn)).await;
    assert!(matches!(&refused, Err(services::Failure::Fields(errors)) if errors.get("").is_some()), "{refused:?}");
    // Another step of the same old version is nobody's loss.
    let dns = services::StepForm::Dns(model::desired::DnsForm::fresh());
    services.setup().save_step(&cx, id, &dns, Some(drawn)).await.unwrap();
    let now = services.setup().show(&world.cx, id).await.unwrap();
    assert_eq!(now.desired.mdm.as_ref().map(|mdm| mdm.timeout), Some(30));
    services.setup().save_step(&cx, id, &form("40"), Some(now.version)).await.unwrap();
}

/// Every write has its records, every session its end.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_without_records_and_no_session_is_left_behind() {
    let world = world().await;
    let id = world.whole().await;
    let plan = planned(&world, id).await;
    let run = world.applied(plan).await;
    let back = world.services.plans().make_undo(&world.cx.writer().unwrap(), run.run.act).await.unwrap();
    let undone = world.applied(back).await;
    let written: Vec<String> = world.lab.cli().into_iter().map(|line| line.line).collect();
    for code in ["call.intent", "call.result"] {
        let kind = model::record::RecordKind::from_code(code);
        let mut lines = Vec::new();
        for act in [run.run.act, undone.run.act] {
            let query = services::LogQuery { kind, ..services::LogQuery::default() };
            let of_act = world.log(&world.cx, &query).await.into_iter().filter(|record| record.act == act);
            let line = |record: model::record::Record| record.entry.detail["cli"].as_str().unwrap().to_owned();
            lines.extend(of_act.rev().map(line));
        }
        assert_eq!(lines, written, "{code}");
    }

    world.services.stop().await;
    let requests = world.lab.requests();
    let ends = |resource: &str| requests.iter().filter(|request| request.path.ends_with(resource)).count();
    let (logins, logouts) = (ends("/login"), ends("/logout"));
    assert!(logins > 0 && logins == logouts, "{logins} logins, {logouts} logouts");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_run_no_look_mixes_the_old_with_the_new() {
    let world = world().await;
    let id = world.whole().await;
    let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
    let plan = planned(&world, id).await;
    // Observers at work all the time, as in life; the lab's clock stands still, so its time of change tells nothing.
    let looking = world.services.clone();
    let looks = tokio::spawn(async move {
        loop {
            looking.observer().glance(appliance).await;
        }
    });
    let done = world.applied(plan).await;
    assert_eq!(done.run.status, RunStatus::Succeeded, "{}", done.run.note);
    world.services.observer().glance(appliance).await;
    looks.abort();
    world.lab.advance(Duration::from_secs(30)).await;
    world.services.observer().glance(appliance).await;
    let view = world.services.clusters().show(&world.cx, id).await.unwrap();
    let bad: Vec<_> = view.findings.iter().filter(|f| f.outcome == model::finding::Grade::Fail).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}
