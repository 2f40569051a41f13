//! What a node keeps when its power goes: the settings of its command line.

use super::profile::{Cli, Site};
use serde::Serialize;
use std::net::Ipv4Addr;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Network {
    pub ip: Ipv4Addr,
    pub netmask: Ipv4Addr,
    pub gateway: Ipv4Addr,
    pub dns: Vec<Ipv4Addr>,
}

/// One line of the firewall menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Service {
    pub name: String,
    pub port: u16,
    pub enabled: bool,
    pub white_list: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Disk {
    pub network: Network,
    pub firewall: Vec<Service>,
    pub clustered: bool,
    pub offload: bool,
    /// Of the cluster's members.
    pub white_list: String,
    /// Addresses and names beside those of the DNS.
    pub hosts: Vec<(Ipv4Addr, String)>,
    /// A word of the profile's time zones.
    pub zone: String,
    pub proxy: String,
    pub cli_password: String,
    pub bundles: Vec<String>,
    /// What the next start brings: another address, another database's name.
    pub next_network: Option<Network>,
    pub next_database: Option<String>,
}

impl Disk {
    pub fn new(ip: Ipv4Addr, cli: &Cli, site: &Site, cli_password: &str) -> Self {
        let service = |seed: &super::profile::ServiceSeed| Service {
            name: seed.name.clone(),
            port: seed.port,
            enabled: seed.enabled,
            white_list: String::new(),
        };
        Self {
            network: Network { ip, netmask: site.netmask, gateway: site.gateway, dns: site.dns.clone() },
            firewall: cli.services.iter().map(service).collect(),
            clustered: true,
            offload: false,
            white_list: String::new(),
            hosts: Vec::new(),
            zone: "UTC".to_owned(),
            proxy: String::new(),
            cli_password: cli_password.to_owned(),
            bundles: Vec::new(),
            next_network: None,
            next_database: None,
        }
    }

    /// Whether the firewall lets anybody through to a port. What the menu does not know is open.
    pub fn is_open(&self, port: u16) -> bool {
        self.firewall.iter().find(|service| service.port == port).is_none_or(|service| service.enabled)
    }

    /// Whether the firewall lets this address through.
    pub fn admits(&self, from: Ipv4Addr, port: u16) -> bool {
        let service = self.firewall.iter().find(|service| service.port == port);
        service.is_none_or(|service| service.enabled && allows(&service.white_list, from))
    }
}

/// Whether a comma-separated list of addresses and networks has this one; an empty list has all.
pub(crate) fn allows(list: &str, ip: Ipv4Addr) -> bool {
    let entries: Vec<&str> = list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect();
    entries.is_empty() || entries.iter().any(|entry| contains(entry, ip) == Some(true))
}

/// Whether it is an entry at all.
pub(crate) fn is_list(list: &str) -> bool {
    let mut entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries.all(|entry| contains(entry, Ipv4Addr::UNSPECIFIED).is_some())
}

fn contains(entry: &str, ip: Ipv4Addr) -> Option<bool> {
    let Some((network, length)) = entry.split_once('/') else {
        return Some(entry.parse::<Ipv4Addr>().ok()? == ip);
    };
    let (network, length) = (network.parse::<Ipv4Addr>().ok()?, length.parse::<u32>().ok()?);
    let mask = if length > 32 { return None } else { u32::MAX.checked_shl(32 - length).unwrap_or(0) };
    Some(network.to_bits() & mask == ip.to_bits() & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_lists_have_hosts_and_networks() {
        let ip = Ipv4Addr::new(10, 20, 30, 12);
        for list in ["", " , ", "10.20.30.12", "10.9.9.9, 10.20.30.0/24", "0.0.0.0/0", "10.20.30.12/32"] {
            assert!(allows(list, ip) && is_list(list), "{list}");
        }
        for list in ["10.20.30.11", "10.20.31.0/24", "10.20.30.11,10.20.30.13"] {
            assert!(!allows(list, ip) && is_list(list), "{list}");
        }
        for list in ["x", "10.20.30.0/33", "10.20.30"] {
            assert!(!allows(list, ip) && !is_list(list), "{list}");
        }
    }
}
