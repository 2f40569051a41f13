//! Stop anywhere (invariant 4): at every operation of a plan, in every way, then resume from what the records say.

mod common;

use common::{Owned, berlin, berlin_made, berlin_with, listener, look, node, own, planned, run};
use engine::{
    Mode, RunOutcome, execute,
    testing::{Entry, FakeAppliance, Fault, JournalFault, MemoryJournal},
};
use futures::FutureExt;
use model::{
    desired::{Desired, Persistence},
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

const STOPS: [Stop; 13] = [
    Stop::AfterIntent,
    Stop::NoIntent,
    Stop::Killed { applied: true },
    Stop::Killed { applied: false },
    Stop::AfterResult,
    Stop::NoResult,
    Stop::Fault(Fault::Refuse(366)),
    Stop::Fault(Fault::NotSent),
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

fn to_nothing() -> Start {
    let (appliance, owned) = berlin_made();
    Start { appliance, owned, desired: berlin_with(|mdm| mdm.listeners.clear()) }
}

/// Stops at `k`, resumes until it ends, and looks at what was left behind.
fn stop_and_resume(start: Start, k: usize, stop: Stop) {
    let Start { appliance, mut owned, desired } = start;
    let plan = planned(&appliance, &desired, &owned);
    let journal = MemoryJournal::new();
    let sent_before = appliance.sent().len();
    match stop {
        Stop::AfterIntent => journal.fail_at(2 * k - 1, JournalFault::WrittenThenStopped),
        Stop::NoIntent => journal.fail_at(2 * k - 1, JournalFault::Unwritten),
        Stop::AfterResult => journal.fail_at(2 * k, JournalFault::WrittenThenStopped),
        Stop::NoResult => journal.fail_at(2 * k, JournalFault::Unwritten),
        Stop::Killed { applied } => appliance.fail_at(sent_before + k, Fault::Hangs { applied }),
        Stop::Fault(fault) => appliance.fail_at(sent_before + k, fault),
    }
    let first = execute(&plan, &[], Mode::Fresh, &appliance, &appliance, &journal).now_or_never();
    let killed = matches!(stop, Stop::Killed { .. });
    assert_eq!(first.is_none(), killed, "{stop:?} at {k}: {first:?}");
    assert_stopped(&plan, &journal, &appliance, sent_before, k, stop);
    appliance.heal();
    journal.heal();
    let last = if first == Some(RunOutcome::Succeeded) {
        RunOutcome::Succeeded
    } else {
        run(&appliance, &plan, &journal, Mode::Resume)
    };
    assert_eq!(last, RunOutcome::Succeeded, "{stop:?} at {k}: {:#?}", journal.entries());
    assert!(journal.states(&plan).iter().all(|state| *state == OpState::Confirmed));
    // Every request took effect once: nothing was sent twice blindly.
    for op in &plan.operations {
        let applied =
            appliance.sent()[sent_before..].iter().filter(|sent| sent.applied && sent.call == op.call).count();
        assert_eq!(applied, 1, "{stop:?} at {k}: {}", op.cli);
    }
    own(&mut owned, &plan, &journal.states(&plan));
    let again = planned(&appliance, &desired, &owned);
    assert!(again.is_empty() && again.conflicts.is_empty(), "{stop:?} at {k}: {again:#?}");
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
    for k in 1..=plan.operations.len() {
        for stop in STOPS {
            stop_and_resume(start(), k, stop);
        }
    }
}

#[test]
fn the_plan_that_changes_has_every_verb() {
    let Start { appliance, owned, desired } = from_berlin();
    appliance.lose(&model::object::ObjectRef::feature("SSL"));
    let plan = planned(&appliance, &desired, &owned);
    for verb in [Verb::Enable, Verb::Add, Verb::Bind, Verb::Set, Verb::Unset, Verb::Unbind, Verb::Remove, Verb::Save] {
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
fn a_teardown_can_be_stopped_anywhere() {
    everywhere(to_nothing);
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
