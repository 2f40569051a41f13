//! `vpnvserver` (3.15): gateways.

use super::{Cx, Resource, View, absent, chosen, new_name, place, taken};
use crate::{
    json::Item,
    model::{Config, Gateway, SslSide, State, Switch, called, called_mut},
    refusal::Outcome,
    schema::{Attribute, Fields, Schema, tables::gateway::VPNVSERVER as TABLE},
};
use std::sync::Arc;

pub(super) struct Gateways;

impl Resource for Gateways {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn tell(&self, view: &View, fields: &mut Fields) -> bool {
        let gateway = called(&view.appliance.config.gateways, fields.text("name"));
        if gateway.is_some_and(|gateway| gateway.switch.word() == "DISABLED") {
            fields.put("state", "DISABLED");
        }
        true
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        Ok(chosen(&config.gateways, &TABLE, name)?.into_iter().map(|gateway| item(config, gateway)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let name = fields.text("name");
        if called(&config.gateways, name).is_some() || called(&config.vservers, name).is_some() {
            return Err(taken(&TABLE, name));
        }
        place::check(config, None, &fields)?;
        let line = TABLE.line("add", &fields);
        let enabled = fields.get("state") != Some("DISABLED");
        let gateway = Gateway {
            id: config.new_id(),
            set: fields,
            switch: Switch::new(enabled),
            ssl: SslSide::default(),
            controllers: Vec::new(),
            policies: Vec::new(),
            stas: Vec::new(),
            access: Vec::new(),
            theme: Vec::new(),
            state: if enabled { State::Down } else { State::OutOfService },
            changed: cx.now,
            traffic: Arc::default(),
        };
        config.gateways.push(gateway);
        cx.needs_features(&["SSLVPN"]);
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        place::set::<Gateway>(cx, &TABLE, fields)
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        place::unset::<Gateway>(cx, &TABLE, &key, unset)
    }

    /// Its bindings go with it; policies and certificates stay.
    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        place::remove::<Gateway>(cx, &TABLE, name)
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = TABLE.line(action, &fields);
        let now = cx.now;
        let config = &mut cx.appliance.config;
        let name = fields.text("name");
        if called(&config.gateways, name).is_none() {
            return Err(absent(&TABLE, name));
        }
        if action == "check" {
            // Asks whether it could work; nothing changes.
            return Ok(());
        }
        let renamed = (action == "rename").then(|| new_name(&config.gateways, &TABLE, &fields)).transpose()?;
        if let Some(other) = renamed.as_deref().filter(|name| called(&config.vservers, name).is_some()) {
            return Err(taken(&TABLE, other));
        }
        if let Some(gateway) = called_mut(&mut config.gateways, name) {
            match (action, renamed) {
                (_, Some(newname)) => gateway.set.put("name", newname),
                ("enable", _) => gateway.switch.enable(),
                _ => gateway.switch.disable(now, 0, false),
            }
        }
        cx.wrote(line);
        Ok(())
    }
}

fn item(config: &Config, gateway: &Gateway) -> Item {
    let mut now = Fields::default();
    now.put("ip", gateway.set.get("ipv46").unwrap_or("0.0.0.0"));
    now.put("curstate", gateway.state.word());
    if let Some(value) = gateway.value(config) {
        now.put("value", value);
    }
    TABLE.item(&gateway.set, &now)
}
