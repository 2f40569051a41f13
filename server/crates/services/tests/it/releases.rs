//! The whole procedure on every release of the appliance, on a pair, and with no more rights than it needs: what one of
//! them lacks must not break it.

use crate::support::{World, world_on};
use lab::{Options, Pair, Version};
use model::{object::Kind, run::RunStatus, snapshot::Snapshot, state::StateWord};
use std::time::Duration;

/// Sets everything up, and says what the console then sees.
async fn set_up(world: &World) -> Snapshot {
    let id = world.whole().await;
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    let view = world.services.plans().show(&world.cx, plan).await.unwrap();
    assert!(view.plan.conflicts.is_empty(), "{:?}", view.plan.conflicts);
    let done = world.applied(plan).await;
    assert_eq!(done.run.status, RunStatus::Succeeded, "{}", done.run.note);

    world.lab.advance(Duration::from_secs(30)).await;
    let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
    world.services.observer().look(appliance).await;
    let again = world.services.plans().make(&writer, id).await.unwrap();
    let again = world.services.plans().show(&world.cx, again).await.unwrap().plan;
    assert!(again.is_empty(), "{again:?}");
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    setup.view.sighting.seen.as_ref().unwrap().1.as_ref().clone()
}

fn up(snapshot: &Snapshot, kind: Kind) -> usize {
    let all = snapshot.of_kind(kind).filter(|seen| seen.object.part(0).starts_with("xms-berlin"));
    all.filter(|seen| seen.state.as_ref().is_some_and(StateWord::is_up)).count()
}

fn complete(snapshot: &Snapshot) {
    assert_eq!(snapshot.unread, []);
    let seen = [Kind::LbVserver, Kind::ServiceGroup, Kind::Member].map(|kind| up(snapshot, kind));
    assert_eq!(seen, [3, 3, 9]);
    // Bindings of certificate and App Controller are read whatever the release can list.
    assert!(snapshot.of_kind(Kind::VserverCert).any(|seen| seen.object.part(0).starts_with("xms-berlin")));
    assert_eq!(snapshot.of_kind(Kind::AppController).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn release_10_5_which_lists_bindings_parent_by_parent() {
    let world = world_on(Options { version: Version::V10_5, ..Options::default() }).await;
    let snapshot = set_up(&world).await;
    complete(&snapshot);
    assert!(snapshot.release.starts_with("10.5"), "{}", snapshot.release);
    let bulk = world.lab.requests().into_iter().filter(|request| request.query.contains("bulkbindings"));
    assert!(bulk.into_iter().all(|request| request.status == Some(400)), "the release does not know the option");
}

#[tokio::test(flavor = "multi_thread")]
async fn release_12_1() {
    complete(&set_up(&world_on(Options { version: Version::V12_1, ..Options::default() }).await).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn release_14_1() {
    complete(&set_up(&world_on(Options { version: Version::V14_1, ..Options::default() }).await).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_by_the_address_of_its_primary() {
    let world = world_on(Options { pair: Some(Pair::default()), ..Options::default() }).await;
    let snapshot = set_up(&world).await;
    complete(&snapshot);
    assert!(snapshot.role.is_primary());
    let pair = snapshot.pair.unwrap();
    assert!(pair.is_ready() && pair.address == "10.0.0.11" && pair.behind.is_none(), "{pair:?}");
    // Both have what one was told.
    let state = world.lab.state();
    for kind in ["servers", "groups", "vservers", "dns"] {
        let names = |at: usize| state["appliances"][at][kind].as_array().map(Vec::len);
        assert_eq!(names(0), names(1), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_the_rights_of_the_reference_and_no_more() {
    let mut world = world_on(Options::default()).await;
    world.user = "xmconsole";
    let snapshot = set_up(&world).await;
    // Files hold private keys, so this account may not list them, and the page says so.
    assert!(
        matches!(&snapshot.unread[..], [only] if only.kind == Some(Kind::CertFile) && only.sentence.contains("2138")),
        "{:?}",
        snapshot.unread
    );
    let seen = [Kind::LbVserver, Kind::ServiceGroup, Kind::Member].map(|kind| up(&snapshot, kind));
    assert_eq!(seen, [3, 3, 9]);
    let refused = world.lab.requests().into_iter().filter(|request| request.status == Some(403));
    assert!(refused.into_iter().all(|request| request.method == "GET" && request.path.ends_with("systemfile")));
}
