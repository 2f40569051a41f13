//! `lbvserver` (3.11).

use std::sync::Arc;

use super::{Cx, Resource, View, absent, changes, chosen, new_name, persistence, place, taken, ticks};
use crate::{
    json::Item,
    model::{Config, Id, SslSide, State, Switch, Vserver, called, called_mut, needs_ssl},
    refusal::{Outcome, Refusal},
    schema::{Access, Attribute, Fields, Schema, tables::lbvserver::LBVSERVER},
};

pub(super) struct LbVservers;

impl Resource for LbVservers {
    fn schema(&self) -> &'static Schema {
        &LBVSERVER
    }

    fn tell(&self, view: &View, fields: &mut Fields) -> bool {
        let vserver = called(&view.appliance.config.vservers, fields.text("name"));
        if vserver.is_some_and(|vserver| vserver.switch.word() == "DISABLED") {
            fields.put("state", "DISABLED");
        }
        true
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let rows = chosen(&view.appliance.config.vservers, &LBVSERVER, name)?;
        Ok(rows.into_iter().map(|vserver| item(vserver, view)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let name = fields.text("name");
        if called(&config.vservers, name).is_some() || called(&config.gateways, name).is_some() {
            return Err(taken(&LBVSERVER, name));
        }
        rules(config, None, &fields)?;
        let line = LBVSERVER.line("add", &fields);
        let ssl = needs_ssl(fields.text("servicetype"));
        let enabled = fields.get("state") != Some("DISABLED");
        let vserver = Vserver {
            id: config.new_id(),
            set: fields,
            switch: Switch::new(enabled),
            groups: Vec::new(),
            state: if enabled { State::Down } else { State::OutOfService },
            changed: cx.now,
            ssl: SslSide::default(),
            traffic: Arc::default(),
        };
        config.vservers.push(vserver);
        cx.needs_features(if ssl { &["LB", "SSL"] } else { &["LB"] });
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let line = LBVSERVER.line("set", &fields);
        let name = fields.text("name").to_owned();
        let vserver = called(&config.vservers, &name).ok_or_else(|| absent(&LBVSERVER, &name))?;
        let changes = changes(&LBVSERVER, fields)?;
        match (changes.has("weight"), changes.get("servicename")) {
            (true, None) => return Err(Refusal::about(1093, &["weight", "serviceName"])),
            // Single services are not simulated, so none is ever bound.
            (_, Some(service)) => return Err(Refusal::absent("serviceName", service)),
            (false, None) => {}
        }
        let mut merged = vserver.set.clone();
        merged.merge(changes);
        rules(config, Some(vserver.id), &merged)?;
        if let Some(vserver) = called_mut(&mut config.vservers, &name) {
            vserver.set = merged;
        }
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let refused = |attribute: &&&Attribute| attribute.name == "ipv46" || attribute.access == Access::Set;
        if let Some(other) = unset.iter().find(refused) {
            return Err(Refusal::about(278, &[other.name]));
        }
        let name = key.text("name");
        let vservers = &mut cx.appliance.config.vservers;
        let vserver = called_mut(vservers, name).ok_or_else(|| absent(&LBVSERVER, name))?;
        for attribute in unset {
            vserver.set.remove(attribute.name);
        }
        cx.wrote(LBVSERVER.unset_line(&key, unset));
        Ok(())
    }

    /// The bindings go with it; the groups stay. So does the VIP, with the last virtual server on it.
    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let vservers = &mut cx.appliance.config.vservers;
        let vserver = called(vservers, name).ok_or_else(|| absent(&LBVSERVER, name))?;
        let (id, line) = (vserver.id, LBVSERVER.line("rm", &vserver.set.clone().only(&["name"])));
        vservers.retain(|vserver| vserver.id != id);
        cx.wrote(line);
        Ok(())
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = LBVSERVER.line(action, &fields);
        let now = cx.now;
        let vservers = &mut cx.appliance.config.vservers;
        let name = fields.text("name");
        if called(vservers, name).is_none() {
            return Err(absent(&LBVSERVER, name));
        }
        let renamed = (action == "rename").then(|| new_name(vservers, &LBVSERVER, &fields)).transpose()?;
        if let Some(vserver) = called_mut(vservers, name) {
            match (action, renamed) {
                (_, Some(newname)) => vserver.set.put("name", newname),
                ("enable", _) => vserver.switch.enable(),
                _ => vserver.switch.disable(now, 0, false),
            }
        }
        cx.wrote(line);
        Ok(())
    }
}

/// What must hold for the values that a virtual server has (or would have after a PUT).
fn rules(config: &Config, own: Option<Id>, set: &Fields) -> Outcome {
    place::check(config, own, set)?;
    if set.has("backuplbmethod") {
        let method = set.get("lbmethod").unwrap_or("LEASTCONNECTION");
        if set.get("backuplbmethod") == Some(method) {
            return Err(Refusal::new(1334));
        }
    }
    persistence::check(set)
}

fn item(vserver: &Vserver, view: &View) -> Item {
    let config = &view.appliance.config;
    let load = vserver.load(config);
    let mut now = Fields::default();
    now.put("type", if vserver.address().is_some() { "ADDRESS" } else { "CONTENT" });
    now.put("curstate", vserver.state.word());
    now.put("effectivestate", vserver.state.word());
    if let Some(value) = vserver.value(config) {
        now.put("value", value);
    }
    if !vserver.set.has("clttimeout") {
        now.put("clttimeout", if matches!(vserver.kind(), "HTTP" | "SSL" | "SSL_BRIDGE") { "180" } else { "9000" });
    }
    now.put("health", load.health.to_string());
    now.put("totalservices", load.total.to_string());
    now.put("activeservices", load.active.to_string());
    now.put("statechangetimesec", vserver.changed.nitro());
    now.put("statechangetimeseconds", vserver.changed.seconds().to_string());
    now.put("statechangetimemsec", vserver.changed.milliseconds().to_string());
    now.put("tickssincelaststatechange", ticks(view.now, vserver.changed));
    now.put("hits", vserver.traffic.hits().to_string());
    now.put("vsvrbindsvcip", vserver.set.get("ipv46").unwrap_or("0.0.0.0"));
    LBVSERVER.item(&vserver.set, &now)
}
