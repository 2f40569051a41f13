//! What Gatehouse made and nobody wants any more: removed in the reverse order of making (`nitro.md` 4.4), and only
//! where nothing of others hangs on it.

use super::{Change, Phase};
use crate::target::Target;
use model::{
    desired::Desired,
    object::{Attrs, Kind, ObjectRef},
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
}

pub fn surplus(desired: &Desired, target: &Target, snapshot: &Snapshot, owned: &BTreeSet<ObjectRef>) -> Surplus {
    let mut search = Search { target, snapshot, owned, found: Surplus::default() };
    if desired.mdm.is_none() {
        let ours = snapshot.objects.iter().filter(|seen| owned.contains(&seen.object)).count();
        if ours > 0 {
            search.note(format!(
                "The MDM step of the set-up is empty, so nothing is planned for it; {ours} objects that Gatehouse made stay."
            ));
        }
        return search.found;
    }
    search.bindings();
    search.vservers();
    search.members();
    search.groups();
    search.servers();
    search.strangers();
    search.found
}

struct Search<'a> {
    target: &'a Target,
    snapshot: &'a Snapshot,
    owned: &'a BTreeSet<ObjectRef>,
    found: Surplus,
}

impl<'a> Search<'a> {
    fn stale(&self, kind: Kind) -> Vec<&'a Seen> {
        self.snapshot
            .of_kind(kind)
            .filter(|seen| self.owned.contains(&seen.object) && !self.target.wants(&seen.object))
            .collect()
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
            if let Some(other) = self.users(Kind::LbVserverGroup, 0, seen.object.part(0)).first() {
                let sentence = stays(&seen.object, &format!("the {} is not Gatehouse's", other.object));
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
                "The {} is not in the set-up, and Gatehouse did not make it. It is left alone and takes part in the load \
                 balancing.",
                seen.object
            ));
        }
    }
}

fn stays(object: &ObjectRef, why: &str) -> String {
    format!("The {object} is no longer in the set-up, but {why}. It stays.")
}
