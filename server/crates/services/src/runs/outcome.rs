//! What came of a run, in words and as data.

use engine::{Mode, RunOutcome};
use model::{
    record::Outcome,
    run::{MovedField, OpState, Stop},
    snapshot::Snapshot,
};
use store::plans::StoredPlan;

/// A record is read by people: more than these is another configuration altogether.
const MOST_MOVED: usize = 100;

/// An outcome as the log keeps it: for people, and as data. `seen` is what the plan was made from, where it is still kept.
pub fn end_of(
    outcome: &RunOutcome,
    stored: &StoredPlan,
    seen: Option<&Snapshot>,
    states: &[OpState],
    mode: Mode,
) -> (Outcome, String, Option<Stop>) {
    match outcome {
        RunOutcome::Succeeded => (
            Outcome::Succeeded,
            match stored.plan.operations.len() {
                1 => "Its one operation is confirmed, and the configuration is saved.".to_owned(),
                all => format!("All {all} operations are confirmed, and the configuration is saved."),
            },
            None,
        ),
        RunOutcome::Failed { seq, sentence } => {
            let summary = format!("Stopped at operation {seq}. {sentence}");
            (Outcome::Failed, summary, Some(Stop::Operation { seq: *seq }))
        }
        RunOutcome::InDoubt { seq, sentence } => {
            let summary = format!("Stopped in doubt at operation {seq}. {sentence}");
            (Outcome::InDoubt, summary, Some(Stop::InDoubt { seq: *seq }))
        }
        RunOutcome::Moved { now } => {
            let (moved, what) = match mode {
                Mode::Fresh => match seen {
                    Some(seen) => (engine::moved(seen, now), "The appliance is not as the plan saw it"),
                    None => (
                        Vec::new(),
                        "The appliance is not as the plan saw it (what it saw is kept no more, so that nobody can tell the \
                         difference)",
                    ),
                },
                // Compared with the plan's snapshot, our own changes would be the difference.
                Mode::Resume => {
                    (engine::undone(&stored.plan, states, now), "What this run had confirmed no longer stands")
                }
            };
            let shown = moved.iter().take(5).map(MovedField::sentence).collect::<Vec<_>>().join(" ");
            let shown = if moved.is_empty() && mode == Mode::Fresh && seen.is_some() {
                "What differs cannot be told: the plan was made by an earlier Gatehouse, which counted other things."
                    .to_owned()
            } else {
                shown
            };
            let summary = format!("{what}, so nothing was sent. Make a new plan. {shown}");
            (Outcome::Refused, summary, Some(Stop::Moved { moved: moved.into_iter().take(MOST_MOVED).collect() }))
        }
        RunOutcome::NotPrimary { role } => (
            Outcome::Refused,
            format!("{}, and changes are made on the primary of a pair only. Nothing was sent.", role.said()),
            Some(Stop::NotPrimary { role: role.clone() }),
        ),
        RunOutcome::LogFailed { sentence } => (Outcome::Failed, sentence.clone(), Some(Stop::Log)),
        RunOutcome::Unreachable { error } => {
            (Outcome::Failed, error.to_string(), Some(Stop::Unreachable { why: Some(error.kind) }))
        }
    }
}
