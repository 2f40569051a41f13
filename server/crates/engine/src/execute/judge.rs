//! How one operation ended: what was answered, weighed against what was read. Pure, so that every case is in a table.

use crate::{
    apply::{Effect, mismatches, sight},
    kinds,
    ports::{OpOutcome, PerformError, Reply},
};
use model::{
    PairRole,
    object::Kind,
    plan::{Operation, Verb},
    read_error::ReadError,
    record::Outcome,
    snapshot::Seen,
};
use serde_json::Value as Json;

/// The object after the request.
#[derive(Clone, Debug)]
pub enum Found {
    Read(Option<Seen>),
    Unreadable(ReadError),
    /// The half of a pair that answers now is not the primary: what it has, or has not, says nothing.
    Elsewhere {
        role: PairRole,
    },
    /// The request never left.
    NotLooked,
}

impl Found {
    pub fn sight(&self, op: &Operation) -> Option<Effect> {
        match self {
            Self::Read(read) => Some(sight(op, read.as_ref())),
            Self::Unreadable(_) | Self::Elsewhere { .. } | Self::NotLooked => None,
        }
    }
}

/// The primary has done it, the peer has not (`nitro.md` 5.5, 3.22).
pub const PEER_LAGS: [i64; 5] = [347, 349, 358, 457, 458];

/// The half that was asked is not the primary (`nitro.md` 5.5): what it did all the same is lost.
const NOT_PRIMARY: [i64; 2] = [368, 1028];

/// What is to be made is there already (`nitro.md` 1.11).
const EXISTS: [i64; 5] = [273, 433, 1335, 1642, 2133];

/// Address already in use: of an address record that it is there already (6.2 A2), of everything else that something
/// else has the address.
const ADDRESS_IN_USE: i64 = 304;

pub fn exists(kind: Kind, code: i64) -> bool {
    EXISTS.contains(&code) || (kind == Kind::AddressRecord && code == ADDRESS_IN_USE)
}

/// Adding what exists is refused, so an object that is there although we were refused is somebody else's. For every
/// other verb it does not matter who brought the object to where it should be: it is ours, or a feature.
const fn makes(verb: Verb) -> bool {
    matches!(verb, Verb::Add | Verb::Bind)
}

/// What has no object to work on where the object is gone.
const fn changes(verb: Verb) -> bool {
    matches!(verb, Verb::Set | Verb::Unset | Verb::Enable | Verb::Disable)
}

/// After a request. `doubted`: an earlier request of this operation may have reached the appliance.
pub fn sent(op: &Operation, answer: Result<Reply, PerformError>, found: &Found, doubted: bool) -> OpOutcome {
    match answer {
        Ok(reply) => accepted(op, reply, found),
        Err(PerformError::Refused { sentence, code, reply }) => refused(op, &sentence, code, reply, found, doubted),
        Err(PerformError::NotSent { sentence }) => {
            outcome(Outcome::Failed, format!("{sentence} The request was not sent; resume to try again."), None)
        }
        Err(PerformError::InDoubt { sentence }) => unanswered(op, &sentence, found),
    }
}

fn accepted(op: &Operation, reply: Reply, found: &Found) -> OpOutcome {
    let warned = reply.warning.map(|warning| format!(" It warned: {warning}")).unwrap_or_default();
    let done = if reply.here_only { Outcome::HereOnly } else { Outcome::Succeeded };
    let (word, note) = match found.sight(op) {
        Some(Effect::Holds | Effect::Silent | Effect::Remembered) if reply.here_only => {
            (done, format!("Done here, and the peer of the pair has not taken it over.{warned}"))
        }
        Some(Effect::Holds) => (Outcome::Succeeded, format!("Done, and reading back shows it.{warned}")),
        Some(Effect::Silent) => (
            Outcome::Succeeded,
            format!("The appliance answered that it is done; it does not say whether anything is unsaved.{warned}"),
        ),
        Some(Effect::Remembered) => (
            done,
            format!(
                "The appliance answered that it is done. It lists the {} as an answer that it remembers (PROXY) and not as a \
                 record of its own, as some builds do; no later plan adds it again.{warned}",
                op.object
            ),
        ),
        Some(Effect::Lacks) => {
            (Outcome::Failed, format!("The appliance answered that it is done, but {}.{warned}", lacking(op, found)))
        }
        None => {
            (Outcome::InDoubt, format!("The appliance answered that it is done, but {}.{warned}", lacking(op, found)))
        }
    };
    OpOutcome { answered: true, ..outcome(word, note, reply.body) }
}

fn refused(op: &Operation, sentence: &str, code: i64, reply: Option<Json>, found: &Found, doubted: bool) -> OpOutcome {
    let lags = PEER_LAGS.contains(&code);
    let (word, note) = match found.sight(op) {
        _ if NOT_PRIMARY.contains(&code) => (
            Outcome::Refused,
            format!(
                "{sentence} The pair has changed roles. Going on reads what was done before on the primary of now, and sends \
                 the rest there."
            ),
        ),
        Some(Effect::Holds | Effect::Remembered) if lags => (
            Outcome::HereOnly,
            format!(
                "{sentence} Reading back shows that it took effect here; the peer of the pair has not taken it over."
            ),
        ),
        Some(Effect::Holds) if doubted => (
            Outcome::Succeeded,
            format!("{sentence} Reading back shows that an earlier request, which was in doubt, had taken effect."),
        ),
        Some(Effect::Remembered) if doubted && exists(op.object.kind, code) => {
            (Outcome::Succeeded, format!("{sentence} So an earlier request, which was in doubt, had taken effect."))
        }
        Some(Effect::Remembered) => (Outcome::Refused, format!("{sentence} {}", remembered(op))),
        Some(Effect::Holds) if makes(op.verb) => (Outcome::Refused, format!("{sentence} {}", strangers(op))),
        Some(Effect::Holds) => {
            (Outcome::Succeeded, format!("{sentence} Reading back shows that it is as it should be already."))
        }
        Some(Effect::Lacks | Effect::Silent) => (Outcome::Refused, sentence.to_owned()),
        None if lags || doubted => (Outcome::InDoubt, format!("{sentence} After that {}.", lacking(op, found))),
        None => (Outcome::Refused, format!("{sentence} After that {}.", lacking(op, found))),
    };
    outcome(word, note, reply)
}

/// The request may still be on its way, so reading nothing now proves nothing: it stays in doubt, and resuming reads
/// again before it sends.
fn unanswered(op: &Operation, sentence: &str, found: &Found) -> OpOutcome {
    match found.sight(op) {
        Some(Effect::Holds) => {
            outcome(Outcome::Succeeded, format!("{sentence} Reading back shows that it took effect."), None)
        }
        _ => outcome(
            Outcome::InDoubt,
            format!("{sentence} Then {}. Resuming reads again before it sends anything.", lacking(op, found)),
            None,
        ),
    }
}

/// One of a batch was there before us, and which one was not said. What may be somebody else's is not taken for ours: an
/// undo would remove it.
pub fn unclaimed(op: &Operation, sentence: &str, reply: Option<Json>) -> OpOutcome {
    let note = format!(
        "{sentence} The answer does not say which of the objects of this request it means, so it is not certain that the \
         {} was made by this run. Gatehouse leaves it alone. Plan again; the plan then asks whether to adopt it.",
        op.object
    );
    outcome(Outcome::Refused, note, reply)
}

/// The appliance, or the run, stopped at an earlier one of the batch.
pub fn not_reached(op: &Operation, found: &Found) -> OpOutcome {
    if found.sight(op) == Some(Effect::Holds) {
        return outcome(Outcome::Refused, strangers(op), None);
    }
    let note = "Not reached: it stopped at an operation before this one. Nothing was done; resume to send it.";
    outcome(Outcome::Failed, note.into(), None)
}

/// Before a request, when an earlier one may have been sent or time has passed. `None`: send.
pub fn looked(op: &Operation, read: Option<&Seen>, doubted: bool) -> Option<OpOutcome> {
    let told = |word, note: String| Some(outcome(word, note, None));
    match (sight(op, read), read) {
        (Effect::Holds, _) if makes(op.verb) && !doubted => told(Outcome::Failed, strangers(op)),
        (Effect::Holds, _) => told(
            Outcome::Succeeded,
            format!("The {} was found done when it was read again; nothing was sent.", op.object),
        ),
        (Effect::Lacks, None) if changes(op.verb) => told(
            Outcome::Failed,
            format!("The {} is no longer on the appliance. Nothing was sent; plan again.", op.object),
        ),
        (Effect::Lacks, Some(seen)) if matches!(op.verb, Verb::Set | Verb::Unset | Verb::Unbind | Verb::Remove) => {
            // What enables a server enables what stands on it as well: that is this run's own doing.
            let before = op.before.iter().filter(|(name, _)| *name != kinds::STATE);
            let before = before.map(|(name, value)| (name.clone(), value.clone())).collect();
            let moved = mismatches(&op.object, &before, &seen.attrs);
            let note = || {
                format!(
                    "The {} has changed since the plan was made: {}. Nothing was sent; plan again.",
                    op.object,
                    moved.join(", ")
                )
            };
            if moved.is_empty() { None } else { told(Outcome::Failed, note()) }
        }
        // Sent once more, a record that is there is refused, and then it is known.
        (Effect::Lacks | Effect::Silent | Effect::Remembered, _) => None,
    }
}

fn strangers(op: &Operation) -> String {
    format!(
        "The {} is there now although the plan found none, and no request of this run made it: somebody else did. \
         Gatehouse leaves it alone. Plan again; the plan then asks whether to adopt it.",
        op.object
    )
}

/// The appliance has it and does not list it as a record: whose it is cannot be seen.
fn remembered(op: &Operation) -> String {
    format!(
        "The appliance lists the {} only as an answer that it remembers (PROXY), so it cannot be seen whether somebody else \
         made a record of it. Type `flush dns proxyRecords` on the appliance, then plan again: a record that is there is \
         shown then, and the plan asks whether to adopt it.",
        op.object
    )
}

/// What reading back showed instead, as the end of a sentence.
fn lacking(op: &Operation, found: &Found) -> String {
    match found {
        Found::NotLooked => "it was not read back".into(),
        Found::Elsewhere { role } => format!(
            "the pair has changed roles: this address leads to the {role} now, whose copy says nothing about it. Going on \
             reads it on the primary"
        ),
        Found::Unreadable(error) => format!("it could not be read back ({})", error.sentence().trim_end_matches('.')),
        Found::Read(None) => format!("reading back does not find the {}", op.object),
        Found::Read(Some(seen)) => {
            let wrong = mismatches(&op.object, &op.attrs, &seen.attrs);
            match op.verb {
                Verb::Unbind | Verb::Remove => format!("reading back still finds the {}", op.object),
                Verb::Save => "the appliance still reports unsaved changes".into(),
                _ if wrong.is_empty() => format!("reading back does not show it on the {}", op.object),
                _ => format!("reading back shows that {}", wrong.join(", ")),
            }
        }
    }
}

fn outcome(outcome: Outcome, note: String, reply: Option<Json>) -> OpOutcome {
    OpOutcome { outcome, note, reply, answered: false }
}
