//! Read-only views of a group: its members' monitors (3.9) and the virtual servers that use it (3.7).

use super::{Resource, View, chosen};
use crate::{
    json::Item,
    model::{Called, TCP_DEFAULT},
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
        let mut rows = Vec::new();
        for group in chosen(&config.groups, &SERVICEGROUP_ENTITY_MONITORS, name)? {
            for member in group.members.iter().filter(|_| group.is_monitored()) {
                let server = config.server(member.server).map_or("", Called::name);
                let probe = &member.probe;
                let mut row = Fields::default();
                row.put("servicegroupname", group.name());
                row.put("servicegroupentname2", format!("{}?{server}?{}", group.name(), member.port));
                row.put("monitor_name", TCP_DEFAULT.name);
                row.put("monitor_state", probe.word());
                row.put("lastresponse", probe.last);
                row.put("monitortotalprobes", probe.sent.to_string());
                row.put("monitortotalfailedprobes", probe.failed.to_string());
                row.put("monitorcurrentfailedprobes", probe.failures.to_string());
                row.put("port", member.port.to_string());
                rows.push(SERVICEGROUP_ENTITY_MONITORS.item(&Fields::default(), &row));
            }
        }
        Ok(rows)
    }
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
