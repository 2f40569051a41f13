//! What belongs together in the log: an act is one line, however many records tell of it.

use crate::{
    clock::At,
    ids::{ActNo, PlanId, RecordId},
    record::{Entry, Outcome, Record, RecordKind},
    run::{CallDetail, RunDetail},
};

/// An act as the log lists it. Of a reader who may not see all of it, the part that they may see.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    pub act: ActNo,
    /// Its oldest record.
    pub first: Record,
    /// Its newest record.
    pub last: Record,
    pub records: u32,
    /// Calls that were about to be sent.
    pub calls: u32,
    /// Its records that fit what was looked for, newest first; a few of them.
    pub found: Vec<Record>,
    /// How many there are of those, as far as was looked.
    pub found_in_all: usize,
}

impl Act {
    /// What happened, in one line.
    pub fn title(&self) -> String {
        let (first, last) = (&self.first.entry, &self.last.entry);
        if first.kind == RecordKind::RunBegun {
            let calls = match self.calls {
                0 => "nothing was sent".to_owned(),
                1 => "one call".to_owned(),
                more => format!("{more} calls"),
            };
            let plan = self.plan().map_or_else(String::new, |plan| format!(" of plan {plan}"));
            let ended = self.outcome().map_or_else(|| "not ended".to_owned(), |outcome| outcome.to_string());
            let took = self.took().map_or_else(String::new, |took| format!(", {took}"));
            return format!("Run {}{plan}: {calls}, {ended}{took}", self.act);
        }
        if first.kind == RecordKind::ApplianceCommand && self.records > 1 {
            return format!("{} commands by {}, from {}", self.records, first.actor.name, first.actor.from);
        }
        // The last one tells what came of it.
        if self.records > 1 { last.summary.clone() } else { first.summary.clone() }
    }

    /// The kind of its last record, as people read it.
    pub const fn kind(&self) -> RecordKind {
        self.last.entry.kind
    }

    /// How it ended; `None` while it goes on, and where nothing can fail.
    pub fn outcome(&self) -> Option<Outcome> {
        if self.is_open() {
            return None;
        }
        // A run that Gatehouse itself broke off: what was sent may have taken effect.
        let broken = self.last.entry.kind == RecordKind::RunInterrupted;
        self.last.entry.outcome.or(broken.then_some(Outcome::InDoubt))
    }

    /// It was begun, and nothing closes it.
    pub const fn is_open(&self) -> bool {
        self.first.entry.kind.interrupted().is_some() && !self.last.entry.kind.closes()
    }

    /// How long it took, where that is worth saying: `3 s`. A clock that was set tells nothing.
    pub fn took(&self) -> Option<String> {
        let seconds = self.last.entry.at.duration_since(self.first.entry.at).as_secs();
        let worth = self.records > 1 && self.last.entry.kind.closes() && (1..MOST_SECONDS).contains(&seconds);
        worth.then(|| if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds / 60) })
    }

    pub fn plan(&self) -> Option<PlanId> {
        plan_of(&self.first.entry).or_else(|| plan_of(&self.last.entry))
    }

    pub const fn is_run(&self) -> bool {
        matches!(self.first.entry.kind, RecordKind::RunBegun)
    }

    /// What stands for it in the list: the newest record that was looked for.
    pub fn shown(&self) -> &Record {
        self.found.first().unwrap_or(&self.last)
    }
}

/// Longer than any act that ends by itself.
const MOST_SECONDS: i64 = 24 * 3_600;

/// The plan that a record is about.
pub fn plan_of(entry: &Entry) -> Option<PlanId> {
    match entry.kind {
        RecordKind::RunBegun => {
            serde_json::from_value::<RunDetail>(entry.detail.clone()).ok().map(|detail| detail.plan)
        }
        _ => entry.detail.get("plan").and_then(serde_json::Value::as_i64).map(PlanId),
    }
}

/// One line of an unfolded act: a record, or a call with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub record: Record,
    /// The answer to it, where it is a call.
    pub answer: Option<Record>,
}

impl Line {
    pub fn outcome(&self) -> Option<Outcome> {
        self.answer.as_ref().and_then(|answer| answer.entry.outcome).or(self.record.entry.outcome)
    }

    /// It was sent, and no record tells what came of it.
    pub fn is_unanswered(&self) -> bool {
        self.record.entry.kind == RecordKind::CallIntent && self.answer.is_none()
    }

    /// The command that does the same, where it is a call.
    pub fn cli(&self) -> Option<&str> {
        self.record.entry.detail.get("cli").and_then(serde_json::Value::as_str)
    }

    /// How long the answer took, in milliseconds.
    pub fn took(&self) -> Option<i64> {
        let answered: At = self.answer.as_ref()?.entry.at;
        Some(answered.as_millisecond() - self.record.entry.at.as_millisecond()).filter(|took| *took >= 0)
    }

    pub fn ids(&self) -> (RecordId, Option<RecordId>) {
        (self.record.id, self.answer.as_ref().map(|answer| answer.id))
    }
}

/// The records of one act, oldest first, with each call and its answer in one line.
pub fn lines(records: Vec<Record>) -> Vec<Line> {
    let mut lines: Vec<(Option<u32>, Line)> = Vec::new();
    for record in records {
        let call = matches!(record.entry.kind, RecordKind::CallIntent | RecordKind::CallResult);
        let seq = call.then(|| serde_json::from_value::<CallDetail>(record.entry.detail.clone()).ok()).flatten();
        let seq = seq.map(|detail| detail.seq);
        let open = lines.iter_mut().rfind(|(known, line)| seq.is_some() && *known == seq && line.is_unanswered());
        match open {
            Some((_, line)) if record.entry.kind == RecordKind::CallResult => line.answer = Some(record),
            _ => lines.push((seq, Line { record, answer: None })),
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::record;
    use serde_json::json;

    fn act(first: Record, last: Record, records: u32) -> Act {
        Act { act: first.act, found: vec![last.clone()], first, last, records, calls: 28, found_in_all: 1 }
    }

    #[test]
    fn a_run_is_one_line() {
        use RecordKind::{CallIntent, RunBegun, RunEnded, RunInterrupted};
        let begun = record(1, RunBegun, None, json!({ "plan": 7, "fingerprint": "f" }));
        let ended = record(4, RunEnded, Some(Outcome::Succeeded), json!(null));
        assert_eq!(act(begun.clone(), ended, 58).title(), "Run 1 of plan 7: 28 calls, succeeded, 3 s");
        let going = act(begun.clone(), record(3, CallIntent, None, json!({ "seq": 1 })), 5);
        assert!(going.is_open() && going.outcome().is_none());
        assert_eq!(going.title(), "Run 1 of plan 7: 28 calls, not ended");
        let broken = act(begun, record(4_000_000, RunInterrupted, None, json!(null)), 9);
        assert_eq!(broken.title(), "Run 1 of plan 7: 28 calls, in doubt");
    }

    #[test]
    fn other_acts_say_what_came_of_them() {
        use RecordKind::{PlanBegun, PlanEnded, SignedOut};
        let planned = act(
            record(1, PlanBegun, None, json!(null)),
            record(2, PlanEnded, Some(Outcome::Succeeded), json!({ "plan": 7 })),
            2,
        );
        assert_eq!((planned.title().as_str(), planned.plan()), ("Summary 2.", Some(PlanId(7))));
        let out = record(5, SignedOut, None, json!(null));
        let one = act(out.clone(), out, 1);
        assert_eq!((one.title().as_str(), one.took(), one.is_open()), ("Summary 5.", None, false));
        // The clock was set back meanwhile.
        let back = act(record(9, PlanBegun, None, json!(null)), record(2, PlanEnded, None, json!(null)), 2);
        assert_eq!(back.took(), None);
    }

    #[test]
    fn a_call_and_its_answer_are_one_line() {
        use RecordKind::{CallIntent, CallResult, RunBegun, RunResumed};
        let call = |seq: u32| json!({ "seq": seq, "request": "POST /x", "cli": format!("add {seq}") });
        let records = vec![
            record(1, RunBegun, None, json!({ "plan": 7, "fingerprint": "f" })),
            record(2, CallIntent, None, call(1)),
            record(3, CallIntent, None, call(2)),
            record(4, CallResult, Some(Outcome::Failed), call(2)),
            record(5, RunResumed, None, json!(null)),
            record(6, CallResult, Some(Outcome::Succeeded), call(3)),
            record(7, CallResult, None, json!("unreadable")),
        ];
        let lines = lines(records);
        let ids: Vec<_> = lines.iter().map(|line| (line.record.id.0, line.answer.as_ref().map(|a| a.id.0))).collect();
        assert_eq!(ids, [(1, None), (2, None), (3, Some(4)), (5, None), (6, None), (7, None)]);
        assert!(lines[1].is_unanswered() && lines[2].took() == Some(1000) && lines[2].cli() == Some("add 2"));
    }
}
