//! `policypatset` and its patterns (3.15): lists of words that expressions look things up in.

use super::{Cx, Resource, View, absent, chosen, taken};
use crate::{
    json::Item,
    model::{Called, PatternSet, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::content::{POLICYPATSET as TABLE, POLICYPATSET_PATTERN as PATTERN},
    },
};

pub(super) struct PatternSets;
pub(super) struct Patterns;

impl Resource for PatternSets {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    /// Those of the factory are there by themselves.
    fn tell(&self, view: &View, fields: &mut Fields) -> bool {
        called(&view.appliance.config.patsets.0, fields.text("name")).is_some_and(|set| !set.is_built_in())
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let row = |set: &PatternSet| {
            let mut now = Fields::default();
            if set.is_built_in() {
                now.put("builtin", "MODIFIABLE");
            }
            TABLE.item(&set.set, &now)
        };
        Ok(chosen(&view.appliance.config.patsets.0, &TABLE, name)?.into_iter().map(row).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        if called(&config.patsets.0, fields.text("name")).is_some() {
            return Err(taken(&TABLE, fields.text("name")));
        }
        let line = TABLE.line("add", &fields);
        let id = config.new_id();
        config.patsets.0.push(PatternSet { id, set: fields, patterns: Vec::new() });
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let sets = &mut cx.appliance.config.patsets.0;
        let set = called(sets, name).ok_or_else(|| absent(&TABLE, name))?;
        if set.is_built_in() {
            return Err(Refusal::new(257));
        }
        let (id, line) = (set.id, TABLE.line("rm", &set.set.clone().only(&["name"])));
        sets.retain(|set| set.id != id);
        cx.wrote(line);
        Ok(())
    }
}

impl Resource for Patterns {
    fn schema(&self) -> &'static Schema {
        &PATTERN
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let sets = chosen(&view.appliance.config.patsets.0, &PATTERN, name)?;
        Ok(sets.into_iter().flat_map(items).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = PATTERN.line("bind", &fields);
        let name = fields.text("name");
        let sets = &mut cx.appliance.config.patsets.0;
        let set = called_mut(sets, name).ok_or_else(|| absent(&PATTERN, name))?;
        let twin = |other: &Fields| {
            other.get("String") == fields.get("String")
                || other.has("index") && other.get("index") == fields.get("index")
        };
        if set.patterns.iter().any(twin) {
            return Err(Refusal::new(273));
        }
        let mut pattern = fields.only(&["String", "index", "charset", "comment"]);
        if !pattern.has("index") {
            let last = set.patterns.iter().filter_map(|pattern| pattern.number("index")).max().unwrap_or(0);
            pattern.put("index", (last + 1).to_string());
        }
        set.patterns.push(pattern);
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let sets = &mut cx.appliance.config.patsets.0;
        let set = called_mut(sets, name).ok_or_else(|| absent(&PATTERN, name))?;
        let pattern = args.get("String").ok_or_else(|| Refusal::about(1095, &["string"]))?;
        let at = set.patterns.iter().position(|known| known.get("String") == Some(pattern));
        set.patterns.remove(at.ok_or_else(|| Refusal::absent("string", pattern))?);
        args.put("name", set.set.text("name"));
        cx.wrote(PATTERN.line("unbind", &args));
        Ok(())
    }
}

/// The rows of one set; also part of the aggregate answer.
pub(super) fn items(set: &PatternSet) -> Vec<Item> {
    let row = |pattern: &Fields| {
        let mut now = Fields::default();
        now.put("name", set.name());
        PATTERN.item(pattern, &now)
    };
    set.patterns.iter().map(row).collect()
}
