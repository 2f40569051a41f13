//! No sequence of looks, faults, clock steps and restarts ever shows a green verdict whose evidence is older than two
//! intervals, or from the future.

use super::bench::Bench;
use crate::support::{INTERVAL, restarted};
use model::{
    Clock,
    clock::{age_seconds, is_future},
    finding::{Evidence, Outcome},
    node::Door,
    state::Tone,
};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use services::ClusterView;
use std::time::Duration;

/// What happens, one after the other.
#[derive(Clone, Debug)]
enum Event {
    /// Time passes.
    Pass(u64),
    /// What the timetable does at each interval: a look at the appliance, and one at its nodes by every door.
    Round,
    /// A look at the appliance.
    Look,
    /// A look at the nodes, by every door or without an account.
    Nodes(bool),
    /// The appliance goes off or on.
    Power(bool),
    /// Somebody sets the clock.
    Set(i64),
    /// Somebody sets the clock right again: while it is wrong, the nodes' clocks differ from it, and nothing is green.
    Right,
    /// Gatehouse is stopped; time passes, somebody sets the clock, and it is started again.
    Restart(u64, i64),
}

fn steps() -> impl Strategy<Value = i64> {
    prop_oneof![Just(-1), Just(-9), Just(-40), Just(-86_400), Just(1), Just(9), Just(40), Just(86_400), -20i64..20]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (1u64..14).prop_map(Event::Pass),
        1 => (20u64..200).prop_map(Event::Pass),
        6 => Just(Event::Round),
        3 => Just(Event::Look),
        3 => any::<bool>().prop_map(Event::Nodes),
        1 => any::<bool>().prop_map(Event::Power),
        3 => steps().prop_map(Event::Set),
        3 => Just(Event::Right),
        1 => (0u64..60, steps()).prop_map(|(off, set)| Event::Restart(off, set)),
    ]
}

/// When the appliance and the nodes were really seen last, by the time that only passes.
#[derive(Default)]
struct Truth {
    appliance: Duration,
    nodes: Duration,
}

impl Truth {
    /// Why a green verdict would be a lie.
    fn contradicts(&self, now: Duration) -> Option<String> {
        let worth = Duration::from_secs(u64::from(2 * INTERVAL));
        let of = |what: &str, seen: Duration| {
            (now.saturating_sub(seen) > worth).then(|| format!("{what} seen at {seen:?}, and it is {now:?}"))
        };
        of("the appliance was", self.appliance).or_else(|| of("the nodes were", self.nodes))
    }
}

/// What a check that passes rests on is of this time: not from the future, and not older than the slowest door's two looks.
fn untimely(view: &ClusterView) -> Option<&Evidence> {
    let worth = i64::from(2 * INTERVAL * Door::Ssh.every());
    let passes = view.findings.iter().filter(|finding| finding.outcome == Outcome::Pass);
    let now = view.sighting.now;
    passes
        .flat_map(|finding| &finding.evidence)
        .find(|line| line.at.is_some_and(|at| is_future(at, now) || age_seconds(at, now) > worth))
}

async fn look(bench: &Bench, truth: &mut Truth, off: bool) {
    let begun = bench.world.clock.passed();
    bench.world.services.observe(bench.appliance).await;
    if !off {
        truth.appliance = begun;
    }
}

async fn look_at_nodes(bench: &Bench, truth: &mut Truth, by_every_door: bool) {
    truth.nodes = bench.world.clock.passed();
    bench.world.services.observe_nodes(bench.id, u32::from(!by_every_door)).await;
}

async fn happen(mut bench: Bench, truth: &mut Truth, off: &mut bool, event: &Event) -> Bench {
    match *event {
        Event::Pass(seconds) => bench.pass(seconds).await,
        Event::Round => {
            look(&bench, truth, *off).await;
            look_at_nodes(&bench, truth, true).await;
        }
        Event::Look => look(&bench, truth, *off).await,
        Event::Nodes(all) => look_at_nodes(&bench, truth, all).await,
        Event::Power(on) => {
            *off = !on;
            if *off {
                bench.world.lab.power_off([10, 0, 0, 10].into()).await.unwrap();
            } else {
                bench.world.lab.clear_faults().await.unwrap();
            }
        }
        Event::Set(seconds) => bench.world.clock.set_by(seconds),
        Event::Right => bench.world.clock.set_right(),
        Event::Restart(seconds, set) => {
            let lab = bench.world.lab.clone();
            bench.world =
                restarted(bench.world, |world| world.clock.set_by(set), lab.advance(Duration::from_secs(seconds)))
                    .await;
        }
    }
    bench
}

#[tokio::test(flavor = "multi_thread")]
async fn green_is_never_older_than_two_intervals_nor_from_the_future() {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let events = vec(event(), EVENTS).new_tree(&mut runner).unwrap().current();
    let mut bench = Bench::ready(lab::Options::default()).await;
    let seen = bench.world.clock.passed();
    let (mut truth, mut off, mut green) = (Truth { appliance: seen, nodes: seen }, false, 0);
    for (place, event) in events.iter().enumerate() {
        bench = happen(bench, &mut truth, &mut off, event).await;
        let view = bench.view().await;
        if view.verdict().0 != Tone::Good {
            continue;
        }
        green += 1;
        let lie = truth.contradicts(bench.world.clock.passed());
        let untimely =
            untimely(&view).map(|line| format!("something passes by {line:?}, and it is {}", view.sighting.now));
        if let Some(why) = lie.or(untimely) {
            panic!("green, and {why}; after {:?}", &events[..=place]);
        }
    }
    assert!(green >= EVENTS / 10, "green {green} times of {EVENTS}: the property says nothing of what never is green");
}

/// So many, one after the other, on one cluster.
const EVENTS: usize = 120;
