//! `GET /state`: everything, for people and for tests, in the lab's own words and not in NITRO's.

use crate::{
    appliance::Appliance,
    clock::LabTime,
    model::{Called, Config, Gateway, Group, Member, Probe, SslSide, Vserver, by_id},
    node::{Node, PORTS},
    shared::Shared,
};
use serde_json::{Value, json};

pub(crate) fn take(shared: &Shared) -> Value {
    let world = shared.world();
    let now = world.clock.now();
    json!({
        "clock": { "mode": world.clock.mode(), "now": now.iso(), "now_ms": now.0, "events_waiting": world.queue.len() },
        "appliances": world.appliances.iter().map(|appliance| self::appliance(appliance, now)).collect::<Vec<_>>(),
        "nodes": shared.nodes.all().iter().map(|node| self::node(node)).collect::<Vec<_>>(),
        "faults": world.faults.list,
    })
}

fn appliance(appliance: &Appliance, now: LabTime) -> Value {
    let config = &appliance.config;
    json!({
        "nsip": appliance.nsip,
        "role": appliance.role().word().to_ascii_lowercase(),
        "power": power(appliance, now),
        "version": appliance.version.to_string(),
        "ha": appliance.ha.as_ref().map(|ha| json!({
            "since": ha.since.iso(),
            "syncing_until": ha.syncing.as_ref().map(|sync| sync.until.iso()),
            "out_of_step": ha.out_of_step,
            "failures": ha.failures,
        })),
        "configchanged": appliance.dirty,
        "changed_at": appliance.changed_at.iso(),
        "saved_at": appliance.saved_at.iso(),
        "saving": appliance.saving,
        "features": config.features,
        "sessions": appliance.sessions.view(now),
        "servers": config.servers.iter().map(|server| json!({
            "name": server.name(),
            "address": server.address(),
            "state": server.switch.word(),
        })).collect::<Vec<_>>(),
        "groups": config.groups.iter().map(|group| self::group(config, group)).collect::<Vec<_>>(),
        "vservers": config.vservers.iter().map(|vserver| self::vserver(config, vserver)).collect::<Vec<_>>(),
        "files": config.files.iter().map(|file| format!("{}/{}", file.location, file.name)).collect::<Vec<_>>(),
        "certkeys": config.certkeys.iter().map(|certkey| json!({
            "name": certkey.name(),
            "subject": certkey.facts.subject,
            "names": certkey.facts.dns,
            "status": certkey.facts.status(now),
            "until": certkey.facts.not_after.iso(),
            "link": certkey.link.and_then(|link| config.certkey(link)).map(Called::name),
        })).collect::<Vec<_>>(),
        "gateways": config.gateways.iter().map(|gateway| self::gateway(config, gateway)).collect::<Vec<_>>(),
        "session_policies": config.policies.iter().map(|policy| json!({
            "name": policy.name(),
            "action": policy.set.get("action"),
        })).collect::<Vec<_>>(),
        "session_actions": config.actions.iter().map(|action| json!({
            "name": action.name(),
            "storefronturl": action.set.get("storefronturl"),
        })).collect::<Vec<_>>(),
        "dns": config.records.iter().map(|record| json!({
            "name": record.host,
            "ttl": record.ttl,
            "addresses": record.addresses,
        })).collect::<Vec<_>>(),
    })
}

fn power(appliance: &Appliance, now: LabTime) -> &'static str {
    match (appliance.is_on(), appliance.is_booting(now)) {
        (false, _) => "off",
        (true, true) => "booting",
        (true, false) => "on",
    }
}

fn gateway(config: &Config, gateway: &Gateway) -> Value {
    json!({
        "name": gateway.name(),
        "address": gateway.address(),
        "port": gateway.port(),
        "state": gateway.state.word(),
        "why_not": gateway.value(config),
        "certificates": certificates(config, &gateway.ssl),
        "controllers": gateway.controllers,
        "policies": gateway.policies.iter().filter_map(|bound| by_id(&config.policies, bound.policy)).map(Called::name)
            .collect::<Vec<_>>(),
        "since": gateway.changed.iso(),
    })
}

fn certificates<'a>(config: &'a Config, side: &SslSide) -> Vec<&'a str> {
    side.bound.iter().filter_map(|bound| config.certkey(bound.certkey)).map(Called::name).collect()
}

fn group(config: &Config, group: &Group) -> Value {
    json!({
        "name": group.name(),
        "type": group.kind(),
        "state": group.switch.word(),
        "effective": group.effective,
        "members": group.members.iter().map(|member| self::member(config, member)).collect::<Vec<_>>(),
    })
}

fn member(config: &Config, member: &Member) -> Value {
    let server = config.server(member.server);
    json!({
        "server": server.map_or("", Called::name),
        "address": server.and_then(crate::model::Server::address),
        "port": member.port,
        "state": member.state.word(),
        "enabled": member.switch.word(),
        "since": member.changed.iso(),
        "monitor": member.watch.probes.first().map(|probe| watch(config, probe)),
        "monitors": member.watch.probes.iter().map(|probe| watch(config, probe)).collect::<Vec<_>>(),
    })
}

fn watch(config: &Config, probe: &Probe) -> Value {
    json!({
        "name": config.monitors.by_id(probe.monitor).map(Called::name),
        "state": probe.word(),
        "sent": probe.sent,
        "failed": probe.failed,
        "failed_in_a_row": probe.failures,
        "last": probe.last,
    })
}

fn vserver(config: &Config, vserver: &Vserver) -> Value {
    let load = vserver.load(config);
    json!({
        "name": vserver.name(),
        "type": vserver.kind(),
        "address": vserver.address(),
        "port": vserver.port(),
        "state": vserver.state.word(),
        "why_not": vserver.value(config),
        "health": load.health,
        "members": load.total,
        "members_up": load.active,
        "certificates": certificates(config, &vserver.ssl),
        "groups": config.groups_of(vserver).map(Called::name).collect::<Vec<_>>(),
        "since": vserver.changed.iso(),
        "hits": vserver.traffic.hits(),
    })
}

fn node(node: &Node) -> Value {
    let ports = PORTS.iter().map(|port| {
        let door = json!({ "at": node.address(*port), "connections": node.accepted(*port) });
        (port.to_string(), door)
    });
    json!({
        "ip": node.ip,
        "power": node.power_word(),
        "ports": ports.collect::<serde_json::Map<_, _>>(),
        "xms": node.machine.view(),
    })
}
