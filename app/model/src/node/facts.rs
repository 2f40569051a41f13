//! What is known of one node, each part with the time at which it was read.

use super::ids::{IdFact, Source, computed_id};
use crate::{clock::At, freshness::Freshness, state::Tone};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, net::Ipv4Addr};

/// Something read, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told<T> {
    pub at: At,
    pub value: T,
}

impl<T> Told<T> {
    pub const fn new(at: At, value: T) -> Self {
        Self { at, value }
    }
}

/// By which door it was asked. Each is tried at its own pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Ports, certificates and version: without an account, at every look.
    Open,
    /// The pages that set the node's cookie: when somebody reads node IDs.
    Page,
    /// REST with its account: at every fifth look.
    Rest,
    /// The menu program over SSH with its account: at every tenth look.
    Ssh,
}

impl Door {
    pub const ALL: [Self; 4] = [Self::Open, Self::Page, Self::Rest, Self::Ssh];

    /// It is tried at each so manyeth look.
    pub const fn every(self) -> u32 {
        match self {
            Self::Open | Self::Page => 1,
            Self::Rest => 5,
            Self::Ssh => 10,
        }
    }

    /// What something read at `at` is worth now; `interval` is the time between two looks in seconds.
    pub fn freshness(self, at: At, now: At, interval: u32) -> Freshness {
        Freshness::of(at, now, interval.saturating_mul(self.every()))
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "without an account",
            Self::Page => "the pages",
            Self::Rest => "REST",
            Self::Ssh => "SSH",
        })
    }
}

/// A port, from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortFact {
    /// SHA-256 of the certificate that it showed: 64 hexadecimal digits.
    pub sha256: Option<String>,
    /// The name in it.
    pub subject: Option<String>,
    /// Why there is no certificate.
    pub problem: Option<String>,
}

impl PortFact {
    /// Something answered with TLS.
    pub fn answers(&self) -> bool {
        self.sha256.is_some()
    }
}

/// One line of the member list, as the node wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub address: String,
    /// `ACTIVE` or `DEAD`; other words are kept and mean nothing to us.
    pub status: String,
    /// `OLDEST` or `NONE`.
    pub role: String,
}

impl Member {
    /// Its status, and its role where it has one.
    pub fn standing(&self) -> String {
        if self.role.is_empty() || self.role.eq_ignore_ascii_case("NONE") {
            self.status.clone()
        } else {
            format!("{}, {}", self.status, self.role)
        }
    }

    pub fn tone(&self) -> Tone {
        match self.status.to_ascii_uppercase().as_str() {
            "ACTIVE" => Tone::Good,
            "DEAD" => Tone::Bad,
            _ => Tone::Unknown,
        }
    }
}

/// The cluster as one node sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    pub list: Vec<Member>,
    /// SSH, or pasted from there.
    pub source: Source,
}

impl Members {
    pub fn find(&self, address: Ipv4Addr) -> Option<&Member> {
        self.list.iter().find(|member| member.address.parse() == Ok(address))
    }
}

/// What is known of one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeFacts {
    pub address: Ipv4Addr,
    /// One of each source at most.
    #[serde(default)]
    pub ids: Vec<IdFact>,
    #[serde(default)]
    pub version: Option<Told<String>>,
    #[serde(default)]
    pub members: Option<Told<Members>>,
    /// Devices in the whole database, where REST said so.
    #[serde(default)]
    pub devices: Option<Told<u64>>,
    #[serde(default)]
    pub ports: BTreeMap<u16, Told<PortFact>>,
    /// Seconds by which its clock is ahead of ours; negative: behind.
    #[serde(default)]
    pub clock: Option<Told<i64>>,
    /// The last try at each door: `None` when it went well, else why not.
    #[serde(default)]
    pub tries: BTreeMap<Door, Told<Option<String>>>,
}

impl NodeFacts {
    /// Of a node that nobody has asked yet: only the number that its address gives.
    pub fn new(address: Ipv4Addr) -> Self {
        Self {
            address,
            ids: vec![computed_id(address)],
            version: None,
            members: None,
            devices: None,
            ports: BTreeMap::new(),
            clock: None,
            tries: BTreeMap::new(),
        }
    }

    /// Takes over what is newer; what was not read this time stays, with its old time.
    pub fn absorb(&mut self, new: Self) {
        for fact in new.ids {
            match self.ids.iter_mut().find(|known| known.source == fact.source) {
                Some(known) if known.at <= fact.at => *known = fact,
                Some(_) => {}
                None => self.ids.push(fact),
            }
        }
        self.ids.sort_by_key(|fact| fact.source);
        newer(&mut self.version, new.version);
        newer(&mut self.members, new.members);
        newer(&mut self.devices, new.devices);
        newer(&mut self.clock, new.clock);
        merge(&mut self.ports, new.ports);
        merge(&mut self.tries, new.tries);
    }

    /// The number by one source.
    pub fn id(&self, source: Source) -> Option<&IdFact> {
        self.ids.iter().find(|fact| fact.source == source)
    }

    /// What the node itself says, by the best source; a number that was only computed is none.
    pub fn reported_id(&self) -> Option<&IdFact> {
        [Source::Ssh, Source::Pasted, Source::ConsolePage].into_iter().find_map(|source| self.id(source))
    }

    /// How the node lists itself.
    pub fn own_line(&self) -> Option<Told<Member>> {
        let told = self.members.as_ref()?;
        Some(Told::new(told.at, told.value.find(self.address)?.clone()))
    }

    /// Why the last try at a door failed.
    pub fn trouble(&self, door: Door) -> Option<(At, &str)> {
        let told = self.tries.get(&door)?;
        Some((told.at, told.value.as_deref()?))
    }
}

fn newer<T>(known: &mut Option<Told<T>>, new: Option<Told<T>>) {
    if let Some(new) = new
        && known.as_ref().is_none_or(|known| known.at <= new.at)
    {
        *known = Some(new);
    }
}

fn merge<K: Ord, T>(known: &mut BTreeMap<K, Told<T>>, new: BTreeMap<K, Told<T>>) {
    for (key, told) in new {
        if known.get(&key).is_none_or(|known| known.at <= told.at) {
            known.insert(key, told);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;

    #[test]
    fn what_is_newer_wins_and_what_was_not_read_stays() {
        let address = Ipv4Addr::new(10, 20, 30, 11);
        let id = |source, id: &str, ms| IdFact { source, id: id.into(), at: Some(from_millis(ms)), doubt: None };
        let mut facts = NodeFacts::new(address);
        let read = NodeFacts {
            ids: vec![id(Source::Ssh, "7", 5)],
            version: Some(Told::new(from_millis(5), "10.16".into())),
            tries: [(Door::Ssh, Told::new(from_millis(5), None))].into(),
            ..NodeFacts::new(address)
        };
        facts.absorb(read.clone());
        assert_eq!(facts.reported_id().unwrap().id, "7");
        let older = NodeFacts {
            ids: vec![id(Source::Ssh, "8", 4)],
            version: Some(Told::new(from_millis(6), "10.17".into())),
            tries: [(Door::Ssh, Told::new(from_millis(6), Some("No route.".into())))].into(),
            ..NodeFacts::new(address)
        };
        facts.absorb(older);
        assert_eq!(facts.reported_id().unwrap().id, "7", "an older number does not replace a newer one");
        assert_eq!(facts.version.as_ref().unwrap().value, "10.17");
        assert_eq!(facts.trouble(Door::Ssh), Some((from_millis(6), "No route.")));
        assert_eq!(facts.trouble(Door::Rest), None);
        assert_eq!(facts.ids.len(), 2);
        let text = serde_json::to_string(&facts).unwrap();
        assert_eq!(serde_json::from_str::<NodeFacts>(&text).unwrap(), facts);
    }
}
