//! What may happen to a cluster that is watched.

use proptest::prelude::*;

/// One thing after the other.
#[derive(Clone, Debug)]
pub enum Event {
    /// Time passes.
    Pass(u64),
    /// What the timetable does at each interval: a look at the appliance, and one at its nodes by every door.
    Round,
    /// A look at the appliance: all of it, or what moves by itself.
    Look(bool),
    /// A look at the nodes, by every door or without an account.
    Nodes(bool),
    /// Something breaks: of the appliance, or of a node.
    Fault(Fault),
    /// All of it is mended.
    Mended,
    /// Somebody sets the clock.
    Set(i64),
    /// Somebody sets the clock right again: while it is wrong, the nodes' clocks differ from it, and nothing is green.
    Right,
    /// Gatehouse is stopped; time passes, somebody sets the clock, and it is started again.
    Restart(u64, i64),
}

/// A switch of the lab, and who notices.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub target: &'static str,
    pub word: &'static str,
    pub ms: u64,
    pub seen: Seen,
}

/// By which looks it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// None succeeds at the appliance.
    Appliance,
    /// Any at the nodes.
    Open,
    /// Those at the nodes by every door.
    Deep,
}

const fn at(target: &'static str, word: &'static str, seen: Seen) -> Fault {
    Fault { target, word, ms: 0, seen }
}

pub const DATABASE_LOST: Fault = at("10.20.30.12", "db_down", Seen::Deep);

/// What fails at once: whoever must wait for it is in the table of all faults.
const FAULTS: [Fault; 8] = [
    at("10.0.0.10", "power_off", Seen::Appliance),
    at("10.0.0.10", "unavailable", Seen::Appliance),
    at("10.0.0.10", "malformed_json", Seen::Appliance),
    at("10.20.30.12", "power_off", Seen::Open),
    at("10.20.30.13", "html_errors", Seen::Open),
    Fault { ms: 900_000, ..at("10.20.30.11", "clock_behind", Seen::Open) },
    DATABASE_LOST,
    at("10.20.30.11", "cluster_flag_off", Seen::Deep),
];

fn steps() -> impl Strategy<Value = i64> {
    prop_oneof![Just(-1), Just(-9), Just(-40), Just(-86_400), Just(1), Just(9), Just(40), Just(86_400), -20i64..20]
}

pub fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (1u64..14).prop_map(Event::Pass),
        1 => (20u64..200).prop_map(Event::Pass),
        6 => Just(Event::Round),
        3 => any::<bool>().prop_map(Event::Look),
        3 => any::<bool>().prop_map(Event::Nodes),
        1 => (0..FAULTS.len()).prop_map(|number| Event::Fault(FAULTS[number])),
        2 => Just(Event::Mended),
        3 => steps().prop_map(Event::Set),
        3 => Just(Event::Right),
        1 => (0u64..60, steps()).prop_map(|(off, set)| Event::Restart(off, set)),
    ]
}
