//! Taking a run back, as a plan like any other: seen before it is applied, bound to what was read, recorded, resumable.
//!
//! The confirmed operations are turned round, last one first. What is not ours any more, what others have come to use,
//! and a value that somebody changed since stays, and the plan says so: an undo must not take down what it did not make.

use crate::{
    apply::mismatches,
    autoscale,
    fingerprint::fingerprint,
    kinds,
    plan::{not_primary, operation::build},
};
use model::{
    object::{Attrs, Kind, ObjectRef, Value},
    plan::{Inverse, Operation, Plan, Verb},
    run::OpState,
    snapshot::{Seen, Snapshot},
};
use std::collections::BTreeSet;

/// Plans the way back from `done`, whose operations stand as `states` say. `name` is the run's, for reasons: `run 12`.
pub fn undo(done: &Plan, states: &[OpState], name: &str, snapshot: &Snapshot, owned: &BTreeSet<ObjectRef>) -> Plan {
    let mut draft = Draft { snapshot, owned, name, gone: BTreeSet::new(), steps: Vec::new(), notes: Vec::new() };
    let confirmed = done.operations.iter().zip(states).filter(|(_, state)| **state == OpState::Confirmed);
    for (op, _) in confirmed.rev() {
        draft.turn(op);
    }
    let doubted = states.iter().filter(|state| matches!(state, OpState::InDoubt | OpState::Sent)).count();
    if doubted > 0 {
        draft.notes.push(format!(
            "{doubted} operations of {name} are in doubt. This plan leaves them alone; resume the run first to learn what \
             became of them."
        ));
    }
    if !draft.steps.is_empty() {
        let reason = "Until it is saved, a restart of the appliance would bring back what is taken back here.";
        draft.push(Verb::Save, ObjectRef::config(), Attrs::new(), Attrs::new(), reason.into());
        if snapshot.unsaved == Some(true) {
            draft
                .notes
                .push("The appliance has unsaved changes already; the save includes them, whoever made them.".into());
        }
    }
    let conflicts = not_primary(&snapshot.role).into_iter().collect();
    Plan {
        fingerprint: fingerprint(snapshot),
        operations: draft.steps,
        unchanged: Vec::new(),
        conflicts,
        notes: draft.notes,
        remains: Vec::new(),
        kept: Vec::new(),
        cuts: Vec::new(),
    }
}

struct Draft<'a> {
    snapshot: &'a Snapshot,
    owned: &'a BTreeSet<ObjectRef>,
    name: &'a str,
    /// What this plan takes away.
    gone: BTreeSet<ObjectRef>,
    steps: Vec<Operation>,
    notes: Vec<String>,
}

impl Draft<'_> {
    fn turn(&mut self, op: &Operation) {
        match (&op.inverse, op.verb) {
            // Saved is saved: the next save is this plan's own.
            (_, Verb::Save) => {}
            (Inverse::Stays(reason), _) => self.notes.push(format!("{}: {reason}", op.title())),
            (Inverse::Do { .. }, Verb::Set | Verb::Unset) => self.restore(op),
            (Inverse::Do { verb, attrs }, Verb::Enable | Verb::Disable) => self.switch_back(op, *verb, attrs),
            (Inverse::Do { verb: verb @ (Verb::Remove | Verb::Unbind), .. }, _) => self.take_away(op, *verb),
            (Inverse::Do { verb, attrs }, _) => self.bring_back(op, *verb, attrs),
        }
    }

    fn take_away(&mut self, op: &Operation, verb: Verb) {
        let nothing = Attrs::new();
        let attrs = match self.snapshot.find(&op.object) {
            Some(seen) => &seen.attrs,
            // Listed in no other way, it may be there all the same (`nitro.md` 6.2 A3).
            None if self.snapshot.remembers(&op.object) => &nothing,
            None => return self.notes.push(format!("The {} is gone already.", op.object)),
        };
        if !self.owned.contains(&op.object) {
            return self.notes.push(format!("The {} is not Gatehouse's any more. It stays.", op.object));
        }
        if let Some(source) = autoscale::of(self.snapshot, &op.object) {
            return self.notes.push(autoscale::sentence(op.object.part(0), &source));
        }
        if let Some(user) = self.users(&op.object).first() {
            return self.notes.push(format!("The {} stays: the {} still uses it.", op.object, user.object));
        }
        if matches!(op.object.kind, Kind::Server | Kind::ServiceGroup | Kind::CertKey | Kind::CertFile)
            && !self.snapshot.unread.is_empty()
        {
            return self.notes.push(format!(
                "The {} stays: not everything could be read, so something unseen may use it.",
                op.object
            ));
        }
        let changed = mismatches(&op.object, &op.attrs, attrs);
        if !changed.is_empty() {
            self.notes.push(format!(
                "The {} was changed since ({}). It is removed all the same.",
                op.object,
                changed.join(", ")
            ));
        }
        let before = attrs.clone();
        self.gone.insert(op.object.clone());
        self.push(verb, op.object.clone(), Attrs::new(), before, self.reason(op));
    }

    fn bring_back(&mut self, op: &Operation, verb: Verb, attrs: &Attrs) {
        if self.snapshot.find(&op.object).is_some() {
            return self.notes.push(format!("The {} is there again already.", op.object));
        }
        self.push(verb, op.object.clone(), attrs.clone(), Attrs::new(), self.reason(op));
    }

    /// Values before the change: set again, or reset where there was none.
    fn restore(&mut self, op: &Operation) {
        let Some(seen) = self.snapshot.find(&op.object) else {
            return self.notes.push(format!("The {} is gone, so what it was before cannot be restored.", op.object));
        };
        if kinds::needs_ownership(op.object.kind) && !self.owned.contains(&op.object) {
            return self.notes.push(format!("The {} is not Gatehouse's any more. It stays as it is.", op.object));
        }
        let changed = mismatches(&op.object, &op.attrs, &seen.attrs);
        if !changed.is_empty() {
            return self.notes.push(format!(
                "The {} was changed since ({}). It stays as it is.",
                op.object,
                changed.join(", ")
            ));
        }
        let (set, reset): (Attrs, Attrs) = op
            .attrs
            .keys()
            .map(|name| match op.before.get(name) {
                Some(value) => (Some((name.clone(), value.clone())), None),
                // Reset, after which the object has the appliance's default.
                None => {
                    (None, Some((name.clone(), kinds::of(op.object.kind).preset(name).unwrap_or_else(|| "".into()))))
                }
            })
            .fold((Attrs::new(), Attrs::new()), |(mut set, mut reset), (one, other)| {
                set.extend(one);
                reset.extend(other);
                (set, reset)
            });
        for (verb, attrs) in [(Verb::Set, set), (Verb::Unset, reset)] {
            if !attrs.is_empty() {
                let names = attrs.keys();
                let before = names.filter_map(|name| Some((name.clone(), seen.attrs.get(name)?.clone()))).collect();
                self.push(verb, op.object.clone(), attrs, before, self.reason(op));
            }
        }
    }

    /// In service again, or out of it, unless somebody has decided otherwise since.
    fn switch_back(&mut self, op: &Operation, verb: Verb, attrs: &Attrs) {
        let Some(seen) = self.snapshot.find(&op.object) else {
            return self.notes.push(format!("The {} is gone already.", op.object));
        };
        if kinds::needs_ownership(op.object.kind) && !self.owned.contains(&op.object) {
            return self.notes.push(format!("The {} is not Gatehouse's any more. It stays as it is.", op.object));
        }
        if !mismatches(&op.object, &op.attrs, &seen.attrs).is_empty() {
            return self.notes.push(format!("The {} was switched since. It stays as it is.", op.object));
        }
        if let Some(source) = autoscale::of(self.snapshot, &op.object) {
            return self.notes.push(autoscale::sentence(op.object.part(0), &source));
        }
        let theirs = |seen: &&Seen| seen.object.part(1) == op.object.part(0) && !self.owned.contains(&seen.object);
        let shared = (op.object.kind == Kind::Server && verb == Verb::Disable)
            .then(|| self.snapshot.of_kind(Kind::Member).find(theirs))
            .flatten();
        if let Some(member) = shared {
            return self.notes.push(format!(
                "The {} stays enabled: disabling it would take the {} out of service as well, which is not this cluster's.",
                op.object, member.object
            ));
        }
        // What enables a server enables what stands on it: what was disabled by itself goes off again after it.
        let woken = (op.object.kind == Kind::Server && verb == Verb::Enable).then(|| self.off_on(&op.object));
        if let Some(member) = woken.iter().flatten().find(|member| !self.owned.contains(member)) {
            return self.notes.push(format!(
                "The {} stays disabled: enabling it would enable the {member} as well, which is not this cluster's.",
                op.object
            ));
        }
        self.push(verb, op.object.clone(), attrs.clone(), op.attrs.clone(), self.reason(op));
        for member in woken.into_iter().flatten() {
            let said = |word: &str| Attrs::from([(kinds::STATE.to_owned(), word.into())]);
            let reason =
                format!("Enabling the {} enables this member as well, and it was disabled by itself.", op.object);
            self.push(Verb::Disable, member, said(kinds::OFF), said(kinds::OFF), reason);
        }
    }

    /// Members on a server that are disabled themselves, here now or brought back by this plan.
    fn off_on(&self, server: &ObjectRef) -> Vec<ObjectRef> {
        let on_it = |object: &ObjectRef| object.kind == Kind::Member && object.part(1) == server.part(0);
        let here = self.snapshot.of_kind(Kind::Member).filter(|seen| kinds::is_off(&seen.attrs));
        let here = here.map(|seen| &seen.object).filter(|object| !self.gone.contains(object));
        let back = self.steps.iter().filter(|step| step.verb == Verb::Bind && kinds::is_off(&step.attrs));
        here.chain(back.map(|step| &step.object)).filter(|object| on_it(object)).cloned().collect()
    }

    /// What refers to the object and is not taken away as well.
    fn users(&self, object: &ObjectRef) -> Vec<&Seen> {
        let refers = |seen: &Seen| {
            let (theirs, name) = (&seen.object, object.part(0));
            match object.kind {
                Kind::Server => theirs.kind == Kind::Member && theirs.part(1) == name,
                Kind::ServiceGroup => {
                    (theirs.kind == Kind::Member && theirs.part(0) == name)
                        || (theirs.kind == Kind::LbVserverGroup && theirs.part(1) == name)
                }
                // Emptying a group that others put behind a virtual server of theirs would take that one down.
                Kind::Member => {
                    theirs.kind == Kind::LbVserverGroup && theirs.part(1) == name && !self.owned.contains(theirs)
                }
                Kind::LbVserver => {
                    matches!(theirs.kind, Kind::LbVserverGroup | Kind::VserverCert) && theirs.part(0) == name
                }
                Kind::CertKey => {
                    let name = Value::from(name);
                    [seen.attrs.get("certkeyname"), seen.attrs.get("linkcertkeyname")].contains(&Some(&name))
                }
                Kind::CertFile => {
                    let name = Value::from(name);
                    theirs.kind == Kind::CertKey
                        && [seen.attrs.get("cert"), seen.attrs.get("key")].contains(&Some(&name))
                }
                _ => false,
            }
        };
        self.snapshot.objects.iter().filter(|seen| refers(seen) && !self.gone.contains(&seen.object)).collect()
    }

    fn reason(&self, op: &Operation) -> String {
        format!("Takes back operation {} of {}: {}.", op.seq, self.name, op.title())
    }

    fn push(&mut self, verb: Verb, object: ObjectRef, attrs: Attrs, before: Attrs, reason: String) {
        let seq = u32::try_from(self.steps.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.steps.push(build(seq, verb, object, attrs, before, reason));
    }
}
