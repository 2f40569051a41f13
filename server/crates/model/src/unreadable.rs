//! What stands in place of a record that cannot be read: the log has no hole, and nothing is concluded from it.

use crate::{
    clock::At,
    ids::{ActNo, ApplianceId, ClusterId},
    record::{Actor, Entry, RecordKind},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What is left of an entry whose JSON is no [`Entry`]: whatever part of it can be read by itself, and in its detail only why.
/// It has no outcome, so that nobody takes it for a success. `at` and `kind` are what the log filters by.
pub fn unreadable(number: i64, act: ActNo, at: At, kind: &str, written: &str, why: &str) -> Entry {
    let why = in_short(why);
    let json: Value = serde_json::from_str(written).unwrap_or_default();
    let summary = json.get("summary").and_then(Value::as_str).unwrap_or_default();
    let said =
        if summary.is_empty() { String::new() } else { format!(" It was written with the line “{summary}”.") };
    // Whose call it was may still be told; that alone is no `CallDetail`, so what it tells is in doubt.
    let seq = json.pointer("/detail/seq").and_then(Value::as_u64);
    Entry {
        at,
        kind: kind_of(kind),
        act: Some(act),
        actor: part(&json, "actor").unwrap_or_else(|| Actor { name: "unknown".into(), ..Actor::gatehouse() }),
        cluster: part::<ClusterId>(&json, "cluster"),
        appliance: part::<ApplianceId>(&json, "appliance"),
        outcome: None,
        summary: format!("Record {number} cannot be read: {why}.{said}"),
        detail: match seq {
            Some(seq) => json!({ "unreadable": why, "seq": seq }),
            None => json!({ "unreadable": why }),
        },
    }
}

/// Of what the library says of JSON, the part for people: not the list of all that would have been right.
pub fn in_short(why: &str) -> &str {
    why.split(", expected one of").next().unwrap_or(why)
}

fn part<T: DeserializeOwned>(json: &Value, name: &str) -> Option<T> {
    serde_json::from_value(json.get(name)?.clone()).ok()
}

/// A word for a call that this program does not know is still about something that may have been sent.
fn kind_of(word: &str) -> RecordKind {
    let known = RecordKind::from_code(word);
    known.unwrap_or(if word.starts_with("call.") { RecordKind::CallIntent } else { RecordKind::Unreadable })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PersonId, clock::from_millis, run::CallDetail};

    fn left(kind: &str, written: &str) -> Entry {
        unreadable(7, ActNo(5), from_millis(1_000), kind, written, "no such kind")
    }

    #[test]
    fn what_can_be_read_of_it_stays_and_its_outcome_does_not() {
        let written = r#"{"kind":"moon.landed","actor":{"person":3,"name":"anna"},"cluster":7,"appliance":"x",
            "outcome":"succeeded","summary":"Landed.","detail":{"seq":2,"request":"POST /","cli":"add"}}"#;
        let entry = left("moon.landed", written);
        assert_eq!((entry.kind, entry.outcome), (RecordKind::Unreadable, None));
        assert_eq!((entry.actor.person, entry.actor.name.as_str()), (Some(PersonId(3)), "anna"));
        assert_eq!((entry.cluster, entry.appliance), (Some(ClusterId(7)), None));
        assert_eq!(entry.summary, "Record 7 cannot be read: no such kind. It was written with the line “Landed.”.");
        assert!(serde_json::from_value::<CallDetail>(entry.detail).is_err(), "nothing is concluded from it");
        assert_eq!(left("moon.landed", "no json").actor.name, "unknown");
    }

    #[test]
    fn a_long_list_of_what_would_have_been_right_is_left_out() {
        let why = serde_json::from_str::<RecordKind>("\"moon.landed\"").unwrap_err().to_string();
        assert_eq!(in_short(&why), "unknown variant `moon.landed`");
        assert_eq!(in_short("EOF while parsing a value"), "EOF while parsing a value");
    }

    #[test]
    fn a_call_that_nobody_knows_is_a_call() {
        assert_eq!(left("call.retried", "{}").kind, RecordKind::CallIntent);
        assert_eq!(left("call.result", "{}").kind, RecordKind::CallResult);
    }
}
