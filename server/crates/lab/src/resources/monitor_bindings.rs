//! Monitors at groups and services (3.9), from either side.

use super::{Cx, Resource, View, chosen};
use crate::{
    json::Item,
    model::{BoundMonitor, Called, Config, Group, Id, Monitor, Probe, Service, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::lbmonitor::{LBMONITOR_SERVICE, LBMONITOR_SERVICEGROUP, SERVICE_LBMONITOR, SERVICEGROUP_LBMONITOR},
    },
};

pub(super) struct GroupMonitors;
pub(super) struct ServiceMonitors;
pub(super) struct MonitorGroups;
pub(super) struct MonitorServices;

/// What a monitor of these types cannot do without: any of the attributes, and the refusal when it has none.
const NEEDED: &[(&str, &[&str], u16)] = &[
    ("LDAP", &["basedn", "binddn"], 2184),
    ("MYSQL", &["username", "database"], 2185),
    ("POP3", &["username"], 2186),
    ("NNTP", &["group"], 2187),
    ("FTP-EXTENDED", &["filename"], 2188),
    ("SNMP", &["Snmpoid", "snmpcommunity"], 2189),
    ("CITRIX-XML-SERVICE", &["application"], 2190),
    ("CITRIX-WEB-INTERFACE", &["sitepath"], 2191),
    ("CITRIX-WI-EXTENDED", &["sitepath"], 2208),
    ("RADIUS_ACCOUNTING", &["radkey"], 2214),
];

impl Resource for GroupMonitors {
    fn schema(&self) -> &'static Schema {
        &SERVICEGROUP_LBMONITOR
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let groups = chosen(&config.groups, &SERVICEGROUP_LBMONITOR, name)?;
        Ok(groups.into_iter().flat_map(|group| group_items(config, group)).collect())
    }

    fn add(&self, cx: &mut Cx, mut fields: Fields) -> Outcome {
        let line = SERVICEGROUP_LBMONITOR.line("bind", &fields);
        if let Some(state) = fields.remove("state") {
            fields.put("monstate", state);
        }
        let set = fields.clone().only(&["port", "monstate", "weight", "passive"]);
        bind(&mut cx.appliance.config, &fields, fields.text("monitor_name"), set)?;
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        args.put("servicegroupname", name);
        unbind(&mut cx.appliance.config, &args, args.get("monitor_name"))?;
        cx.wrote(SERVICEGROUP_LBMONITOR.line("unbind", &args));
        Ok(())
    }
}

impl Resource for ServiceMonitors {
    fn schema(&self) -> &'static Schema {
        &SERVICE_LBMONITOR
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let services = chosen(&config.services, &SERVICE_LBMONITOR, name)?;
        Ok(services.into_iter().flat_map(|service| service_items(config, service)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let set = fields.clone().only(&["monstate", "weight", "passive"]);
        bind(&mut cx.appliance.config, &of_service(&fields), fields.text("monitor_name"), set)?;
        cx.wrote(SERVICE_LBMONITOR.line("bind", &fields));
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        args.put("name", name);
        unbind(&mut cx.appliance.config, &of_service(&args), args.get("monitor_name"))?;
        cx.wrote(SERVICE_LBMONITOR.line("unbind", &args));
        Ok(())
    }
}

/// The second door has no GET of its own.
macro_rules! second_door {
    ($name:ident, $table:ident) => {
        impl Resource for $name {
            fn schema(&self) -> &'static Schema {
                &$table
            }

            fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
                Err(Refusal::new(1240))
            }

            fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
                let mut set = Fields::default();
                for (name, one, other) in [("monstate", "state", "dup_state"), ("weight", "weight", "dup_weight")] {
                    if let Some(value) = fields.get(one).or(fields.get(other)) {
                        set.put(name, value);
                    }
                }
                let whose = by_either_name(&cx.appliance.config, &fields);
                bind(&mut cx.appliance.config, &whose, fields.text("monitorname"), set)?;
                cx.wrote($table.line("bind", &whose));
                Ok(())
            }

            fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
                args.put("monitorname", name);
                let whose = by_either_name(&cx.appliance.config, &args);
                unbind(&mut cx.appliance.config, &whose, Some(name))?;
                cx.wrote($table.line("unbind", &whose));
                Ok(())
            }
        }
    };
}

/// On the command line the name of a group or of a service stands in one and the same place, so a service may be named
/// as if it were a group, and the other way round: the vendor's Ansible module for services does.
fn by_either_name(config: &Config, fields: &Fields) -> Fields {
    let mut fields = fields.clone();
    let other = match (fields.get("servicegroupname"), fields.get("servicename")) {
        (Some(name), None) => (called(&config.groups, name).is_none() && called(&config.services, name).is_some())
            .then_some(("servicegroupname", "servicename")),
        (None, Some(name)) => (called(&config.services, name).is_none() && called(&config.groups, name).is_some())
            .then_some(("servicename", "servicegroupname")),
        _ => None,
    };
    if let Some((said, meant)) = other
        && let Some(name) = fields.remove(said)
    {
        fields.put(meant, name);
    }
    fields
}

second_door!(MonitorGroups, LBMONITOR_SERVICEGROUP);
second_door!(MonitorServices, LBMONITOR_SERVICE);

/// The monitors of the group or service that is named.
pub(super) fn holder<'a>(config: &'a mut Config, fields: &Fields) -> Outcome<&'a mut Vec<BoundMonitor>> {
    match (fields.get("servicegroupname"), fields.get("servicename")) {
        (Some(_), Some(_)) => Err(Refusal::about(1092, &["serviceName", "serviceGroupName"])),
        (None, None) => Err(Refusal::about(1095, &["serviceGroupName"])),
        (Some(name), None) => called_mut(&mut config.groups, name)
            .map(|group| &mut group.monitors)
            .ok_or_else(|| Refusal::absent("serviceGroupName", name)),
        (None, Some(name)) => called_mut(&mut config.services, name)
            .map(|service| &mut service.monitors)
            .ok_or_else(|| Refusal::absent("serviceName", name)),
    }
}

/// Whether a monitor would be missed.
pub(super) fn is_bound(config: &Config, monitor: Id) -> bool {
    let groups = config.groups.iter().flat_map(|group| &group.monitors);
    groups.chain(config.services.iter().flat_map(|service| &service.monitors)).any(|bound| bound.monitor == monitor)
}

/// `service_lbmonitor_binding` calls `name` what the others call `servicename`.
fn of_service(fields: &Fields) -> Fields {
    let mut named = Fields::default();
    named.put("servicename", fields.text("name"));
    named
}

fn bind(config: &mut Config, whose: &Fields, name: &str, set: Fields) -> Outcome {
    let monitors = config.monitors.clone();
    let bound_here = holder(config, whose)?;
    let monitor = called(&monitors.0, name).ok_or_else(|| Refusal::absent("monitorName", name))?;
    if monitor.is_default() {
        return Err(Refusal::new(2165));
    }
    if monitor.kind().starts_with("LDNS-") {
        return Err(Refusal::new(2162));
    }
    if set.get("passive") == Some("true") && monitor.kind() != "LOAD" {
        return Err(Refusal::new(2212));
    }
    if bound_here.iter().any(|bound| bound.monitor == monitor.id && bound.set.get("port") == set.get("port")) {
        return Err(Refusal::new(2133));
    }
    let others = || bound_here.iter().filter_map(|bound| monitors.by_id(bound.monitor));
    let alone = matches!(monitor.kind(), "LOAD" | "HTTP-INLINE");
    if alone && others().any(|other| other.kind() == monitor.kind()) || sends_away(monitor) && others().any(sends_away)
    {
        return Err(Refusal::new(2163));
    }
    let complete =
        |row: &&(&str, &[&str], u16)| row.0 == monitor.kind() && !row.1.iter().any(|name| monitor.set.has(name));
    if let Some((_, _, code)) = NEEDED.iter().find(complete) {
        return Err(Refusal::new(*code));
    }
    bound_here.push(BoundMonitor { monitor: monitor.id, set });
    Ok(())
}

fn unbind(config: &mut Config, whose: &Fields, name: Option<&str>) -> Outcome {
    let name = name.ok_or_else(|| Refusal::about(1095, &["monitorName"]))?;
    let known = called(&config.monitors.0, name).map(|monitor| (monitor.id, monitor.is_default()));
    let bound_here = holder(config, whose)?;
    let (id, is_default) = known.ok_or_else(|| Refusal::about(2171, &[name]))?;
    if is_default {
        return Err(Refusal::new(2164));
    }
    let here = |bound: &BoundMonitor| bound.monitor == id && bound.set.get("port") == whose.get("port");
    let at = bound_here.iter().position(here).ok_or(Refusal::new(2170))?;
    bound_here.remove(at);
    Ok(())
}

/// A monitor that can take its member out of service; a member can have one.
fn sends_away(monitor: &Monitor) -> bool {
    monitor.set.has("trofscode") || monitor.set.has("trofsstring")
}

/// The rows of one group; also part of the aggregate answer.
pub(super) fn group_items(config: &Config, group: &Group) -> Vec<Item> {
    let row = |bound: &BoundMonitor| {
        let mut now = Fields::default();
        now.put("servicegroupname", group.name());
        now.put("monitor_name", config.monitors.by_id(bound.monitor)?.name());
        now.put("monweight", bound.weight().to_string());
        Some(SERVICEGROUP_LBMONITOR.item(&bound.set, &now))
    };
    group.monitors.iter().filter_map(row).collect()
}

/// The rows of one service, the default monitor included; also part of the aggregate answer.
pub(super) fn service_items(config: &Config, service: &Service) -> Vec<Item> {
    let mut rows = Vec::new();
    let probes = &service.member.watch.probes;
    for probe in probes.iter().filter(|_| service.is_monitored()) {
        let bound = service.monitors.iter().find(|bound| bound.monitor == probe.monitor);
        let set = bound.map(|bound| bound.set.clone()).unwrap_or_default();
        rows.extend(service_row(config, service, probe.monitor, &set, Some(probe)));
    }
    for bound in &service.monitors {
        if !probes.iter().any(|probe| probe.monitor == bound.monitor) {
            rows.extend(service_row(config, service, bound.monitor, &bound.set, None));
        }
    }
    rows
}

fn service_row(config: &Config, service: &Service, monitor: Id, set: &Fields, probe: Option<&Probe>) -> Option<Item> {
    let mut now = Fields::default();
    now.put("name", service.name());
    now.put("monitor_name", config.monitors.by_id(monitor)?.name());
    let (total, failed, in_a_row) = probe.map_or((0, 0, 0), |probe| (probe.sent, probe.failed, probe.failures));
    now.put("monitor_state", probe.map_or("DISABLED", Probe::word));
    now.put("lastresponse", probe.map_or("Probe not sent yet.", |probe| &probe.last));
    now.put("totalprobes", total.to_string());
    now.put("totalfailedprobes", failed.to_string());
    now.put("failedprobes", in_a_row.to_string());
    now.put("monitortotalprobes", total.to_string());
    now.put("monitortotalfailedprobes", failed.to_string());
    now.put("monitorcurrentfailedprobes", in_a_row.to_string());
    Some(SERVICE_LBMONITOR.item(set, &now))
}
