//! `hanode` (3.4): a stand-alone appliance has one row, itself.

use super::{Cx, Resource, View, absent, changes};
use crate::{
    json::Item,
    refusal::Outcome,
    schema::{Fields, Schema, tables::system::HANODE},
};

pub(super) struct HaNode;

impl Resource for HaNode {
    fn schema(&self) -> &'static Schema {
        &HANODE
    }

    fn told(&self) -> super::Told {
        super::Told::Set
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        if let Some(other) = name.filter(|name| *name != "0") {
            return Err(absent(&HANODE, other));
        }
        let mut now = Fields::default();
        now.put("id", "0");
        now.put("name", "ns01");
        now.put("ipaddress", view.appliance.nsip.to_string());
        now.put("masterstatetime", (view.now.since(view.appliance.booted_at) / 1000).to_string());
        if view.appliance.config.ha.get("hastatus") == Some("ENABLED") {
            // Set to ENABLED and healthy shows as UP.
            now.put("hastatus", "UP");
        }
        Ok(vec![HANODE.item(&view.appliance.config.ha, &now)])
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        if fields.get("id") != Some("0") {
            return Err(absent(&HANODE, fields.text("id")));
        }
        let line = HANODE.line("set", &fields.clone());
        cx.appliance.config.ha.merge(changes(&HANODE, fields)?);
        cx.wrote(line);
        Ok(())
    }
}
