//! A log in memory, behind the port `Journal`.

use engine::ports::{Journal, JournalError, OpOutcome};
use model::{
    clock,
    ids::{ActNo, PlanId, RecordId},
    plan::{Operation, Plan},
    record::{self, Actor, Record, RecordKind},
    run::{CallDetail, OpState, Run, RunDetail},
};
use serde_json::json;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    Intent { seq: u32 },
    Result { seq: u32, outcome: OpOutcome },
}

/// How writing an entry goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalFault {
    /// The disk is full: nothing was written.
    Unwritten,
    /// It was written, and then the process was killed: the writer is told of an error, so that it stops.
    WrittenThenStopped,
}

#[derive(Default)]
struct Inner {
    entries: Vec<Entry>,
    tries: usize,
    fault: Option<(usize, JournalFault)>,
    whole: bool,
}

/// The records of one run.
#[derive(Default)]
pub struct MemoryJournal {
    inner: Mutex<Inner>,
}

impl MemoryJournal {
    pub fn new() -> Self {
        Self::default()
    }

    /// What is written at once is there together or not at all, as in one transaction. Otherwise entry by entry, so that
    /// it may come to a part of it.
    pub fn in_transactions() -> Self {
        let journal = Self::new();
        journal.inner().whole = true;
        journal
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// At the `n`th entry (from 1), this goes wrong.
    pub fn fail_at(&self, n: usize, fault: JournalFault) {
        self.inner().fault = Some((n, fault));
    }

    pub fn heal(&self) {
        self.inner().fault = None;
    }

    pub fn entries(&self) -> Vec<Entry> {
        self.inner().entries.clone()
    }

    /// The run as the model folds it from records: begun, the entries, and interrupted, as the next start finds it.
    pub fn run(&self, plan: &Plan) -> Option<Run> {
        let begun = RunDetail { plan: PlanId(1), fingerprint: plan.fingerprint.clone() };
        let mut records = vec![told(RecordKind::RunBegun, None, json!(begun))];
        records.extend(self.entries().into_iter().map(|entry| match entry {
            Entry::Intent { seq } => told(RecordKind::CallIntent, None, json!(detail(plan, seq, ""))),
            Entry::Result { seq, outcome } => {
                told(RecordKind::CallResult, Some(outcome.outcome), json!(detail(plan, seq, &outcome.note)))
            }
        }));
        records.push(told(RecordKind::RunInterrupted, None, serde_json::Value::Null));
        Run::fold(PlanId(1), plan, &records)
    }

    /// The states of a plan's operations after whatever was written.
    pub fn states(&self, plan: &Plan) -> Vec<OpState> {
        self.run(plan).map(|run| run.operations.iter().map(|operation| operation.state).collect()).unwrap_or_default()
    }

    fn write(&self, entry: Entry) -> Result<(), JournalError> {
        self.write_all(vec![entry])
    }

    fn write_all(&self, entries: Vec<Entry>) -> Result<(), JournalError> {
        let mut inner = self.inner();
        let tries = inner.tries + 1..=inner.tries + entries.len();
        let fault = inner.fault.filter(|(n, _)| tries.contains(n));
        // Without transactions, those before the one that fails are there.
        let written = match fault {
            None => entries.len(),
            Some((_, JournalFault::Unwritten)) if inner.whole => 0,
            Some((_, JournalFault::WrittenThenStopped)) if inner.whole => entries.len(),
            Some((n, JournalFault::Unwritten)) => n - tries.start(),
            Some((n, JournalFault::WrittenThenStopped)) => n - tries.start() + 1,
        };
        inner.tries = *tries.end();
        inner.entries.extend(entries.into_iter().take(written));
        match fault {
            None => Ok(()),
            Some(_) => Err(JournalError { sentence: "The disk is full.".into() }),
        }
    }
}

impl Journal for MemoryJournal {
    async fn intent(&self, op: &Operation) -> Result<(), JournalError> {
        self.write(Entry::Intent { seq: op.seq })
    }

    async fn intents(&self, ops: &[&Operation]) -> Result<(), JournalError> {
        self.write_all(ops.iter().map(|op| Entry::Intent { seq: op.seq }).collect())
    }

    async fn result(&self, op: &Operation, outcome: &OpOutcome) -> Result<(), JournalError> {
        self.write(Entry::Result { seq: op.seq, outcome: outcome.clone() })
    }

    async fn results(&self, ended: &[(&Operation, OpOutcome)]) -> Result<(), JournalError> {
        let entry = |(op, outcome): &(&Operation, OpOutcome)| Entry::Result { seq: op.seq, outcome: outcome.clone() };
        self.write_all(ended.iter().map(entry).collect())
    }
}

fn detail(plan: &Plan, seq: u32, note: &str) -> CallDetail {
    let op = plan.operation(seq);
    CallDetail {
        seq,
        request: op.map(|op| format!("{} {}", op.call.method.word(), op.call.resource)).unwrap_or_default(),
        body: op.and_then(|op| op.call.body.clone()),
        cli: op.map(|op| op.cli.clone()).unwrap_or_default(),
        note: note.into(),
        reply: None,
        before: [].into(),
        after: [].into(),
    }
}

/// Of act 1, and nothing but what it tells.
pub fn told(kind: RecordKind, outcome: Option<record::Outcome>, detail: serde_json::Value) -> Record {
    let entry = record::Entry {
        at: clock::from_millis(0),
        kind,
        act: Some(ActNo(1)),
        actor: Actor::gatehouse(),
        cluster: None,
        appliance: None,
        outcome,
        summary: String::new(),
        detail,
    };
    Record { id: RecordId(1), act: ActNo(1), entry }
}
