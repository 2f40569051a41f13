//! The difference between desired state and a snapshot, as a plan that leaves nothing to decide (invariants 2, 3, 5).

mod change;
mod compare;
mod notes;
pub mod operation;
pub mod sentences;
mod surplus;
mod switch;

use crate::{
    fingerprint::fingerprint,
    wanted::{Target, target},
};
use change::{Change, Phase};
use model::{
    PairRole,
    desired::Desired,
    object::{Attrs, ObjectRef},
    plan::{Conflict, Plan, Verb},
    snapshot::Snapshot,
};
use std::collections::BTreeSet;

/// Plans `desired` on an appliance as `snapshot` saw it. `owned` is what this cluster made or adopted there; nothing
/// else is changed. A step of the set-up that is absent plans nothing; one that is there and lists no listeners plans
/// the removal of what Gatehouse made for it.
pub fn plan(desired: &Desired, snapshot: &Snapshot, owned: &BTreeSet<ObjectRef>) -> Plan {
    plan_keeping(desired, snapshot, owned, &BTreeSet::new())
}

/// The same where some of `owned` was only adopted: what is in `kept` may be changed and is never taken away.
pub fn plan_keeping(
    desired: &Desired,
    snapshot: &Snapshot,
    owned: &BTreeSet<ObjectRef>,
    kept: &BTreeSet<ObjectRef>,
) -> Plan {
    let target = target(desired, snapshot);
    let surplus = surplus::surplus(desired, &target, snapshot, owned, kept);
    drafted(&target, surplus, snapshot, owned, kept)
}

/// Plans that everything of ours goes: the cluster is leaving the appliance. What others use stays, and is said.
pub fn removal(snapshot: &Snapshot, owned: &BTreeSet<ObjectRef>, kept: &BTreeSet<ObjectRef>) -> Plan {
    let target = Target::default();
    let surplus = surplus::everything(&target, snapshot, owned, kept);
    drafted(&target, surplus, snapshot, owned, kept)
}

fn drafted(
    target: &Target,
    surplus: surplus::Surplus,
    snapshot: &Snapshot,
    owned: &BTreeSet<ObjectRef>,
    kept: &BTreeSet<ObjectRef>,
) -> Plan {
    let mut draft = Draft::new(target, snapshot, owned, kept, surplus.gone);
    draft.conflicts.extend(not_primary(&snapshot.role));
    for (object, sentence) in &target.contradictions {
        draft.refuse(object, sentence.clone());
    }
    // What contradicts itself is not compared as well: one sentence a trouble.
    let clear = |object: &ObjectRef| !target.contradictions.iter().any(|(other, _)| other == object);
    for wanted in target.wanted.iter().filter(|wanted| clear(&wanted.object)) {
        draft.compare(wanted);
    }
    draft.keep_off_again();
    draft.changes.extend(surplus.changes);
    draft.changes.sort_by_key(|change| change.phase);
    draft.notes.extend(target.notes.iter().cloned());
    draft.notes.extend(surplus.notes);
    if let Some(save) = draft.save() {
        draft.changes.push(save);
    }
    notes::standing(&mut draft.notes, snapshot, !draft.changes.is_empty());
    let operations = (1u32..).zip(draft.changes).map(|(seq, change)| change.operation(seq)).collect();
    Plan {
        fingerprint: fingerprint(snapshot),
        operations,
        unchanged: draft.unchanged,
        conflicts: draft.conflicts,
        notes: draft.notes,
        remains: Vec::new(),
        kept: surplus.kept,
        cuts: Vec::new(),
    }
}

/// Nothing may be written there, unless it is the primary.
pub(crate) fn not_primary(role: &PairRole) -> Option<Conflict> {
    (!role.is_primary()).then(|| Conflict::refusal(ObjectRef::config(), sentences::not_primary(role)))
}

/// The plan while it is made.
struct Draft<'a> {
    target: &'a Target,
    snapshot: &'a Snapshot,
    owned: &'a BTreeSet<ObjectRef>,
    /// What of it was only adopted.
    kept: &'a BTreeSet<ObjectRef>,
    /// What this plan removes.
    gone: BTreeSet<ObjectRef>,
    changes: Vec<Change>,
    unchanged: Vec<ObjectRef>,
    conflicts: Vec<Conflict>,
    notes: Vec<String>,
}

impl<'a> Draft<'a> {
    fn new(
        target: &'a Target,
        snapshot: &'a Snapshot,
        owned: &'a BTreeSet<ObjectRef>,
        kept: &'a BTreeSet<ObjectRef>,
        gone: BTreeSet<ObjectRef>,
    ) -> Self {
        Self {
            target,
            snapshot,
            owned,
            kept,
            gone,
            changes: Vec::new(),
            unchanged: Vec::new(),
            conflicts: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn refuse(&mut self, object: &ObjectRef, sentence: String) {
        self.conflicts.push(Conflict::refusal(object.clone(), sentence));
    }

    /// Ours to take away: made by Gatehouse, or adopted with consent to its removal.
    fn may_go(&self, object: &ObjectRef) -> bool {
        self.owned.contains(object) && !self.kept.contains(object)
    }

    /// Saving is a visible step, the last one. With nothing else to do it is planned only when changes of ours may be
    /// among the unsaved ones: a run may have stopped before its save.
    fn save(&self) -> Option<Change> {
        let ours = self.snapshot.objects.iter().any(|seen| self.owned.contains(&seen.object));
        let reason = if !self.changes.is_empty() {
            "Until it is saved, the new configuration is lost when the appliance restarts."
        } else if self.snapshot.unsaved == Some(true) && ours {
            "Nothing differs from the set-up, but the appliance has unsaved changes and an earlier change of Gatehouse may \
             be among them. Saving keeps it over a restart. It saves everybody's changes, not only ours."
        } else {
            return None;
        };
        Some(Change {
            phase: Phase::Save,
            verb: Verb::Save,
            object: ObjectRef::config(),
            attrs: Attrs::new(),
            before: Attrs::new(),
            reason: reason.into(),
        })
    }
}
