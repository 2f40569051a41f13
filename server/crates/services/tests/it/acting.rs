//! Whoever asks may go away: what was begun has its end, whatever the door; and what is asked for with a key is done once.

use crate::support::{SECRET, World, world};
use futures::FutureExt;
use lab::FaultSpec;
use model::{
    log::LogQuery,
    plan::ApplyForm,
    record::{Outcome, Record, RecordKind},
    run::RunStatus,
};
use services::Failure;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// The answer to one request takes long enough for somebody to go away meanwhile.
async fn slow(world: &World, method: &str, resource: &str) {
    let slow = FaultSpec {
        target: "netscaler".into(),
        fault: "slow".into(),
        ms: 400,
        times: 1,
        method: Some(method.into()),
        resource: Some(resource.into()),
        ..FaultSpec::default()
    };
    world.lab.fault(slow).await.unwrap();
}

async fn of_kind(world: &World, kind: RecordKind) -> Vec<Record> {
    let mut all = world.log(&world.cx, &LogQuery::default()).await;
    all.retain(|record| record.entry.kind == kind);
    all
}

async fn until(mut holds: impl AsyncFnMut() -> bool) {
    let mut look = tokio::time::interval(Duration::from_millis(5));
    while !holds().await {
        look.tick().await;
    }
}

/// Every session that was opened on the appliance was closed there.
async fn nothing_is_left_open(world: &World) {
    world.services.stop().await;
    let (opened, closed) = (world.count("POST", "/login"), world.count("POST", "/logout"));
    assert!(opened > 0 && opened == closed, "{opened} opened, {closed} closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_whose_asker_goes_away_is_made_all_the_same() {
    let world = world().await;
    let id = world.whole().await;
    let before = world.count("GET", "/lbvserver");
    slow(&world, "GET", "lbvserver").await;
    let asking = tokio::spawn({
        let (services, writer) = (world.services.clone(), world.cx.writer().unwrap());
        async move { services.plans().make(&writer, id).await }
    });
    until(async || world.count("GET", "/lbvserver") > before).await;
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    assert_eq!(of_kind(&world, RecordKind::PlanEnded).await.len(), 0, "it went away half-way");
    until(async || !of_kind(&world, RecordKind::PlanEnded).await.is_empty()).await;
    let ended = of_kind(&world, RecordKind::PlanEnded).await;
    assert_eq!(ended[0].entry.outcome, Some(Outcome::Succeeded), "{}", ended[0].entry.summary);
    let plan = serde_json::from_value(ended[0].entry.detail["plan"].clone()).unwrap();
    assert!(!world.services.plans().show(&world.cx, plan).await.unwrap().plan.is_empty());
    nothing_is_left_open(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_asker_goes_away_at_once_is_carried_out() {
    let world = world().await;
    let id = world.whole().await;
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    // Asked for, and gone before there is any answer.
    let answer = world.services.runs().apply(&writer, plan, &ApplyForm::default()).now_or_never();
    assert!(answer.is_none());
    until(async || world.services.plans().show(&world.cx, plan).await.unwrap().run.is_some()).await;
    let act = world.services.plans().show(&world.cx, plan).await.unwrap().run.unwrap();
    until(async || world.services.runs().show(&world.cx, act).await.unwrap().run.status != RunStatus::Running).await;
    let run = world.services.runs().show(&world.cx, act).await.unwrap().run;
    assert_eq!(run.status, RunStatus::Succeeded, "{}", run.note);
    nothing_is_left_open(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_whose_asker_goes_away_has_its_end_and_leaves_no_session() {
    let world = world().await;
    slow(&world, "POST", "login").await;
    let asking = tokio::spawn({
        let (services, admin, form) = (world.services.clone(), world.cx.admin().unwrap(), world.appliance_form());
        async move { services.appliances().test(&admin, &form, SECRET).await }
    });
    until(async || world.count("POST", "/login") > 0).await;
    asking.abort();
    until(async || !of_kind(&world, RecordKind::ApplianceTestEnded).await.is_empty()).await;
    assert_eq!(of_kind(&world, RecordKind::ApplianceTestEnded).await[0].entry.outcome, Some(Outcome::Succeeded));
    nothing_is_left_open(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_with_a_key_is_done_once() {
    let world = world().await;
    let services = &world.services;
    let done = Arc::new(AtomicUsize::new(0));
    let work = || {
        let done = done.clone();
        async move {
            tokio::task::yield_now().await;
            Ok(format!("answer {}", done.fetch_add(1, Ordering::SeqCst) + 1))
        }
    };
    let ask = |key: &str| services.acting().once(&world.cx, key.into(), work());
    let (one, other) = tokio::join!(ask("k1"), ask("k1"));
    assert_eq!((one.unwrap().as_deref(), other.unwrap().as_deref()), (Some("answer 1"), Some("answer 1")));
    // The first asker goes away before there is an answer; who asks again hears it.
    assert!(ask("k2").now_or_never().is_none());
    assert_eq!(ask("k2").await.unwrap().as_deref(), Some("answer 2"));
    assert_eq!(ask("k1").await.unwrap().as_deref(), Some("answer 1"), "later as well");
    assert_eq!(done.load(Ordering::SeqCst), 2);
    let failed = services.acting().once(&world.cx, "k3".into(), async { Err(Failure::NotFound("such thing")) }).await;
    assert!(matches!(failed, Err(Failure::NotFound(_))), "{failed:?}");
}
