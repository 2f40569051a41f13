//! Since when something is so, from look to look: over starts, gaps and clocks that are set.

use crate::support::{INTERVAL, World, restarted, world};
use model::{ApplianceId, At, Clock, ClusterId, finding::Finding, since::Since, state::Tone};
use reqwest::Method;
use services::ClusterView;
use std::time::Duration;

const TITLE: &str = "Server xms02 (10.20.30.12) was switched off by hand.";

/// A cluster that is set up, its nodes asked.
async fn ready() -> (World, ClusterId, ApplianceId) {
    let world = world().await;
    let (id, appliance) = world.set_up().await;
    looked(&world, id, appliance).await;
    looked(&world, id, appliance).await;
    (world, id, appliance)
}

/// An interval passes, and then everything is looked at; when that was.
async fn looked(world: &World, id: ClusterId, appliance: ApplianceId) -> At {
    seconds(world, INTERVAL.into()).await;
    let at = world.clock.now();
    world.services.observer().look(appliance).await;
    world.services.nodes().observe(id, 0).await;
    at
}

async fn seconds(world: &World, seconds: u64) {
    world.lab.advance(Duration::from_secs(seconds)).await;
}

/// Somebody's hand on a server: `disable` or `enable`, and saved, for what is not saved is a finding of its own.
async fn turn(world: &World, action: &str) {
    world.raw(Method::POST, &format!("server?action={action}"), r#"{"server":{"name":"xms02"}}"#).await;
    world.raw(Method::POST, "nsconfig?action=save", r#"{"nsconfig":{}}"#).await;
}

async fn view(world: &World, id: ClusterId) -> ClusterView {
    world.services.clusters().show(&world.cx, id).await.unwrap()
}

fn found(view: &ClusterView) -> Option<&Finding> {
    view.findings.iter().find(|finding| finding.title == TITLE)
}

/// Since when the server is off; `None`: it is not.
async fn since(world: &World, id: ClusterId) -> Option<Since> {
    let view = view(world, id).await;
    let since = found(&view).map(|finding| view.sinces.of(finding).unwrap());
    let all = view.findings.iter().filter_map(|finding| view.sinces.of(finding)).chain(view.verdict_since());
    let now = world.clock.now();
    assert!(all.into_iter().all(|since| since.at <= now), "nothing began in the future");
    since
}

fn from(at: At) -> Since {
    Since { at, or_earlier: false }
}

fn from_or_earlier(at: At) -> Since {
    Since { at, or_earlier: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_begins_with_the_look_that_saw_it_stays_goes_and_comes_back_new() {
    let (world, id, appliance) = ready().await;
    let good = view(&world, id).await;
    assert_eq!(good.verdict().0, Tone::Good, "{:?}", good.verdict());
    let well = good.verdict_since().unwrap();
    assert_eq!(since(&world, id).await, None);

    turn(&world, "disable").await;
    let first = looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from(first)));
    let off = view(&world, id).await;
    assert_ne!(off.verdict().0, Tone::Good);
    assert_eq!(off.verdict_since(), Some(from(first)), "and so is the verdict");
    for _ in 0..3 {
        looked(&world, id, appliance).await;
        assert_eq!(since(&world, id).await, Some(from(first)), "it stays");
    }
    seconds(&world, 20).await;
    assert_eq!(since(&world, id).await, Some(from(first)), "a page asks no look");

    turn(&world, "enable").await;
    for _ in 0..2 {
        looked(&world, id, appliance).await;
    }
    assert_eq!(since(&world, id).await, None, "it is gone");
    let again = view(&world, id).await;
    assert_eq!(again.verdict().0, Tone::Good, "{:?}", again.verdict());
    assert!(again.verdict_since().unwrap().at > well.at, "well again, and not since before");

    turn(&world, "disable").await;
    let second = looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from(second)), "what came back begins anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_while_nobody_looked_may_have_begun_earlier() {
    let (world, id, appliance) = ready().await;
    seconds(&world, 60).await;
    turn(&world, "disable").await;
    let seen = looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from_or_earlier(seen)));
    // And it stays so: later looks know no better.
    looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from_or_earlier(seen)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appliance_that_is_lost_for_a_while_ends_nothing_that_was_wrong() {
    let (world, id, appliance) = ready().await;
    turn(&world, "disable").await;
    let first = looked(&world, id, appliance).await;
    let well = view(&world, id).await.verdict_since();
    // It answers nothing, and keeps what was not saved.
    let fault = lab::FaultSpec { target: "10.0.0.10".into(), fault: "unavailable".into(), ..lab::FaultSpec::default() };
    world.lab.fault(fault).await.unwrap();
    let lost = looked(&world, id, appliance).await;
    for _ in 0..12 {
        looked(&world, id, appliance).await;
    }
    let blind = view(&world, id).await;
    assert!(found(&blind).is_none(), "nobody knows");
    let sight = blind.findings.iter().find(|finding| finding.title.contains("cannot be read")).unwrap();
    assert!(blind.sinces.of(sight).unwrap().at >= lost, "lost since the look that failed");
    world.lab.clear_faults().await.unwrap();
    seconds(&world, 60).await;
    looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from(first)), "no look said otherwise");
    assert_eq!(view(&world, id).await.verdict_since(), well);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_keeps_it_and_what_came_meanwhile_may_have_begun_earlier() {
    let (world, id, appliance) = ready().await;
    turn(&world, "disable").await;
    let first = looked(&world, id, appliance).await;
    let world = restarted(world, |_| {}, async {}).await;
    assert_eq!(since(&world, id).await, Some(from(first)), "before the first look");
    looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from(first)), "and after it");

    turn(&world, "enable").await;
    looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, None);
    let lab = world.lab.clone();
    let world = restarted(world, |_| {}, async move { lab.advance(Duration::from_secs(5)).await }).await;
    turn(&world, "disable").await;
    let seen = looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from_or_earlier(seen)), "nobody watched before this look");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_puts_nothing_into_the_future() {
    let (world, id, appliance) = ready().await;
    turn(&world, "disable").await;
    let first = looked(&world, id, appliance).await;
    let hour = Duration::from_hours(1);
    world.clock.set_by(-3_600);
    assert_eq!(since(&world, id).await, Some(from(first - hour)), "told by the new clock: as long ago as it was");
    looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from(first - hour)));
    world.clock.set_right();
    looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from(first)), "and set right again");

    // Set back by a day while the program is off: how long ago it was nobody knows, but not in the future.
    let world = restarted(world, |world| world.clock.set_by(-86_400), async {}).await;
    assert_eq!(since(&world, id).await, None, "nor whether it still is so");
    let taken = looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from_or_earlier(taken)));
    looked(&world, id, appliance).await;
    assert_eq!(since(&world, id).await, Some(from_or_earlier(taken)), "it does not move on with the clock");
}
