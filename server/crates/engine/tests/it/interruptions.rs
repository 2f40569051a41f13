//! Stop anywhere (invariant 4): at every operation of a plan, in every way, then resume from what the records say.

use crate::{
    common::{Owned, berlin, berlin_made, berlin_with, by_hand, keeping_off, listener, look, node, own, planned, run},
    fake::{Entry, FakeAppliance, Fault, JournalFault, Lists, MemoryJournal},
};
use engine::{Mode, RunOutcome, batches, execute};
use futures::FutureExt;
use model::{
    desired::{Desired, Persistence},
    object::ObjectRef,
    plan::{Plan, Verb},
    run::OpState,
};

/// How a run is stopped at its `k`th operation.
#[derive(Clone, Copy, Debug)]
enum Stop {
    /// Killed when the intent is on disk and nothing was sent.
    AfterIntent,
    /// The disk is full when the intent is to be written.
    NoIntent,
    /// Killed between the request and its answer.
    Killed { applied: bool },
    /// Killed when the result is on disk.
    AfterResult,
    /// The disk is full when the result is to be written.
    NoResult,
    /// The appliance or the way to it fails.
    Fault(Fault),
}

const STOPS: [Stop; 14] = [
    Stop::AfterIntent,
    Stop::NoIntent,
    Stop::Killed { applied: true },
    Stop::Killed { applied: false },
    Stop::AfterResult,
    Stop::NoResult,
    Stop::Fault(Fault::Refuse(366)),
    Stop::Fault(Fault::NotSent),
    Stop::Fault(Fault::Failover),
    Stop::Fault(Fault::LostBefore),
    Stop::Fault(Fault::LostAfter),
    Stop::Fault(Fault::ThenBlind),
    Stop::Fault(Fault::LostAndBlind { applied: true }),
    Stop::Fault(Fault::LostAndBlind { applied: false }),
];

struct Start {
    appliance: FakeAppliance,
    owned: Owned,
    desired: Desired,
}

fn from_nothing() -> Start {
    Start { appliance: FakeAppliance::new(), owned: Owned::new(), desired: berlin() }
}

/// Every verb in one plan.
fn from_berlin() -> Start {
    let (appliance, owned) = berlin_made();
    let mut desired = berlin_with(|mdm| {
        mdm.persistence = Persistence::SslSession;
        mdm.timeout = 2;
        mdm.listeners.push(listener(8443));
    });
    desired.nodes.remove(1);
    desired.nodes.push(node("xms04", 14));
    Start { appliance, owned, desired }
}

/// Switched off by hand, switched on by hand, and a server whose return would bring back what is to stay off.
fn switched() -> Start {
    let (appliance, owned) = berlin_made();
    let group = "xms-berlin-mdm-443-sg";
    let member = |server: &str| ObjectRef::member(group, server, 443);
    for object in [
        ObjectRef::server("xms01"),
        ObjectRef::group(group),
        member("xms01"),
        member("xms03"),
        ObjectRef::vserver("xms-berlin-mdm-443"),
    ] {
        assert_eq!(by_hand(&appliance, "disable", &object), Some(()), "{object}");
    }
    let desired = keeping_off(&berlin(), member("xms01"));
    Start { appliance, owned, desired: keeping_off(&desired, ObjectRef::server("xms02")) }
}

fn to_nothing() -> Start {
    let (appliance, owned) = berlin_made();
    Start { appliance, owned, desired: berlin_with(|mdm| mdm.listeners.clear()) }
}

/// What the appliance does with several objects in one request, and how the log keeps what is written at once.
#[derive(Clone, Copy, Debug)]
struct World {
    lists: Lists,
    transactions: bool,
}

const WORLDS: [World; 4] = [
    World { lists: Lists::Taken, transactions: true },
    World { lists: Lists::Taken, transactions: false },
    World { lists: Lists::Told, transactions: true },
    World { lists: Lists::Refused, transactions: true },
];

/// Where an operation is found in a run without trouble: at which request and which of its objects, at which entries.
struct Place {
    request: usize,
    item: Option<usize>,
    intent: usize,
    result: usize,
}

/// Of the `k`th operation (from 1).
fn place(plan: &Plan, appliance: &FakeAppliance, lists: Lists, k: usize) -> Place {
    let ranges = batches(&plan.operations, &[], &look(appliance));
    let Some(index) = ranges.iter().position(|range| range.contains(&(k - 1))) else { panic!("{ranges:?} lack {k}") };
    let range = ranges[index].clone();
    let first = ranges.iter().find(|range| range.len() > 1).cloned();
    let within = k - 1 - range.start;
    // An appliance that does not take the first batch is not offered another.
    let together = range.len() > 1 && (lists != Lists::Refused || first == Some(range.clone()));
    let (intent, result) = if together {
        (2 * range.start + within + 1, 2 * range.start + range.len() + within + 1)
    } else {
        (2 * k - 1, 2 * k)
    };
    if lists == Lists::Refused {
        let offered = usize::from(first.is_some_and(|first| first.start < k));
        return Place { request: k + offered, item: None, intent, result };
    }
    Place { request: index + 1, item: together.then_some(within), intent, result }
}

/// Stops at `k`, resumes until it ends, and looks at what was left behind.
fn stop_and_resume(start: Start, world: World, k: usize, stop: Stop) {
    let Start { appliance, mut owned, desired } = start;
    appliance.set_lists(world.lists);
    let plan = planned(&appliance, &desired, &owned);
    let journal = if world.transactions { MemoryJournal::in_transactions() } else { MemoryJournal::new() };
    let sent_before = appliance.sent().len();
    let place = place(&plan, &appliance, world.lists, k);
    let strike = |fault| match (appliance.tries() + place.request, place.item) {
        (request, Some(item)) => appliance.fail_within(request, item, fault),
        (request, None) => appliance.fail_at(request, fault),
    };
    match stop {
        Stop::AfterIntent => journal.fail_at(place.intent, JournalFault::WrittenThenStopped),
        Stop::NoIntent => journal.fail_at(place.intent, JournalFault::Unwritten),
        Stop::AfterResult => journal.fail_at(place.result, JournalFault::WrittenThenStopped),
        Stop::NoResult => journal.fail_at(place.result, JournalFault::Unwritten),
        Stop::Killed { applied } => strike(Fault::Hangs { applied }),
        Stop::Fault(fault) => strike(fault),
    }
    let first = execute(&plan, &[], Mode::Fresh, &appliance, &appliance, &journal).now_or_never();
    let killed = matches!(stop, Stop::Killed { .. });
    let at = format!("{stop:?} at {k} in {world:?}");
    assert_eq!(first.is_none(), killed, "{at}: {first:?}");
    assert_stopped(&plan, &journal, &appliance, sent_before, k, stop);
    appliance.heal();
    journal.heal();
    let last = if first == Some(RunOutcome::Succeeded) {
        RunOutcome::Succeeded
    } else {
        run(&appliance, &plan, &journal, Mode::Resume)
    };
    assert_eq!(last, RunOutcome::Succeeded, "{at}: {:#?}", journal.entries());
    assert!(journal.states(&plan).iter().all(|state| *state == OpState::Confirmed));
    // Every request took effect once: nothing was sent twice blindly.
    for op in &plan.operations {
        let applied =
            appliance.sent()[sent_before..].iter().filter(|sent| sent.applied && sent.call == op.call).count();
        assert_eq!(applied, 1, "{at}: {}", op.cli);
    }
    own(&mut owned, &plan, &journal.states(&plan));
    let again = planned(&appliance, &desired, &owned);
    assert!(again.is_empty() && again.conflicts.is_empty(), "{at}: {again:#?}");
    assert_eq!(look(&appliance).unsaved, Some(false));
}

/// What the records must allow to be known, before anything is resumed.
fn assert_stopped(
    plan: &Plan,
    journal: &MemoryJournal,
    appliance: &FakeAppliance,
    before: usize,
    k: usize,
    stop: Stop,
) {
    let state = journal.states(plan)[k - 1];
    let expected: &[OpState] = match stop {
        Stop::NoIntent => &[OpState::Planned],
        Stop::AfterResult | Stop::Fault(Fault::LostAfter) => &[OpState::Confirmed],
        Stop::Fault(Fault::Refuse(_) | Fault::NotSent) => &[OpState::Failed],
        // What is gone from an empty copy as well was said to be gone before.
        Stop::Fault(Fault::Failover) => &[OpState::InDoubt, OpState::Confirmed],
        // A feature that is off, an object that is gone: what is in doubt may be read as done.
        _ => &[OpState::InDoubt],
    };
    assert!(expected.contains(&state), "{stop:?} at {k}: {state:?}");
    // Invariant 1: no request without an intent on disk.
    let intents = journal.entries().iter().filter(|entry| matches!(entry, Entry::Intent { .. })).count();
    assert!(appliance.sent().len() - before <= intents, "{stop:?} at {k}");
}

fn everywhere(start: fn() -> Start) {
    let Start { appliance, owned, desired } = start();
    let plan = planned(&appliance, &desired, &owned);
    assert!(plan.conflicts.is_empty());
    for world in WORLDS {
        for k in 1..=plan.operations.len() {
            for stop in STOPS {
                stop_and_resume(start(), world, k, stop);
            }
        }
    }
}

#[test]
fn the_plan_that_changes_has_every_verb() {
    let Start { appliance, owned, desired } = from_berlin();
    appliance.lose(&ObjectRef::feature("SSL"));
    let plan = planned(&appliance, &desired, &owned);
    for verb in [Verb::FeatureOn, Verb::Add, Verb::Bind, Verb::Set, Verb::Unset, Verb::Unbind, Verb::Remove, Verb::Save]
    {
        assert!(plan.operations.iter().any(|op| op.verb == verb), "{verb:?}");
    }
}

#[test]
fn a_set_up_from_nothing_can_be_stopped_anywhere() {
    everywhere(from_nothing);
}

#[test]
fn a_change_can_be_stopped_anywhere() {
    everywhere(from_berlin);
}

#[test]
fn switching_can_be_stopped_anywhere() {
    let Start { appliance, owned, desired } = switched();
    let plan = planned(&appliance, &desired, &owned);
    for verb in [Verb::Enable, Verb::Disable] {
        assert!(plan.operations.iter().any(|op| op.verb == verb), "{verb:?}");
    }
    everywhere(switched);
}

#[test]
fn a_teardown_can_be_stopped_anywhere() {
    everywhere(to_nothing);
}

/// Of the whole procedure only what does not need anything on the appliance before: enough for every batch there is.
fn two_of_each() -> Start {
    Start {
        appliance: FakeAppliance::new(),
        owned: Owned::new(),
        desired: berlin_with(|mdm| mdm.listeners.push(listener(8443))),
    }
}

#[test]
fn batches_of_every_kind_can_be_stopped_anywhere() {
    everywhere(two_of_each);
}

#[test]
fn a_run_can_be_stopped_at_every_operation_in_turn() {
    let appliance = FakeAppliance::new();
    let plan = planned(&appliance, &berlin(), &Owned::new());
    let journal = MemoryJournal::new();
    // Each resume meets the next operation's lost answer: one step forward, or one question, at a time.
    for n in 1..=60 {
        let fault = [Fault::LostAfter, Fault::LostBefore, Fault::NotSent, Fault::LostAndBlind { applied: true }][n % 4];
        appliance.fail_at(n, fault);
    }
    let mut mode = Mode::Fresh;
    for _ in 0..100 {
        let outcome = run(&appliance, &plan, &journal, mode);
        if outcome == RunOutcome::Succeeded {
            let applied = appliance.sent().iter().filter(|sent| sent.applied).count();
            assert_eq!(applied, plan.operations.len());
            return;
        }
        mode = Mode::Resume;
        appliance.see();
    }
    panic!("it never ended: {:#?}", journal.entries());
}
