//! `lbmonitor` (3.10).

use super::{Cx, Resource, View, absent, changes, chosen, monitor_bindings, taken};
use crate::{
    json::Item,
    model::{Config, Monitor, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{Attribute, Fields, Schema, tables::lbmonitor::LBMONITOR as TABLE},
};
use std::time::Duration;

pub(super) struct LbMonitors;

/// Attributes that belong to some types only.
const OF_TYPES: &[(&str, &[&str])] = &[
    ("httprequest", &["HTTP", "HTTP-INLINE"]),
    ("respcode", &["HTTP", "HTTP-INLINE", "RADIUS", "RTSP", "SIP-UDP", "SIP-TCP"]),
    ("customheaders", &["HTTP", "HTTP-ECV", "HTTP-INLINE", "HTTP2"]),
    ("send", &["TCP-ECV", "HTTP-ECV", "UDP-ECV"]),
    ("recv", &["TCP-ECV", "HTTP-ECV", "UDP-ECV"]),
    ("trofscode", &["HTTP"]),
    ("trofsstring", &["TCP-ECV", "HTTP-ECV"]),
    ("scriptname", &["USER"]),
];

/// Types that do not run over TCP, so that there is nothing to be made secure.
const NOT_SECURE: &[&str] = &[
    "PING",
    "ARP",
    "ND6",
    "UDP-ECV",
    "DNS",
    "RADIUS",
    "RADIUS_ACCOUNTING",
    "SIP-UDP",
    "SNMP",
    "LOAD",
    "USER",
    "LDNS-PING",
    "LDNS-DNS",
    "CITRIX-AG",
];

/// Never longer than this, whatever the unit.
const LONGEST: Duration = Duration::from_mins(349);

impl Resource for LbMonitors {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    /// Those of the factory are there by themselves.
    fn tell(&self, view: &View, fields: &mut Fields) -> bool {
        let monitor = called(&view.appliance.config.monitors.0, fields.text("monitorname"));
        monitor.is_some_and(|monitor| !monitor.is_built_in())
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        Ok(chosen(&view.appliance.config.monitors.0, &TABLE, name)?.into_iter().map(item).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let name = fields.text("monitorname");
        if called(&config.monitors.0, name).is_some() {
            return Err(taken(&TABLE, name));
        }
        let line = TABLE.line("add", &fields);
        let monitor = Monitor { id: config.new_id(), set: fields, certificates: Vec::new() };
        check(&monitor)?;
        config.monitors.0.push(monitor);
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("set", &fields);
        let monitor = find(&mut cx.appliance.config, &fields)?;
        if monitor.is_default() {
            return Err(Refusal::new(2139));
        }
        let mut changes = changes(&TABLE, fields)?;
        changes.remove("type");
        if changes.names().next().is_none() {
            return Err(Refusal::new(431));
        }
        let mut next = monitor.clone();
        next.set.merge(changes);
        check(&next)?;
        *monitor = next;
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let monitor = find(&mut cx.appliance.config, &key)?;
        if monitor.is_default() {
            return Err(Refusal::new(2139));
        }
        let mut changed = monitor.clone();
        for attribute in unset {
            changed.set.remove(attribute.name);
        }
        check(&changed)?;
        *monitor = changed;
        cx.wrote(TABLE.unset_line(&key, unset));
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        args.put("monitorname", name);
        let config = &mut cx.appliance.config;
        let monitor = find(config, &args)?;
        let id = monitor.id;
        if monitor.is_built_in() {
            return Err(Refusal::new(2132));
        }
        if !args.has("type") {
            return Err(Refusal::about(1095, &["type"]));
        }
        args.put("monitorname", monitor.set.text("monitorname"));
        if monitor_bindings::is_bound(config, id) {
            return Err(Refusal::new(2131));
        }
        config.monitors.0.retain(|monitor| monitor.id != id);
        cx.wrote(TABLE.line("rm", &args));
        Ok(())
    }

    /// With a group or a service: there. Without one: everywhere.
    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = TABLE.line(action, &fields);
        let config = &mut cx.appliance.config;
        let name = fields.text("monitorname");
        let monitor = called_mut(&mut config.monitors.0, name).ok_or_else(|| Refusal::about(2171, &[name]))?;
        if monitor.is_default() {
            return Err(Refusal::new(2166));
        }
        let word = if action == "enable" { "ENABLED" } else { "DISABLED" };
        if fields.has("servicegroupname") || fields.has("servicename") {
            let id = monitor.id;
            let bound = monitor_bindings::holder(config, &fields)?.iter_mut().find(|bound| bound.monitor == id);
            bound.ok_or(Refusal::new(2170))?.set.put("monstate", word);
        } else {
            monitor.set.put("state", word);
        }
        cx.wrote(line);
        Ok(())
    }
}

/// The monitor that is named, if it has the type that is named.
fn find<'a>(config: &'a mut Config, fields: &Fields) -> Outcome<&'a mut Monitor> {
    let name = fields.text("monitorname");
    let monitor = called_mut(&mut config.monitors.0, name).ok_or_else(|| absent(&TABLE, name))?;
    match fields.get("type").filter(|kind| *kind != monitor.kind()) {
        Some(_) => Err(Refusal::new(2155)),
        None => Ok(monitor),
    }
}

/// What must hold for the values that a monitor has, or would have.
fn check(monitor: &Monitor) -> Outcome {
    let kind = monitor.kind();
    for (name, types) in OF_TYPES {
        if monitor.set.has(name) && !types.contains(&kind) {
            let cli = TABLE.attribute(name).map_or(*name, |attribute| attribute.cli);
            return Err(Refusal::about(1093, &[cli, "type"]));
        }
    }
    check_times(monitor)?;
    check_codes(monitor)?;
    if monitor.value("secure") == "YES" && NOT_SECURE.contains(&kind) {
        return Err(Refusal::new(2154));
    }
    let detour = ["transparent", "iptunnel", "tos"].iter().any(|name| monitor.value(name) == "YES");
    if detour && !monitor.set.has("destip") {
        return Err(Refusal::new(2129));
    }
    if monitor.value("tos") == "YES" && !monitor.set.has("tosid") {
        return Err(Refusal::new(2201));
    }
    if kind == "USER" && !monitor.set.has("scriptname") {
        return Err(Refusal::new(2157));
    }
    Ok(())
}

fn check_times(monitor: &Monitor) -> Outcome {
    let timing = monitor.timing();
    for (name, unit) in [("interval", "units3"), ("resptimeout", "units4"), ("downtime", "units2")] {
        let time = monitor.time(name, unit);
        if time > LONGEST {
            let cli = TABLE.attribute(name).map_or(name, |attribute| attribute.cli);
            return Err(Refusal::about(1108, &[cli, monitor.value(name)]));
        }
        if !time.as_millis().is_multiple_of(10) {
            return Err(Refusal::new(2169));
        }
    }
    if timing.interval <= timing.resptimeout {
        return Err(Refusal::new(2128));
    }
    let alert = monitor.value("alertretries").parse().unwrap_or(0);
    match timing.failureretries {
        failures if failures >= timing.retries => Err(Refusal::new(2196)),
        _ if alert >= timing.retries => Err(Refusal::new(2195)),
        failures if failures > 0 && alert >= failures => Err(Refusal::new(2197)),
        _ => Ok(()),
    }
}

/// At least one code and at most sixteen, each a number or a range.
fn check_codes(monitor: &Monitor) -> Outcome {
    let Some(codes) = monitor.codes() else { return Ok(()) };
    let codes: Vec<&str> = codes.split_whitespace().collect();
    let number = |word: &str| word.parse::<u16>().is_ok();
    let bad = codes
        .iter()
        .find(|code| !code.split_once('-').map_or_else(|| number(code), |(low, high)| number(low) && number(high)));
    match (codes.len(), bad) {
        (0, _) => Err(Refusal::new(2161)),
        (17.., _) => Err(Refusal::new(2130)),
        (_, Some(bad)) => Err(Refusal::about(1097, &[bad])),
        (_, None) => Ok(()),
    }
}

fn item(monitor: &Monitor) -> Item {
    let mut now = Fields::default();
    for (name, unit) in [("interval", "units3"), ("resptimeout", "units4"), ("downtime", "units2")] {
        // Whole minutes come back as minutes, whatever was sent.
        let seconds = monitor.time(name, unit).as_secs();
        if monitor.value(unit) == "SEC" && seconds >= 60 && seconds.is_multiple_of(60) {
            now.put(name, (seconds / 60).to_string());
            now.put(unit, "MIN");
        }
    }
    if let Some(codes) = monitor.codes() {
        now.put("respcode", codes);
    }
    if let Some(request) = monitor.request() {
        now.put("httprequest", request);
    }
    if monitor.kind() == "USER" {
        now.put("dispatcherip", monitor.set.get("dispatcherip").unwrap_or("127.0.0.1"));
        now.put("dispatcherport", monitor.set.get("dispatcherport").unwrap_or("3013"));
    }
    TABLE.item(&monitor.set, &now)
}
