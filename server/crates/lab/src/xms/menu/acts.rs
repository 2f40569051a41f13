//! What the entries of the menus do.

use super::{End, Program, tools};
use crate::xms::{
    disk::{Network, is_list},
    profile::{Act, Entry},
};
use std::net::Ipv4Addr;

impl Program {
    /// What is said about it, and whether the session ends with it.
    pub(super) fn act(&self, entry: &Entry, act: Act, answers: &[String]) -> (String, Option<End>) {
        let fields = if entry.agree { answers.get(1..).unwrap_or_default() } else { answers };
        match act {
            Act::LogOut => (String::new(), Some(End::LogOut)),
            Act::Restart => (String::new(), Some(End::Restart)),
            Act::Shutdown => (String::new(), Some(End::Shutdown)),
            Act::ToggleCluster => {
                let mut local = self.node.machine.local();
                local.disk.clustered = !local.disk.clustered;
                let says = if local.disk.clustered { &self.cli().cluster_on } else { &self.cli().cluster_off };
                (says.clone(), Some(End::Restart))
            }
            Act::ToggleOffload => {
                let mut local = self.node.machine.local();
                local.disk.offload = !local.disk.offload;
                let says = if local.disk.offload { &self.cli().offload_on } else { &self.cli().offload_off };
                (says.clone(), None)
            }
            _ => (self.outcome(act, fields).unwrap_or_else(|| self.cli().says.invalid.clone()), None),
        }
    }

    /// What comes of an entry with fields; nothing when a field makes no sense.
    fn outcome(&self, act: Act, fields: &[String]) -> Option<String> {
        let says = &self.cli().says;
        match act {
            Act::WhiteList => self.white_list(fields),
            Act::Network => self.network(fields),
            Act::Firewall => self.firewall(fields),
            Act::Database => self.database(fields),
            Act::TimeZone => {
                let zone = fields.first()?;
                let known = self.cli().zones.keys().find(|known| known.eq_ignore_ascii_case(zone))?;
                known.clone_into(&mut self.node.machine.local().disk.zone);
                Some(says.saved.clone())
            }
            Act::HostsFile => {
                let (ip, name) = fields.first()?.split_once(char::is_whitespace)?;
                let line = (ip.parse().ok()?, name.trim().to_owned());
                self.node.machine.local().disk.hosts.push(line);
                Some(says.saved.clone())
            }
            Act::Proxy => {
                fields.first()?.clone_into(&mut self.node.machine.local().disk.proxy);
                Some(says.saved.clone())
            }
            Act::CliPassword => self.password(fields),
            Act::Ping => Some(tools::ping(&self.node, fields.first()?)),
            Act::Traceroute => Some(tools::traceroute(&self.node, fields.first()?)),
            Act::Lookup => Some(tools::lookup(&self.node, fields.first()?)),
            Act::Bundle => {
                let now = self.node.cluster.now();
                let name = format!("support-bundle-{}.zip", now.iso_day());
                self.node.machine.local().disk.bundles.push(name.clone());
                Some(says.bundle_made.replace("{bundle}", &name))
            }
            Act::Upload => tools::upload(&self.node, fields),
            Act::LogOut | Act::Restart | Act::Shutdown | Act::ToggleCluster | Act::ToggleOffload => None,
        }
    }

    fn white_list(&self, fields: &[String]) -> Option<String> {
        let list = fields.first().filter(|list| is_list(list))?;
        list.clone_into(&mut self.node.machine.local().disk.white_list);
        Some(self.cli().says.saved.clone())
    }

    /// An empty answer keeps what is.
    fn network(&self, fields: &[String]) -> Option<String> {
        let mut local = self.node.machine.local();
        let now = local.disk.network.clone();
        let field = |at: usize, kept: Ipv4Addr| match fields.get(at).map(String::as_str) {
            None | Some("") => Some(kept),
            Some(text) => text.parse().ok(),
        };
        let dns = |at: usize| match fields.get(at).map(String::as_str) {
            None | Some("") => Some(now.dns.get(at - 3).copied()),
            Some(text) => text.parse().ok().map(Some),
        };
        local.disk.next_network = Some(Network {
            ip: field(0, now.ip)?,
            netmask: field(1, now.netmask)?,
            gateway: field(2, now.gateway)?,
            dns: [dns(3)?, dns(4)?].into_iter().flatten().collect(),
        });
        Some(self.cli().says.after_restart.clone())
    }

    /// Three answers for each service: port, enabled, white list. All of them or none.
    fn firewall(&self, fields: &[String]) -> Option<String> {
        let cli = self.cli();
        let mut local = self.node.machine.local();
        let mut firewall = local.disk.firewall.clone();
        for (service, answers) in firewall.iter_mut().zip(fields.chunks(3)) {
            let [port, enabled, list] = answers else { return None };
            // Another port would need a listener that the lab does not have.
            if !port.is_empty() && port.parse() != Ok(service.port) {
                return None;
            }
            service.enabled = match enabled.as_str() {
                "" => service.enabled,
                answer if answer.eq_ignore_ascii_case(&cli.yes) => true,
                answer if answer.eq_ignore_ascii_case(&cli.no) => false,
                _ => return None,
            };
            if *list == cli.clear {
                service.white_list.clear();
            } else if !list.is_empty() {
                list.as_str().clone_into(&mut service.white_list);
                is_list(list).then_some(())?;
            }
        }
        local.disk.firewall = firewall;
        Some(cli.says.saved.clone())
    }

    /// Type, SSL, server, port, user, password, name; the last ones tell whether the database can be reached.
    fn database(&self, fields: &[String]) -> Option<String> {
        let [_, _, server, port, user, password, name] = fields else { return None };
        let says = &self.cli().says;
        let present = self.node.machine.database()?;
        let or = |text: &str, kept: &str| if text.is_empty() { kept.to_owned() } else { text.to_owned() };
        let seed = &self.node.cluster.profile.site.database;
        let login = tools::Login {
            server: or(server, &seed.server.to_string()),
            port: or(port, &seed.port.to_string()),
            user: or(user, &seed.user),
            password: password.clone(),
        };
        let name = or(name, &present.founding.database);
        Some(match tools::log_in_to_database(&self.node, &login) {
            tools::DatabaseDoor::Unreachable => says.database_unreachable.clone(),
            tools::DatabaseDoor::Refused => says.database_refused.clone(),
            tools::DatabaseDoor::Open if self.node.cluster.database(&name).is_none() => says.database_unknown.clone(),
            tools::DatabaseDoor::Open => {
                if !name.eq_ignore_ascii_case(&present.founding.database) {
                    self.node.machine.local().disk.next_database = Some(name);
                }
                says.database_ok.clone()
            }
        })
    }

    fn password(&self, fields: &[String]) -> Option<String> {
        let [old, new, again] = fields else { return None };
        let says = &self.cli().says;
        let mut local = self.node.machine.local();
        if *old != local.disk.cli_password || new != again || new.is_empty() {
            return Some(says.password_mismatch.clone());
        }
        new.clone_into(&mut local.disk.cli_password);
        Some(says.password_changed.clone())
    }
}
