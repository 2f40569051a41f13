//! `servicegroup_servicegroupmember_binding` (3.8): a server and a port in a group.

use super::{Cx, Resource, View, absent, chosen, ticks};
use crate::{
    json::Item,
    model::{Called, Config, Group, Id, Member, Server, State, Switch, Watch, called, called_mut, same},
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::{server::SERVER, servicegroup_bindings::SERVICEGROUP_MEMBER as TABLE},
    },
};
use std::sync::Arc;

pub(super) struct Members;

impl Resource for Members {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn tell(&self, _view: &View, fields: &mut Fields) -> bool {
        // The server says it already.
        fields.remove("ip");
        true
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let groups = chosen(&config.groups, &TABLE, name)?;
        Ok(groups.into_iter().flat_map(|group| items(config, group, view)).collect())
    }

    fn add(&self, cx: &mut Cx, mut fields: Fields) -> Outcome {
        let line = TABLE.line("bind", &fields);
        let now = cx.now;
        let config = &mut cx.appliance.config;
        let name = fields.text("servicegroupname").to_owned();
        names_one_server(&fields)?;
        let port = port(&fields)?;
        let group = called(&config.groups, &name).ok_or_else(|| absent(&TABLE, &name))?;
        let id = group.id;
        let known = known_server(&config.servers, &fields)?;
        if let Some(server) = known {
            if group.member(server.id, port).is_some() {
                return Err(Refusal::new(273));
            }
            meets_no_other(config, id, server, port)?;
        }
        let server = match known {
            Some(server) => server.id,
            None => implicit_server(config, &fields, now)?,
        };
        let switch = Switch::new(fields.remove("state").as_deref() != Some("DISABLED"));
        let member = Member {
            id: config.new_id(),
            server,
            port,
            set: fields.only(&["weight", "customserverid", "serverid", "hashid", "order", "dbsttl", "nameserver"]),
            switch,
            watch: Watch::default(),
            traffic: Arc::default(),
            state: State::Down,
            changed: now,
        };
        if let Some(group) = called_mut(&mut config.groups, &name) {
            group.members.push(member);
        }
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        names_one_server(&args)?;
        let port = port(&args)?;
        let group = called(&config.groups, name).ok_or_else(|| absent(&TABLE, name))?;
        let found = {
            let server = known_server(&config.servers, &args)?;
            server.and_then(|server| group.member(server.id, port)).ok_or(Refusal::new(344))?
        };
        args.put("servicegroupname", group.name());
        let line = TABLE.line("unbind", &args);
        if let Some(group) = called_mut(&mut config.groups, name) {
            group.members.remove(found);
        }
        cx.wrote(line);
        Ok(())
    }
}

/// The rows of one group; also part of the aggregate answer.
pub(super) fn items(config: &Config, group: &Group, view: &View) -> Vec<Item> {
    let row = |member: &Member| {
        let server = config.server(member.server)?;
        let mut now = Fields::default();
        now.put("servicegroupname", group.name());
        now.put("ip", server.set.get("ipaddress").unwrap_or("0.0.0.0"));
        now.put("servername", server.name());
        now.put("port", member.port.to_string());
        now.put("svrstate", member.state.word());
        now.put("statechangetimesec", member.changed.nitro());
        now.put("tickssincelaststatechange", ticks(view.now, member.changed));
        now.put("state", member.switch.word());
        now.put("graceful", if member.switch.graceful { "YES" } else { "NO" });
        now.put("delay", member.switch.delay.to_string());
        Some(TABLE.item(&member.set, &now))
    };
    group.members.iter().filter_map(row).collect()
}

/// Which member a PUT or an action on the group is about: none, when neither server nor port is named.
pub(super) fn addressed(servers: &[Server], group: &Group, fields: &Fields) -> Outcome<Option<usize>> {
    match (fields.get("servername"), fields.has("port")) {
        (None, false) => Ok(None),
        (None, true) => Err(Refusal::about(1093, &["port", "serverName"])),
        (Some(_), false) => Err(Refusal::about(1093, &["serverName", "port"])),
        (Some(name), true) => {
            let server = called(servers, name).ok_or_else(|| Refusal::absent("serverName", name))?;
            group.member(server.id, port(fields)?).map(Some).ok_or(Refusal::new(344))
        }
    }
}

pub(super) fn port(fields: &Fields) -> Outcome<u16> {
    let number = fields.number("port").ok_or_else(|| Refusal::about(1095, &["port"]))?;
    u16::try_from(number).map_err(|_| Refusal::about(1108, &["port"]))
}

/// Arguments that do not fit each other are found before anything is looked up.
fn names_one_server(fields: &Fields) -> Outcome {
    match (fields.has("servername"), fields.has("ip")) {
        (true, true) => Err(Refusal::about(1092, &["serverName", "IP"])),
        (false, false) => Err(Refusal::about(1095, &["serverName"])),
        _ => Ok(()),
    }
}

/// The server that is named or that has the address; by address there may be none yet.
pub(super) fn known_server<'a>(servers: &'a [Server], fields: &Fields) -> Outcome<Option<&'a Server>> {
    names_one_server(fields)?;
    match (fields.get("servername"), fields.text("ip")) {
        (Some(name), _) => called(servers, name).map(Some).ok_or_else(|| Refusal::absent("serverName", name)),
        (None, ip) => {
            let here = |server: &&Server| server.set.get("td").is_none_or(|domain| domain == "0");
            Ok(servers.iter().filter(here).find(|server| server.set.get("ipaddress") == Some(ip)))
        }
    }
}

/// A member by address makes a server whose name is the address.
pub(super) fn implicit_server(config: &mut Config, fields: &Fields, now: crate::clock::LabTime) -> Outcome<Id> {
    let ip = fields.text("ip");
    if config.servers.iter().any(|server| same(server.name(), ip)) {
        return Err(Refusal::about(273, &[SERVER.key().map_or("name", |key| key.cli), ip]));
    }
    let mut set = Fields::default();
    set.put("name", ip);
    set.put("ipaddress", ip);
    let id = config.new_id();
    config.servers.push(Server { id, set, switch: Switch::new(true), changed: now });
    Ok(id)
}

/// One virtual server cannot have the same address and port twice, through whichever groups (428).
fn meets_no_other(config: &Config, group: Id, server: &Server, port: u16) -> Outcome {
    let clash = config
        .users_of(group)
        .flat_map(|vserver| vserver.members(config))
        .any(|member| member.server == server.id && member.port == port);
    if clash { Err(Refusal::new(428)) } else { Ok(()) }
}
