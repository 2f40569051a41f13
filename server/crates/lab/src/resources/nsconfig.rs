//! `nsconfig` (3.3): what changed, and saving it.

use super::{Cx, Resource, View};
use crate::{
    ha::Role,
    json::Item,
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::system::NSCONFIG},
};

pub(super) struct NsConfig;

impl Resource for NsConfig {
    fn schema(&self) -> &'static Schema {
        &NSCONFIG
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let View { appliance, peer, now, .. } = view;
        let primary = peer.filter(|_| appliance.role() == Role::Secondary).unwrap_or(appliance);
        let mut facts = Fields::default();
        facts.put("ipaddress", appliance.nsip.to_string());
        facts.put("systemtype", if appliance.ha.is_some() { "HA" } else { "Stand-alone" });
        facts.put("primaryip", primary.nsip.to_string());
        facts.put("lastconfigchangedtime", appliance.changed_at.nitro());
        facts.put("lastconfigsavetime", appliance.saved_at.nitro());
        facts.put("currentsytemtime", now.nitro());
        facts.put("systemtime", now.seconds().to_string());
        facts.put("configchanged", appliance.dirty.to_string());
        Ok(vec![NSCONFIG.item(&Fields::default(), &facts)])
    }

    fn act(&self, cx: &mut Cx, action: &str, _fields: Fields) -> Outcome {
        if action != "save" {
            // `clear` would take the lab's own floor away; no client of ours may ever send it.
            return Err(Refusal::new(257));
        }
        if cx.appliance.saving {
            return Err(Refusal::new(293));
        }
        if !cx.appliance.dirty {
            cx.warnings.push(Refusal::new(1133));
        }
        cx.appliance.saving = true;
        cx.appliance.save(cx.now);
        cx.lines.push(NSCONFIG.line("save", &Fields::default()));
        Ok(())
    }
}
