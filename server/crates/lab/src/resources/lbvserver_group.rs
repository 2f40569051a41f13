//! `lbvserver_servicegroup_binding` (3.12).

use super::{Cx, Resource, View, absent, chosen};
use crate::{
    json::Item,
    model::{Called, Config, Group, Vserver, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::lbvserver_bindings::LBVSERVER_SERVICEGROUP as TABLE},
};

pub(super) struct VserverGroups;

impl Resource for VserverGroups {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn tell(&self, _view: &View, fields: &mut Fields) -> bool {
        fields.remove("servicename");
        true
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let vservers = chosen(&config.vservers, &TABLE, name)?;
        Ok(vservers.into_iter().flat_map(|vserver| items(config, vserver)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("bind", &fields);
        let config = &mut cx.appliance.config;
        if fields.has("weight") && !fields.has("servicename") {
            return Err(Refusal::about(1093, &["weight", "serviceName"]));
        }
        let name = fields.text("name");
        let vserver = called(&config.vservers, name).ok_or_else(|| absent(&TABLE, name))?;
        let group = group(config, &fields)?;
        let id = group.id;
        if vserver.groups.contains(&id) {
            return Err(Refusal::new(273));
        }
        if !fits(vserver.kind(), group.kind()) {
            return Err(Refusal::new(1304));
        }
        let clash = group
            .members
            .iter()
            .any(|new| vserver.members(config).any(|member| member.server == new.server && member.port == new.port));
        if clash {
            return Err(Refusal::new(428));
        }
        if let Some(vserver) = called_mut(&mut config.vservers, name) {
            vserver.groups.push(id);
            if let Some(order) = fields.get("order") {
                vserver.orders.insert(id, order.to_owned());
            }
        }
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let vserver = called(&config.vservers, name).ok_or_else(|| absent(&TABLE, name))?;
        let group = group(config, &args)?;
        let id = group.id;
        if !vserver.groups.contains(&id) {
            return Err(Refusal::new(1303));
        }
        args.put("name", vserver.name());
        let line = TABLE.line("unbind", &args);
        if let Some(vserver) = called_mut(&mut config.vservers, name) {
            vserver.groups.retain(|bound| *bound != id);
            vserver.orders.remove(&id);
        }
        cx.wrote(line);
        Ok(())
    }
}

/// The rows of one virtual server; also part of the aggregate answer.
pub(super) fn items(config: &Config, vserver: &Vserver) -> Vec<Item> {
    let row = |group: &Group| {
        let mut now = Fields::default();
        now.put("name", vserver.name());
        now.put("servicegroupname", group.name());
        now.put("servicename", group.name());
        if let Some(order) = vserver.orders.get(&group.id) {
            now.put("order", order.as_str());
        }
        TABLE.item(&Fields::default(), &now)
    };
    config.groups_of(vserver).map(row).collect()
}

fn group<'a>(config: &'a Config, fields: &Fields) -> Outcome<&'a Group> {
    match (fields.get("servicegroupname"), fields.get("servicename")) {
        (Some(_), Some(_)) => Err(Refusal::about(1092, &["serviceName", "serviceGroupName"])),
        (None, None) => Err(Refusal::about(1095, &["serviceGroupName"])),
        (None, Some(service)) => Err(Refusal::absent("serviceName", service)),
        (Some(name), None) => called(&config.groups, name).ok_or_else(|| Refusal::absent("serviceGroupName", name)),
    }
}

/// Which groups a virtual server can use: its own kind, or the plain twin of an encrypted one.
pub(super) fn fits(vserver: &str, group: &str) -> bool {
    let twins = |a, b| (vserver == a && group == b) || (vserver == b && group == a);
    vserver == group || vserver == "ANY" || twins("SSL", "HTTP") || twins("SSL_TCP", "TCP")
}
