//! What was read from an appliance at one time.

use crate::{
    appliance::HalfSeen,
    clock::At,
    object::{Attrs, Kind, ObjectRef, Value},
    pair::{self, Pair},
    pair_role::PairRole,
    state::StateWord,
    unread::Unread,
};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeMap, net::Ipv4Addr};

/// One object as it was seen: normalised configuration, and what the appliance says of its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub object: ObjectRef,
    /// Configuration only: the fingerprint of a plan covers it.
    pub attrs: Attrs,
    /// `curstate`, `svrstate`, `servicegroupeffectivestate`; `None` where the kind has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateWord>,
    /// What else was read and moves by itself: health, last probe reply. For pages, never compared.
    #[serde(default, skip_serializing_if = "Attrs::is_empty")]
    pub facts: Attrs,
}

/// An appliance as it was read, in a handful of GETs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub at: At,
    /// `13.1 build 48.47`, as the appliance says it.
    pub release: String,
    pub role: PairRole,
    /// The management address of the half that answered, as it says itself; empty where it does not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nsip: String,
    /// What each half of a pair said last when it was asked by its own address; empty where there is only one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub halves: Vec<HalfSeen>,
    /// Running configuration differs from the saved one; `None` where the appliance does not say.
    pub unsaved: Option<bool>,
    /// Sorted by object, each at most once. Features that are on are objects without attributes.
    pub objects: Vec<Seen>,
    /// What the licence allows, by feature token in upper case; empty where the appliance does not say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub licensed: BTreeMap<String, bool>,
    /// The other half of a pair; `None`: it stands alone.
    #[serde(default, alias = "peer", deserialize_with = "pair::read", skip_serializing_if = "Option::is_none")]
    pub pair: Option<Pair>,
    /// When its configuration was changed last, in its own words: only ever compared for being the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<String>,
    /// Seconds by which its clock is ahead of ours; negative: behind; `None`: not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<i64>,
    /// The build that wrote the saved configuration, as `release` has it; `None`: it could not be read, or nothing was
    /// saved yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved_build: Option<String>,
    /// When it was written, in the appliance's own words: only ever compared for being the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved_time: Option<String>,
    /// When all of it was read; `None`: at `at`. Later looks only brought what moves by itself up to date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_at: Option<At>,
    /// How many such looks there were since.
    #[serde(default)]
    pub glances: u32,
    /// Address records that are listed only as answers which somebody gave and which are remembered (`authtype` PROXY):
    /// whether a record stands behind them is not told. They come and go, so no plan is bound to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remembered: Vec<ObjectRef>,
    /// What could not be read: refused rights, missing resources. Never taken for "absent".
    #[serde(default)]
    pub unread: Vec<Unread>,
}

impl Snapshot {
    pub fn find(&self, object: &ObjectRef) -> Option<&Seen> {
        let index = self.objects.binary_search_by(|seen| seen.object.cmp(object)).ok()?;
        self.objects.get(index)
    }

    /// The same, to be changed; its name must stay.
    pub fn find_mut(&mut self, object: &ObjectRef) -> Option<&mut Seen> {
        let index = self.objects.binary_search_by(|seen| seen.object.cmp(object)).ok()?;
        self.objects.get_mut(index)
    }

    /// It is listed as something remembered, and not as itself.
    pub fn remembers(&self, object: &ObjectRef) -> bool {
        self.remembered.contains(object)
    }

    /// It is there, be it that it is listed as something remembered alone.
    pub fn has(&self, object: &ObjectRef) -> bool {
        self.find(object).is_some() || self.remembers(object)
    }

    /// The server that has this address, in the default traffic domain: another domain's may have the same one.
    pub fn server_at(&self, address: Ipv4Addr) -> Option<&Seen> {
        let name = self.servers_at([address]).remove(&address)?;
        self.find(&ObjectRef::server(name))
    }

    /// Names of the servers that have these addresses, the first one of each.
    pub fn servers_at(&self, addresses: impl IntoIterator<Item = Ipv4Addr>) -> BTreeMap<Ipv4Addr, &str> {
        let wanted: BTreeMap<String, Ipv4Addr> =
            addresses.into_iter().map(|address| (address.to_string(), address)).collect();
        let mut found = BTreeMap::new();
        for seen in self.of_kind(Kind::Server).filter(|seen| !seen.attrs.contains_key("td")) {
            if let Some(Value::Text(address)) = seen.attrs.get("ipaddress")
                && let Some(address) = wanted.get(address)
            {
                found.entry(*address).or_insert_with(|| seen.object.part(0));
            }
        }
        found
    }

    /// All but its objects.
    #[must_use]
    pub fn without_objects(&self) -> Self {
        Self {
            objects: Vec::new(),
            release: self.release.clone(),
            role: self.role.clone(),
            nsip: self.nsip.clone(),
            halves: self.halves.clone(),
            licensed: self.licensed.clone(),
            pair: self.pair.clone(),
            changed: self.changed.clone(),
            saved_build: self.saved_build.clone(),
            saved_time: self.saved_time.clone(),
            remembered: self.remembered.clone(),
            unread: self.unread.clone(),
            ..*self
        }
    }

    /// Moves its times: after the clock by which they were told was set, they are told by the new one.
    pub fn retime(&mut self, by: impl Fn(At) -> At) {
        self.at = by(self.at);
        self.whole_at = self.whole_at.map(&by);
        for half in &mut self.halves {
            half.at = by(half.at);
        }
    }

    /// When the configuration that is not looked at each time was read.
    pub fn read_whole_at(&self) -> At {
        self.whole_at.unwrap_or(self.at)
    }

    /// Found, not looked for: beside thousands of others the rules ask for a few kinds again and again.
    pub fn of_kind(&self, kind: Kind) -> std::slice::Iter<'_, Seen> {
        between(&self.objects, |seen| seen.object.kind.cmp(&kind)).iter()
    }

    /// Those of a kind whose key begins with `parent`: a group's members, a Gateway's policies.
    pub fn bound_to<'a>(&'a self, kind: Kind, parent: &str) -> std::slice::Iter<'a, Seen> {
        between(self.of_kind(kind).as_slice(), |seen| seen.object.part(0).cmp(parent)).iter()
    }

    /// Members of one group, in the order of their names.
    pub fn members<'a>(&'a self, group: &str) -> std::slice::Iter<'a, Seen> {
        self.bound_to(Kind::Member, group)
    }

    /// Puts an object in its place, over what was there under its name.
    pub fn put(&mut self, seen: Seen) {
        self.remembered.retain(|object| *object != seen.object);
        match self.objects.binary_search_by(|other| other.object.cmp(&seen.object)) {
            Ok(place) => self.objects[place] = seen,
            Err(place) => self.objects.insert(place, seen),
        }
    }

    /// Sorts and drops repetitions; call it once after filling `objects`.
    pub fn settle(&mut self) {
        self.objects.sort_by(|a, b| a.object.cmp(&b.object));
        self.objects.dedup_by(|a, b| a.object == b.object);
        let mut remembered = std::mem::take(&mut self.remembered);
        remembered.retain(|object| self.find(object).is_none());
        remembered.sort();
        remembered.dedup();
        self.remembered = remembered;
    }
}

/// The part of a sorted list that is equal to what is looked for.
fn between(sorted: &[Seen], place: impl Fn(&Seen) -> Ordering) -> &[Seen] {
    let begin = sorted.partition_point(|seen| place(seen).is_lt());
    let rest = sorted.get(begin..).unwrap_or_default();
    let end = rest.partition_point(|seen| place(seen).is_eq());
    rest.get(..end).unwrap_or_default()
}
