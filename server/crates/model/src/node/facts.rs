//! What is known of one node, each part with the time at which it was read.

use super::{
    backends::{Apns, Directory, Licences},
    door::Door,
    ids::{IdFact, Source, computed_id},
    port::PortFact,
    trouble::{Trouble, TroubleKind},
};
use crate::{clock::At, state::Tone};
use serde::{Deserialize, Serialize};
use std::{cell::RefCell, collections::BTreeMap, net::Ipv4Addr};

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

    pub fn is_active(&self) -> bool {
        self.tone() == Tone::Good
    }

    pub fn is_dead(&self) -> bool {
        self.tone() == Tone::Bad
    }

    /// The node that was there first and leads; a cluster has one.
    pub fn is_oldest(&self) -> bool {
        self.role.eq_ignore_ascii_case("OLDEST")
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
    /// Of the database, told by this node.
    #[serde(default)]
    pub apns: Option<Told<Apns>>,
    #[serde(default)]
    pub licences: Option<Told<Licences>>,
    #[serde(default)]
    pub directories: Option<Told<Vec<Directory>>>,
    /// The last try at each door: `None` when it went well, else why not.
    #[serde(default)]
    pub tries: BTreeMap<Door, Told<Option<Trouble>>>,
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
            apns: None,
            licences: None,
            directories: None,
            tries: BTreeMap::new(),
        }
    }

    /// Takes over what was just read; what was not read this time stays, with its old time. What comes later is the newer
    /// one: a clock that was set back must not make an old reading win.
    pub fn absorb(&mut self, new: Self) {
        for fact in new.ids {
            match self.ids.iter_mut().find(|known| known.source == fact.source) {
                Some(known) => *known = fact,
                None => self.ids.push(fact),
            }
        }
        self.ids.sort_by_key(|fact| fact.source);
        newer(&mut self.version, new.version);
        newer(&mut self.members, new.members);
        newer(&mut self.devices, new.devices);
        newer(&mut self.clock, new.clock);
        newer(&mut self.apns, new.apns);
        newer(&mut self.licences, new.licences);
        newer(&mut self.directories, new.directories);
        self.ports.extend(new.ports);
        self.tries.extend(new.tries);
    }

    /// Every time of a reading, with the door that it came by.
    pub fn each_time(&self, visit: impl FnMut(Door, At)) {
        let visit = RefCell::new(visit);
        self.clone().retime(|door, at| {
            visit.borrow_mut()(door, at);
            at
        });
    }

    /// Moves every time of a reading: after the clock by which they were told was set, they are told by the new one.
    pub fn retime(&mut self, by: impl Fn(Door, At) -> At) {
        for fact in &mut self.ids {
            let door = match fact.source {
                Source::Ssh => Door::Ssh,
                Source::ConsolePage => Door::Page,
                // What somebody pasted does not age by looks.
                Source::Pasted | Source::Address => continue,
            };
            fact.at = fact.at.map(|at| by(door, at));
        }
        let pasted = self.members.as_ref().is_some_and(|told| told.value.source == Source::Pasted);
        if !pasted {
            moved(&mut self.members, |at| by(Door::Ssh, at));
        }
        moved(&mut self.version, |at| by(Door::Open, at));
        moved(&mut self.clock, |at| by(Door::Open, at));
        moved(&mut self.devices, |at| by(Door::Rest, at));
        moved(&mut self.apns, |at| by(Door::Rest, at));
        moved(&mut self.licences, |at| by(Door::Rest, at));
        moved(&mut self.directories, |at| by(Door::Rest, at));
        for told in self.ports.values_mut() {
            told.at = by(Door::Open, told.at);
        }
        for (door, told) in &mut self.tries {
            told.at = by(*door, told.at);
        }
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
        Some((told.at, told.value.as_ref()?.sentence.as_str()))
    }

    /// What stood in the way at the last try at a door.
    pub fn trouble_kind(&self, door: Door) -> Option<TroubleKind> {
        Some(self.tries.get(&door)?.value.as_ref()?.kind)
    }
}

fn newer<T>(known: &mut Option<Told<T>>, new: Option<Told<T>>) {
    if new.is_some() {
        *known = new;
    }
}

fn moved<T>(told: &mut Option<Told<T>>, by: impl Fn(At) -> At) {
    if let Some(told) = told {
        told.at = by(told.at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;
    use jiff::SignedDuration;

    const NODE: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 11);

    fn id(source: Source, id: &str, ms: i64) -> IdFact {
        IdFact { source, id: id.into(), at: Some(from_millis(ms)), doubt: None }
    }

    fn read(ms: i64, number: &str, version: &str, trouble: Option<Trouble>) -> NodeFacts {
        NodeFacts {
            ids: vec![id(Source::Ssh, number, ms)],
            version: Some(Told::new(from_millis(ms), version.into())),
            tries: [(Door::Ssh, Told::new(from_millis(ms), trouble))].into(),
            ..NodeFacts::new(NODE)
        }
    }

    #[test]
    fn what_comes_later_wins_and_what_was_not_read_stays() {
        let mut facts = NodeFacts::new(NODE);
        facts.absorb(read(5_000, "7", "10.16", None));
        assert_eq!(facts.reported_id().unwrap().id, "7");
        let lost = Trouble::new(TroubleKind::Unreachable, "No route.");
        facts.absorb(NodeFacts { ids: Vec::new(), ..read(6_000, "", "10.17", Some(lost)) });
        assert_eq!((facts.reported_id().unwrap().id.as_str(), facts.ids.len()), ("7", 2));
        assert_eq!(facts.version.as_ref().unwrap().value, "10.17");
        assert_eq!(facts.trouble(Door::Ssh), Some((from_millis(6_000), "No route.")));
        assert_eq!(facts.trouble_kind(Door::Ssh), Some(TroubleKind::Unreachable));
        assert_eq!(facts.trouble(Door::Rest), None);
        let text = serde_json::to_string(&facts).unwrap();
        assert_eq!(serde_json::from_str::<NodeFacts>(&text).unwrap(), facts);
    }

    #[test]
    fn a_clock_that_was_set_back_hides_nothing() {
        let mut facts = NodeFacts::new(NODE);
        facts.absorb(read(90_000, "7", "10.16", None));
        let lost = Trouble::new(TroubleKind::Unreachable, "No route.");
        facts.absorb(read(10_000, "8", "10.17", Some(lost)));
        assert_eq!(
            (facts.reported_id().unwrap().id.as_str(), facts.version.as_ref().unwrap().at),
            ("8", from_millis(10_000))
        );
        assert!(facts.trouble(Door::Ssh).is_some());
    }

    #[test]
    fn every_time_of_a_look_is_moved_and_no_other() {
        let mut facts = NodeFacts::new(NODE);
        facts.absorb(read(90_000, "7", "10.16", None));
        facts.absorb(NodeFacts { ids: vec![id(Source::Pasted, "7", 90_000)], ..NodeFacts::new(NODE) });
        facts.ports.insert(443, Told::new(from_millis(90_000), PortFact::default()));
        facts.apns = Some(Told::new(from_millis(90_000), Apns::default()));
        facts.retime(|_, at| at - SignedDuration::from_secs(80));
        let text = serde_json::to_string(&facts).unwrap();
        assert_eq!(text.matches("1970-01-01T00:00:10Z").count(), 5, "{text}");
        assert_eq!(text.matches("1970-01-01T00:01:30Z").count(), 1, "what somebody pasted: {text}");
    }
}
