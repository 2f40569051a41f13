//! One wanted object against what is there.

use super::{
    Draft,
    change::{Change, Phase},
    sentences,
};
use crate::{
    apply::shown,
    autoscale,
    kinds::{self, Attribute, Changeable},
    wanted::{Wanted, twin_in_case},
};
use model::{
    object::{Attrs, Kind, ObjectRef, Value},
    plan::{Conflict, Verb},
    snapshot::Seen,
};

/// The fact by which a virtual server says that it is in a persistency group (`nitro.md` 3.20).
const GROUP_NAME: &str = "groupname";
/// What the persistency group rules over (5.2, 2306).
const GROUP_RULES: [&str; 3] = ["persistencetype", "timeout", "persistencebackup"];

/// With CUSTOMSERVERID nothing is remembered, so there is nothing that a timeout could end (5.2).
fn ignored(wanted: &Wanted, attribute: &Attribute) -> bool {
    attribute.name == "timeout"
        && wanted.attrs.get("persistencetype").is_some_and(|kind| *kind == Value::from("CUSTOMSERVERID"))
}

impl Draft<'_> {
    pub(super) fn compare(&mut self, wanted: &Wanted) {
        let snapshot = self.snapshot;
        if let Some(source) = autoscale::of(snapshot, &wanted.object) {
            // One sentence for the group stands for its members as well.
            if wanted.object.kind == Kind::ServiceGroup {
                self.refuse(&wanted.object, sentences::scales_itself(&wanted.object, &source));
            }
            return;
        }
        match snapshot.find(&wanted.object) {
            None => self.absent(wanted),
            Some(seen) => self.present(wanted, seen),
        }
    }

    fn absent(&mut self, wanted: &Wanted) {
        if let Some(twin) = twin_in_case(self.snapshot, &wanted.object) {
            return self.refuse(&wanted.object, sentences::twin(&wanted.object, twin));
        }
        if let Some(other) = self.listens_there(wanted) {
            return self.address_taken(wanted, other);
        }
        if self.snapshot.remembers(&wanted.object) && self.owned.contains(&wanted.object) {
            self.notes.push(sentences::remembered(&wanted.object));
            self.unchanged.push(wanted.object.clone());
            return;
        }
        if kinds::changed_only(wanted.object.kind) {
            return self.refuse(&wanted.object, sentences::nothing_to_change(&wanted.object));
        }
        self.rival(&wanted.object);
        if let Some((binding, server)) = self.second_way(&wanted.object) {
            if !self.conflicts.iter().any(|conflict| conflict.object == binding) {
                let sentence = sentences::second_way(&binding, &server);
                self.conflicts.push(Conflict::removable(binding, sentence));
            }
            return;
        }
        let verb = match wanted.object.kind {
            Kind::Feature => Verb::FeatureOn,
            kind if kinds::of(kind).bound => Verb::Bind,
            _ => Verb::Add,
        };
        self.change(verb, &wanted.object, wanted.attrs.clone(), Attrs::new(), wanted.reason.clone());
    }

    fn present(&mut self, wanted: &Wanted, seen: &Seen) {
        let owned = self.owned.contains(&wanted.object);
        let differing = self.differing(wanted, seen);
        if let Some(fixed) = differing.iter().find(|attribute| attribute.change == Changeable::Never) {
            return self.refuse(&wanted.object, sentences::fixed(wanted, seen, fixed.name, owned));
        }
        if kinds::needs_ownership(wanted.object.kind) && !owned {
            let sentence = sentences::not_ours(wanted, seen, &differing);
            self.conflicts.push(Conflict::adoptable(wanted.object.clone(), sentence));
            return;
        }
        if differing.is_empty() {
            self.unchanged.push(wanted.object.clone());
            return;
        }
        let (switched, differing): (Vec<&Attribute>, Vec<&Attribute>) =
            differing.into_iter().partition(|attribute| attribute.is_switch());
        if !switched.is_empty() && !self.turn(wanted, seen) {
            return;
        }
        if differing.is_empty() {
            return;
        }
        if wanted.object.kind == Kind::Server {
            let others = self.members_of_others(&wanted.object);
            if !owned || !others.is_empty() {
                return self.refuse(&wanted.object, sentences::other_address(wanted, seen, owned, &others));
            }
        }
        if let Some(other) = self.listens_there(wanted) {
            return self.address_taken(wanted, other);
        }
        self.alter(wanted, seen, &differing);
    }

    /// `set` for what has a value, then `unset` for what goes back to its default: an empty value is no reset (5.2). In
    /// this order, because a default may fit the new persistence type only.
    fn alter(&mut self, wanted: &Wanted, seen: &Seen, differing: &[&Attribute]) {
        let (unset, set): (Vec<&Attribute>, Vec<&Attribute>) = differing
            .iter()
            .copied()
            .partition(|attribute| kinds::equal(attribute, wanted.attrs.get(attribute.name), None));
        for (verb, attributes) in [(Verb::Set, set), (Verb::Unset, unset)] {
            if attributes.is_empty() {
                continue;
            }
            let pick = |attrs: &Attrs| -> Attrs {
                let value = |a: &Attribute| attrs.get(a.name).cloned().or_else(|| a.preset.value());
                attributes.iter().filter_map(|a| Some((a.name.to_owned(), value(a)?))).collect()
            };
            let reason = sentences::change(verb, wanted, seen, &attributes);
            self.change(verb, &wanted.object, pick(&wanted.attrs), pick(&seen.attrs), reason);
        }
    }

    fn differing(&mut self, wanted: &Wanted, seen: &Seen) -> Vec<&'static Attribute> {
        let grouped = seen.facts.get(GROUP_NAME).filter(|_| wanted.object.kind == Kind::LbVserver);
        if let Some(group) = grouped {
            self.notes.push(sentences::persistency_group(&wanted.object, &group.to_string()));
        }
        kinds::of(wanted.object.kind)
            .attributes
            .iter()
            .filter(|attribute| !attribute.is_write_only() && !ignored(wanted, attribute))
            .filter(|attribute| !attribute.is_switch() || !self.under_something_off(wanted))
            .filter(|attribute| grouped.is_none() || !GROUP_RULES.contains(&attribute.name))
            .filter(|attribute| {
                !kinds::equal(attribute, wanted.attrs.get(attribute.name), seen.attrs.get(attribute.name))
            })
            .collect()
    }

    /// Somebody else's answer to the same question: another App Controller of the Gateway, another address of the name.
    /// Two at a time give now the one and now the other, so the plan takes the old one away, with consent.
    fn rival(&mut self, object: &ObjectRef) {
        if !matches!(object.kind, Kind::AppController | Kind::AddressRecord) {
            return;
        }
        let (snapshot, target) = (self.snapshot, self.target);
        let others = snapshot.of_kind(object.kind).map(|seen| &seen.object);
        let rivals = others.filter(|other| other.part(0) == object.part(0) && !target.wants(other));
        let rivals: Vec<&ObjectRef> = rivals.filter(|other| !self.may_go(other)).collect();
        for rival in rivals {
            let sentence = sentences::rival(object, rival);
            self.conflicts.push(Conflict::removable(rival.clone(), sentence));
        }
    }

    /// The other virtual server on the wanted address and port, unless this plan removes it before.
    fn listens_there(&self, wanted: &Wanted) -> Option<ObjectRef> {
        if wanted.object.kind != Kind::LbVserver {
            return None;
        }
        let same = |seen: &&Seen, name: &str| {
            shown(&seen.object, name, &seen.attrs) == shown(&wanted.object, name, &wanted.attrs)
        };
        let gateways = self.snapshot.of_kind(Kind::Gateway).filter(|seen| same(seen, "ipv46") && same(seen, "port"));
        self.snapshot
            .of_kind(Kind::LbVserver)
            .filter(|seen| seen.object != wanted.object && !self.gone.contains(&seen.object))
            .filter(|seen| ["ipv46", "port", "td"].iter().all(|name| same(seen, name)))
            .chain(gateways)
            .chain(self.own_addresses(wanted))
            .next()
            .map(|seen| seen.object.clone())
    }

    fn address_taken(&mut self, wanted: &Wanted, other: ObjectRef) {
        let sentence = sentences::address_taken(wanted, &other);
        let conflict = Conflict::refusal(wanted.object.clone(), sentence);
        self.conflicts.push(Conflict { other: Some(other), ..conflict });
    }

    /// The appliance's own address, which no virtual server may have: its management answers there (3.5).
    fn own_addresses(&self, wanted: &Wanted) -> impl Iterator<Item = &Seen> {
        let address = wanted.attrs.get("ipv46").map(ToString::to_string).unwrap_or_default();
        self.snapshot.of_kind(Kind::Address).filter(move |seen| {
            let kind = seen.attrs.get("type").map(ToString::to_string).unwrap_or_default();
            seen.object.part(0) == address && !kind.eq_ignore_ascii_case("VIP")
        })
    }

    /// The binding of others that puts a wanted member behind its virtual server through another group already, and
    /// that member's server. A virtual server refuses one address and port twice (428).
    fn second_way(&self, object: &ObjectRef) -> Option<(ObjectRef, String)> {
        let group = match object.kind {
            Kind::Member => object.part(0),
            Kind::LbVserverGroup => object.part(1),
            _ => return None,
        };
        let wanted = |kind: Kind| self.target.wanted.iter().map(|w| &w.object).filter(move |o| o.kind == kind);
        let vservers: Vec<&str> =
            wanted(Kind::LbVserverGroup).filter(|o| o.part(1) == group).map(|o| o.part(0)).collect();
        let strangers = self.snapshot.of_kind(Kind::LbVserverGroup).map(|seen| &seen.object).filter(|binding| {
            vservers.contains(&binding.part(0)) && !self.target.wants(binding) && !self.may_go(binding)
        });
        for binding in strangers {
            let there = |member: &&ObjectRef| {
                member.part(0) == group
                    && self.snapshot.members(binding.part(1)).any(|seen| seen.object.key[1..] == member.key[1..])
            };
            if let Some(member) = wanted(Kind::Member).find(there) {
                return Some((binding.clone(), member.part(1).to_owned()));
            }
        }
        None
    }

    /// Members that use this server and are not ours: a new address would move them as well.
    fn members_of_others(&self, server: &ObjectRef) -> Vec<ObjectRef> {
        self.snapshot
            .of_kind(Kind::Member)
            .filter(|seen| seen.object.part(1) == server.part(0) && !self.owned.contains(&seen.object))
            .map(|seen| seen.object.clone())
            .collect()
    }

    fn change(&mut self, verb: Verb, object: &ObjectRef, attrs: Attrs, before: Attrs, reason: String) {
        let phase = Phase::making(object.kind);
        self.changes.push(Change { phase, verb, object: object.clone(), attrs, before, reason });
    }
}
