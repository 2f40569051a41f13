//! `lbvserver` (3.11).

use super::{Cx, Resource, View, absent, changes, chosen, lbgroup, new_name, persistence, place, taken, ticks};
use crate::{
    Version,
    json::Item,
    model::{
        Called, Config, Id, LbGroup, PERSISTENCE, SslSide, State, Switch, Vserver, called, called_mut, needs_ssl, same,
    },
    refusal::{Outcome, Refusal},
    schema::{Access, Attribute, Fields, Schema, tables::lbvserver::LBVSERVER},
};
use std::{collections::BTreeMap, sync::Arc};

pub(super) struct LbVservers;

impl Resource for LbVservers {
    fn schema(&self) -> &'static Schema {
        &LBVSERVER
    }

    fn tell(&self, view: &View, fields: &mut Fields) -> bool {
        let vserver = called(&view.appliance.config.vservers, fields.text("name"));
        let Some(vserver) = vserver else { return false };
        if vserver.switch.word() == "DISABLED" {
            fields.put("state", "DISABLED");
        }
        // A GET shows what holds, be that by the protocol or by a persistency group; told is what was said.
        let config = &view.appliance.config;
        let grouped = config.lbgroup_of(vserver.id).is_some_and(LbGroup::rules);
        for name in PERSISTENCE.iter().filter(|_| grouped).chain(&["clttimeout"]) {
            match vserver.set.get(name) {
                Some(value) if fields.has(name) => fields.put(name, value),
                _ => drop(fields.remove(name)),
            }
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
        rules(cx.appliance.version, config, None, &fields)?;
        let line = LBVSERVER.line("add", &fields);
        let ssl = needs_ssl(fields.text("servicetype"));
        let enabled = fields.get("state") != Some("DISABLED");
        let vserver = Vserver {
            id: config.new_id(),
            set: fields,
            switch: Switch::new(enabled),
            groups: Vec::new(),
            orders: BTreeMap::new(),
            services: Vec::new(),
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
        let mut changes = changes(&LBVSERVER, fields)?;
        lbgroup::allows(config, vserver.id, changes.names())?;
        let weight = weight(config, vserver, &mut changes)?;
        let was = vserver.set.get("persistencetype").unwrap_or("NONE");
        let to_none = changes.get("persistencetype") == Some("NONE") && was != "NONE" && !changes.has("timeout");
        let mut merged = vserver.set.clone();
        merged.merge(changes);
        // Without persistence the old time means nothing.
        let forgotten = to_none && merged.remove("timeout").is_some();
        rules(cx.appliance.version, config, Some(vserver.id), &merged)?;
        if let Some(vserver) = called_mut(&mut config.vservers, &name) {
            vserver.set = merged;
            if let Some((at, weight)) = weight {
                vserver.services[at].weight = weight;
            }
        }
        if forgotten {
            cx.warnings.push(Refusal::new(2369));
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
        let config = &mut cx.appliance.config;
        let id = called(&config.vservers, name).map(Called::id).ok_or_else(|| absent(&LBVSERVER, name))?;
        lbgroup::allows(config, id, unset.iter().map(|attribute| attribute.name))?;
        if let Some(vserver) = called_mut(&mut config.vservers, name) {
            for attribute in unset {
                vserver.set.remove(attribute.name);
            }
        }
        cx.wrote(LBVSERVER.unset_line(&key, unset));
        Ok(())
    }

    /// The bindings go with it; the groups stay. So does the VIP, with the last virtual server on it.
    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let vserver = called(&config.vservers, name).ok_or_else(|| absent(&LBVSERVER, name))?;
        let (id, line) = (vserver.id, LBVSERVER.line("rm", &vserver.set.clone().only(&["name"])));
        let gone = vserver.set.text("name").to_owned();
        config.vservers.retain(|vserver| vserver.id != id);
        lbgroup::release(config, id);
        move_backups(config, &gone, None);
        cx.wrote(line);
        Ok(())
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = LBVSERVER.line(action, &fields);
        let now = cx.now;
        let config = &mut cx.appliance.config;
        let name = fields.text("name");
        if called(&config.vservers, name).is_none() {
            return Err(absent(&LBVSERVER, name));
        }
        let renamed = (action == "rename").then(|| new_name(&config.vservers, &LBVSERVER, &fields)).transpose()?;
        if let Some(newname) = renamed.as_deref() {
            move_backups(config, name, Some(newname));
        }
        if let Some(vserver) = called_mut(&mut config.vservers, name) {
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

/// The weight of one bound service, when a PUT is about that: which one, and how much.
fn weight(config: &Config, vserver: &Vserver, changes: &mut Fields) -> Outcome<Option<(usize, i64)>> {
    let weight = changes.number("weight");
    changes.remove("weight");
    match (weight, changes.remove("servicename")) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Refusal::about(1093, &["weight", "serviceName"])),
        (None, Some(_)) => Err(Refusal::about(1093, &["serviceName", "weight"])),
        (Some(weight), Some(name)) => {
            let service = called(&config.services, &name).ok_or_else(|| Refusal::absent("serviceName", &name))?;
            let at = vserver.services.iter().position(|bound| bound.service == service.id);
            Ok(Some((at.ok_or(Refusal::new(1303))?, weight)))
        }
    }
}

/// What must hold for the values that a virtual server has (or would have after a PUT).
fn rules(version: Version, config: &Config, own: Option<Id>, set: &Fields) -> Outcome {
    place::check(config, own, set)?;
    if set.has("backuplbmethod") {
        let method = set.get("lbmethod").unwrap_or("LEASTCONNECTION");
        if set.get("backuplbmethod") == Some(method) {
            return Err(Refusal::new(1334));
        }
    }
    backup(config, set)?;
    persistence::check(version, set)
}

/// A backup must be there, be another one, and not lead back to where it came from.
fn backup(config: &Config, set: &Fields) -> Outcome {
    let Some(name) = set.get("backupvserver") else { return Ok(()) };
    let own = set.text("name");
    if same(name, own) {
        return Err(Refusal::about(350, &[name]));
    }
    let backup = called(&config.vservers, name).ok_or_else(|| Refusal::absent("backupVServer", name))?;
    if backup.chain(config).any(|vserver| same(vserver.name(), own)) {
        return Err(Refusal::new(2144));
    }
    Ok(())
}

/// Whoever had `old` as a backup has `new` now, or none.
fn move_backups(config: &mut Config, old: &str, new: Option<&str>) {
    for vserver in config.vservers.iter_mut().filter(|vserver| same(vserver.set.text("backupvserver"), old)) {
        match new {
            Some(new) => vserver.set.put("backupvserver", new),
            None => drop(vserver.set.remove("backupvserver")),
        }
    }
}

fn item(vserver: &Vserver, view: &View) -> Item {
    let config = &view.appliance.config;
    let load = vserver.load(config);
    let mut now = Fields::default();
    now.put("type", if vserver.address().is_some() { "ADDRESS" } else { "CONTENT" });
    now.put("curstate", vserver.state.word());
    now.put("effectivestate", vserver.effective(config).word());
    if let Some(value) = vserver.value(config) {
        now.put("value", value);
    }
    if !vserver.set.has("clttimeout") {
        now.put("clttimeout", if matches!(vserver.kind(), "HTTP" | "SSL" | "SSL_BRIDGE") { "180" } else { "9000" });
    }
    if let Some(group) = config.lbgroup_of(vserver.id) {
        now.put("groupname", group.name());
        if group.rules() && !view.appliance.grouped_shows_own {
            lbgroup::overlay(group, &mut now);
        }
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
