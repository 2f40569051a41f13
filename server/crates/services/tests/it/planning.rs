//! Plans over a real appliance: budget, idempotence, drift, adoption, one writer.

use crate::support::{World, mdm_form, world};
use model::{
    object::ObjectRef,
    plan::ApplyForm,
    readiness::Obstacle,
    run::{RunStatus, Stop},
    snapshot::Snapshot,
};
use services::{Failure, Topic};

fn count_gets(world: &World) -> usize {
    world.lab.requests().iter().filter(|request| request.method == "GET").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_up_and_saved_within_the_budget() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    let before = count_gets(&world);
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    assert!(count_gets(&world) - before <= 20, "a plan reads at most twenty times");
    let mut heard = world.services.listen();
    let view = world.applied(plan).await;
    assert_eq!(view.run.status, RunStatus::Succeeded, "{}", view.run.note);
    assert_eq!(view.run.confirmed(), 18);

    let commands = world.lab.cli().len();
    // The look that follows a run reads as well.
    let there = ObjectRef::vserver("xms-berlin-mdm-443");
    let has = |snapshot: &Snapshot| snapshot.find(&there).is_some();
    while !matches!(heard.recv().await.unwrap(), Topic::Observed(_))
        || !world
            .services
            .clusters()
            .show(&world.cx, id)
            .await
            .unwrap()
            .sighting
            .seen
            .is_some_and(|(_, seen, _)| has(&seen))
    {}
    let before = count_gets(&world);
    let again = world.services.plans().make(&writer, id).await.unwrap();
    let read = count_gets(&world) - before;
    assert!((1..=20).contains(&read), "planning again reads no more: {read}");
    let again = world.services.plans().show(&world.cx, again).await.unwrap();
    assert!(again.plan.is_empty() && again.plan.conflicts.is_empty(), "{:?}", again.plan);
    assert_eq!(world.lab.cli().len(), commands);
    assert_eq!(world.count("POST", "/login"), 2, "one for the test before adding, one for all the rest");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_has_an_intent_and_a_result() {
    let world = world().await;
    let id = world.cluster().await;
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    let act = world.applied(plan).await.run.act;
    let log = world.log(&world.cx, &services::LogQuery::default()).await;
    let of = |code: &str| log.iter().filter(|record| record.act == act && record.entry.kind.code() == code).count();
    assert_eq!((of("run.begun"), of("call.intent"), of("call.result"), of("run.ended")), (1, 18, 18, 1));
    let written: Vec<String> = log
        .iter()
        .rev()
        .filter(|record| record.entry.kind.code() == "call.intent")
        .map(|record| record.entry.detail["cli"].as_str().unwrap().to_owned())
        .collect();
    let seen: Vec<String> = world.lab.cli().into_iter().map(|line| line.line).collect();
    assert_eq!(written, seen, "the log and the appliance agree on every command");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_whose_ground_has_moved_is_refused() {
    let world = world().await;
    let id = world.cluster().await;
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    world.raw(reqwest::Method::POST, "server", r#"{"server":{"name":"theirs","ipaddress":"10.9.9.9"}}"#).await;
    let view = world.applied(plan).await;
    assert_eq!(view.run.status, RunStatus::Failed);
    assert!(view.run.note.contains("not as the plan saw it"), "{}", view.run.note);
    assert!(view.run.note.contains("theirs"), "the difference is named: {}", view.run.note);
    assert_eq!(world.lab.cli().len(), 1, "only their own command");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_ground_has_moved_is_not_resumed_but_planned_anew() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    world.raw(reqwest::Method::POST, "server", r#"{"server":{"name":"theirs","ipaddress":"10.9.9.9"}}"#).await;
    let view = world.applied(plan).await;
    assert_eq!(view.run.status, RunStatus::Failed);
    // What moved is told as data, and resuming, which would fail in the same way for ever, is not offered.
    let Some(Stop::Moved { moved }) = &view.run.stop else { panic!("{:?}", view.run.stop) };
    let moved: Vec<_> = moved.iter().map(|field| (field.object.as_str(), field.is.as_str())).collect();
    assert_eq!(moved, [("server theirs", "there")]);
    assert_eq!(view.obstacle, Some(Obstacle::Moved));
    match world.services.runs().resume(&writer, view.run.act).await {
        Err(Failure::Refused(refusal)) => assert!(refusal.sentence().contains("Make a new plan"), "{refusal:?}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(world.lab.cli().len(), 1, "only their own command");
    let again = world.services.plans().make(&writer, id).await.unwrap();
    assert_eq!(world.applied(again).await.run.status, RunStatus::Succeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_and_vanished_is_nobodys() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    world.applied(plan).await;
    assert!(!world.services.clusters().show(&world.cx, id).await.unwrap().owned.is_empty());
    world.lab.reset(lab::Seed::Empty).await.unwrap();
    world.services.plans().make(&writer, id).await.unwrap();
    assert!(world.services.clusters().show(&world.cx, id).await.unwrap().owned.is_empty());
    // Somebody makes a group of that name now: it is theirs.
    let body = r#"{"servicegroup":{"servicegroupname":"xms-berlin-mdm-443-sg","servicetype":"SSL_BRIDGE"}}"#;
    world.raw(reqwest::Method::POST, "servicegroup", body).await;
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    let view = world.services.plans().show(&world.cx, plan).await.unwrap();
    assert!(!view.plan.conflicts.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_made_is_taken_over_by_consent_only() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    world
        .raw(
            reqwest::Method::POST,
            "servicegroup",
            r#"{"servicegroup":{"servicegroupname":"xms-berlin-mdm-443-sg","servicetype":"SSL_BRIDGE"}}"#,
        )
        .await;
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    let view = world.services.plans().show(&world.cx, plan).await.unwrap();
    assert!(view.plan.conflicts.iter().all(|conflict| conflict.adoptable) && !view.plan.conflicts.is_empty());
    match world.services.runs().apply(&writer, plan, &ApplyForm::default()).await {
        Err(Failure::Refused(_)) => {}
        other => panic!("{other:?}"),
    }
    let plan = world.services.plans().adopt(&writer, plan, &view.adoptable()).await.unwrap();
    let view = world.applied(plan).await;
    assert_eq!(view.run.status, RunStatus::Succeeded, "{}", view.run.note);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_changed_after_the_plan_wants_a_new_plan() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    let other = model::desired::MdmForm { timeout: "30".into(), ..mdm_form() };
    world.save(id, services::StepForm::Mdm(other)).await.unwrap();
    let obstacle = world.services.plans().show(&world.cx, plan).await.unwrap().obstacle;
    assert!(matches!(obstacle, Some(Obstacle::Outdated(_))), "{obstacle:?}");
    assert!(matches!(
        world.services.runs().apply(&writer, plan, &ApplyForm::default()).await,
        Err(Failure::Refused(_))
    ));
    assert!(world.lab.cli().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn undoing_a_run_returns_the_appliance_to_its_start() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    let objects =
        |state: &serde_json::Value| ["servers", "groups", "vservers"].map(|kind| state["appliances"][0][kind].clone());
    let start = objects(&world.lab.state());
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    let done = world.applied(plan).await;
    assert_ne!(objects(&world.lab.state()), start);

    let back = world.services.plans().make_undo(&writer, done.run.act).await.unwrap();
    let seen = world.services.plans().show(&world.cx, back).await.unwrap();
    assert!(seen.plan.notes.iter().any(|note| note.contains("A feature stays on")), "{:?}", seen.plan.notes);
    let view = world.applied(back).await;
    assert_eq!(view.run.status, RunStatus::Succeeded, "{}", view.run.note);
    assert_eq!(objects(&world.lab.state()), start);
    assert_eq!(world.lab.state()["appliances"][0]["configchanged"], false);

    // And forth again: nothing is left that would stand in the way.
    let again = world.services.plans().make(&writer, id).await.unwrap();
    let view = world.applied(again).await;
    assert_eq!(view.run.status, RunStatus::Succeeded, "{}", view.run.note);
}
