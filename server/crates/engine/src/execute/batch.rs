//! Which operations go in one request, and what its answer says of each. Pure, like the judge.

use super::judge::{self, Found, PEER_LAGS};
use crate::{
    apply::Effect,
    ports::{Batched, OpOutcome, PerformError, Reply},
};
use model::{
    object::Kind,
    plan::{Operation, Verb},
    run::OpState,
    snapshot::Snapshot,
};
use std::ops::Range;

/// The most objects in one request. A lost answer puts each of them in doubt, and so few fit any limit on bodies.
const MOST: usize = 25;

/// Cuts a plan into what goes together: ranges of positions (from 0) that follow each other without a gap. Together go
/// additions, or bindings, of one kind with one form of request, which do not depend on each other. What may have been
/// sent before goes alone, and so does what was there at the beginning of the run (`now`): its refusal must be its own.
pub fn batches(ops: &[Operation], states: &[OpState], now: &Snapshot) -> Vec<Range<usize>> {
    let planned = |index: usize| states.get(index).is_none_or(|state| *state == OpState::Planned);
    let joins = |index: usize, op: &Operation| planned(index) && may_join(op) && now.find(&op.object).is_none();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (index, op) in ops.iter().enumerate() {
        let grown = ranges.last_mut().filter(|range| {
            let first = ops.get(range.start);
            range.len() < MOST && first.is_some_and(|first| joins(range.start, first) && alike(first, op))
        });
        match grown {
            Some(range) if joins(index, op) => range.end = index + 1,
            _ => ranges.push(index..index + 1),
        }
    }
    ranges
}

/// Only what a POST or PUT of plain objects makes (`nitro.md` 2.3). Files are large, nothing is said of lists with
/// `?action=`, and what an address record's refusal means is seen only where it stands alone.
fn may_join(op: &Operation) -> bool {
    let call = &op.call;
    matches!(op.verb, Verb::Add | Verb::Bind)
        && !matches!(op.object.kind, Kind::CertFile | Kind::Feature | Kind::AddressRecord)
        && call.action.is_none()
        && call.name.is_none()
        && call.args.is_empty()
        && call.body.as_ref().is_some_and(serde_json::Value::is_object)
}

fn alike(one: &Operation, other: &Operation) -> bool {
    one.verb == other.verb
        && one.object.kind == other.object.kind
        && one.call.method == other.call.method
        && one.call.resource == other.call.resource
}

/// What the answer says of one of them.
enum Fate {
    Told(Result<Reply, PerformError>),
    /// It is there, and may be somebody else's.
    Unclaimed,
    NotReached,
}

/// How each of them ended, in order. `None`, at the end only: the appliance was not asked for it yet.
pub fn verdicts(ops: &[&Operation], answer: Batched, found: &[Found]) -> Vec<Option<OpOutcome>> {
    let refusal = match &answer {
        Batched::Stopped(error) | Batched::NotTaken(error) => Some(error.clone()),
        Batched::Whole(_) | Batched::Each(_) => None,
    };
    let judged = |((op, found), fate): ((&&Operation, &Found), Fate)| match fate {
        Fate::Told(answer) => Some(judge::sent(op, answer, found, false)),
        Fate::Unclaimed => {
            let (sentence, reply) = match refusal.clone()? {
                PerformError::Refused { sentence, reply, .. } => (sentence, reply),
                PerformError::NotSent { sentence } | PerformError::InDoubt { sentence } => (sentence, None),
            };
            Some(judge::unclaimed(op, &sentence, reply))
        }
        Fate::NotReached => None,
    };
    let fates = fates(ops, answer, found);
    ops.iter().zip(found).zip(fates).map(judged).collect()
}

fn fates(ops: &[&Operation], answer: Batched, found: &[Found]) -> Vec<Fate> {
    match answer {
        Batched::Whole(answer) => ops.iter().map(|_| Fate::Told(answer.clone())).collect(),
        Batched::Each(answers) => {
            let missing = std::iter::repeat_with(|| Fate::NotReached);
            answers.into_iter().map(Fate::Told).chain(missing).take(ops.len()).collect()
        }
        Batched::NotTaken(_) if nothing_there(found) => ops.iter().map(|_| Fate::NotReached).collect(),
        Batched::Stopped(error) | Batched::NotTaken(error) => stopped(ops, &error, found),
    }
}

/// A request that was refused as such has left nothing behind. Where that cannot be seen, it is taken for one that came
/// part of the way.
fn nothing_there(found: &[Found]) -> bool {
    found.iter().all(|found| matches!(found, Found::Read(None)))
}

/// The first one that is not there is the one that was refused, unless the refusal is that something was there.
fn stopped(ops: &[&Operation], error: &PerformError, found: &[Found]) -> Vec<Fate> {
    let (exists, lags) = match error {
        PerformError::Refused { code, .. } => {
            (ops.iter().any(|op| judge::exists(op.object.kind, *code)), PEER_LAGS.contains(code))
        }
        PerformError::NotSent { .. } | PerformError::InDoubt { .. } => (false, false),
    };
    let sights: Vec<_> = ops.iter().zip(found).map(|(op, found)| found.sight(op)).collect();
    if sights.contains(&None) {
        let doubt = || PerformError::InDoubt {
            sentence: format!("{error} The answer does not say which of the {} objects sent it means.", ops.len()),
        };
        return ops.iter().map(|_| if exists { Fate::Unclaimed } else { Fate::Told(Err(doubt())) }).collect();
    }
    let held = sights.iter().take_while(|sight| **sight == Some(Effect::Holds)).count();
    // What the peer has not taken over is there all the same, and the last that is.
    let refused = if lags { held.saturating_sub(1) } else { held };
    let ours = refused == 0 || (!exists && refused < ops.len());
    let fate = |index: usize| match index.cmp(&refused) {
        std::cmp::Ordering::Less if ours => Fate::Told(Ok(Reply::default())),
        std::cmp::Ordering::Less => Fate::Unclaimed,
        std::cmp::Ordering::Equal if ours => Fate::Told(Err(error.clone())),
        std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => Fate::NotReached,
    };
    (0..ops.len()).map(fate).collect()
}
