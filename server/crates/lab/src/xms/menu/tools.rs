//! What reaches out from a node: names, hosts, the database, servers for bundles. All of it is the lab's.

use super::facts::masked;
use crate::{
    node::{Node, Reach},
    seed,
    xms::ills::Ill,
};
use std::net::{IpAddr, Ipv4Addr};

/// An account of the SQL server.
pub(crate) struct Login {
    pub server: String,
    pub port: String,
    pub user: String,
    pub password: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DatabaseDoor {
    Open,
    Refused,
    Unreachable,
}

pub(crate) fn log_in_to_database(node: &Node, login: &Login) -> DatabaseDoor {
    let seed = &node.cluster.profile.site.database;
    let there = resolve(node, &login.server) == Some(seed.server) && login.port == seed.port.to_string();
    if !there || node.machine.ills().has(Ill::DbDown) {
        DatabaseDoor::Unreachable
    } else if login.user == seed.user && login.password == seed.password {
        DatabaseDoor::Open
    } else {
        DatabaseDoor::Refused
    }
}

/// An address, a name of the hosts file, of the DNS, or one of the lab's own.
fn resolve(node: &Node, host: &str) -> Option<Ipv4Addr> {
    if let Ok(ip) = host.parse() {
        return Some(ip);
    }
    let hosts = node.machine.local().disk.hosts.clone();
    if let Some((ip, _)) = hosts.iter().find(|(_, name)| name.eq_ignore_ascii_case(host)) {
        return Some(*ip);
    }
    let names = &node.cluster.profile.site.names;
    if let Some((_, ip)) = names.iter().find(|(name, _)| name.eq_ignore_ascii_case(host)) {
        return Some(*ip);
    }
    let nodes = node.cluster.lab()?.nodes.all();
    let at = (0..nodes.len()).find(|at| seed::name(*at).eq_ignore_ascii_case(host))?;
    Some(nodes[at].configured_ip())
}

/// Whether somebody is there: a running node, an appliance's address, or a server of the site.
fn answers(node: &Node, ip: Ipv4Addr) -> bool {
    let site = &node.cluster.profile.site;
    let network = node.machine.local().disk.network.clone();
    if ip == network.gateway || ip == site.database.server || network.dns.contains(&ip) {
        return true;
    }
    let Some(lab) = node.cluster.lab() else { return false };
    if let Some(other) = lab.nodes.all().iter().find(|other| other.configured_ip() == ip) {
        return other.is_on();
    }
    let directory = |name: &str| site.ldap.iter().any(|entry| entry[name].as_str() == Some(&ip.to_string()));
    if directory("primaryHost") || directory("secondaryHost") {
        return !node.machine.ills().has(Ill::LdapDown);
    }
    let server = |address: &str| address == ip.to_string();
    if server(&site.licences.server_address) || site.bundle_servers.iter().any(|known| server(&known.host)) {
        return true;
    }
    let world = lab.world();
    let mut appliances = world.appliances.iter();
    appliances.any(|one| one.nsip == ip || one.snip.0 == ip || one.config.vips().any(|(at, _, _)| at == IpAddr::V4(ip)))
}

pub(super) fn ping(node: &Node, host: &str) -> String {
    let says = &node.cluster.profile.cli.says;
    let Some(ip) = resolve(node, host) else { return says.host_unknown.replace("{host}", host) };
    let text = if answers(node, ip) { &says.ping_ok } else { &says.ping_lost };
    text.replace("{host}", host).replace("{ip}", &ip.to_string())
}

/// One hop within the network, one more behind the gateway.
pub(super) fn traceroute(node: &Node, host: &str) -> String {
    let says = &node.cluster.profile.cli.says;
    let Some(ip) = resolve(node, host) else { return says.host_unknown.replace("{host}", host) };
    let network = node.machine.local().disk.network.clone();
    let near = masked(ip, network.netmask) == masked(network.ip, network.netmask);
    let mut hops = if near { Vec::new() } else { vec![network.gateway] };
    hops.push(ip);
    let line = |(at, hop): (usize, &Ipv4Addr)| {
        let text = if answers(node, *hop) { &says.hop } else { &says.hop_lost };
        text.replace("{number}", &(at + 1).to_string()).replace("{ip}", &hop.to_string())
    };
    hops.iter().enumerate().map(line).collect()
}

pub(super) fn lookup(node: &Node, host: &str) -> String {
    let says = &node.cluster.profile.cli.says;
    match resolve(node, host) {
        Some(ip) => says.lookup.replace("{host}", host).replace("{ip}", &ip.to_string()),
        None => says.host_unknown.replace("{host}", host),
    }
}

/// Host, user, password, path: the last bundle goes to a server of the site, if there is one with that account.
pub(super) fn upload(node: &Node, fields: &[String]) -> Option<String> {
    let [host, user, password, _] = fields else { return None };
    let says = &node.cluster.profile.cli.says;
    let Some(bundle) = node.machine.local().disk.bundles.last().cloned() else { return Some(says.no_bundle.clone()) };
    let ip = resolve(node, host).map(|ip| ip.to_string());
    let server = node.cluster.profile.site.bundle_servers.iter().find(|known| Some(&known.host) == ip.as_ref());
    let text = match server {
        None => &says.upload_refused,
        Some(server) if server.user == *user && server.password == *password => &says.upload_done,
        Some(_) => &says.upload_denied,
    };
    Some(text.replace("{host}", host).replace("{bundle}", &bundle))
}

/// Whether another machine that is on has this address already.
pub(crate) fn is_taken(node: &Node, ip: Ipv4Addr) -> bool {
    let Some(lab) = node.cluster.lab() else { return false };
    let others = lab.nodes.all();
    let there = !matches!(lab.nodes.reach(IpAddr::V4(ip), 22), Reach::Nowhere);
    there && others.iter().any(|other| other.ip != node.ip && other.configured_ip() == ip && other.is_on())
}
