//! What is stored and cannot be read is said where it stands, and everything else goes on.

use crate::support::{World, restarted, world};
use model::{
    ActNo, ClusterId, PlanId,
    finding::Grade,
    log::LogQuery,
    object::ObjectRef,
    person::{Role, Scope},
    plan::ApplyForm,
    read_error::ReadErrorKind,
    record::RecordKind,
    run::{OpState, RunStatus, Stop},
    state::Tone,
};
use services::Failure;

async fn plant(world: &World, sql: impl Into<String>) {
    world.plant(sql).await;
}

/// A record of an act, with whatever else its JSON shall say.
async fn plant_record(world: &World, act: ActNo, kind: &str, more: &str) {
    plant(
        world,
        format!(
            "INSERT INTO records (id, act, at, kind, person_name, cluster, summary, entry)
             SELECT max(id) + 1, {act}, 0, '{kind}', 'ada', 1, 'Something.',
                    json_patch(json_object('kind', '{kind}', 'act', {act}, 'cluster', 1, 'summary', 'Something.'), '{more}')
             FROM records"
        ),
    )
    .await;
}

fn unreadable<T: std::fmt::Debug>(read: Result<T, Failure>) -> String {
    match read {
        Err(Failure::Unreadable(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

async fn planned(world: &World, id: ClusterId) -> PlanId {
    world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap()
}

#[tokio::test]
async fn a_plan_that_cannot_be_read_is_said_and_its_run_too() {
    let world = world().await;
    let id = world.cluster().await;
    let good = planned(&world, id).await;
    plant(
        &world,
        "INSERT INTO plans (cluster, version, plan, made_by_name, at, act)
         SELECT cluster, version, '{}', 'ada', at, act FROM plans",
    )
    .await;
    let bad = PlanId(good.0 + 1);
    let services = &world.services;

    let lines = services.clusters().show(&world.cx, id).await.unwrap().plans;
    assert_eq!(lines.iter().map(|line| (line.id, line.gist.is_ok())).collect::<Vec<_>>(), [(bad, false), (good, true)]);
    let said = unreadable(services.plans().show(&world.cx, bad).await);
    assert!(said.starts_with(&format!("Plan {bad} cannot be read: missing field")), "{said}");
    let applied = services.runs().apply(&world.cx.writer().unwrap(), bad, &ApplyForm::default()).await;
    assert_eq!(unreadable(applied), said, "nothing is sent");

    // Its run, for one that was applied by the program that could read it.
    let act = ActNo(world.log(&world.cx, &LogQuery::default()).await[0].id.0 + 1);
    plant_record(&world, act, "run.begun", "{}").await;
    plant(&world, format!("INSERT INTO plan_runs (plan, act) VALUES ({bad}, {act})")).await;
    assert_eq!(unreadable(services.runs().show(&world.cx, act).await), said);

    // Nobody learns of it from whom it is hidden.
    let other = world.other_cluster(services.clusters().show(&world.cx, id).await.unwrap().appliance.id).await;
    let olga = world.person("olga", Role::Operator, &Scope::Only([other].into())).await;
    assert!(matches!(services.plans().show(&olga, bad).await, Err(Failure::NotFound(_))));

    assert_eq!(world.applied(good).await.run.status, RunStatus::Succeeded);
}

#[tokio::test]
async fn a_set_up_that_cannot_be_read_takes_no_list_down_and_is_never_green() {
    let world = world().await;
    let id = world.cluster().await;
    let plan = planned(&world, id).await;
    let view = world.applied(plan).await;
    let services = &world.services;
    let appliance = services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
    let other = world.other_cluster(appliance).await;
    plant(
        &world,
        "INSERT INTO desired_versions (cluster, number, desired, made_by_name, at)
         SELECT cluster, max(number) + 1, '{\"mdm\":7}', 'ada', max(at) FROM desired_versions",
    )
    .await;
    // Nobody told the console of it: what was judged before stands until the next look.
    services.observer().look(appliance).await;

    let clusters = services.clusters().list(&world.cx).await.unwrap();
    assert_eq!(clusters.len(), 2);
    let berlin = &clusters[0];
    assert!(berlin.desired.is_some(), "it is judged by what was applied");
    assert_eq!((berlin.findings[0].outcome, berlin.verdict().0), (Grade::Fail, Tone::Bad));
    let said = &berlin.findings[0].title;
    assert!(said.contains("of the set-up cannot be read"), "{said}");
    assert!(unreadable(services.setup().show(&world.cx, id).await).starts_with(said.as_str()));
    unreadable(services.plans().make(&world.cx.writer().unwrap(), id).await);

    // What does not need it goes on.
    assert!(services.plans().show(&world.cx, plan).await.unwrap().run.is_some());
    assert_eq!(services.runs().show(&world.cx, view.run.act).await.unwrap().run.status, RunStatus::Succeeded);
    services
        .setup()
        .save_step(&world.cx.writer().unwrap(), other, &services::StepForm::Mdm(crate::support::mdm_form()), None)
        .await
        .unwrap_err();
    assert!(services.setup().show(&world.cx, other).await.is_ok());
}

#[tokio::test]
async fn a_cluster_of_which_nothing_can_be_read_says_so() {
    let world = world().await;
    let appliance = world.appliance().await;
    let id = world.other_cluster(appliance).await;
    plant(
        &world,
        format!(
            "INSERT INTO desired_versions (cluster, number, desired, made_by_name, at) VALUES ({id}, 1, '{{\"mdm\":7}}', 'x', 0)"
        ),
    )
    .await;
    let view = world.services.clusters().show(&world.cx, id).await.unwrap();
    assert_eq!(view.verdict(), (Tone::Bad, "its set-up cannot be read".to_owned()));
}

#[tokio::test]
async fn records_that_cannot_be_read_leave_the_log_and_the_run_readable() {
    let world = world().await;
    let id = world.cluster().await;
    let run = world.applied(planned(&world, id).await).await.run;
    plant_record(&world, run.act, "moon.landed", "{}").await;
    plant_record(&world, run.act, "call.result", r#"{"detail":{"seq":1}}"#).await;
    let again = world.services.runs().show(&world.cx, run.act).await.unwrap().run;
    assert_eq!((again.status, &again.operations[0].state), (RunStatus::Succeeded, &OpState::Confirmed));
    // An end that cannot be read may have been any.
    plant_record(&world, run.act, "run.ended", "{}").await;
    assert_eq!(world.services.runs().show(&world.cx, run.act).await.unwrap().run.status, RunStatus::Interrupted);

    let log = world.log(&world.cx, &LogQuery::default()).await;
    let kinds: Vec<RecordKind> = log.iter().take(3).map(|record| record.entry.kind).collect();
    assert_eq!(kinds, [RecordKind::RunEnded, RecordKind::CallResult, RecordKind::Unreadable]);
    let strange = world.services.log().record(&world.cx, log[2].id).await.unwrap();
    assert!(strange.record.entry.summary.contains("cannot be read"), "{}", strange.record.entry.summary);
    assert!(strange.canonical.contains("moon.landed"), "its bytes are there for whoever can read them");
    assert!(world.services.log().acts(&world.cx, &LogQuery::default(), Some(run.act)).await.is_ok());

    // An act that was begun so is closed at the next start, like any other.
    plant_record(&world, ActNo(log[0].id.0 + 1), "plan.begun", "{}").await;
    let world = restarted(world, |_| {}, async {}).await;
    let closed = LogQuery { kind: Some(RecordKind::PlanInterrupted), ..LogQuery::default() };
    assert_eq!(world.log(&world.cx, &closed).await.len(), 1);
}

#[tokio::test]
async fn what_a_plan_was_made_from_may_be_gone() {
    let world = world().await;
    let id = world.cluster().await;
    let plan = planned(&world, id).await;
    plant(&world, "DELETE FROM plan_snapshots").await;
    assert!(
        world.services.plans().show(&world.cx, plan).await.unwrap().obstacle.is_none(),
        "it needs no snapshot to be applied"
    );
    // Somebody else was at work meanwhile.
    world.raw(reqwest::Method::POST, "server", r#"{"server":{"name":"theirs","ipaddress":"10.20.30.99"}}"#).await;
    let run = world.applied(plan).await.run;
    assert_eq!(run.status, RunStatus::Failed);
    assert!(run.note.contains("what it saw is kept no more"), "{}", run.note);
    assert!(run.note.contains("nothing was sent. Make a new plan."), "{}", run.note);
    assert_eq!(run.stop, Some(Stop::Moved { moved: Vec::new() }));
}

#[tokio::test]
async fn an_appliance_that_cannot_be_read_is_listed_and_not_asked() {
    let world = world().await;
    let id = world.cluster().await;
    let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
    plant(&world, "UPDATE appliances SET spec = json_object('title', title)").await;
    let asked = world.lab.requests().len();
    world.services.observer().look(appliance).await;
    assert_eq!(world.lab.requests().len(), asked, "nobody knows where it is");
    // Nor where its nodes are: that they were not asked says nothing of them.
    world.services.nodes().observe(id, 0).await;
    let facts = world.services.nodes().show(&world.cx, id).await.unwrap().nodes;
    assert!(!facts.is_empty() && facts.iter().all(|node| node.facts.ports.is_empty()), "{facts:#?}");
    let fetched = world.services.nodes().fetch_all_keys(&world.cx.writer().unwrap(), id).await;
    assert!(matches!(fetched, Err(Failure::Unreadable(said)) if said.contains("enter its address")));

    let all = world.services.appliances().list(&world.cx).await.unwrap();
    let (_, error) = all[0].failure.clone().unwrap();
    let said = error.sentence();
    assert!(error.kind == ReadErrorKind::Ours && said.contains("Lab cannot be read") && all[0].is_unreadable, "{said}");
    assert_eq!(all[0].appliance.spec.url(), "");
    assert_eq!(world.services.clusters().list(&world.cx).await.unwrap().len(), 1);
    let tried = world.services.plans().make(&world.cx.writer().unwrap(), id).await;
    assert!(matches!(tried, Err(Failure::Refused(refusal)) if refusal.sentence().contains("cannot be read")));

    // Described again, it is as before.
    let (form, secret) = (world.appliance_form(), crate::support::SECRET);
    world.services.appliances().edit(&world.cx.admin().unwrap(), appliance, &form, secret, false).await.unwrap();
    world.services.observer().look(appliance).await;
    assert!(world.services.appliances().show(&world.cx, appliance).await.unwrap().failure.is_none());
}

#[tokio::test]
async fn an_upload_and_an_object_that_cannot_be_read_leave_the_set_up_readable() {
    let world = world().await;
    let id = world.cluster().await;
    plant(
        &world,
        "INSERT INTO uploads (cluster, name, summary, sealed, by_name, at) VALUES (1, 'old', '{}', x'00', 'ada', 0)",
    )
    .await;
    plant(
        &world,
        "INSERT INTO owned_objects (appliance, kind, key, cluster, since, act) VALUES (1, 'moon', '[]', 1, 0, 1)",
    )
    .await;
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    assert!(setup.uploads[0].summary.is_err());
    assert!(!setup.view.owned.contains(&ObjectRef::config()));
    assert!(world.services.plans().make(&world.cx.writer().unwrap(), id).await.is_ok());
}
