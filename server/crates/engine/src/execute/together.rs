//! Several operations in one request.

use super::{
    Run, RunOutcome, batch,
    judge::{self, Found},
    stop,
};
use crate::ports::{Batched, Journal, JournalError, Observe, OpOutcome, Perform, PerformError};
use model::{
    plan::Operation,
    read_error::{ReadError, ReadErrorKind},
};

/// Ends the note of what was sent by itself after all.
const ALONE: &str = " It went in a request of its own, because the one with several did not come to it.";

impl<O: Observe, P: Perform, J: Journal> Run<'_, O, P, J> {
    /// All intents on disk, one request, each read back, all results on disk. What the request did not come to goes
    /// alone then, unless something before it went wrong. The answer: may the next ones go together?
    pub(super) async fn together(&self, ops: &[Operation]) -> Result<bool, RunOutcome> {
        let ops: Vec<&Operation> = ops.iter().collect();
        let unsent = |error| log_failed(&ops, &error, "Nothing was sent for them.");
        self.journal.intents(&ops).await.map_err(unsent)?;
        let answer = self.perform.perform_all(&ops).await;
        let taken = !matches!(answer, Batched::NotTaken(_));
        let sent = !matches!(answer, Batched::Whole(Err(PerformError::NotSent { .. })));
        let answered = matches!(answer, Batched::Whole(Ok(_)));
        let found =
            if sent { self.look_at(&ops, answered).await } else { ops.iter().map(|_| Found::NotLooked).collect() };
        let verdicts = batch::verdicts(&ops, answer, &found);

        let failed = verdicts.iter().flatten().any(|outcome| !outcome.outcome.is_done());
        let remark = if sent { beside(ops.len()) } else { String::new() };
        let (mut told, mut waiting) = (Vec::new(), Vec::new());
        for ((op, found), verdict) in ops.iter().copied().zip(&found).zip(verdicts) {
            match verdict {
                Some(mut outcome) => {
                    outcome.note.push_str(&remark);
                    told.push((op, outcome));
                }
                None if failed => told.push((op, judge::not_reached(op, found))),
                None => waiting.push((op, found)),
            }
        }
        self.record(&told).await?;
        if let Some(stop) = told.iter().find_map(|(op, outcome)| stop(op, outcome)) {
            return Err(stop);
        }
        self.alone(&waiting).await?;
        Ok(taken)
    }

    /// Their intents are on disk already.
    async fn alone(&self, waiting: &[(&Operation, &Found)]) -> Result<(), RunOutcome> {
        let mut rest = waiting;
        while let Some(((op, _), after)) = rest.split_first() {
            rest = after;
            match self.send(op, false, ALONE).await {
                Ok(()) => {}
                // Nothing more can be written down.
                Err(stop @ RunOutcome::LogFailed { .. }) => return Err(stop),
                Err(stop) => {
                    let unreached: Vec<_> =
                        rest.iter().map(|(op, found)| (*op, judge::not_reached(op, found))).collect();
                    self.record(&unreached).await?;
                    return Err(stop);
                }
            }
        }
        Ok(())
    }

    async fn record(&self, told: &[(&Operation, OpOutcome)]) -> Result<(), RunOutcome> {
        if told.is_empty() {
            return Ok(());
        }
        let done = told.iter().filter(|(_, outcome)| outcome.outcome.is_done()).count();
        let fate = format!("{done} of them took effect; resuming reads each again.");
        let ops: Vec<&Operation> = told.iter().map(|(op, _)| *op).collect();
        self.journal.results(told).await.map_err(|error| log_failed(&ops, &error, &fate))
    }

    async fn look_at(&self, ops: &[&Operation], answered: bool) -> Vec<Found> {
        let objects: Vec<_> = ops.iter().map(|op| &op.object).collect();
        let found: Vec<Found> = match self.observe.read_all(&objects).await {
            Ok(all) if all.len() == ops.len() => all.into_iter().map(Found::Read).collect(),
            // Which answer belongs to which object cannot be told.
            Ok(_) => ops.iter().map(|_| Found::Unreadable(uncounted())).collect(),
            Err(error) => ops.iter().map(|_| Found::Unreadable(error.clone())).collect(),
        };
        self.placed(ops, found, answered).await
    }
}

fn uncounted() -> ReadError {
    let sentence = "The answer has not as many parts as objects were asked for.";
    ReadError::new(ReadErrorKind::Unreadable, sentence)
}

/// Ends the note of what went together.
fn beside(count: usize) -> String {
    match count.saturating_sub(1) {
        1 => " It went in one request with one other.".into(),
        others => format!(" It went in one request with {others} others."),
    }
}

fn log_failed(ops: &[&Operation], error: &JournalError, fate: &str) -> RunOutcome {
    let seq = |op: Option<&&Operation>| op.map_or(0, |op| op.seq);
    let (first, last) = (seq(ops.first()), seq(ops.last()));
    RunOutcome::LogFailed {
        sentence: format!("The records of operations {first} to {last} could not be written: {error} {fate}"),
    }
}
