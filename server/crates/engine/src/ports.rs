//! The three things that the executor needs from the world. `services::adapters` has them over NITRO and the log,
//! `tests/it/fake` in memory.

use model::{
    PairRole,
    object::ObjectRef,
    plan::Operation,
    read_error::ReadError,
    record::Outcome,
    snapshot::{Seen, Snapshot},
};
use std::future::Future;
use thiserror::Error;

/// Reads one appliance. Attributes are normalised with [`crate::kinds::normalise`]; a virtual server in a persistency
/// group says so in the fact `groupname` (`nitro.md` 3.20), because then the plan leaves its persistence to the group.
pub trait Observe: Send + Sync {
    fn snapshot(&self) -> impl Future<Output = Result<Snapshot, ReadError>> + Send;

    /// Which half of a pair answers now. Asked when something is not where it should be: the roles may have changed.
    fn role(&self) -> impl Future<Output = Result<PairRole, ReadError>> + Send {
        async move { Ok(self.snapshot().await?.role) }
    }

    /// One object as it is now; `None` when the appliance says that there is none (404 with 258, a feature that is off,
    /// a binding that is not in its list).
    ///
    /// For [`ObjectRef::config`] the answer is always `Some`, with the attribute [`crate::apply::UNSAVED`] as `"true"`
    /// or `"false"` (`nsconfig.configchanged`, `nitro.md` 3.3), and without it where the appliance does not say.
    fn read(&self, object: &ObjectRef) -> impl Future<Output = Result<Option<Seen>, ReadError>> + Send;

    /// Several objects of one kind as they are now, one answer for each in the order asked. One that cannot be read
    /// leaves nothing known of the others either. Better than one read each where the appliance can list them.
    fn read_all(&self, objects: &[&ObjectRef]) -> impl Future<Output = Result<Vec<Option<Seen>>, ReadError>> + Send {
        async move {
            let mut all = Vec::with_capacity(objects.len());
            for object in objects {
                all.push(self.read(object).await?);
            }
            Ok(all)
        }
    }
}

/// What the appliance answered to a request that it took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Its body, redacted; `None` when it was empty, as usual (`nitro.md` 1.2).
    pub body: Option<serde_json::Value>,
    /// A sentence with the warning, where it gave one (status 209).
    pub warning: Option<String>,
    /// Done on the half that was asked, and not on its peer.
    pub here_only: bool,
}

/// Why a request has no good answer.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PerformError {
    /// The appliance answered, and said no.
    #[error("{sentence}")]
    Refused { sentence: String, code: i64, reply: Option<serde_json::Value> },
    /// It certainly never reached the appliance: no connection, no session.
    #[error("{sentence}")]
    NotSent { sentence: String },
    /// It may have reached the appliance: the connection broke or the time ran out before an answer.
    #[error("{sentence}")]
    InDoubt { sentence: String },
}

/// What was answered to one request with several objects, of which the appliance takes one after the other and stops at
/// the first that it refuses (`nitro.md` 1.9, `X-NITRO-ONERROR: exit`).
#[derive(Clone, Debug, PartialEq)]
pub enum Batched {
    /// One answer for all: every one was done, or none was sent, or nobody knows.
    Whole(Result<Reply, PerformError>),
    /// An answer for each, in the order sent. Those at the end that have none were not reached.
    Each(Vec<Result<Reply, PerformError>>),
    /// This refused one of them, and the answer does not say which; those after it were not reached.
    Stopped(PerformError),
    /// This refused the request as such: builds that do not take several objects at once.
    NotTaken(PerformError),
}

/// Sends requests, each once. No retries in here: whether to send again is decided after reading.
pub trait Perform: Send + Sync {
    /// One operation's request.
    fn perform(&self, op: &Operation) -> impl Future<Output = Result<Reply, PerformError>> + Send;

    /// One request for all of these, which [`crate::call::together`] makes of theirs.
    fn perform_all(&self, ops: &[&Operation]) -> impl Future<Output = Batched> + Send;
}

/// The log could not be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct JournalError {
    pub sentence: String,
}

/// How an operation ended, as it stands in its `call.result`.
#[derive(Clone, Debug, PartialEq)]
pub struct OpOutcome {
    /// `Succeeded`: confirmed by reading. `HereOnly`: confirmed, and not done on the peer of the pair. `Refused`: the appliance said no. `Failed`: it did not happen for another
    /// reason. `InDoubt`: not known.
    pub outcome: Outcome,
    /// A full sentence or two: what was answered, and what reading back showed.
    pub note: String,
    /// The appliance's own words.
    pub reply: Option<serde_json::Value>,
    /// It answered that it was done: what was to be made was made by us, wherever it is now.
    pub answered: bool,
}

/// The durable log. All return only after the record is on disk.
pub trait Journal: Send + Sync {
    fn intent(&self, op: &Operation) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// The intents of operations that go in one request, all of which must be on disk before it is sent.
    fn intents(&self, ops: &[&Operation]) -> impl Future<Output = Result<(), JournalError>> + Send {
        async move {
            for op in ops {
                self.intent(op).await?;
            }
            Ok(())
        }
    }

    /// Without an intent before it when an operation was found done, or impossible, by reading alone.
    fn result(&self, op: &Operation, outcome: &OpOutcome) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// How operations that went in one request ended, in the plan's order.
    fn results(&self, ended: &[(&Operation, OpOutcome)]) -> impl Future<Output = Result<(), JournalError>> + Send {
        async move {
            for (op, outcome) in ended {
                self.result(op, outcome).await?;
            }
            Ok(())
        }
    }
}
