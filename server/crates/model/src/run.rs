//! A run, folded from its records: there is no second table.

use crate::{
    clock::At,
    ids::{ActNo, ClusterId, PlanId},
    object::Attrs,
    pair_role::PairRole,
    plan::Plan,
    read_error::ReadErrorKind,
    record::{Outcome, Record, RecordKind},
};
use serde::{Deserialize, Serialize};

/// What a `call.intent` and a `call.result` say in their detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallDetail {
    /// The operation's position in the plan.
    pub seq: u32,
    /// `POST /nitro/v1/config/server`.
    pub request: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<serde_json::Value>,
    pub cli: String,
    /// In a result: a sentence with what the appliance said and what reading back showed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// In a result: the appliance's own words, redacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<serde_json::Value>,
    /// What it changes, field by field: as it was, where the object was there, and as it is to be.
    #[serde(default, skip_serializing_if = "Attrs::is_empty")]
    pub before: Attrs,
    #[serde(default, skip_serializing_if = "Attrs::is_empty")]
    pub after: Attrs,
}

/// What a `run.begun` says in its detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunDetail {
    pub plan: PlanId,
    pub fingerprint: String,
}

/// Why a run stopped before its end, as data: what can be done about it follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause")]
pub enum Stop {
    /// The configuration is not as the plan saw it, or what the run had confirmed no longer stands: only a new plan helps.
    Moved { moved: Vec<MovedField> },
    /// The appliance is not the primary of its pair.
    NotPrimary { role: PairRole },
    /// It could not be read before anything was sent. `why` is not told by what an earlier program wrote.
    Unreachable {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<ReadErrorKind>,
    },
    /// An operation did not happen.
    Operation { seq: u32 },
    /// Whether an operation happened is not known.
    InDoubt { seq: u32 },
    /// The log could not be written.
    Log,
}

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedField {
    /// `virtual server xms-berlin-mdm-443`.
    pub object: String,
    /// `timeout`; empty: the object itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    pub was: String,
    pub is: String,
}

impl MovedField {
    pub fn sentence(&self) -> String {
        let Self { object, field, was, is } = self;
        if field.is_empty() {
            format!("The {object} was {was} and is now {is}.")
        } else {
            format!("{field} of {object} was {was} and is now {is}.")
        }
    }
}

/// What a `run.ended` says in its detail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnd {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
}

/// Where one operation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpState {
    #[default]
    Planned,
    /// The intent is on disk and the run is alive: the request is being sent, or its reply awaited.
    Sent,
    Confirmed,
    Failed,
    /// An intent without a result, and nobody at work: it may have happened or not. Read again before anything else.
    InDoubt,
}

impl OpState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
            Self::InDoubt => "in doubt",
        }
    }
}

/// One operation's history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpProgress {
    pub state: OpState,
    pub began: Option<At>,
    pub ended: Option<At>,
    pub note: String,
    /// How many intents there were.
    pub attempts: u32,
}

/// Where the run stands as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Running,
    Succeeded,
    /// It stopped at an operation; what was confirmed stays.
    Failed,
    /// Gatehouse itself stopped in the middle, or lost the appliance: resume or undo.
    Interrupted,
    /// All of it is done, and the other half of the pair has not taken all of it over: a failover would lose that.
    HereOnly,
}

impl RunStatus {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::HereOnly => "not on the peer",
        }
    }

    /// It stopped, and its plan is not carried out, or not everywhere.
    pub const fn is_stopped(self) -> bool {
        matches!(self, Self::Failed | Self::Interrupted | Self::HereOnly)
    }
}

/// A run as its records tell it.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub act: ActNo,
    pub plan: PlanId,
    pub cluster: Option<ClusterId>,
    pub by: String,
    pub begun: At,
    pub ended: Option<At>,
    pub status: RunStatus,
    /// The sentence of the last record that ended or interrupted it.
    pub note: String,
    /// Why it stopped, where its end tells.
    pub stop: Option<Stop>,
    /// One for each operation of the plan, in order.
    pub operations: Vec<OpProgress>,
}

impl Run {
    /// Folds the records of one act, oldest first. `None` when they are not those of a run. `id` is the plan's number: the
    /// first record says it too, but may be one that cannot be read any more.
    pub fn fold(id: PlanId, plan: &Plan, records: &[Record]) -> Option<Self> {
        let first = records.first().filter(|record| record.entry.kind == RecordKind::RunBegun)?;
        let mut run = Self {
            act: first.act,
            plan: id,
            cluster: first.entry.cluster,
            by: first.entry.actor.name.clone(),
            begun: first.entry.at,
            ended: None,
            status: RunStatus::Running,
            note: String::new(),
            stop: None,
            operations: vec![OpProgress::default(); plan.operations.len()],
        };
        for record in records {
            run.take(record);
        }
        Some(run)
    }

    fn take(&mut self, record: &Record) {
        let entry = &record.entry;
        match entry.kind {
            RecordKind::RunBegun | RecordKind::RunResumed => {
                self.status = RunStatus::Running;
                self.ended = None;
                self.stop = None;
                self.note.clear();
            }
            RecordKind::RunEnded => {
                let status = match entry.outcome {
                    Some(Outcome::Succeeded) => RunStatus::Succeeded,
                    Some(Outcome::HereOnly) => RunStatus::HereOnly,
                    // No end is without an outcome: this one cannot be read, and may say anything.
                    Some(Outcome::InDoubt) | None => RunStatus::Interrupted,
                    Some(Outcome::Failed | Outcome::Refused) => RunStatus::Failed,
                };
                self.halt(status, Some(entry.at), &entry.summary);
                let end: Option<RunEnd> = serde_json::from_value(entry.detail.clone()).ok();
                self.stop = end.and_then(|end| end.stop);
            }
            RecordKind::RunInterrupted => self.halt(RunStatus::Interrupted, Some(entry.at), &entry.summary),
            RecordKind::CallIntent | RecordKind::CallResult => self.call(record),
            _ => {}
        }
    }

    /// Nobody is at work on it, and no record says so: what was sent is in doubt.
    pub fn interrupt(&mut self, note: &str) {
        self.halt(RunStatus::Interrupted, None, note);
    }

    fn halt(&mut self, status: RunStatus, at: Option<At>, note: &str) {
        self.status = status;
        self.ended = at;
        note.clone_into(&mut self.note);
        for operation in &mut self.operations {
            if operation.state == OpState::Sent {
                operation.state = OpState::InDoubt;
            }
        }
    }

    fn call(&mut self, record: &Record) {
        let Ok(detail) = serde_json::from_value::<CallDetail>(record.entry.detail.clone()) else {
            return self.unread_call(record);
        };
        let index = (detail.seq as usize).wrapping_sub(1);
        let Some(operation) = self.operations.get_mut(index) else { return self.unread_call(record) };
        if record.entry.kind == RecordKind::CallIntent {
            operation.state = OpState::Sent;
            operation.began = Some(record.entry.at);
            operation.ended = None;
            operation.attempts += 1;
        } else {
            operation.state = match record.entry.outcome {
                Some(Outcome::Succeeded | Outcome::HereOnly) => OpState::Confirmed,
                Some(Outcome::InDoubt) => OpState::InDoubt,
                _ => OpState::Failed,
            };
            operation.ended = Some(record.entry.at);
        }
        operation.note = detail.note;
    }

    /// A record of a call that cannot be read: something was about to be sent, or was answered. Whose it is may still be
    /// told; if not, it may be anybody's that has no confirmation. What is in doubt is read before anything is sent.
    fn unread_call(&mut self, record: &Record) {
        let seq = record.entry.detail.get("seq").and_then(serde_json::Value::as_u64);
        let index = seq.and_then(|seq| usize::try_from(seq).ok()).map(|seq| seq.wrapping_sub(1));
        let named = index.filter(|index| *index < self.operations.len());
        for (at, operation) in self.operations.iter_mut().enumerate() {
            let meant = named.is_none_or(|index| index == at);
            if meant && operation.state != OpState::Confirmed {
                operation.state = OpState::InDoubt;
                operation.note =
                    format!("Record {} of this run cannot be read, so what it tells is in doubt.", record.id);
            }
        }
    }

    /// Whether what stopped it could be over when it is tried again.
    pub fn may_resume(&self) -> bool {
        self.status.is_stopped() && !matches!(self.stop, Some(Stop::Moved { .. }))
    }

    /// How many operations are confirmed.
    pub fn confirmed(&self) -> usize {
        self.operations.iter().filter(|operation| operation.state == OpState::Confirmed).count()
    }

    /// Positions (1-based) of the operations whose fate is not known.
    pub fn in_doubt(&self) -> Vec<u32> {
        (1u32..).zip(&self.operations).filter(|(_, op)| op.state == OpState::InDoubt).map(|(seq, _)| seq).collect()
    }
}
