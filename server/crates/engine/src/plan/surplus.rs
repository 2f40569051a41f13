//! What Gatehouse made and nobody wants any more: removed in the reverse order of making (`nitro.md` 4.4), and only
//! where nothing of others hangs on it.

use super::change::{Change, Phase};
use crate::{autoscale, wanted::Target};
use model::{
    desired::Desired,
    object::{Attrs, Kind, ObjectRef, Value},
    plan::Verb,
    snapshot::{Seen, Snapshot},
};
use std::collections::BTreeSet;

/// What goes, what therefore is no obstacle, and what stays although nobody wants it.
#[derive(Default)]
pub struct Surplus {
    pub changes: Vec<Change>,
    pub gone: BTreeSet<ObjectRef>,
    pub notes: Vec<String>,
    /// What would go, had it not only been adopted.
    pub kept: Vec<ObjectRef>,
}

pub fn surplus(
    desired: &Desired,
    target: &Target,
    snapshot: &Snapshot,
    owned: &BTreeSet<ObjectRef>,
    kept: &BTreeSet<ObjectRef>,
) -> Surplus {
    let mut search = Search { target, snapshot, owned, kept, found: Surplus::default() };
    // A step that describes nothing takes nothing away: what was made for it stays until it says something else.
    let balancing = desired.mdm.is_some() || desired.mam.is_some();
    if !balancing {
        search.left_alone("load balancing", &BALANCING);
    }
    if desired.mam.is_some() {
        search.certificate_bindings();
    } else if balancing {
        search.left_alone("MAM", &CERTIFICATES);
    }
    if balancing {
        search.bindings();
        search.vservers();
        search.members();
        search.groups();
        search.servers();
    }
    match &desired.gateway {
        Some(_) => search.pointers(),
        None => search.left_alone("the Gateway", &[Kind::AppController]),
    }
    match &desired.dns {
        Some(_) => search.address_records(),
        None => search.left_alone("an address record", &[Kind::AddressRecord]),
    }
    if desired.mam.is_some() {
        search.certificates();
    }
    search.strangers();
    search.found
}

/// All that is ours, whatever the set-up describes: nothing of it is wanted any more.
pub fn everything(
    target: &Target,
    snapshot: &Snapshot,
    owned: &BTreeSet<ObjectRef>,
    kept: &BTreeSet<ObjectRef>,
) -> Surplus {
    let mut search = Search { target, snapshot, owned, kept, found: Surplus::default() };
    search.pointers();
    search.certificate_bindings();
    search.bindings();
    search.vservers();
    search.members();
    search.groups();
    search.servers();
    search.address_records();
    search.certificates();
    search.found
}

const BALANCING: [Kind; 4] = [Kind::ServiceGroup, Kind::Member, Kind::LbVserver, Kind::LbVserverGroup];
const CERTIFICATES: [Kind; 4] = [Kind::VserverCert, Kind::CertKey, Kind::CertLink, Kind::CertFile];

struct Search<'a> {
    target: &'a Target,
    snapshot: &'a Snapshot,
    owned: &'a BTreeSet<ObjectRef>,
    /// What of it was only adopted: somebody else made it, so it goes only when somebody asks for that.
    kept: &'a BTreeSet<ObjectRef>,
    found: Surplus,
}

impl<'a> Search<'a> {
    fn stale(&mut self, kind: Kind) -> Vec<&'a Seen> {
        let unwanted = |seen: &&Seen| self.owned.contains(&seen.object) && !self.target.wants(&seen.object);
        let unwanted = self.snapshot.of_kind(kind).filter(unwanted);
        let (kept, stale): (Vec<&Seen>, Vec<&Seen>) = unwanted.partition(|seen| self.kept.contains(&seen.object));
        // A session action is never removed, only pointed elsewhere; what is said of it is said there.
        if kind == Kind::SessionAction {
            return kept.into_iter().chain(stale).collect();
        }
        self.found.kept.extend(kept.into_iter().map(|seen| seen.object.clone()));
        stale
    }

    /// Objects of `kind` that stay and have `name` as the `part`th part of their key.
    fn users(&self, kind: Kind, part: usize, name: &str) -> Vec<&'a Seen> {
        let stays = |seen: &&Seen| seen.object.part(part) == name && !self.found.gone.contains(&seen.object);
        self.snapshot.of_kind(kind).filter(stays).collect()
    }

    fn drop(&mut self, phase: Phase, verb: Verb, seen: &Seen, reason: String) {
        let (object, before) = (seen.object.clone(), seen.attrs.clone());
        self.found.gone.insert(object.clone());
        self.found.changes.push(Change { phase, verb, object, attrs: Attrs::new(), before, reason });
    }

    fn note(&mut self, sentence: String) {
        self.found.notes.push(sentence);
    }

    fn left_alone(&mut self, what: &str, kinds: &[Kind]) {
        let ours = |seen: &&Seen| self.owned.contains(&seen.object) && kinds.contains(&seen.object.kind);
        let count = self.snapshot.objects.iter().filter(ours).count();
        if count > 0 {
            self.note(format!(
                "The set-up does not describe {what}, so nothing is planned for it; {count} objects that Gatehouse made stay."
            ));
        }
    }

    fn certificate_bindings(&mut self) {
        for seen in self.stale(Kind::VserverCert) {
            let reason = format!("The set-up no longer has {} with a certificate.", seen.object.part(0));
            self.drop(Phase::UnbindCert, Verb::Unbind, seen, reason);
        }
    }

    fn pointers(&mut self) {
        for seen in self.stale(Kind::AppController) {
            let reason = "The Gateway is pointed elsewhere by the set-up; a second pointer would be used now and then.";
            self.drop(Phase::UnbindAppController, Verb::Unbind, seen, reason.into());
        }
        for seen in self.stale(Kind::SessionAction) {
            let url = seen.attrs.get("storefronturl").map(ToString::to_string).unwrap_or_default();
            self.note(format!(
                "The {} is no longer in the set-up. What it had before is not known here, so it stays with the store {url}.",
                seen.object
            ));
        }
    }

    fn address_records(&mut self) {
        let listed: Vec<ObjectRef> =
            self.stale(Kind::AddressRecord).into_iter().map(|seen| seen.object.clone()).collect();
        // What is listed as remembered alone may be there all the same (`nitro.md` 6.2 A3).
        let ours = |object: &&ObjectRef| {
            self.owned.contains(object) && !self.kept.contains(object) && !self.target.wants(object)
        };
        let remembered: Vec<ObjectRef> = self.snapshot.remembered.iter().filter(ours).cloned().collect();
        for object in listed.into_iter().chain(remembered) {
            let reason = format!("The set-up no longer has {} at {}.", object.part(0), object.part(1));
            let seen = Seen { object, attrs: Attrs::new(), state: None, facts: Attrs::new() };
            self.drop(Phase::RemoveAddressRecord, Verb::Remove, &seen, reason);
        }
    }

    /// Certificates that Gatehouse brought and nobody uses any more, from the leaf upwards.
    fn certificates(&mut self) {
        for seen in self.stale(Kind::CertLink) {
            let reason = format!("Certificate key {} is no longer in the set-up.", seen.object.part(0));
            self.drop(Phase::UnlinkCert, Verb::Unbind, seen, reason);
        }
        for seen in self.stale(Kind::CertKey) {
            // Its link would go with it.
            if let Some(link) = self.users(Kind::CertLink, 0, seen.object.part(0)).first() {
                let sentence = stays(&seen.object, &format!("the {} is not this cluster's", link.object));
                self.note(sentence);
                continue;
            }
            let name = Value::from(seen.object.part(0));
            let named = |user: &&Seen| {
                named_by(&user.attrs, &name)
                    && !self.found.gone.contains(&user.object)
                    // A binding that this plan turns to another certificate is no user any more.
                    && self.target.find(&user.object).is_none_or(|wanted| named_by(&wanted.attrs, &name))
            };
            let users: Vec<&Seen> = self.snapshot.objects.iter().filter(named).collect();
            if let Some(why) = self.keeps(&users) {
                self.note(stays(&seen.object, &why));
                continue;
            }
            self.drop(
                Phase::RemoveCertKey,
                Verb::Remove,
                seen,
                "Nothing of the set-up uses this certificate any more.".into(),
            );
        }
        for seen in self.stale(Kind::CertFile) {
            let name = Value::from(seen.object.part(0));
            let named = |user: &&Seen| {
                user.object.kind == Kind::CertKey
                    && [user.attrs.get("cert"), user.attrs.get("key")].contains(&Some(&name))
                    && !self.found.gone.contains(&user.object)
            };
            let users: Vec<&Seen> = self.snapshot.objects.iter().filter(named).collect();
            if let Some(why) = self.keeps(&users) {
                self.note(stays(&seen.object, &why));
                continue;
            }
            self.drop(
                Phase::RemoveCertFile,
                Verb::Remove,
                seen,
                "No certificate key of the set-up is made of this file.".into(),
            );
        }
    }

    fn bindings(&mut self) {
        for seen in self.stale(Kind::LbVserverGroup) {
            let reason = format!("The set-up no longer puts {} behind {}.", seen.object.part(1), seen.object.part(0));
            let same_vserver = self.users(Kind::LbVserverGroup, 0, seen.object.part(0));
            let spare = same_vserver.iter().any(|other| self.target.wants(&other.object));
            let phase = if spare { Phase::UnbindSpare } else { Phase::UnbindGroup };
            self.drop(phase, Verb::Unbind, seen, reason);
        }
    }

    fn vservers(&mut self) {
        for seen in self.stale(Kind::LbVserver) {
            let mut users = self.users(Kind::LbVserverGroup, 0, seen.object.part(0));
            users.extend(self.users(Kind::VserverCert, 0, seen.object.part(0)));
            if let Some(other) = users.first() {
                let sentence = stays(&seen.object, &format!("the {} is not this cluster's", other.object));
                self.note(sentence);
                continue;
            }
            let reason = "The set-up no longer has this virtual server, and Gatehouse made or adopted it.";
            self.drop(Phase::RemoveVserver, Verb::Remove, seen, reason.into());
        }
    }

    fn members(&mut self) {
        for seen in self.stale(Kind::Member) {
            let (group, server) = (seen.object.part(0), seen.object.part(1));
            if let Some(source) = autoscale::source(self.snapshot, group) {
                self.note(stays(&seen.object, &format!("the members of its group come from {source}")));
                continue;
            }
            // A group of ours that somebody put behind a virtual server of theirs: emptying it would take that one down.
            let group_stays = self.target.wants(&ObjectRef::group(group));
            let used = self.users(Kind::LbVserverGroup, 1, group);
            if let (false, Some(user)) = (group_stays, used.first()) {
                let sentence = stays(&seen.object, &format!("virtual server {} uses the group", user.object.part(0)));
                self.note(sentence);
                continue;
            }
            let reason = format!("The set-up no longer has {server} on port {} in {group}.", seen.object.part(2));
            self.drop(Phase::UnbindMember, Verb::Unbind, seen, reason);
        }
    }

    fn groups(&mut self) {
        for seen in self.stale(Kind::ServiceGroup) {
            let name = seen.object.part(0);
            if let Some(source) = autoscale::told(seen) {
                self.note(stays(&seen.object, &format!("its members come from {source}")));
                continue;
            }
            let mut users = self.users(Kind::LbVserverGroup, 1, name);
            users.extend(self.users(Kind::Member, 0, name));
            if let Some(why) = self.keeps(&users) {
                self.note(stays(&seen.object, &why));
                continue;
            }
            let reason = "The set-up no longer has this service group, and nothing uses it any more.";
            self.drop(Phase::RemoveGroup, Verb::Remove, seen, reason.into());
        }
    }

    fn servers(&mut self) {
        for seen in self.stale(Kind::Server) {
            let users = self.users(Kind::Member, 1, seen.object.part(0));
            if let Some(why) = self.keeps(&users) {
                self.note(stays(&seen.object, &why));
                continue;
            }
            let reason = "No node of the set-up has this address any more, and no member refers to this server.";
            self.drop(Phase::RemoveServer, Verb::Remove, seen, reason.into());
        }
    }

    /// Why something that others may use stays. What could not be read may use it as well (5.5).
    fn keeps(&self, users: &[&Seen]) -> Option<String> {
        match users.first() {
            Some(user) => Some(format!("the {} still uses it", user.object)),
            None if !self.snapshot.unread.is_empty() => {
                Some("not everything could be read, so something unseen may use it".into())
            }
            None => None,
        }
    }

    /// Members and bindings that others put on our objects: left alone, and said.
    fn strangers(&mut self) {
        let ours = |object: ObjectRef| self.owned.contains(&object) && self.target.wants(&object);
        let left: Vec<&Seen> = self
            .snapshot
            .objects
            .iter()
            .filter(|seen| !self.owned.contains(&seen.object) && !self.target.wants(&seen.object))
            .filter(|seen| match seen.object.kind {
                Kind::Member => ours(ObjectRef::group(seen.object.part(0))),
                Kind::LbVserverGroup => ours(ObjectRef::vserver(seen.object.part(0))),
                _ => false,
            })
            .collect();
        for seen in left {
            self.note(format!(
                "The {} is not in the set-up, and Gatehouse did not make it for this cluster. It is left alone and takes \
                 part in the load balancing.",
                seen.object
            ));
        }
    }
}

fn named_by(attrs: &Attrs, certificate: &Value) -> bool {
    [attrs.get("certkeyname"), attrs.get("linkcertkeyname")].contains(&Some(certificate))
}

fn stays(object: &ObjectRef, why: &str) -> String {
    format!("The {object} is no longer in the set-up, but {why}. It stays.")
}
