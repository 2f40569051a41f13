//! Hands on the data under a running console.

use crate::support::{restarted, world};
use lab::FaultSpec;
use model::{health::ConsoleTrouble, run::RunStatus};
use services::Failure;
use std::{fs, time::Duration};

fn is_write(request: &lab::RequestRecord) -> bool {
    request.method != "GET" && !["/login", "/logout"].iter().any(|end| request.path.ends_with(end))
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_vanishes_stops_a_run_before_its_next_request() {
    let world = world().await;
    let id = world.whole().await;
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    // The answer to the groups takes a moment: long enough for somebody to tidy up.
    let slow = FaultSpec {
        target: "netscaler".into(),
        fault: "slow".into(),
        ms: 600,
        times: 1,
        method: Some("POST".into()),
        resource: Some("servicegroup".into()),
        ..FaultSpec::default()
    };
    world.lab.fault(slow).await.unwrap();
    let act = world.services.runs().apply(&writer, plan, &model::plan::ApplyForm::default()).await.unwrap();
    let mut look = tokio::time::interval(Duration::from_millis(5));
    let at_work = |request: &lab::RequestRecord| request.method == "POST" && request.path.ends_with("/servicegroup");
    while !world.lab.requests().iter().any(at_work) {
        look.tick().await;
    }
    let sent = world.lab.requests().iter().filter(|request| is_write(request)).count();
    fs::remove_file(world.data().join("gatehouse.db")).unwrap();
    let run = loop {
        // While the run is at work as well, a reader more may be wanted, and there is nothing to read.
        match world.services.runs().show(&world.cx, act).await {
            Ok(view) if view.run.status != RunStatus::Running => break view.run,
            Ok(_) | Err(Failure::Unwritten(ConsoleTrouble::DataLost)) => {}
            Err(other) => panic!("{other:?}"),
        }
        look.tick().await;
    };
    assert_eq!(world.lab.requests().iter().filter(|request| is_write(request)).count(), sent, "nothing more was sent");
    assert_ne!(run.status, RunStatus::Succeeded);
    assert!(run.note.contains("gatehouse.db was deleted"), "it says why: {}", run.note);
    assert_eq!(world.services.health().troubles(), [ConsoleTrouble::DataLost]);
    // Whatever else is asked for is not done either, and says the same.
    let refused = world.services.plans().make(&writer, id).await.unwrap_err();
    assert!(matches!(&refused, Failure::Unwritten(ConsoleTrouble::DataLost)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_is_said_for_as_long_as_nobody_knows() {
    let world = world().await;
    let id = world.whole().await;
    assert_eq!(world.services.health().troubles(), []);
    let copy = tempfile::tempdir().unwrap();
    let names = ["gatehouse.db", "gatehouse.db-wal"];
    let kept = copy.path().to_owned();
    let world = restarted(
        world,
        |world| assert!(fs::copy(world.data().join(names[0]), kept.join(names[0])).unwrap() > 0),
        async {},
    )
    .await;
    for _ in 0..3 {
        world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    }
    let kept = copy.path().to_owned();
    let back = move |world: &crate::support::World| {
        for name in names {
            let _gone = fs::remove_file(world.data().join(name));
        }
        fs::copy(kept.join(names[0]), world.data().join(names[0])).unwrap();
    };
    let world = restarted(world, back, async {}).await;
    let found = world.services.health().troubles();
    assert!(matches!(found[..], [ConsoleTrouble::OlderCopy { .. }]), "{found:?}");
    // More records are no old ones.
    for _ in 0..9 {
        world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    }
    world.services.health().look().await;
    assert_eq!(world.services.health().troubles(), found);
    // What --begin-anew does about it.
    let known = |world: &crate::support::World| fs::remove_file(world.data().join("gatehouse.newest")).unwrap();
    let world = restarted(world, known, async {}).await;
    assert_eq!(world.services.health().troubles(), []);
}
