//! Which client belongs to which member: the persistence table (3.21), and whose settings rule.

use super::{Called, Config, Id, Vserver, by_id};
use crate::{clock::LabTime, schema::Fields};
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

/// As many as the appliance keeps.
const LIMIT: usize = 250_000;

/// The settings of persistence that rule for a virtual server, and what its entries are shared in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub owner: Id,
    /// Whether several virtual servers have the same owner.
    pub shared: bool,
    name: &'a str,
    set: &'a Fields,
}

/// Whose persistence a virtual server has: its own or its group's. A group that leaves its members alone shares their
/// entries all the same; one of type NONE is no more than a name.
pub(crate) fn scope<'a>(config: &'a Config, vserver: &'a Vserver) -> Scope<'a> {
    match config.lbgroup_of(vserver.id) {
        Some(group) if group.rules() => Scope { owner: group.id, shared: true, name: group.name(), set: &group.set },
        Some(group) if group.leaves_members_alone() => {
            Scope { owner: group.id, shared: true, name: group.name(), set: &vserver.set }
        }
        _ => Scope { owner: vserver.id, shared: false, name: vserver.name(), set: &vserver.set },
    }
}

impl<'a> Scope<'a> {
    pub fn kind(&self) -> &'a str {
        self.set.get("persistencetype").unwrap_or("NONE")
    }

    pub fn rule(&self) -> Option<&'a str> {
        self.set.get("rule")
    }

    /// How long an entry, or a cookie, lives without being used.
    pub fn life(&self) -> Duration {
        self.minutes("timeout")
    }

    /// The same for the source address that helps out, if it does.
    pub fn backup(&self) -> Option<Duration> {
        (self.set.get("persistencebackup") == Some("SOURCEIP")).then(|| self.minutes("backuppersistencetimeout"))
    }

    /// `NSC_` and the name of the virtual server or group, unless somebody chose another name.
    pub fn cookie(&self) -> String {
        self.set.get("cookiename").map_or_else(|| format!("NSC_{}", self.name), str::to_owned)
    }

    /// A client's address as far as persistence looks at it.
    pub fn masked(&self, client: IpAddr) -> IpAddr {
        match client {
            IpAddr::V4(client) => {
                let mask = self.set.get("persistmask").and_then(|mask| mask.parse::<Ipv4Addr>().ok());
                IpAddr::V4(client & mask.unwrap_or(Ipv4Addr::BROADCAST))
            }
            IpAddr::V6(client) => {
                let bits = self.set.number("v6persistmasklen").and_then(|bits| u32::try_from(bits).ok()).unwrap_or(128);
                let mask = u128::MAX.checked_shl(128 - bits.min(128)).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from_bits(client.to_bits() & mask))
            }
        }
    }

    fn minutes(&self, name: &str) -> Duration {
        Duration::from_secs(self.set.number(name).and_then(|minutes| u64::try_from(minutes).ok()).unwrap_or(2) * 60)
    }
}

/// What a client is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub owner: Id,
    /// A word of `persistencetype`.
    pub kind: &'static str,
    /// The address, the session's ID in hexadecimal digits, or what the rule found.
    pub param: String,
}

/// One client and its member. The server counts more than the port, which differs between members of a group.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The virtual server that made it.
    pub vserver: Id,
    pub server: Id,
    pub port: u16,
    pub client: Option<IpAddr>,
    pub life: Duration,
    /// Connections and requests that use it now; while there are any it does not end.
    pub users: u64,
    expires: LabTime,
}

impl Entry {
    pub fn seconds_left(&self, now: LabTime) -> i64 {
        self.expires.since(now) / 1000
    }

    fn lives(&self, now: LabTime) -> bool {
        self.users > 0 || now < self.expires
    }
}

/// All entries of one appliance. No part of its configuration: a bulk request that fails does not undo traffic.
#[derive(Debug, Default)]
pub(crate) struct Persistence(BTreeMap<Key, Entry>);

impl Persistence {
    pub fn find(&self, key: &Key, now: LabTime) -> Option<&Entry> {
        self.0.get(key).filter(|entry| entry.lives(now))
    }

    /// Ties a client to a member; one that was tied to another one is moved.
    pub fn tie(&mut self, key: Key, entry: Entry, now: LabTime) {
        if self.0.len() >= LIMIT {
            self.0.retain(|_, entry| entry.lives(now));
        }
        if self.0.len() < LIMIT || self.0.contains_key(&key) {
            self.0.insert(key, entry);
        }
    }

    pub fn begin(&mut self, key: &Key) {
        if let Some(entry) = self.0.get_mut(key) {
            entry.users += 1;
        }
    }

    /// The time runs from the end of the last use.
    pub fn end(&mut self, key: &Key, now: LabTime) {
        if let Some(entry) = self.0.get_mut(key) {
            entry.users = entry.users.saturating_sub(1);
            entry.expires = now.plus(entry.life);
        }
    }

    /// What a reader sees: entries whose time is not over and whose virtual server and server are still there.
    pub fn living<'a>(&'a self, config: &'a Config, now: LabTime) -> impl Iterator<Item = (&'a Key, &'a Entry)> {
        let there =
            |entry: &Entry| by_id(&config.vservers, entry.vserver).is_some() && config.server(entry.server).is_some();
        self.0.iter().filter(move |(_, entry)| entry.lives(now) && there(entry))
    }

    pub fn count(&self, config: &Config, vserver: Id, now: LabTime) -> usize {
        self.living(config, now).filter(|(_, entry)| entry.vserver == vserver).count()
    }

    /// Forgets the entries of one virtual server or of all, or among them the one with this parameter.
    pub fn clear(&mut self, vserver: Option<Id>, param: Option<&str>) {
        self.0.retain(|key, entry| {
            let meant = vserver.is_none_or(|vserver| entry.vserver == vserver)
                && param.is_none_or(|param| key.param.eq_ignore_ascii_case(param));
            !meant
        });
    }
}

impl Entry {
    pub fn new(vserver: Id, (server, port): (Id, u16), client: Option<IpAddr>, life: Duration, now: LabTime) -> Self {
        Self { vserver, server, port, client, life, users: 0, expires: now.plus(life) }
    }
}
