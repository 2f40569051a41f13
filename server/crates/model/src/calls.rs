//! The calls of a run, one line each, from its records.

use crate::{
    clock::At,
    record::{Outcome, Record, RecordKind},
    run::CallDetail,
};

/// One request that was about to be sent, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLine {
    /// The operation's position in the plan.
    pub seq: u32,
    /// What it does, as the plan says it.
    pub title: String,
    pub request: String,
    pub cli: String,
    pub sent: At,
    /// `None`: no answer was recorded.
    pub answered: Option<At>,
    pub outcome: Option<Outcome>,
    pub note: String,
}

/// From the records of one act, oldest first. Empty where the act is no run.
pub fn calls(records: &[Record]) -> Vec<CallLine> {
    let mut lines: Vec<CallLine> = Vec::new();
    for record in records {
        let entry = &record.entry;
        if !matches!(entry.kind, RecordKind::CallIntent | RecordKind::CallResult) {
            continue;
        }
        let Ok(detail) = serde_json::from_value::<CallDetail>(entry.detail.clone()) else {
            lines.push(unread(record));
            continue;
        };
        let open = lines.iter_mut().rfind(|line| line.seq == detail.seq && line.answered.is_none());
        let (answered, outcome) = match entry.kind {
            RecordKind::CallResult => (Some(entry.at), entry.outcome),
            _ => (None, None),
        };
        match open {
            Some(line) if answered.is_some() => {
                (line.answered, line.outcome, line.note) = (answered, outcome, detail.note);
            }
            // A result without an intent: what was in doubt was read again, and nothing was sent.
            _ => lines.push(CallLine {
                seq: detail.seq,
                title: entry.summary.clone(),
                request: detail.request,
                cli: detail.cli,
                sent: entry.at,
                answered,
                outcome,
                note: detail.note,
            }),
        }
    }
    lines
}

/// Something was about to be sent, or was answered, and more cannot be told.
fn unread(record: &Record) -> CallLine {
    let seq = record.entry.detail.get("seq").and_then(serde_json::Value::as_u64);
    CallLine {
        seq: seq.and_then(|seq| u32::try_from(seq).ok()).unwrap_or_default(),
        title: record.entry.summary.clone(),
        request: String::new(),
        cli: String::new(),
        sent: record.entry.at,
        answered: None,
        outcome: None,
        note: format!("Record {} cannot be read, so what it tells is in doubt.", record.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn record(id: i64, kind: RecordKind, seq: u32, outcome: Option<Outcome>) -> Record {
        let detail = serde_json::json!({"seq": seq, "request": format!("POST /{seq}"), "cli": format!("add {seq}")});
        samples::record(id, kind, outcome, detail)
    }

    #[test]
    fn a_call_is_its_intent_and_its_result() {
        use RecordKind::{CallIntent, CallResult, RunBegun, RunResumed};
        let records = [
            record(1, RunBegun, 0, None),
            record(2, CallIntent, 1, None),
            record(3, CallResult, 1, Some(Outcome::Succeeded)),
            record(4, CallIntent, 2, None),
            record(5, RunResumed, 0, None),
            record(6, CallIntent, 2, None),
            record(7, CallResult, 2, Some(Outcome::Failed)),
            record(8, CallResult, 3, Some(Outcome::Succeeded)),
        ];
        let lines: Vec<_> = calls(&records)
            .into_iter()
            .map(|line| (line.seq, line.sent.as_second(), line.answered.map(At::as_second), line.outcome))
            .collect();
        let expected = [
            (1, 2, Some(3), Some(Outcome::Succeeded)),
            (2, 4, None, None),
            (2, 6, Some(7), Some(Outcome::Failed)),
            (3, 8, Some(8), Some(Outcome::Succeeded)),
        ];
        assert_eq!(lines, expected);
        assert!(calls(&records[..1]).is_empty());
    }

    #[test]
    fn a_call_that_cannot_be_read_is_a_line_that_says_so() {
        let mut strange = record(2, RecordKind::CallResult, 1, Some(Outcome::Succeeded));
        strange.entry.detail = serde_json::json!({ "seq": 1 });
        let lines = calls(&[record(1, RecordKind::CallIntent, 1, None), strange]);
        assert_eq!(lines.iter().map(|line| (line.seq, line.outcome)).collect::<Vec<_>>(), [(1, None), (1, None)]);
        assert!(lines[1].note.contains("Record 2 cannot be read"), "{}", lines[1].note);
    }
}
