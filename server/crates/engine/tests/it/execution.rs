//! The executor, case by case: what is sent, what is recorded, what is said.

use crate::{
    common::{Owned, berlin, berlin_made, berlin_with, look, own, planned, run},
    fake::{Entry, FakeAppliance, Fault, JournalFault, MemoryJournal},
};
use engine::{
    Mode, RunOutcome,
    apply::{Effect, UNSAVED, holds, sight},
    execute, fingerprint, moved, plan,
};
use futures::executor::block_on;
use model::{
    object::{Attrs, ObjectRef},
    plan::{Method, Plan},
    record::Outcome,
    run::OpState,
    snapshot::Seen,
};
use serde_json::json;

struct Case {
    appliance: FakeAppliance,
    plan: Plan,
    journal: MemoryJournal,
}

impl Case {
    fn new() -> Self {
        let appliance = FakeAppliance::new();
        let plan = planned(&appliance, &berlin(), &Owned::new());
        Self { appliance, plan, journal: MemoryJournal::new() }
    }

    fn run(&self, mode: Mode) -> RunOutcome {
        run(&self.appliance, &self.plan, &self.journal, mode)
    }

    fn state(&self, seq: usize) -> OpState {
        self.journal.states(&self.plan)[seq - 1]
    }

    fn last(&self) -> (u32, Outcome, String) {
        match self.journal.entries().pop() {
            Some(Entry::Result { seq, outcome }) => (seq, outcome.outcome, outcome.note),
            other => panic!("a result expected: {other:?}"),
        }
    }
}

fn failed(outcome: &RunOutcome, at: u32, part: &str) {
    let RunOutcome::Failed { seq, sentence } = outcome else { panic!("{outcome:?}") };
    assert_eq!(*seq, at, "{sentence}");
    assert!(sentence.contains(part) && sentence.ends_with('.'), "“{part}” in {sentence}");
}

fn in_doubt(outcome: &RunOutcome, at: u32, part: &str) {
    let RunOutcome::InDoubt { seq, sentence } = outcome else { panic!("{outcome:?}") };
    assert_eq!(*seq, at, "{sentence}");
    assert!(sentence.contains(part) && sentence.ends_with('.'), "“{part}” in {sentence}");
}

/// Berlin goes in eight requests: two features, the servers, the group, its members, the virtual server, its binding, the
/// save. The group is operation 6 and alone in its request; `batches.rs` has those that are not.
const GROUP: usize = 4;

fn group() -> serde_json::Value {
    json!({ "servicegroupname": "xms-berlin-mdm-443-sg", "servicetype": "SSL_BRIDGE" })
}

#[test]
fn a_run_without_trouble_has_an_intent_and_a_result_for_each_operation() {
    let case = Case::new();
    assert_eq!(case.run(Mode::Fresh), RunOutcome::Succeeded);
    let entries = case.journal.entries();
    assert_eq!(entries.len(), 24);
    let told = |entry: &Entry| match entry {
        Entry::Intent { seq } => (*seq, None),
        Entry::Result { seq, outcome } => (*seq, Some(outcome.outcome)),
    };
    for seq in 1..=12 {
        let own: Vec<_> = entries.iter().map(told).filter(|(of, _)| *of == seq).collect();
        assert_eq!(own, [(seq, None), (seq, Some(Outcome::Succeeded))]);
    }
    let sequence =
        |results: bool| entries.iter().map(told).filter(move |(_, end)| end.is_some() == results).map(|(seq, _)| seq);
    assert!(sequence(false).eq(1..=12) && sequence(true).eq(1..=12), "in the plan's order");
    assert_eq!((case.appliance.writes(), case.appliance.tries()), (12, 8));
    assert_eq!(look(&case.appliance).unsaved, Some(false));
    assert_eq!(case.last().2, "Done, and reading back shows it.");
}

#[test]
fn nothing_is_sent_when_the_appliance_moved() {
    let case = Case::new();
    let before = look(&case.appliance);
    case.appliance.load("server", json!({ "name": "theirs", "ipaddress": "10.9.9.9" })).unwrap();
    let RunOutcome::Moved { now } = case.run(Mode::Fresh) else { panic!("moved expected") };
    let moved: Vec<String> = moved(&before, &now).iter().map(model::run::MovedField::sentence).collect();
    assert_eq!(moved, ["The server theirs was not there and is now there."]);
    assert_eq!((case.appliance.sent().len(), case.journal.entries().len()), (0, 0));
}

#[test]
fn nothing_is_sent_to_a_secondary_or_to_an_appliance_that_cannot_be_read() {
    for mode in [Mode::Fresh, Mode::Resume] {
        let case = Case::new();
        case.appliance.set_role("Secondary");
        assert!(matches!(case.run(mode), RunOutcome::NotPrimary { role } if role.is_secondary()));
        case.appliance.blind();
        assert!(matches!(case.run(mode), RunOutcome::Unreachable { .. }));
        assert_eq!((case.appliance.sent().len(), case.journal.entries().len()), (0, 0));
    }
}

#[test]
fn a_plan_with_conflicts_is_not_applied() {
    let mut case = Case::new();
    case.appliance.load("server", json!({ "name": "xms01", "ipaddress": "10.9.9.9" })).unwrap();
    case.plan = planned(&case.appliance, &berlin(), &Owned::new());
    failed(&case.run(Mode::Fresh), 0, "The plan has conflicts");
    assert_eq!(case.appliance.sent().len(), 0);
}

#[test]
fn a_log_that_cannot_be_written_stops_everything() {
    let case = Case::new();
    case.journal.fail_at(1, JournalFault::Unwritten);
    let RunOutcome::LogFailed { sentence } = case.run(Mode::Fresh) else { panic!("log failure expected") };
    assert!(sentence.contains("The disk is full. Nothing was sent for it."), "{sentence}");
    assert_eq!(case.appliance.sent().len(), 0);
    // The result of the first operation: it was sent, and nothing after it.
    let case = Case::new();
    case.journal.fail_at(2, JournalFault::Unwritten);
    let RunOutcome::LogFailed { sentence } = case.run(Mode::Fresh) else { panic!("log failure expected") };
    assert!(sentence.ends_with("It took effect."), "{sentence}");
    assert_eq!(case.appliance.sent().len(), 1);
    assert_eq!(case.state(1), OpState::InDoubt);
}

#[test]
fn a_refusal_is_told_in_the_appliances_words_and_tried_again_on_resume() {
    let case = Case::new();
    case.appliance.fail_at(GROUP, Fault::Refuse(272));
    failed(&case.run(Mode::Fresh), 6, "Device busy (error 272)");
    assert_eq!((case.state(5), case.state(6), case.state(7)), (OpState::Confirmed, OpState::Failed, OpState::Planned));
    assert_eq!(case.last().1, Outcome::Refused);
    case.appliance.heal();
    assert_eq!(case.run(Mode::Resume), RunOutcome::Succeeded);
    assert_eq!(case.appliance.writes(), 12);
}

#[test]
fn what_was_not_sent_is_retryable() {
    let case = Case::new();
    case.appliance.fail_at(GROUP, Fault::NotSent);
    failed(&case.run(Mode::Fresh), 6, "was not sent");
    case.appliance.heal();
    assert_eq!(case.run(Mode::Resume), RunOutcome::Succeeded);
}

#[test]
fn a_lost_answer_is_decided_by_reading() {
    let case = Case::new();
    case.appliance.fail_at(GROUP, Fault::LostAfter);
    assert_eq!(case.run(Mode::Fresh), RunOutcome::Succeeded);
    let case = Case::new();
    case.appliance.fail_at(GROUP, Fault::LostBefore);
    in_doubt(&case.run(Mode::Fresh), 6, "reading back does not find the service group xms-berlin-mdm-443-sg");
    assert_eq!(case.state(6), OpState::InDoubt);
    case.appliance.heal();
    assert_eq!(case.run(Mode::Resume), RunOutcome::Succeeded);
    assert_eq!((case.appliance.writes(), case.appliance.sent().len()), (12, 13));
}

#[test]
fn a_lost_answer_that_arrives_late_is_found_and_not_sent_again() {
    let case = Case::new();
    case.appliance.fail_at(GROUP, Fault::LostBefore);
    in_doubt(&case.run(Mode::Fresh), 6, "does not find");
    case.appliance.heal();
    // The request was still on its way.
    case.appliance.load("servicegroup", group()).unwrap();
    assert_eq!(case.run(Mode::Resume), RunOutcome::Succeeded);
    let found = case.journal.entries().iter().any(|entry| {
        matches!(entry, Entry::Result { seq: 6, outcome } if outcome.note.contains("found done when it was read again"))
    });
    assert!(found);
    assert_eq!(case.appliance.sent().len(), 12);
}

#[test]
fn without_reading_back_nothing_is_certain() {
    for fault in [Fault::ThenBlind, Fault::LostAndBlind { applied: true }, Fault::LostAndBlind { applied: false }] {
        let case = Case::new();
        case.appliance.fail_at(GROUP, fault);
        in_doubt(&case.run(Mode::Fresh), 6, "could not be read back");
        assert_eq!(case.state(6), OpState::InDoubt);
        assert!(matches!(case.run(Mode::Resume), RunOutcome::Unreachable { .. }), "still blind");
        case.appliance.heal();
        assert_eq!(case.run(Mode::Resume), RunOutcome::Succeeded, "{fault:?}");
        assert_eq!(case.appliance.writes(), 12, "{fault:?}");
    }
}

#[test]
fn a_peer_that_lags_is_said_and_does_not_stop_the_run() {
    let case = Case::new();
    case.appliance.fail_at(GROUP, Fault::PeerLags);
    assert_eq!(case.run(Mode::Fresh), RunOutcome::Succeeded);
    let said = case.journal.entries().into_iter().any(|entry| {
        matches!(entry, Entry::Result { seq: 6, outcome }
            if outcome.outcome == Outcome::HereOnly && outcome.note.contains("the peer of the pair has not taken it over"))
    });
    assert!(said, "{:#?}", case.journal.entries());
}

#[test]
fn what_was_done_before_a_failover_is_in_doubt_and_was_answered() {
    let case = Case::new();
    case.appliance.fail_at(GROUP, Fault::Failover);
    let outcome = case.run(Mode::Fresh);
    assert!(
        matches!(&outcome, RunOutcome::InDoubt { sentence, .. } if sentence.contains("changed roles")),
        "{outcome:?}"
    );
    let entries = case.journal.entries();
    let Some(Entry::Result { seq: 6, outcome }) = entries.last() else { panic!("{entries:#?}") };
    assert!(outcome.answered && outcome.outcome == Outcome::InDoubt, "{outcome:?}");
    // Going on there is refused before anything is sent; on the primary it is read, and not sent again.
    let tries = case.appliance.tries();
    assert!(matches!(case.run(Mode::Resume), RunOutcome::NotPrimary { role } if role.is_secondary()));
    case.appliance.heal();
    assert_eq!(case.run(Mode::Resume), RunOutcome::Succeeded);
    assert_eq!(case.appliance.tries() - tries, 4, "members, virtual server, binding, save");
}

/// A journal that lets somebody else act while an intent is being written.
struct Meddler<'a> {
    case: &'a Case,
    seq: u32,
    resource: &'static str,
    body: serde_json::Value,
}

impl engine::Journal for Meddler<'_> {
    async fn intent(&self, op: &model::plan::Operation) -> Result<(), engine::JournalError> {
        if op.seq == self.seq {
            let made = self.case.appliance.load(self.resource, self.body.clone());
            assert_eq!(made, Ok(()));
        }
        self.case.journal.intent(op).await
    }

    async fn result(
        &self,
        op: &model::plan::Operation,
        outcome: &engine::OpOutcome,
    ) -> Result<(), engine::JournalError> {
        self.case.journal.result(op, outcome).await
    }
}

#[test]
fn what_somebody_else_made_meanwhile_is_not_taken_for_ours() {
    let case = Case::new();
    let meddler = Meddler { case: &case, seq: 6, resource: "servicegroup", body: group() };
    let outcome = block_on(execute(&case.plan, &[], Mode::Fresh, &case.appliance, &case.appliance, &meddler));
    failed(&outcome, 6, "somebody else did");
    assert_eq!(case.last().1, Outcome::Refused);
    // Resuming does not take it either: it reads first, and sends nothing.
    let sent = case.appliance.sent().len();
    failed(&case.run(Mode::Resume), 6, "somebody else did");
    assert_eq!(case.appliance.sent().len(), sent);
    let mut owned = Owned::new();
    own(&mut owned, &case.plan, &case.journal.states(&case.plan));
    let again = planned(&case.appliance, &berlin(), &owned);
    assert_eq!(again.conflicts.len(), 1);
    assert!(again.conflicts[0].adoptable);
}

#[test]
fn a_request_in_doubt_that_arrives_between_reading_and_sending_again_is_ours() {
    let case = Case::new();
    case.appliance.fail_at(GROUP, Fault::LostBefore);
    in_doubt(&case.run(Mode::Fresh), 6, "does not find");
    case.appliance.heal();
    let meddler = Meddler { case: &case, seq: 6, resource: "servicegroup", body: group() };
    let states = case.journal.states(&case.plan);
    let outcome = block_on(execute(&case.plan, &states, Mode::Resume, &case.appliance, &case.appliance, &meddler));
    assert_eq!(outcome, RunOutcome::Succeeded);
    let told = case.journal.entries().into_iter().any(|entry| {
        matches!(entry, Entry::Result { seq: 6, outcome } if outcome.note.contains("an earlier request, which was in doubt"))
    });
    assert!(told, "{:#?}", case.journal.entries());
}

#[test]
fn an_answer_is_not_believed_without_its_effect() {
    let (appliance, owned) = berlin_made();
    let plan = planned(&appliance, &berlin_with(|mdm| mdm.timeout = 30), &owned);
    let case = Case { appliance, plan, journal: MemoryJournal::new() };
    case.appliance.fail_at(case.appliance.tries() + 1, Fault::Ignored);
    failed(&case.run(Mode::Fresh), 1, "answered that it is done, but reading back shows that timeout is 20, not 30");
    let saved = Case::new();
    saved.appliance.fail_at(8, Fault::Ignored);
    failed(&saved.run(Mode::Fresh), 12, "still reports unsaved changes");
    saved.appliance.heal();
    assert_eq!(saved.run(Mode::Resume), RunOutcome::Succeeded);
}

#[test]
fn an_appliance_that_does_not_say_whether_all_is_saved_is_taken_at_its_word() {
    let save = planned(&FakeAppliance::new(), &berlin(), &Owned::new()).operations.pop().unwrap();
    let said = |unsaved: Option<&str>| Seen {
        object: ObjectRef::config(),
        attrs: unsaved.map(|word| (UNSAVED.to_owned(), word.into())).into_iter().collect(),
        state: None,
        facts: Attrs::new(),
    };
    assert_eq!(sight(&save, Some(&said(Some("false")))), Effect::Holds);
    assert_eq!(sight(&save, Some(&said(Some("true")))), Effect::Lacks);
    assert_eq!(sight(&save, Some(&said(None))), Effect::Silent);
    assert!(!holds(&save, Some(&said(None))), "so that resuming saves again");
}

#[test]
fn resuming_after_the_appliance_lost_its_memory_refuses() {
    let case = Case::new();
    case.appliance.fail_at(6, Fault::NotSent);
    failed(&case.run(Mode::Fresh), 10, "was not sent");
    case.appliance.heal();
    // It restarted; nothing had been saved.
    case.appliance.lose(&ObjectRef::member("xms-berlin-mdm-443-sg", "xms03", 443));
    let sent = case.appliance.sent().len();
    assert!(matches!(case.run(Mode::Resume), RunOutcome::Moved { .. }));
    assert_eq!(case.appliance.sent().len(), sent);
}

#[test]
fn a_resumed_change_does_not_overwrite_what_others_did_meanwhile() {
    let (appliance, owned) = berlin_made();
    let mut desired = berlin_with(|mdm| mdm.timeout = 30);
    desired.nodes.push(crate::common::node("xms04", 14));
    let plan = planned(&appliance, &desired, &owned);
    let case = Case { appliance, plan, journal: MemoryJournal::new() };
    let done = case.appliance.tries();
    case.appliance.fail_at(done + 1, Fault::NotSent);
    failed(&case.run(Mode::Fresh), 1, "was not sent");
    case.appliance.heal();
    case.appliance
        .other(Method::Put, "lbvserver", None, json!({ "name": "xms-berlin-mdm-443", "timeout": 60 }))
        .unwrap();
    failed(&case.run(Mode::Resume), 3, "has changed since the plan was made: timeout is 60, not 20");
    assert_eq!(
        look(&case.appliance).find(&ObjectRef::vserver("xms-berlin-mdm-443")).unwrap().attrs["timeout"],
        60i64.into()
    );
}

#[test]
fn a_removal_that_somebody_did_already_is_done() {
    let (appliance, owned) = berlin_made();
    let plan = planned(&appliance, &berlin_with(|mdm| mdm.listeners.clear()), &owned);
    let case = Case { appliance, plan, journal: MemoryJournal::new() };
    case.appliance.fail_at(case.appliance.tries() + 1, Fault::NotSent);
    failed(&case.run(Mode::Fresh), 1, "was not sent");
    case.appliance.heal();
    case.appliance.lose(&ObjectRef::member("xms-berlin-mdm-443-sg", "xms02", 443));
    assert_eq!(case.run(Mode::Resume), RunOutcome::Succeeded);
    assert!(case.appliance.rows().is_empty());
}

#[test]
fn the_future_may_be_spawned_and_an_empty_plan_succeeds() {
    fn sendable<T: Send>(future: T) -> T {
        future
    }
    let (appliance, owned) = berlin_made();
    let plan = plan(&berlin(), &look(&appliance), &owned);
    let journal = MemoryJournal::new();
    let done = appliance.sent().len();
    let outcome = block_on(sendable(execute(&plan, &[], Mode::Fresh, &appliance, &appliance, &journal)));
    assert_eq!(outcome, RunOutcome::Succeeded);
    assert_eq!((appliance.sent().len(), journal.entries().len()), (done, 0));
    assert_eq!(plan.fingerprint, fingerprint(&look(&appliance)));
}
