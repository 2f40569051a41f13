//! Who read the log stands in the log: who, with which filters, and how much they were shown. Once an hour for the same
//! person and filters, or a log that is looked at would consist of looks at it. An open page that follows is one reading.

use super::{ActsPage, Log, RecordView};
use crate::{Failure, ReadCx};
use jiff::SignedDuration;
use model::{ActNo, At, PersonId, RecordId, log::LogForm, record::RecordKind};
use serde_json::{Map, Value};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

const AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// Readings that are remembered; more than a team does in an hour.
const REMEMBERED: usize = 1_000;

#[derive(Default)]
pub(crate) struct Readings(Mutex<HashMap<(PersonId, String), At>>);

impl Readings {
    fn is_new(&self, person: PersonId, what: String, now: At) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: &At| {
            let age = now.duration_since(*at);
            !age.is_negative() && age < AGAIN
        };
        if known.get(&(person, what.clone())).is_some_and(recent) {
            return false;
        }
        if known.len() >= REMEMBERED {
            known.retain(|_, at| recent(at));
        }
        // Still too many: better a record twice than one too few.
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert((person, what), now);
        true
    }
}

impl Log {
    /// A page of the log, opened by a person.
    pub async fn read(&self, cx: &ReadCx, form: &LogForm, open: Option<ActNo>) -> Result<ActsPage, Failure> {
        let query = self.query(cx, form).await?;
        let page = self.acts(cx, &query, open).await?;
        let rows = page.acts.len();
        let what = if form.is_empty() { "the log" } else { "the log, filtered" };
        self.was_read(cx, filters(form), rows, what).await;
        Ok(page)
    }

    /// One record, opened by a person.
    pub async fn read_record(&self, cx: &ReadCx, id: RecordId) -> Result<RecordView, Failure> {
        let view = self.record(cx, id).await?;
        let filters = Map::from_iter([("record".to_owned(), Value::from(id.0))]);
        self.was_read(cx, filters, view.act.len(), &format!("record {id}")).await;
        Ok(view)
    }

    /// A log that cannot be written must be readable all the same: it may be what somebody needs to see why.
    async fn was_read(&self, cx: &ReadCx, filters: Map<String, Value>, rows: usize, what: &str) {
        let filters = Value::Object(filters);
        if !self.readings.is_new(cx.person.id, filters.to_string(), self.ground.now()) {
            return;
        }
        let summary = format!("{} read {what}: {rows} line{}.", cx.person.name, if rows == 1 { "" } else { "s" });
        let mut read = cx.entry(self.ground.now(), RecordKind::LogRead, summary);
        read.detail = serde_json::json!({ "filters": filters, "rows": rows });
        if let Err(error) = self.ground.store.append(&read).await {
            tracing::error!("That the log was read could not be written down: {}", error.sentence());
        }
    }
}

/// What somebody looked for, by the names of the form's fields.
pub(crate) fn filters(form: &LogForm) -> Map<String, Value> {
    let typed = form.fields().into_iter().filter(|(_, typed)| !typed.trim().is_empty());
    typed.map(|(name, typed)| (name.to_owned(), typed.trim().into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::clock::from_millis;

    #[test]
    fn the_same_reading_is_told_once_an_hour() {
        let readings = Readings::default();
        let new = |person, what: &str, ms| readings.is_new(PersonId(person), what.to_owned(), from_millis(ms));
        assert!(new(1, "all", 0));
        assert!(!new(1, "all", 3_599_999));
        assert!(new(2, "all", 1) && new(1, "person=ada", 1));
        assert!(new(1, "all", 3_600_000), "an hour has passed");
        assert!(new(1, "all", 0), "the clock was set back");
        for n in 0..3 * REMEMBERED {
            readings.is_new(PersonId(3), n.to_string(), from_millis(5));
        }
        assert!(readings.0.lock().unwrap().len() <= REMEMBERED);
    }
}
