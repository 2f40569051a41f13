//! `auditmessages` (3.23): the newest lines of the log.

use super::{Resource, View};
use crate::{
    audit::WINDOW,
    json::Item,
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::texts::{AUDITMESSAGES as TABLE, LEVELS},
    },
};

pub(super) struct AuditMessages;

/// Lines that an answer has when nobody says how many.
const DEFAULT: usize = 20;

impl Resource for AuditMessages {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn narrows<'a>(&self, _arg: &'a str) -> Option<&'a str> {
        None
    }

    fn told(&self) -> super::Told {
        super::Told::Never
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let (mut levels, mut number) = (Vec::new(), DEFAULT);
        for (name, value) in &view.args {
            if name == "loglevel" {
                let level = LEVELS.iter().find(|level| level.eq_ignore_ascii_case(value));
                levels.push(*level.ok_or_else(|| Refusal::about(1097, &[value]))?);
            } else if let Some(attribute) = TABLE.attribute(name) {
                number = attribute.accept_text(value)?.parse().unwrap_or(WINDOW);
            }
        }
        if levels.is_empty() {
            levels.push("ALL");
        }
        let appliance = view.appliance;
        let lines = appliance.audit.lines(&levels, number, &appliance.host(), &appliance.choices);
        let row = |line: String| {
            let mut now = Fields::default();
            now.put("value", line);
            TABLE.item(&Fields::default(), &now)
        };
        Ok(lines.into_iter().map(row).collect())
    }
}
