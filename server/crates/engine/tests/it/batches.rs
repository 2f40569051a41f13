//! Several operations in one request: what goes together, and what becomes of each when it goes wrong.

use crate::{
    common::{Owned, berlin, berlin_with, furnished, listener, look, node, own, planned, run, uploaded},
    fake::{Entry, FakeAppliance, Fault, JournalFault, Lists, MemoryJournal},
};
use engine::{
    Batched, Journal, JournalError, Mode, Observe, OpOutcome, Perform, PerformError, Reply, RunOutcome, batches,
    execute,
};
use futures::{FutureExt, executor::block_on, pending, task::noop_waker_ref};
use model::{
    object::{Kind, ObjectRef},
    plan::{Operation, Plan, Verb},
    read_error::ReadError,
    record::Outcome,
    run::OpState,
    snapshot::{Seen, Snapshot},
};
use serde_json::json;
use std::{
    pin::pin,
    task::{Context, Poll},
};

/// Berlin's requests: two features, the servers (operations 3 to 5), the group, its members (7 to 9), and three more.
const SERVERS: usize = 3;
const MEMBERS: usize = 5;

struct Case {
    appliance: FakeAppliance,
    plan: Plan,
    journal: MemoryJournal,
}

impl Case {
    fn new(lists: Lists) -> Self {
        let appliance = FakeAppliance::new();
        appliance.set_lists(lists);
        let plan = planned(&appliance, &berlin(), &Owned::new());
        Self { appliance, plan, journal: MemoryJournal::in_transactions() }
    }

    fn run(&self, mode: Mode) -> RunOutcome {
        run(&self.appliance, &self.plan, &self.journal, mode)
    }

    /// Resumes to the end; the servers, members and all the rest took effect once.
    fn ends_well(&self) {
        self.appliance.heal();
        assert_eq!(self.run(Mode::Resume), RunOutcome::Succeeded, "{:#?}", self.journal.entries());
        assert_eq!(self.appliance.writes(), self.plan.operations.len());
    }

    fn states<const N: usize>(&self, from: usize) -> [OpState; N] {
        let states = self.journal.states(&self.plan);
        std::array::from_fn(|index| states[from - 1 + index])
    }

    fn last(&self, seq: u32) -> OpOutcome {
        let of = |entry: Entry| match entry {
            Entry::Result { seq: of, outcome } if of == seq => Some(outcome),
            _ => None,
        };
        let Some(outcome) = self.journal.entries().into_iter().rev().find_map(of) else {
            panic!("{seq} has no result")
        };
        outcome
    }
}

fn stopped(outcome: &RunOutcome) -> (u32, &str) {
    match outcome {
        RunOutcome::Failed { seq, sentence } | RunOutcome::InDoubt { seq, sentence } => (*seq, sentence),
        other => panic!("{other:?}"),
    }
}

#[test]
fn additions_and_bindings_of_one_kind_go_together_and_nothing_else() {
    let appliance = furnished();
    let mut desired = uploaded();
    desired.nodes = (1..=30).map(|last| node(&format!("xms{last:02}"), last)).collect();
    let plan = planned(&appliance, &desired, &Owned::new());
    let ranges = batches(&plan.operations, &[], &look(&appliance));
    assert!(ranges.iter().cloned().flatten().eq(0..plan.operations.len()), "without gap, in order");
    for range in &ranges {
        let ops = &plan.operations[range.clone()];
        let (first, kind) = (&ops[0], ops[0].object.kind);
        let together = matches!(first.verb, Verb::Add | Verb::Bind)
            && !matches!(kind, Kind::CertFile | Kind::CertLink | Kind::Feature);
        assert!(ops.len() == 1 || (together && ops.len() <= 25), "{range:?} {}", first.cli);
        assert!(ops.iter().all(|op| (op.verb, op.object.kind) == (first.verb, kind)));
    }
    let sizes = |kind| {
        let of_kind = |range: &&std::ops::Range<usize>| plan.operations[range.start].object.kind == kind;
        ranges.iter().filter(of_kind).map(std::ops::Range::len).collect::<Vec<_>>()
    };
    assert_eq!(sizes(Kind::Server), [25, 5]);
    assert_eq!(sizes(Kind::ServiceGroup), [3]);
    assert_eq!(sizes(Kind::Member), [25, 25, 25, 15]);
    assert_eq!(sizes(Kind::CertFile), [1, 1, 1]);
    assert_eq!((sizes(Kind::CertKey), sizes(Kind::CertLink)), (vec![2], vec![1]));
    assert_eq!(sizes(Kind::LbVserver), [3]);
}

#[test]
fn what_may_have_been_sent_or_was_there_before_goes_alone() {
    let case = Case::new(Lists::Taken);
    let ops = &case.plan.operations;
    let sizes = |states: &[OpState], now: &Snapshot| {
        batches(ops, states, now).into_iter().map(|range| range.len()).collect::<Vec<_>>()
    };
    let empty = look(&case.appliance);
    assert_eq!(sizes(&[], &empty), [1, 1, 3, 1, 3, 1, 1, 1]);
    for state in [OpState::InDoubt, OpState::Sent, OpState::Failed, OpState::Confirmed] {
        let mut states = vec![OpState::Planned; ops.len()];
        states[3] = state;
        assert_eq!(sizes(&states, &empty), [1, 1, 1, 1, 1, 1, 3, 1, 1, 1], "{state:?}");
        states[3] = OpState::Planned;
        states[2] = state;
        assert_eq!(sizes(&states, &empty), [1, 1, 1, 2, 1, 3, 1, 1, 1], "{state:?}");
    }
    case.appliance.load("server", json!({ "name": "xms03", "ipaddress": "10.20.30.13" })).unwrap();
    assert_eq!(sizes(&[], &look(&case.appliance)), [1, 1, 2, 1, 1, 3, 1, 1, 1]);
}

#[test]
fn a_request_for_several_says_so_in_each_result() {
    let case = Case::new(Lists::Taken);
    assert_eq!(case.run(Mode::Fresh), RunOutcome::Succeeded);
    assert_eq!((case.appliance.tries(), case.appliance.writes()), (8, 12));
    for seq in [3, 4, 5, 7, 8, 9] {
        assert_eq!(case.last(seq).note, "Done, and reading back shows it. It went in one request with 2 others.");
    }
    assert_eq!(case.last(6).note, "Done, and reading back shows it.");
}

#[test]
fn one_that_is_refused_stops_those_after_it_and_none_before() {
    for lists in [Lists::Taken, Lists::Told] {
        let case = Case::new(lists);
        case.appliance.fail_within(SERVERS, 1, Fault::Refuse(366));
        let outcome = case.run(Mode::Fresh);
        assert!(matches!(outcome, RunOutcome::Failed { .. }));
        let (seq, sentence) = stopped(&outcome);
        assert!(seq == 4 && sentence.contains("error 366"), "{sentence}");
        assert_eq!(case.states(3), [OpState::Confirmed, OpState::Failed, OpState::Failed, OpState::Planned]);
        let told = [case.last(3).outcome, case.last(4).outcome, case.last(5).outcome];
        assert_eq!(told, [Outcome::Succeeded, Outcome::Refused, Outcome::Failed]);
        assert!(case.last(5).note.starts_with("Not reached"), "{}", case.last(5).note);
        let sent = case.appliance.tries();
        case.ends_well();
        // What was refused and what was not reached go alone now; the members still go together.
        assert_eq!(case.appliance.tries() - sent, 2 + 5);
    }
}

#[test]
fn the_first_and_the_last_may_be_the_refused_one() {
    for (item, states) in [(0, [OpState::Failed; 3]), (2, [OpState::Confirmed, OpState::Confirmed, OpState::Failed])] {
        let case = Case::new(Lists::Taken);
        case.appliance.fail_within(MEMBERS, item, Fault::Refuse(272));
        assert_eq!(stopped(&case.run(Mode::Fresh)).0, u32::try_from(7 + item).unwrap());
        assert_eq!(case.states(7), states);
        case.ends_well();
    }
}

#[test]
fn a_lost_answer_is_decided_for_each_by_reading() {
    let whole = Case::new(Lists::Taken);
    whole.appliance.fail_at(SERVERS, Fault::LostAfter);
    assert_eq!(whole.run(Mode::Fresh), RunOutcome::Succeeded);
    assert!(whole.last(4).note.contains("Reading back shows that it took effect."), "{}", whole.last(4).note);

    let part = Case::new(Lists::Taken);
    part.appliance.fail_within(SERVERS, 1, Fault::LostAfter);
    let outcome = part.run(Mode::Fresh);
    assert!(matches!(outcome, RunOutcome::InDoubt { .. }));
    let (seq, sentence) = stopped(&outcome);
    assert!(seq == 5 && sentence.contains("does not find the server xms03"), "{sentence}");
    assert_eq!(part.states(3), [OpState::Confirmed, OpState::Confirmed, OpState::InDoubt]);
    part.ends_well();

    let none = Case::new(Lists::Taken);
    none.appliance.fail_at(SERVERS, Fault::LostBefore);
    assert_eq!(stopped(&none.run(Mode::Fresh)).0, 3);
    assert_eq!(none.states(3), [OpState::InDoubt; 3]);
    // One of them was still on its way.
    none.appliance.load("server", json!({ "name": "xms02", "ipaddress": "10.20.30.12" })).unwrap();
    none.appliance.heal();
    assert_eq!(none.run(Mode::Resume), RunOutcome::Succeeded);
    assert!(none.last(4).note.contains("found done when it was read again"), "{}", none.last(4).note);
}

#[test]
fn without_reading_back_each_is_in_doubt() {
    for fault in [Fault::ThenBlind, Fault::LostAndBlind { applied: true }, Fault::LostAndBlind { applied: false }] {
        let case = Case::new(Lists::Taken);
        case.appliance.fail_at(MEMBERS, fault);
        assert!(matches!(case.run(Mode::Fresh), RunOutcome::InDoubt { seq: 7, .. }), "{fault:?}");
        assert_eq!(case.states(7), [OpState::InDoubt; 3], "{fault:?}");
        case.ends_well();
    }
}

#[test]
fn a_build_that_takes_no_lists_is_asked_once() {
    let case = Case::new(Lists::Refused);
    assert_eq!(case.run(Mode::Fresh), RunOutcome::Succeeded);
    assert_eq!((case.appliance.tries(), case.appliance.writes()), (12 + 1, 12));
    assert!(case.last(4).note.ends_with("the one with several did not come to it."), "{}", case.last(4).note);
    assert_eq!(case.last(8).note, "Done, and reading back shows it.");
    let intents = case.journal.entries().iter().filter(|entry| matches!(entry, Entry::Intent { .. })).count();
    assert_eq!(intents, 12, "one for each, on disk before");

    let refused = Case::new(Lists::Refused);
    refused.appliance.fail_at(SERVERS + 2, Fault::Refuse(366));
    assert_eq!(stopped(&refused.run(Mode::Fresh)).0, 4);
    assert_eq!(refused.states(3), [OpState::Confirmed, OpState::Failed, OpState::Failed, OpState::Planned]);
    refused.ends_well();
}

#[test]
fn a_peer_that_lags_stops_a_list_and_not_the_run() {
    for lists in [Lists::Taken, Lists::Told] {
        let case = Case::new(lists);
        case.appliance.fail_within(SERVERS, 1, Fault::PeerLags);
        assert_eq!(case.run(Mode::Fresh), RunOutcome::Succeeded);
        assert!(case.last(4).note.contains("the peer of the pair has not taken it over"), "{}", case.last(4).note);
        assert!(case.last(5).note.contains("a request of its own"), "{}", case.last(5).note);
        assert_eq!((case.appliance.tries(), case.appliance.writes()), (9, 12));
    }
}

#[test]
fn a_log_that_cannot_be_written_stops_before_anything_is_sent_or_after_it_was() {
    // Two features have four entries; then come three intents and three results.
    let case = Case::new(Lists::Taken);
    case.journal.fail_at(6, JournalFault::Unwritten);
    let RunOutcome::LogFailed { sentence } = case.run(Mode::Fresh) else { panic!("log failure expected") };
    assert!(sentence.contains("operations 3 to 5") && sentence.ends_with("Nothing was sent for them."), "{sentence}");
    assert_eq!((case.appliance.tries(), case.states(3)), (2, [OpState::Planned; 3]));
    case.journal.heal();
    case.ends_well();

    let case = Case::new(Lists::Taken);
    case.journal.fail_at(9, JournalFault::Unwritten);
    let RunOutcome::LogFailed { sentence } = case.run(Mode::Fresh) else { panic!("log failure expected") };
    assert!(sentence.contains("3 of them took effect"), "{sentence}");
    assert_eq!((case.appliance.tries(), case.states(3)), (3, [OpState::InDoubt; 3]));
    case.journal.heal();
    case.ends_well();
}

/// A journal that lets somebody else act while an intent is being written.
struct Meddler<'a> {
    case: &'a Case,
    seq: u32,
    body: serde_json::Value,
}

impl Journal for Meddler<'_> {
    async fn intent(&self, op: &Operation) -> Result<(), JournalError> {
        if op.seq == self.seq {
            let made = self.case.appliance.load("servicegroup_servicegroupmember_binding", self.body.clone());
            assert_eq!(made, Ok(()));
        }
        self.case.journal.intent(op).await
    }

    async fn result(&self, op: &Operation, outcome: &OpOutcome) -> Result<(), JournalError> {
        self.case.journal.result(op, outcome).await
    }
}

#[test]
fn what_may_be_somebody_elses_is_not_taken_for_ours() {
    for (lists, first) in [(Lists::Taken, Outcome::Refused), (Lists::Told, Outcome::Succeeded)] {
        let case = Case::new(lists);
        // The second member, made by somebody else exactly as we want it.
        let body = case.plan.operation(8).unwrap().call.body.clone().unwrap();
        let meddler = Meddler { case: &case, seq: 8, body };
        let outcome = block_on(execute(&case.plan, &[], Mode::Fresh, &case.appliance, &case.appliance, &meddler));
        assert!(matches!(outcome, RunOutcome::Failed { .. }), "{outcome:?}");
        assert_eq!([case.last(7).outcome, case.last(8).outcome], [first, Outcome::Refused], "{lists:?}");
        assert!(case.last(9).note.starts_with("Not reached"), "{}", case.last(9).note);
        let sent = case.appliance.tries();
        assert!(stopped(&case.run(Mode::Resume)).1.contains("somebody else did"));
        assert_eq!(case.appliance.tries(), sent, "it reads first");
        let mut owned = Owned::new();
        own(&mut owned, &case.plan, &case.journal.states(&case.plan));
        assert!(!owned.contains(&case.plan.operation(8).unwrap().object));
        let again = planned(&case.appliance, &berlin(), &owned);
        assert!(!again.conflicts.is_empty() && again.conflicts.iter().all(|conflict| conflict.adoptable));
    }
}

/// An appliance that does what it is asked and then says what it is told to say.
struct Says<'a> {
    appliance: &'a FakeAppliance,
    blind: bool,
    answer: Batched,
}

impl Perform for Says<'_> {
    async fn perform(&self, op: &Operation) -> Result<Reply, PerformError> {
        self.appliance.perform(op).await
    }

    async fn perform_all(&self, ops: &[&Operation]) -> Batched {
        self.appliance.perform_all(ops).await;
        if self.blind {
            self.appliance.blind();
        }
        self.answer.clone()
    }
}

#[test]
fn a_refusal_that_cannot_be_placed_claims_nothing() {
    let refused = |code| PerformError::Refused { sentence: format!("No ({code})."), code, reply: None };
    let cases = [
        // It cannot be read which one was there already.
        (Batched::Stopped(refused(273)), true, Outcome::Refused),
        (Batched::Stopped(refused(366)), true, Outcome::InDoubt),
        (Batched::Stopped(refused(349)), true, Outcome::InDoubt),
        (Batched::NotTaken(refused(1234)), true, Outcome::InDoubt),
        // Everything is there, and yet one was refused.
        (Batched::Stopped(refused(366)), false, Outcome::Refused),
        (Batched::NotTaken(refused(1234)), false, Outcome::Refused),
        // Nothing left the house, says the answer.
        (Batched::Whole(Err(refused(2138))), true, Outcome::Refused),
        (Batched::Whole(Err(PerformError::NotSent { sentence: "No way.".into() })), true, Outcome::Failed),
    ];
    for (answer, blind, expected) in cases {
        let case = Case::new(Lists::Taken);
        let says = Says { appliance: &case.appliance, blind, answer: answer.clone() };
        let outcome = block_on(execute(&case.plan, &[], Mode::Fresh, &case.appliance, &says, &case.journal));
        assert_eq!(stopped(&outcome).0, 3, "{answer:?}");
        for seq in 3..=5 {
            assert_eq!(case.last(seq).outcome, expected, "{answer:?} {}", case.last(seq).note);
        }
    }
}

/// The three ports, with a place to be killed at before and after each thing that they do.
struct Steps<'a>(&'a Case);

impl Observe for Steps<'_> {
    async fn snapshot(&self) -> Result<Snapshot, ReadError> {
        pending!();
        self.0.appliance.snapshot().await
    }

    async fn read(&self, object: &ObjectRef) -> Result<Option<Seen>, ReadError> {
        pending!();
        self.0.appliance.read(object).await
    }
}

impl Perform for Steps<'_> {
    async fn perform(&self, op: &Operation) -> Result<Reply, PerformError> {
        pending!();
        let answer = self.0.appliance.perform(op).await;
        pending!();
        answer
    }

    async fn perform_all(&self, ops: &[&Operation]) -> Batched {
        pending!();
        let answer = self.0.appliance.perform_all(ops).await;
        pending!();
        answer
    }
}

impl Journal for Steps<'_> {
    async fn intent(&self, op: &Operation) -> Result<(), JournalError> {
        pending!();
        let written = self.0.journal.intent(op).await;
        pending!();
        written
    }

    async fn result(&self, op: &Operation, outcome: &OpOutcome) -> Result<(), JournalError> {
        pending!();
        let written = self.0.journal.result(op, outcome).await;
        pending!();
        written
    }
}

#[test]
fn a_run_can_be_killed_wherever_it_waits() {
    for lists in [Lists::Taken, Lists::Refused] {
        let mut polls = 0;
        loop {
            let case = Case::new(lists);
            let steps = Steps(&case);
            let finished = {
                let mut run = pin!(execute(&case.plan, &[], Mode::Fresh, &steps, &steps, &steps));
                let mut cx = Context::from_waker(noop_waker_ref());
                (0..polls).any(|_| run.poll_unpin(&mut cx) != Poll::Pending)
            };
            if finished {
                assert!(polls > 50, "{polls}");
                break;
            }
            case.ends_well();
            polls += 1;
        }
    }
}

#[test]
fn two_listeners_need_no_more_requests_than_one() {
    let one = FakeAppliance::new();
    crate::common::apply(&one, &berlin(), &mut Owned::new());
    let two = FakeAppliance::new();
    crate::common::apply(&two, &berlin_with(|mdm| mdm.listeners.push(listener(8443))), &mut Owned::new());
    assert_eq!(one.tries(), two.tries());
    assert!(two.writes() > one.writes());
}
