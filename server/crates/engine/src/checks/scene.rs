//! What all rules ask for.

use model::{
    At, Freshness,
    desired::{Desired, Listener, Node},
    node::{Account, Door, NodeFacts, NodeKeys, list_round},
    object::{Kind, ObjectRef},
    read_error::ReadError,
    snapshot::{Seen, Snapshot},
    state::Tone,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

/// What there is to judge by.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub desired: Option<&'a Desired>,
    /// The last good look at the appliance, and what it is still worth.
    pub seen: Option<(&'a Snapshot, Freshness)>,
    /// The last look failed, later than the last good one: when, and why.
    pub failure: Option<(At, &'a ReadError)>,
    /// What Gatehouse made or adopted for the cluster.
    pub owned: &'a BTreeSet<ObjectRef>,
    /// What the nodes told, where a source gives it.
    pub nodes: &'a [NodeFacts],
    /// The keys that nodes showed and somebody accepted.
    pub keys: &'a BTreeMap<Ipv4Addr, NodeKeys>,
    /// The accounts that Gatehouse has for the nodes, and since when one is refused.
    pub accounts: &'a BTreeMap<Account, Option<At>>,
    pub fqdn: &'a str,
    pub now: At,
    /// Seconds between two looks.
    pub interval: u32,
}

/// One cluster at one time.
pub struct Scene<'a> {
    pub desired: &'a Desired,
    pub snapshot: &'a Snapshot,
    pub owned: &'a BTreeSet<ObjectRef>,
    pub nodes: &'a [NodeFacts],
    pub keys: &'a BTreeMap<Ipv4Addr, NodeKeys>,
    pub accounts: &'a BTreeMap<Account, Option<At>>,
    pub fqdn: &'a str,
    pub now: At,
    /// What the snapshot is worth.
    pub freshness: Freshness,
    /// Seconds between two looks.
    pub interval: u32,
    /// The server object that stands for a node, by the node's address.
    servers: BTreeMap<Ipv4Addr, &'a str>,
}

/// What a state word comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    Up,
    Down,
    /// Somebody switched it off.
    Disabled,
    /// Somebody is draining it, or it serves in part.
    Partly,
    /// No word, or one that we do not know.
    Unknown,
}

impl<'a> Scene<'a> {
    /// `desired` as `input` shows it.
    pub fn of(input: &Input<'a>, desired: &'a Desired, snapshot: &'a Snapshot, freshness: Freshness) -> Self {
        Self {
            desired,
            snapshot,
            owned: input.owned,
            nodes: input.nodes,
            keys: input.keys,
            accounts: input.accounts,
            fqdn: input.fqdn,
            now: input.now,
            freshness,
            interval: input.interval,
            servers: snapshot.servers_at(desired.nodes.iter().map(|node| node.address)),
        }
    }

    /// Listeners that are on the appliance or were put there by us.
    pub fn applied(&self) -> Vec<&'a Listener> {
        self.desired.listeners().filter(|listener| self.is_applied(listener)).collect()
    }

    /// Listeners that are only described.
    pub fn waiting(&self) -> Vec<&'a Listener> {
        self.desired.listeners().filter(|listener| !self.is_applied(listener)).collect()
    }

    pub fn is_applied(&self, listener: &Listener) -> bool {
        let object = ObjectRef::vserver(&listener.vserver);
        self.find(&object).is_some() || self.owned.contains(&object)
    }

    /// The MAM listener, where it is applied.
    pub fn mam(&self) -> Option<&'a Listener> {
        self.desired.mam.as_ref().map(|mam| &mam.listener).filter(|listener| self.is_applied(listener))
    }

    pub fn find(&self, object: &ObjectRef) -> Option<&'a Seen> {
        self.snapshot.find(object)
    }

    /// Why nothing is known of a kind; `None`: it was read.
    pub fn unread(&self, kind: Kind) -> Option<&'a str> {
        let all = self.snapshot.unread.iter().find(|unread| unread.kind == Some(kind));
        all.map(|unread| unread.sentence.as_str())
    }

    /// The name of the server object that stands for a node.
    pub fn server_of(&self, node: &'a Node) -> &'a str {
        self.servers.get(&node.address).copied().unwrap_or(&node.name)
    }

    pub fn member_of(&self, listener: &Listener, node: &'a Node) -> ObjectRef {
        ObjectRef::member(&listener.group, self.server_of(node), listener.port)
    }

    /// Members of a group that serve.
    pub fn up_in(&self, group: &str) -> usize {
        self.snapshot.members(group).filter(|seen| life(seen) == Life::Up).count()
    }

    /// The appliance's own word about now.
    pub fn sees_appliance(&self) -> bool {
        self.freshness == Freshness::Fresh
    }

    /// Something read from a node may still be concluded from.
    pub fn is_fresh(&self, door: Door, at: At) -> bool {
        door.freshness(at, self.now, self.interval) == Freshness::Fresh
    }

    /// Seconds in which every node's list is read once.
    pub fn round(&self) -> i64 {
        list_round(self.interval)
    }

    /// A node's name on the appliance, else its address.
    pub fn name_of(&self, address: Ipv4Addr) -> String {
        let node = self.desired.nodes.iter().find(|node| node.address == address);
        node.map_or_else(|| address.to_string(), |node| self.server_of(node).to_owned())
    }

    pub fn facts(&self, node: &Node) -> Option<&'a NodeFacts> {
        self.nodes.iter().find(|facts| facts.address == node.address)
    }
}

pub fn life(seen: &Seen) -> Life {
    if text(seen, "state").eq_ignore_ascii_case("DISABLED") {
        return Life::Disabled;
    }
    match seen.state.as_ref().map_or(Tone::Unknown, model::state::StateWord::tone) {
        Tone::Good => Life::Up,
        Tone::Bad => Life::Down,
        Tone::Quiet => Life::Disabled,
        Tone::Warn => Life::Partly,
        Tone::Unknown => Life::Unknown,
    }
}

/// The word itself, for evidence.
pub fn word(seen: &Seen) -> &str {
    seen.state.as_ref().map_or("without a state", |word| word.0.as_str())
}

/// An attribute or a fact, as text; empty where there is none.
pub fn text(seen: &Seen, name: &str) -> String {
    seen.attrs.get(name).or_else(|| seen.facts.get(name)).map(ToString::to_string).unwrap_or_default()
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [all @ .., last] => {
            format!("{} and {}", all.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "), last.as_ref())
        }
    }
}
