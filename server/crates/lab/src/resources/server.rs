//! `server` (3.6) and where it is used.

use super::{Cx, Resource, View, absent, changes, chosen, leave, new_name, taken, ticks};
use crate::{
    json::Item,
    model::{Called, Config, Id, Server, Service, Switch, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{
        Attribute, Fields, Schema,
        tables::{
            server::{SERVER, SERVER_SERVICEGROUP_BINDING},
            service::SERVER_SERVICE,
        },
    },
};

pub(super) struct Servers;
pub(super) struct ServerGroups;
pub(super) struct ServerServices;

impl Resource for Servers {
    fn schema(&self) -> &'static Schema {
        &SERVER
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let rows = chosen(&view.appliance.config.servers, &SERVER, name)?;
        Ok(rows.into_iter().map(|server| item(server, view)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        match (fields.has("ipaddress"), fields.has("domain")) {
            (false, false) => return Err(Refusal::about(1095, &["IPAddress"])),
            (true, true) => return Err(Refusal::about(1092, &["IPAddress", "domain"])),
            _ => {}
        }
        if called(&config.servers, fields.text("name")).is_some() {
            return Err(taken(&SERVER, fields.text("name")));
        }
        address_is_free(config, &fields, None)?;
        let line = SERVER.line("add", &fields);
        let server = Server {
            id: config.new_id(),
            switch: Switch::new(fields.get("state") != Some("DISABLED")),
            set: fields,
            changed: cx.now,
        };
        config.servers.push(server);
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let line = SERVER.line("set", &fields);
        let name = fields.text("name").to_owned();
        let server = called(&config.servers, &name).ok_or_else(|| absent(&SERVER, &name))?;
        let (id, before) = (server.id, server.set.get("ipaddress").map(str::to_owned));
        let changes = changes(&SERVER, fields)?;
        if changes.has("ipaddress") && before.is_none() {
            // Its address is looked up by name.
            return Err(Refusal::new(2194));
        }
        address_is_free(config, &changes, Some(id))?;
        if changes.get("ipaddress").is_some_and(|address| before.as_deref() != Some(address)) {
            // Every member moves with its server, and nothing is known about the new place.
            config.members_mut().filter(|member| member.server == id).for_each(|member| member.watch.forget());
        }
        if let Some(server) = called_mut(&mut config.servers, &name) {
            server.set.merge(changes);
        }
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        if let Some(other) = unset.iter().find(|attribute| attribute.name == "ipaddress") {
            return Err(Refusal::about(278, &[other.name]));
        }
        let name = key.text("name");
        let server = called_mut(&mut cx.appliance.config.servers, name).ok_or_else(|| absent(&SERVER, name))?;
        for attribute in unset {
            server.set.remove(attribute.name);
        }
        cx.wrote(SERVER.unset_line(&key, unset));
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let server = called(&config.servers, name).ok_or_else(|| absent(&SERVER, name))?;
        let (id, line) = (server.id, SERVER.line("rm", &server.set.clone().only(&["name"])));
        if config.members_mut().any(|member| member.server == id) {
            return Err(Refusal::new(315));
        }
        config.servers.retain(|server| server.id != id);
        cx.wrote(line);
        Ok(())
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = SERVER.line(action, &fields);
        let now = cx.now;
        let config = &mut cx.appliance.config;
        let name = fields.text("name");
        let id = called(&config.servers, name).map(Called::id).ok_or_else(|| absent(&SERVER, name))?;
        let renamed = (action == "rename").then(|| new_name(&config.servers, &SERVER, &fields)).transpose()?;
        if action == "enable" && config.lb.get("retainservicestate") != Some("ON") {
            // Everything on it is enabled, whatever it was before.
            config.members_mut().filter(|member| member.server == id).for_each(|member| member.switch.enable());
        }
        if let Some(server) = called_mut(&mut config.servers, name) {
            let before = server.switch.word();
            match (action, renamed) {
                (_, Some(newname)) => server.set.put("name", newname),
                ("enable", _) => server.switch.enable(),
                _ => {
                    let (delay, graceful) = leave(&fields);
                    server.switch.disable(now, delay, graceful);
                }
            }
            if server.switch.word() != before {
                server.changed = now;
            }
        }
        cx.wrote(line);
        Ok(())
    }
}

impl Resource for ServerGroups {
    fn schema(&self) -> &'static Schema {
        &SERVER_SERVICEGROUP_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let servers = chosen(&config.servers, &SERVER, name)?;
        Ok(servers.into_iter().flat_map(|server| groups(config, server)).collect())
    }
}

impl Resource for ServerServices {
    fn schema(&self) -> &'static Schema {
        &SERVER_SERVICE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let servers = chosen(&config.servers, &SERVER, name)?;
        Ok(servers.into_iter().flat_map(|server| services(config, server)).collect())
    }
}

/// The rows of one server; also part of the aggregate answer.
pub(super) fn groups(config: &Config, server: &Server) -> Vec<Item> {
    let mut rows = Vec::new();
    for group in &config.groups {
        for member in group.members.iter().filter(|member| member.server == server.id) {
            let mut row = member.set.clone().only(&["customserverid"]);
            row.put("name", server.name());
            row.put("servicegroupname", group.name());
            row.put("serviceipaddress", server.set.get("ipaddress").unwrap_or("0.0.0.0"));
            row.put("port", member.port.to_string());
            row.put("svctype", group.kind());
            row.put("svrstate", member.state.word());
            rows.push(SERVER_SERVICEGROUP_BINDING.item(&Fields::default(), &row));
        }
    }
    rows
}

/// The rows of one server; also part of the aggregate answer.
pub(super) fn services(config: &Config, server: &Server) -> Vec<Item> {
    let row = |service: &Service| {
        let mut row = Fields::default();
        let address = server.set.get("ipaddress").unwrap_or("0.0.0.0");
        row.put("name", server.name());
        row.put("servicename", service.name());
        row.put("serviceipaddress", address);
        row.put("serviceipstr", address);
        row.put("port", service.member.port.to_string());
        row.put("svctype", service.kind());
        row.put("svrstate", service.member.state.word());
        SERVER_SERVICE.item(&Fields::default(), &row)
    };
    config.services.iter().filter(|service| service.member.server == server.id).map(row).collect()
}

fn item(server: &Server, view: &View) -> Item {
    let mut now = Fields::default();
    now.put("state", server.switch.word());
    now.put("statechangetimesec", server.changed.nitro());
    now.put("tickssincelaststatechange", ticks(view.now, server.changed));
    SERVER.item(&server.set, &now)
}

/// Two servers cannot have one address in one traffic domain.
fn address_is_free(config: &Config, fields: &Fields, own: Option<Id>) -> Outcome {
    let Some(address) = fields.get("ipaddress") else { return Ok(()) };
    let domain = |set: &Fields| set.get("td").unwrap_or("0").to_owned();
    let mine = own.and_then(|id| config.server(id)).map_or_else(|| domain(fields), |server| domain(&server.set));
    let other = config.servers.iter().find(|server| {
        Some(server.id) != own && server.set.get("ipaddress") == Some(address) && domain(&server.set) == mine
    });
    if other.is_some() { Err(Refusal::about(273, &["ipaddress", address])) } else { Ok(()) }
}
