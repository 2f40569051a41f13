//! Read-only views of a group: its members' monitors (3.9) and the virtual servers that use it (3.7).

use super::{Resource, View, chosen};
use crate::{
    json::Item,
    model::{BoundMonitor, Called, Config, Group, Id, Member, Probe},
    refusal::Outcome,
    schema::{
        Fields, Schema,
        tables::servicegroup_bindings::{SERVICEGROUP_ENTITY_MONITORS, SERVICEGROUPBINDINGS},
    },
};

pub(super) struct EntityMonitors;
pub(super) struct GroupUsers;

impl Resource for EntityMonitors {
    fn schema(&self) -> &'static Schema {
        &SERVICEGROUP_ENTITY_MONITORS
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let groups = chosen(&config.groups, &SERVICEGROUP_ENTITY_MONITORS, name)?;
        Ok(groups.into_iter().flat_map(|group| entities(config, group)).collect())
    }
}

/// The rows of one group; also part of the aggregate answer.
pub(super) fn entities(config: &Config, group: &Group) -> Vec<Item> {
    let mut rows = Vec::new();
    for member in group.members.iter().filter(|_| group.is_monitored()) {
        let probes = &member.watch.probes;
        rows.extend(probes.iter().filter_map(|probe| entity(config, group, member, probe.monitor, Some(probe))));
        let silent = |bound: &&BoundMonitor| {
            bound.is_for(member.port) && !probes.iter().any(|probe| probe.monitor == bound.monitor)
        };
        let silent = group.monitors.iter().filter(silent);
        rows.extend(silent.filter_map(|bound| entity(config, group, member, bound.monitor, None)));
    }
    rows
}

/// One member and one monitor; without a probe the monitor is switched off.
fn entity(config: &Config, group: &Group, member: &Member, monitor: Id, probe: Option<&Probe>) -> Option<Item> {
    let bound = group.monitors.iter().find(|bound| bound.monitor == monitor);
    let server = config.server(member.server).map_or("", Called::name);
    let (sent, failed, in_a_row) = probe.map_or((0, 0, 0), |probe| (probe.sent, probe.failed, probe.failures));
    let mut row = Fields::default();
    row.put("servicegroupname", group.name());
    row.put("servicegroupentname2", format!("{}?{server}?{}", group.name(), member.port));
    row.put("monitor_name", config.monitors.by_id(monitor)?.name());
    row.put("monitor_state", probe.map_or("DISABLED", Probe::word));
    row.put("lastresponse", probe.map_or("Probe not sent yet.", |probe| &probe.last));
    row.put("monitortotalprobes", sent.to_string());
    row.put("monitortotalfailedprobes", failed.to_string());
    row.put("monitorcurrentfailedprobes", in_a_row.to_string());
    row.put("weight", bound.map_or(1, BoundMonitor::weight).to_string());
    if let Some(passive) = bound.and_then(|bound| bound.set.get("passive")) {
        row.put("passive", passive);
    }
    row.put("port", member.port.to_string());
    Some(SERVICEGROUP_ENTITY_MONITORS.item(&Fields::default(), &row))
}

impl Resource for GroupUsers {
    fn schema(&self) -> &'static Schema {
        &SERVICEGROUPBINDINGS
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let mut rows = Vec::new();
        for group in chosen(&config.groups, &SERVICEGROUPBINDINGS, name)? {
            for vserver in config.users_of(group.id) {
                let mut row = Fields::default();
                row.put("servicegroupname", group.name());
                row.put("vservername", vserver.name());
                row.put("ipaddress", vserver.set.get("ipv46").unwrap_or("0.0.0.0"));
                row.put("port", vserver.port().to_string());
                row.put("svrstate", vserver.state.word());
                row.put("state", vserver.switch.word());
                rows.push(SERVICEGROUPBINDINGS.item(&Fields::default(), &row));
            }
        }
        Ok(rows)
    }
}
