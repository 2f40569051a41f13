//! `lbvserver_servicegroupmember_binding` (3.12): one row per member of the bound groups.

use super::{Resource, View, chosen};
use crate::{
    json::Item,
    model::{Called, Config, Vserver},
    refusal::Outcome,
    schema::{Fields, Schema, tables::lbvserver_bindings::LBVSERVER_MEMBER as TABLE},
};

pub(super) struct VserverMembers;

impl Resource for VserverMembers {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let vservers = chosen(&config.vservers, &TABLE, name)?;
        Ok(vservers.into_iter().flat_map(|vserver| items(config, vserver)).collect())
    }
}

/// The rows of one virtual server; also part of the aggregate answer.
pub(super) fn items(config: &Config, vserver: &Vserver) -> Vec<Item> {
    let mut rows = Vec::new();
    for group in config.groups_of(vserver) {
        for member in &group.members {
            let mut row = Fields::default();
            row.put("name", vserver.name());
            row.put("servicegroupname", group.name());
            let address = config.server(member.server).and_then(|server| server.set.get("ipaddress"));
            row.put("ipv46", address.unwrap_or("0.0.0.0"));
            row.put("port", member.port.to_string());
            row.put("servicetype", group.kind());
            row.put("curstate", member.state.word());
            row.put("weight", member.weight().to_string());
            row.put("vserverid", format!("n{}", rows.len() + 1));
            rows.push(TABLE.item(&Fields::default(), &row));
        }
    }
    rows
}
