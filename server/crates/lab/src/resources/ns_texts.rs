//! `nsrunningconfig` and `nssavedconfig` (3.3).

use super::{Resource, View};
use crate::{
    json::Item,
    refusal::Outcome,
    schema::{
        Fields, Schema,
        tables::texts::{NSRUNNINGCONFIG, NSSAVEDCONFIG},
    },
    script,
};

pub(super) struct RunningConfig;
pub(super) struct SavedConfig;

impl Resource for RunningConfig {
    fn schema(&self) -> &'static Schema {
        &NSRUNNINGCONFIG
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let asked = view.args.iter().find(|(name, _)| name == "withdefaults");
        let defaults = asked.is_some_and(|(_, value)| matches!(value.to_ascii_lowercase().as_str(), "true" | "yes"));
        let mut now = Fields::default();
        // What is told is what is configured, whatever else a list shows.
        let told = View { peer: view.peer, ..View::plain(view.appliance, view.now, view.caller) };
        now.put("response", script::text(&told, defaults));
        Ok(vec![NSRUNNINGCONFIG.item(&Fields::default(), &now)])
    }
}

impl Resource for SavedConfig {
    fn schema(&self) -> &'static Schema {
        &NSSAVEDCONFIG
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let mut now = Fields::default();
        now.put("textblob", view.appliance.saved_text());
        Ok(vec![NSSAVEDCONFIG.item(&Fields::default(), &now)])
    }
}
