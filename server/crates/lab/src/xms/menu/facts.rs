//! What stands for the names in braces: facts about the node, from the model.

use crate::{
    node::{Node, PORTS},
    xms::{Note, disk::Disk, members},
};
use std::{net::Ipv4Addr, sync::atomic::Ordering};

/// Puts facts in the place of their names; what is no name stays.
pub(in crate::xms) fn fill(node: &Node, text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let fact = after.split_once('}').and_then(|(name, after)| Some((fact(node, name)?, after)));
        rest = if let Some((fact, after)) = fact {
            filled.push_str(&fact);
            after
        } else {
            filled.push('{');
            after
        };
    }
    filled + rest
}

fn fact(node: &Node, name: &str) -> Option<String> {
    let profile = &node.cluster.profile;
    let disk = || node.machine.local().disk.clone();
    let list = |addresses: &[Ipv4Addr]| addresses.iter().map(Ipv4Addr::to_string).collect::<Vec<_>>().join(", ");
    Some(match name {
        "ip" => shown_ip(node).to_string(),
        "netmask" => disk().network.netmask.to_string(),
        "gateway" => disk().network.gateway.to_string(),
        "dns" => list(&disk().network.dns),
        "network" => masked(disk().network.ip, disk().network.netmask).to_string(),
        "mac" => mac(node.ip),
        "fqdn" => host_name(node),
        "database" => node.machine.database()?.founding.database.clone(),
        "database_server" => profile.site.database.server.to_string(),
        "database_port" => profile.site.database.port.to_string(),
        "database_user" => profile.site.database.user.clone(),
        "database_kind" => profile.site.database.kind.clone(),
        "node_id" => node.id(),
        "members" => members(node),
        "hazelcast" => hazelcast(node),
        "date" => date(node),
        "zone" => disk().zone,
        "white_list" => disk().white_list,
        "proxy" => disk().proxy,
        "services" => services(node, &disk()),
        "hosts" => hosts(node, &disk()),
        "arp" => arp(node),
        "log" => log(node),
        "traffic" => traffic(node),
        "pool" => node.machine.local().effective.get("hibernate.c3p0.max_size").cloned().unwrap_or_default(),
        "sessions" => node.machine.ssh_open.load(Ordering::SeqCst).to_string(),
        "tls" => "TLSv1.2, TLSv1.3".to_owned(),
        "ciphers" => ciphers(),
        _ => return None,
    })
}

fn shown_ip(node: &Node) -> Ipv4Addr {
    node.machine.ills().address.unwrap_or(node.ip)
}

/// Of the cluster, or of a machine that belongs to none yet.
fn host_name(node: &Node) -> String {
    node.machine.database().map_or_else(|| "localhost".to_owned(), |database| database.founding.fqdn.clone())
}

pub(super) fn masked(ip: Ipv4Addr, mask: Ipv4Addr) -> Ipv4Addr {
    Ipv4Addr::from_bits(ip.to_bits() & mask.to_bits())
}

/// Made of where the lab put the machine, so that a clone keeps its own.
fn mac(ip: Ipv4Addr) -> String {
    let [a, b, c, d] = ip.octets();
    format!("02:00:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
}

fn date(node: &Node) -> String {
    let local = node.machine.local();
    let (skew, zone) = (local.ills.skew(), local.disk.zone.clone());
    drop(local);
    let minutes = node.cluster.profile.cli.zones.get(&zone).copied().unwrap_or_default();
    node.cluster.now().ahead_by(skew.saturating_add(minutes * 60_000)).nitro()
}

fn members(node: &Node) -> String {
    let (rules, cli) = (&node.cluster.profile.cluster, &node.cluster.profile.cli);
    let line = |member: members::Member| {
        let status = if member.alive { &rules.status_active } else { &rules.status_dead };
        let role = if member.oldest { &rules.role_oldest } else { &rules.role_other };
        let line = cli.member.replace("{ip}", &member.ip.to_string());
        line.replace("{status}", status).replace("{role}", role)
    };
    members::seen_by(node).into_iter().map(line).collect()
}

fn hazelcast(node: &Node) -> String {
    let cli = &node.cluster.profile.cli;
    let line = |member: members::Member| {
        let this = if member.this { cli.hazelcast_this.as_str() } else { "" };
        cli.hazelcast_member.replace("{ip}", &member.ip.to_string()).replace("{this}", this)
    };
    members::seen_by(node).into_iter().filter(|member| member.alive).map(line).collect()
}

fn services(node: &Node, disk: &Disk) -> String {
    let cli = &node.cluster.profile.cli;
    let line = |service: &crate::xms::disk::Service| {
        let line = cli.says.service.replace("{service}", &service.name).replace("{port}", &service.port.to_string());
        let enabled = if service.enabled { &cli.yes } else { &cli.no };
        line.replace("{enabled}", enabled).replace("{list}", &service.white_list)
    };
    disk.firewall.iter().map(line).collect()
}

fn hosts(node: &Node, disk: &Disk) -> String {
    let says = &node.cluster.profile.cli.says;
    let line =
        |(ip, name): &(Ipv4Addr, String)| says.hosts_line.replace("{ip}", &ip.to_string()).replace("{name}", name);
    disk.hosts.iter().map(line).collect()
}

/// The running machines of the same network, by the addresses that they have.
fn arp(node: &Node) -> String {
    let Some(lab) = node.cluster.lab() else { return String::new() };
    let network = node.machine.local().disk.network.clone();
    let near = |ip: Ipv4Addr| masked(ip, network.netmask) == masked(network.ip, network.netmask);
    let others = lab.nodes.all().into_iter().filter(|other| other.ip != node.ip && other.is_on());
    let neighbours = others.map(|other| (other.machine.ills().address.unwrap_or(other.ip), mac(other.ip)));
    let says = &node.cluster.profile.cli.says;
    let line = |(ip, mac): (Ipv4Addr, String)| says.arp.replace("{ip}", &ip.to_string()).replace("{mac}", &mac);
    neighbours.chain([(network.gateway, mac(network.gateway))]).filter(|(ip, _)| near(*ip)).map(line).collect()
}

fn log(node: &Node) -> String {
    let (notes, says) = (node.machine.local().log.clone(), &node.cluster.profile.cli.says);
    if notes.is_empty() {
        return says.log_empty.clone();
    }
    let line = |note: Note| {
        let written = says.log_line.replace("{time}", &note.time).replace("{level}", &note.level);
        written.replace("{text}", &note.text)
    };
    notes.into_iter().map(line).collect()
}

/// Connections by port, as a trace would count them.
fn traffic(node: &Node) -> String {
    let says = &node.cluster.profile.cli.says;
    let line = |port: &u16| {
        says.traffic.replace("{port}", &port.to_string()).replace("{count}", &node.accepted(*port).to_string())
    };
    PORTS.iter().map(line).collect()
}

fn ciphers() -> String {
    let suites = rustls::crypto::ring::default_provider().cipher_suites;
    let names: Vec<&str> = suites.iter().filter_map(|suite| suite.suite().as_str()).collect();
    names.join("\n") + "\n"
}
