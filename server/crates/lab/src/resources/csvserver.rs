//! `csvserver`: content switching as far as a reader needs it: an address that is taken, a state, a default target.

use super::{Cx, Resource, View, absent, chosen, new_name, place, taken, ticks};
use crate::{
    json::Item,
    model::{Called, Config, ContentSwitch, SslSide, State, Switch, by_id, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{
        Attribute, Fields, Schema,
        tables::content::{CSVSERVER as TABLE, CSVSERVER_CSPOLICY as POLICY, CSVSERVER_LBVSERVER as TARGET},
    },
};

pub(super) struct ContentSwitches;
pub(super) struct ContentTargets;
pub(super) struct ContentPolicies;

impl Resource for ContentSwitches {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let rows = chosen(&view.appliance.config.content, &TABLE, name)?;
        Ok(rows.into_iter().map(|row| item(row, view)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let name = fields.text("name");
        let known = called(&config.content, name).is_some() || called(&config.vservers, name).is_some();
        if known || called(&config.gateways, name).is_some() {
            return Err(taken(&TABLE, name));
        }
        place::check(config, None, &fields)?;
        let line = TABLE.line("add", &fields);
        let enabled = fields.get("state") != Some("DISABLED");
        let row = ContentSwitch {
            id: config.new_id(),
            set: fields,
            switch: Switch::new(enabled),
            ssl: SslSide::default(),
            target: None,
            state: if enabled { State::Down } else { State::OutOfService },
            changed: cx.now,
        };
        let features: &[&str] = if row.terminates_ssl() { &["CS", "SSL"] } else { &["CS"] };
        config.content.push(row);
        cx.needs_features(features);
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        place::set::<ContentSwitch>(cx, &TABLE, fields)
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        place::unset::<ContentSwitch>(cx, &TABLE, &key, unset)
    }

    /// Its bindings go with it; policies and certificates stay.
    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        place::remove::<ContentSwitch>(cx, &TABLE, name)
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = TABLE.line(action, &fields);
        let now = cx.now;
        let rows = &mut cx.appliance.config.content;
        let name = fields.text("name");
        if called(rows, name).is_none() {
            return Err(absent(&TABLE, name));
        }
        let renamed = (action == "rename").then(|| new_name(rows, &TABLE, &fields)).transpose()?;
        if let Some(row) = called_mut(rows, name) {
            match (action, renamed) {
                (_, Some(newname)) => row.set.put("name", newname),
                ("enable", _) => row.switch.enable(),
                _ => row.switch.disable(now, 0, false),
            }
        }
        cx.wrote(line);
        Ok(())
    }
}

impl Resource for ContentTargets {
    fn schema(&self) -> &'static Schema {
        &TARGET
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let rows = chosen(&config.content, &TARGET, name)?;
        Ok(rows.into_iter().flat_map(|row| targets(config, row)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let (name, target) = (fields.text("name"), fields.text("lbvserver"));
        let id = called(&config.vservers, target).map(Called::id);
        let row = called_mut(&mut config.content, name).ok_or_else(|| absent(&TARGET, name))?;
        let id = id.ok_or_else(|| Refusal::absent("lbvserver", target))?;
        if row.target == Some(id) {
            return Err(Refusal::new(273));
        }
        row.target = Some(id);
        cx.wrote(TARGET.line("bind", &fields));
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let target = args.get("lbvserver").and_then(|target| called(&config.vservers, target)).map(Called::id);
        let row = called_mut(&mut config.content, name).ok_or_else(|| absent(&TARGET, name))?;
        if row.target.is_none() || args.has("lbvserver") && row.target != target {
            return Err(Refusal::absent("lbvserver", args.text("lbvserver")));
        }
        row.target = None;
        args.put("name", row.set.text("name"));
        cx.wrote(TARGET.line("unbind", &args));
        Ok(())
    }
}

impl Resource for ContentPolicies {
    fn schema(&self) -> &'static Schema {
        &POLICY
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        chosen(&view.appliance.config.content, &POLICY, name).map(|_| Vec::new())
    }
}

/// The row of one virtual server; also part of the aggregate answer.
pub(super) fn targets(config: &Config, row: &ContentSwitch) -> Vec<Item> {
    let target = |id| {
        let mut now = Fields::default();
        now.put("name", row.name());
        now.put("lbvserver", by_id(&config.vservers, id)?.name());
        Some(TARGET.item(&Fields::default(), &now))
    };
    row.target.and_then(target).into_iter().collect()
}

fn item(row: &ContentSwitch, view: &View) -> Item {
    let config = &view.appliance.config;
    let mut now = Fields::default();
    now.put("ip", row.set.get("ipv46").unwrap_or("0.0.0.0"));
    now.put("curstate", row.state.word());
    if let Some(value) = row.value(config) {
        now.put("value", value);
    }
    if let Some(target) = row.target.and_then(|id| by_id(&config.vservers, id)) {
        now.put("lbvserver", target.name());
    }
    now.put("statechangetimesec", row.changed.nitro());
    now.put("statechangetimemsec", row.changed.milliseconds().to_string());
    now.put("tickssincelaststatechange", ticks(view.now, row.changed));
    TABLE.item(&row.set, &now)
}
