//! `lbvserver_service_binding` (3.12): single services at a virtual server.

use super::{Cx, Resource, View, absent, chosen, lbvserver_group::fits};
use crate::{
    json::Item,
    model::{BoundService, Called, Config, Service, Vserver, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::service::LBVSERVER_SERVICE as TABLE},
};

pub(super) struct VserverServices;

impl Resource for VserverServices {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let vservers = chosen(&config.vservers, &TABLE, name)?;
        Ok(vservers.into_iter().flat_map(|vserver| items(config, vserver)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("bind", &fields);
        let config = &mut cx.appliance.config;
        let name = fields.text("name");
        let vserver = called(&config.vservers, name).ok_or_else(|| absent(&TABLE, name))?;
        let service = service(config, &fields)?;
        if vserver.services.iter().any(|bound| bound.service == service.id) {
            return Err(Refusal::new(273));
        }
        if !fits(vserver.kind(), service.kind()) {
            return Err(Refusal::new(1304));
        }
        let place = (service.member.server, service.member.port);
        if vserver.members(config).any(|member| (member.server, member.port) == place) {
            return Err(Refusal::new(428));
        }
        let bound = BoundService { service: service.id, weight: fields.number("weight").unwrap_or(1) };
        if let Some(vserver) = called_mut(&mut config.vservers, name) {
            vserver.services.push(bound);
        }
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let vserver = called(&config.vservers, name).ok_or_else(|| absent(&TABLE, name))?;
        let id = service(config, &args)?.id;
        if !vserver.services.iter().any(|bound| bound.service == id) {
            return Err(Refusal::new(1303));
        }
        args.put("name", vserver.name());
        if let Some(vserver) = called_mut(&mut config.vservers, name) {
            vserver.services.retain(|bound| bound.service != id);
        }
        cx.wrote(TABLE.line("unbind", &args));
        Ok(())
    }
}

/// The rows of one virtual server; also part of the aggregate answer.
pub(super) fn items(config: &Config, vserver: &Vserver) -> Vec<Item> {
    let row = |(at, bound): (usize, &BoundService)| {
        let service = config.service(bound.service)?;
        let address = config.server(service.member.server)?.set.get("ipaddress").unwrap_or("0.0.0.0");
        let mut now = Fields::default();
        now.put("name", vserver.name());
        now.put("servicename", service.name());
        now.put("ipv46", address);
        now.put("port", service.member.port.to_string());
        now.put("servicetype", service.kind());
        now.put("curstate", service.member.state.word());
        now.put("weight", bound.weight.to_string());
        now.put("vserverid", format!("n{}", at + 1));
        now.put("vsvrbindsvcip", address);
        now.put("vsvrbindsvcport", service.member.port.to_string());
        Some(TABLE.item(&Fields::default(), &now))
    };
    vserver.services.iter().enumerate().filter_map(row).collect()
}

fn service<'a>(config: &'a Config, fields: &Fields) -> Outcome<&'a Service> {
    match (fields.get("servicename"), fields.get("servicegroupname")) {
        (Some(_), Some(_)) => Err(Refusal::about(1092, &["serviceName", "serviceGroupName"])),
        (None, _) => Err(Refusal::about(1095, &["serviceName"])),
        (Some(name), None) => called(&config.services, name).ok_or_else(|| Refusal::absent("serviceName", name)),
    }
}
