//! What somebody looks for in the log: as it was typed into the filters, and read.

use crate::{
    clock::At,
    fields::FieldErrors,
    ids::{ApplianceId, ClusterId, RecordId},
    record::{Outcome, RecordKind},
    words::words,
};
use jiff::{
    SignedDuration, ToSpan,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

/// The filters as they stand in the address. Empty: no such filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogForm {
    pub text: String,
    pub person: String,
    pub cluster: String,
    pub appliance: String,
    pub kind: String,
    pub outcome: String,
    pub from: String,
    pub to: String,
    /// Only older than this record: the next page.
    pub before: String,
}

/// The filters, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Each is a part of the summary or of a value in the detail; all of them must occur.
    pub words: Vec<String>,
    /// Whole name, in any case.
    pub person: Option<String>,
    pub cluster: Option<ClusterId>,
    pub appliance: Option<ApplianceId>,
    pub kind: Option<RecordKind>,
    pub outcome: Option<Outcome>,
    pub from: Option<At>,
    /// The first instant that is not wanted any more.
    pub until: Option<At>,
    pub before: Option<RecordId>,
}

impl LogForm {
    /// Every field with its name, in the order in which an address has them.
    pub fn fields(&self) -> [(&'static str, &str); 9] {
        [
            ("text", &self.text),
            ("person", &self.person),
            ("cluster", &self.cluster),
            ("appliance", &self.appliance),
            ("kind", &self.kind),
            ("outcome", &self.outcome),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &self.before),
        ]
    }

    /// Nothing is looked for in particular.
    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(name, value)| *name == "before" || value.trim().is_empty())
    }

    pub fn parse(&self) -> Result<LogQuery, FieldErrors> {
        let (query, errors) = self.read();
        if errors.is_empty() { Ok(query) } else { Err(errors) }
    }

    /// What could be read, and sentences for the rest. Whether the person, the cluster and the appliance are any of the
    /// reader's is not known here.
    pub fn read(&self) -> (LogQuery, FieldErrors) {
        let mut errors = FieldErrors::default();
        let from = errors.keep("from", given(&self.from, |typed| moment(typed).map(|(from, _)| from)));
        let until = errors.keep("to", given(&self.to, |typed| moment(typed).map(|(_, until)| until)));
        if let (Some(Some(from)), Some(Some(until))) = (from, until)
            && from >= until
        {
            errors.add("to", "This is before “From”, so nothing could fit. Exchange them, or leave one empty.");
        }
        let number = |typed: &str, what: &str| {
            typed.parse::<i64>().map_err(|_| format!("“{typed}” is no {what}'s number. Choose one from the list."))
        };
        let query = LogQuery {
            words: errors.keep("text", given(&self.text, text)).flatten().unwrap_or_default(),
            person: errors.keep("person", given(&self.person, |name| Ok(name.to_owned()))).flatten(),
            cluster: errors.keep("cluster", given(&self.cluster, |id| number(id, "cluster").map(ClusterId))).flatten(),
            appliance: errors
                .keep("appliance", given(&self.appliance, |id| number(id, "appliance").map(ApplianceId)))
                .flatten(),
            kind: errors.keep("kind", given(&self.kind, kind)).flatten(),
            outcome: errors.keep("outcome", given(&self.outcome, outcome)).flatten(),
            before: errors.keep("before", given(&self.before, |id| number(id, "record").map(RecordId))).flatten(),
            from: from.flatten(),
            until: until.flatten(),
        };
        (query, errors)
    }
}

fn given<T>(typed: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    let typed = typed.trim();
    if typed.is_empty() { Ok(None) } else { read(typed).map(Some) }
}

fn text(typed: &str) -> Result<Vec<String>, String> {
    if typed.chars().count() > 200 {
        return Err("The text is longer than 200 characters. A part of it is enough.".into());
    }
    let words = words(typed);
    if words.is_empty() {
        return Err("There is nothing between the quotation marks. Type a part of what you look for.".into());
    }
    Ok(words)
}

fn kind(code: &str) -> Result<RecordKind, String> {
    RecordKind::from_code(code).ok_or_else(|| format!("Nothing of the kind “{code}” can happen. Choose from the list."))
}

fn outcome(word: &str) -> Result<Outcome, String> {
    Outcome::ALL
        .into_iter()
        .find(|outcome| outcome.word() == word)
        .ok_or_else(|| format!("There is no outcome “{word}”. Choose from the list."))
}

/// The first instant that is meant, and the first one after: a day, a minute or a second in UTC.
fn moment(typed: &str) -> Result<(At, At), String> {
    let wrong =
        || format!("“{typed}” is no time. Type a day like 2026-01-05, or a day and time in UTC like 2026-01-05 08:00.");
    let plain = typed.strip_suffix("UTC").map_or(typed, str::trim_end);
    let plain = plain.strip_suffix(['Z', 'z']).unwrap_or(plain);
    let utc = |time: DateTime| time.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(|_| wrong());
    // An offset would be read over, and mean another time than it says.
    if !plain.chars().all(|c| c.is_ascii_digit() || "-:T .".contains(c)) || plain.matches('-').count() > 2 {
        return Err(wrong());
    }
    if plain.len() <= "2026-01-05".len() {
        let day: Date = plain.parse().map_err(|_| wrong())?;
        let next = day.checked_add(1.day()).map_err(|_| wrong())?;
        return Ok((utc(day.at(0, 0, 0, 0))?, utc(next.at(0, 0, 0, 0))?));
    }
    let from = utc(plain.parse().map_err(|_| wrong())?)?;
    let seconds = if plain.matches(':').count() < 2 { 60 } else { 1 };
    let until = from.checked_add(SignedDuration::from_secs(seconds)).map_err(|_| wrong())?;
    Ok((from, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> At {
        text.parse().unwrap()
    }

    #[test]
    fn days_and_minutes_are_meant_whole() {
        for (typed, from, until) in [
            ("2026-01-05", "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z"),
            ("2026-12-31", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2026-01-05T08:00", "2026-01-05T08:00:00Z", "2026-01-05T08:01:00Z"),
            ("2026-01-05 08:00", "2026-01-05T08:00:00Z", "2026-01-05T08:01:00Z"),
            ("2026-01-05 08:00:03 UTC", "2026-01-05T08:00:03Z", "2026-01-05T08:00:04Z"),
            ("2026-01-05T08:00:03Z", "2026-01-05T08:00:03Z", "2026-01-05T08:00:04Z"),
        ] {
            assert_eq!(moment(typed), Ok((at(from), at(until))), "{typed}");
        }
        for typed in
            ["yesterday", "2026-02-30", "05.01.2026", "2026-01-05 25:00", "2026-01-05T08:00+02:00", "9999-12-31"]
        {
            assert!(moment(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn what_is_typed_is_read() {
        let form = LogForm {
            text: " berlin \"run 7\" ".into(),
            person: "ada".into(),
            cluster: "7".into(),
            appliance: "8".into(),
            kind: "run.begun".into(),
            outcome: "in doubt".into(),
            from: "2026-01-05".into(),
            to: "2026-01-05".into(),
            before: "12".into(),
        };
        let query = LogQuery {
            words: vec!["berlin".into(), "run 7".into()],
            person: Some("ada".into()),
            cluster: Some(ClusterId(7)),
            appliance: Some(ApplianceId(8)),
            kind: Some(RecordKind::RunBegun),
            outcome: Some(Outcome::InDoubt),
            from: Some(at("2026-01-05T00:00:00Z")),
            until: Some(at("2026-01-06T00:00:00Z")),
            before: Some(RecordId(12)),
        };
        assert_eq!(form.parse().unwrap(), query);
        assert!(!form.is_empty());
        assert_eq!(LogForm::default().parse().unwrap(), LogQuery::default());
        assert!(LogForm { before: "12".into(), ..LogForm::default() }.is_empty());
    }

    #[test]
    fn nonsense_has_its_sentence() {
        let form = LogForm {
            text: "x".repeat(201),
            person: String::new(),
            cluster: "seven".into(),
            appliance: "1.5".into(),
            kind: "run.eaten".into(),
            outcome: "good".into(),
            from: "soon".into(),
            to: "later".into(),
            before: "-".into(),
        };
        let errors = form.parse().unwrap_err();
        let fields: Vec<_> = errors.0.keys().map(String::as_str).collect();
        assert_eq!(fields, ["appliance", "before", "cluster", "from", "kind", "outcome", "text", "to"]);
        assert!(LogForm { text: "\"\"".into(), ..LogForm::default() }.parse().unwrap_err().get("text").is_some());
        let turned = LogForm { from: "2026-01-06".into(), to: "2026-01-05".into(), ..LogForm::default() };
        assert!(turned.parse().unwrap_err().get("to").is_some_and(|sentence| sentence.contains("before “From”")));
    }
}
