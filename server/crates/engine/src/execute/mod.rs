//! A plan, carried out in its order (invariants 1, 2, 4 and 13).
//!
//! Each operation is: intent on disk, request, reading back, result on disk. Whatever stops in between, the records say
//! how far it came, and resuming reads before it sends. Additions and bindings of one kind that follow each other go in
//! one request ([`batches`]); each keeps its own intent, its own reading back and its own result.

mod batch;
mod judge;
mod together;

use crate::{
    apply::{Effect, stands},
    fingerprint::fingerprint,
    ports::{Journal, JournalError, Observe, OpOutcome, Perform, PerformError},
};
pub use batch::batches;
use judge::Found;
use model::{
    PairRole,
    plan::{Operation, Plan, Verb},
    read_error::ReadError,
    record::Outcome,
    run::OpState,
    snapshot::Snapshot,
};

/// From the beginning, or after a run that stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The appliance must be as the plan saw it.
    Fresh,
    /// It has changed, by us: what was confirmed must still hold, and what is not certain is read first.
    Resume,
}

/// How a run ended. Sentences are for people; `seq` names the operation.
#[derive(Clone, Debug, PartialEq)]
pub enum RunOutcome {
    Succeeded,
    /// An operation did not happen; those before it stay. `seq` is 0 when the plan itself may not be applied.
    Failed {
        seq: u32,
        sentence: String,
    },
    /// Whether an operation happened is not known.
    InDoubt {
        seq: u32,
        sentence: String,
    },
    /// The configuration is not as the plan needs it; nothing was sent. [`crate::moved`] and [`crate::undone`] say what
    /// differs.
    Moved {
        now: Box<Snapshot>,
    },
    /// The appliance is not the primary; nothing was sent.
    NotPrimary {
        role: PairRole,
    },
    /// The log could not be written. Nothing was sent after that.
    LogFailed {
        sentence: String,
    },
    /// The appliance could not be read before anything was sent.
    Unreachable {
        error: ReadError,
    },
}

/// Carries `plan` out. `states` are those of its operations, in order, as the run's records tell them
/// ([`model::run::Run::fold`]); what is missing counts as planned.
pub async fn execute<O: Observe, P: Perform, J: Journal>(
    plan: &Plan,
    states: &[OpState],
    mode: Mode,
    observe: &O,
    perform: &P,
    journal: &J,
) -> RunOutcome {
    let run = Run { mode, observe, perform, journal };
    match run.all(plan, states).await {
        Ok(()) => RunOutcome::Succeeded,
        Err(outcome) => outcome,
    }
}

struct Run<'a, O, P, J> {
    mode: Mode,
    observe: &'a O,
    perform: &'a P,
    journal: &'a J,
}

impl<O: Observe, P: Perform, J: Journal> Run<'_, O, P, J> {
    async fn all(&self, plan: &Plan, states: &[OpState]) -> Result<(), RunOutcome> {
        if let Some(conflict) = plan.conflicts.first() {
            let sentence = format!("The plan has conflicts, so nothing was sent. {}", conflict.sentence);
            return Err(RunOutcome::Failed { seq: 0, sentence });
        }
        let state = |index: usize| states.get(index).copied().unwrap_or_default();
        let now = self.begin(plan, state).await?;
        // An old build that refuses several at once is not asked a second time.
        let mut several = true;
        for range in batches(&plan.operations, states, &now) {
            match plan.operations.get(range.clone()) {
                Some(ops) if several && ops.len() > 1 => several = self.together(ops).await?,
                ops => {
                    for (index, op) in range.zip(ops.unwrap_or_default()) {
                        self.step(op, state(index)).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The look before the first request. A pair may have changed roles since the plan, and an appliance that restarted
    /// has lost what was not saved: going on from there would end in a success that is none.
    async fn begin(&self, plan: &Plan, state: impl Fn(usize) -> OpState) -> Result<Snapshot, RunOutcome> {
        let now = self.observe.snapshot().await.map_err(|error| RunOutcome::Unreachable { error })?;
        let stands = match self.mode {
            Mode::Fresh => fingerprint(&now) == plan.fingerprint,
            Mode::Resume => plan
                .operations
                .iter()
                .enumerate()
                .filter(|(index, op)| state(*index) == OpState::Confirmed && op.verb != Verb::Save)
                .all(|(_, op)| stands(op, &now)),
        };
        if !now.role.is_primary() {
            return Err(RunOutcome::NotPrimary { role: now.role });
        }
        if stands { Ok(now) } else { Err(RunOutcome::Moved { now: Box::new(now) }) }
    }

    async fn step(&self, op: &Operation, state: OpState) -> Result<(), RunOutcome> {
        let doubted = match state {
            OpState::Confirmed => return Ok(()),
            // An intent without a result, whatever the caller made of it.
            OpState::InDoubt | OpState::Sent => true,
            OpState::Planned | OpState::Failed => false,
        };
        if let Some(outcome) = self.look_first(op, state, doubted).await? {
            return self.close(op, &outcome, "Nothing was sent for it now.").await;
        }
        self.journal.intent(op).await.map_err(|error| log_failed(op, &error, "Nothing was sent for it."))?;
        self.send(op, doubted, "").await
    }

    /// The request of an operation whose intent is on disk, and how it ended. `remark` ends the result's note.
    async fn send(&self, op: &Operation, doubted: bool, remark: &str) -> Result<(), RunOutcome> {
        let answer = self.perform.perform(op).await;
        // What never left has nothing to look for.
        let found = if matches!(answer, Err(PerformError::NotSent { .. })) {
            Found::NotLooked
        } else {
            let found = self.observe.read(&op.object).await.map_or_else(Found::Unreadable, Found::Read);
            self.placed(&[op], vec![found], answer.is_ok()).await.pop().unwrap_or(Found::NotLooked)
        };
        let mut outcome = judge::sent(op, answer, &found, doubted);
        outcome.note.push_str(remark);
        let fate = match outcome.outcome {
            Outcome::Succeeded | Outcome::HereOnly => "It took effect.",
            Outcome::InDoubt => "Whether it took effect is not known.",
            _ => "It did not take effect.",
        };
        self.close(op, &outcome, fate).await
    }

    /// What is not where it should be, or is gone without an answer that it went: on the secondary of a pair both say
    /// nothing. `answered`: it was said to be done.
    async fn placed(&self, ops: &[&Operation], found: Vec<Found>, answered: bool) -> Vec<Found> {
        let doubtful = |(op, found): (&&Operation, &Found)| match found.sight(op) {
            Some(Effect::Lacks) => true,
            Some(Effect::Holds) => !answered && matches!(op.verb, Verb::Unbind | Verb::Remove),
            Some(Effect::Silent | Effect::Remembered) | None => false,
        };
        if !ops.iter().zip(&found).any(doubtful) {
            return found;
        }
        match self.observe.role().await {
            Ok(role) if !role.is_primary() => {
                let strayed = |(op, found): (&&Operation, Found)| {
                    if doubtful((op, &found)) { Found::Elsewhere { role: role.clone() } } else { found }
                };
                ops.iter().zip(found).map(strayed).collect()
            }
            // It answered a moment ago; what was read then stands.
            _ => found,
        }
    }

    /// Reads before anything is sent again. `None`: go on and send.
    async fn look_first(&self, op: &Operation, state: OpState, doubted: bool) -> Result<Option<OpOutcome>, RunOutcome> {
        // An addition that was never sent needs no look: if somebody made the object meanwhile, the appliance refuses.
        let makes = matches!(op.verb, Verb::FeatureOn | Verb::Add | Verb::Bind | Verb::Save);
        let needed = state != OpState::Planned || (self.mode == Mode::Resume && !makes);
        if !needed {
            return Ok(None);
        }
        match self.observe.read(&op.object).await {
            Ok(read) => Ok(judge::looked(op, read.as_ref(), doubted)),
            Err(error) if doubted => {
                let sentence = format!(
                    "{} An earlier request of operation {} ({}) is in doubt, and it could not be read now whether it took \
                     effect. Nothing was sent.",
                    error, op.seq, op.object
                );
                Err(RunOutcome::InDoubt { seq: op.seq, sentence })
            }
            Err(error) => Err(RunOutcome::Unreachable { error }),
        }
    }

    async fn close(&self, op: &Operation, outcome: &OpOutcome, fate: &str) -> Result<(), RunOutcome> {
        self.journal.result(op, outcome).await.map_err(|error| log_failed(op, &error, fate))?;
        stop(op, outcome).map_or(Ok(()), Err)
    }
}

/// How the run ends with this one, unless it goes on.
fn stop(op: &Operation, outcome: &OpOutcome) -> Option<RunOutcome> {
    let (seq, sentence) = (op.seq, outcome.note.clone());
    match outcome.outcome {
        Outcome::Succeeded | Outcome::HereOnly => None,
        Outcome::InDoubt => Some(RunOutcome::InDoubt { seq, sentence }),
        Outcome::Failed | Outcome::Refused => Some(RunOutcome::Failed { seq, sentence }),
    }
}

fn log_failed(op: &Operation, error: &JournalError, fate: &str) -> RunOutcome {
    RunOutcome::LogFailed {
        sentence: format!("The record of operation {} ({}) could not be written: {error} {fate}", op.seq, op.object),
    }
}
