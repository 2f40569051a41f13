//! `service`: a server and a port on their own, and the virtual servers that use them.

use super::{Cx, Resource, View, absent, changes, chosen, leave, member, new_name, taken, ticks};
use crate::{
    json::Item,
    model::{Called, Member, Service, State, Switch, Watch, called, called_mut, needs_ssl},
    refusal::{Outcome, Refusal},
    schema::{
        Access, Attribute, Fields, Schema,
        tables::service::{SERVICE as TABLE, SVCBINDINGS},
    },
};
use std::sync::Arc;

pub(super) struct Services;
pub(super) struct ServiceUsers;

/// What the inside of a service keeps, so that it is found as a member of a group is.
const OF_MEMBER: &[&str] = &["customserverid", "serverid", "hashid"];

impl Resource for Services {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let rows = chosen(&view.appliance.config.services, &TABLE, name)?;
        Ok(rows.into_iter().map(|service| item(service, view)).collect())
    }

    fn add(&self, cx: &mut Cx, mut fields: Fields) -> Outcome {
        let now = cx.now;
        let config = &mut cx.appliance.config;
        let name = fields.text("name");
        if called(&config.services, name).is_some() {
            return Err(taken(&TABLE, name));
        }
        let line = TABLE.line("add", &fields);
        let port = member::port(&fields)?;
        let known = member::known_server(&config.servers, &fields)?.map(|server| server.id);
        let kind = fields.text("servicetype");
        let twin = |service: &Service| {
            Some(service.member.server) == known && service.member.port == port && service.kind() == kind
        };
        if config.services.iter().any(twin) {
            return Err(Refusal::new(273));
        }
        let server = match known {
            Some(server) => server,
            None => member::implicit_server(config, &fields, now)?,
        };
        let ssl = needs_ssl(kind);
        let id = config.new_id();
        let enabled = fields.remove("state").as_deref() != Some("DISABLED");
        let of_member = fields.clone().only(OF_MEMBER);
        for name in [OF_MEMBER, &["servername", "ip", "port"]].concat() {
            fields.remove(name);
        }
        let member = Member {
            id,
            server,
            port,
            set: of_member,
            switch: Switch::new(enabled),
            watch: Watch::default(),
            traffic: Arc::default(),
            state: State::Down,
            changed: now,
        };
        config.services.push(Service { id, set: fields, monitors: Vec::new(), member });
        cx.needs_features(if ssl { &["LB", "SSL"] } else { &["LB"] });
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("set", &fields);
        let config = &mut cx.appliance.config;
        let name = fields.text("name").to_owned();
        called(&config.services, &name).ok_or_else(|| absent(&TABLE, &name))?;
        let mut changes = changes(&TABLE, fields)?;
        match (changes.remove("weight"), changes.remove("monitor_name_svc")) {
            (Some(_), None) => return Err(Refusal::about(1093, &["weight", "monitorName"])),
            (None, Some(_)) => return Err(Refusal::about(1093, &["monitorName", "weight"])),
            (Some(weight), Some(monitor)) => {
                let id = called(&config.monitors.0, &monitor).map(Called::id).ok_or(Refusal::new(2171))?;
                let service = called_mut(&mut config.services, &name).ok_or_else(|| absent(&TABLE, &name))?;
                let bound = service.monitors.iter_mut().find(|bound| bound.monitor == id);
                bound.ok_or(Refusal::new(2170))?.set.put("weight", weight);
            }
            (None, None) => {}
        }
        if let Some(address) = changes.remove("ipaddress") {
            let server = config.servers.iter().find(|server| server.set.get("ipaddress") == Some(&address));
            let server = server.map(|server| server.id).ok_or_else(|| Refusal::absent("IPAddress", &address))?;
            if let Some(service) = called_mut(&mut config.services, &name) {
                service.member.server = server;
                service.member.watch.forget();
            }
        }
        if let Some(service) = called_mut(&mut config.services, &name) {
            service.member.set.merge(changes.clone().only(OF_MEMBER));
            for name in OF_MEMBER {
                changes.remove(name);
            }
            service.set.merge(changes);
        }
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        if let Some(other) = unset.iter().find(|attribute| attribute.access == Access::Set) {
            return Err(Refusal::about(278, &[other.name]));
        }
        let name = key.text("name");
        let service = called_mut(&mut cx.appliance.config.services, name).ok_or_else(|| absent(&TABLE, name))?;
        for attribute in unset {
            service.set.remove(attribute.name);
            service.member.set.remove(attribute.name);
        }
        cx.wrote(TABLE.unset_line(&key, unset));
        Ok(())
    }

    /// Takes its bindings along, unless `allowboundsvcremoval` forbids that (1325).
    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let service = called(&config.services, name).ok_or_else(|| absent(&TABLE, name))?;
        let (id, line) = (service.id, TABLE.line("rm", &service.set.clone().only(&["name"])));
        let bound = config.vservers.iter().any(|vserver| vserver.services.iter().any(|bound| bound.service == id));
        if bound && config.lb.get("allowboundsvcremoval") == Some("DISABLED") {
            return Err(Refusal::new(1325));
        }
        config.services.retain(|service| service.id != id);
        config.vservers.iter_mut().for_each(|vserver| vserver.services.retain(|bound| bound.service != id));
        cx.wrote(line);
        Ok(())
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = TABLE.line(action, &fields);
        let now = cx.now;
        let services = &mut cx.appliance.config.services;
        let name = fields.text("name");
        if called(services, name).is_none() {
            return Err(absent(&TABLE, name));
        }
        let renamed = (action == "rename").then(|| new_name(services, &TABLE, &fields)).transpose()?;
        if let Some(service) = called_mut(services, name) {
            match (action, renamed) {
                (_, Some(newname)) => service.set.put("name", newname),
                ("enable", _) => service.member.switch.enable(),
                _ => {
                    let (delay, graceful) = leave(&fields);
                    service.member.switch.disable(now, delay, graceful);
                }
            }
        }
        cx.wrote(line);
        Ok(())
    }
}

impl Resource for ServiceUsers {
    fn schema(&self) -> &'static Schema {
        &SVCBINDINGS
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let mut rows = Vec::new();
        for service in chosen(&config.services, &SVCBINDINGS, name)? {
            let uses = |bound: &crate::model::BoundService| bound.service == service.id;
            for vserver in config.vservers.iter().filter(|vserver| vserver.services.iter().any(uses)) {
                let mut row = Fields::default();
                row.put("servicename", service.name());
                row.put("vservername", vserver.name());
                row.put("ipaddress", vserver.set.get("ipv46").unwrap_or("0.0.0.0"));
                row.put("port", vserver.port().to_string());
                row.put("svrstate", vserver.state.word());
                rows.push(SVCBINDINGS.item(&Fields::default(), &row));
            }
        }
        Ok(rows)
    }
}

fn item(service: &Service, view: &View) -> Item {
    let config = &view.appliance.config;
    let member = &service.member;
    let mut now = member.set.clone();
    if let Some(server) = config.server(member.server) {
        now.put("servername", server.name());
        let address = server.set.get("ipaddress").unwrap_or("0.0.0.0");
        now.put("ip", address);
        now.put("ipaddress", address);
    }
    if needs_ssl(service.kind()) && !config.has_feature("SSL") {
        now.put("value", "SSL feature disabled");
    }
    for (name, default) in super::servicegroup::timeouts(service.kind()) {
        if !service.set.has(name) {
            now.put(name, default);
        }
    }
    now.put("port", member.port.to_string());
    now.put("numofconnections", member.traffic.open().to_string());
    now.put("svrstate", member.state.word());
    if let Some(probe) = member.watch.probes.first().filter(|_| service.is_monitored()) {
        now.put("monitor_state", probe.word());
        now.put("lastresponse", probe.last.as_ref());
    }
    now.put("delay", member.switch.delay.to_string());
    now.put("graceful", if member.switch.graceful { "YES" } else { "NO" });
    now.put("statechangetimesec", member.changed.nitro());
    now.put("statechangetimemsec", member.changed.milliseconds().to_string());
    now.put("tickssincelaststatechange", ticks(view.now, member.changed));
    TABLE.item(&service.set, &now)
}
