//! In service or out of it: what the set-up wants, against what somebody did by hand (`nitro.md` 3.6 to 3.11).
//!
//! A member is out of service when it is disabled itself, when its group is, and when its server is. Enabling a server
//! enables everything that stands on it, whoever disabled it there, unless `retainservicestate` is ON: so what is to stay
//! disabled is disabled once more, and what others disabled there keeps the plan from doing it.

use super::{
    Draft,
    change::{Change, Phase},
    sentences,
};
use crate::{
    kinds::{self, OFF, ON, STATE},
    wanted::Wanted,
};
use model::{
    object::{Attrs, Kind, ObjectRef},
    plan::{Conflict, Verb},
    snapshot::Seen,
};

impl Phase {
    /// When an object is enabled: all that it needs is right then.
    pub(super) const fn enabling(kind: Kind) -> Self {
        match kind {
            Kind::Server => Self::EnableServer,
            Kind::ServiceGroup => Self::EnableGroup,
            Kind::Member => Self::EnableMember,
            _ => Self::EnableVserver,
        }
    }
}

impl Draft<'_> {
    /// Plans `enable` or `disable` for an object that is there. False where something is in the way.
    pub(super) fn turn(&mut self, wanted: &Wanted, seen: &Seen) -> bool {
        let off = kinds::is_off(&wanted.attrs);
        let mut along = Vec::new();
        if wanted.object.kind == Kind::Server {
            along = self.others_on(&wanted.object);
            if let Some(conflict) = self.server_is_shared(wanted, seen, &along) {
                self.conflicts.push(conflict);
                return false;
            }
        }
        let reason = if off { wanted.reason.clone() } else { sentences::switched_off(wanted, &along) };
        self.switch(wanted.object.clone(), off, reason);
        true
    }

    fn switch(&mut self, object: ObjectRef, off: bool, reason: String) {
        let said = |word: &str| Attrs::from([(STATE.to_owned(), word.into())]);
        let change = if off {
            Change { phase: Phase::Disable, verb: Verb::Disable, object, attrs: said(OFF), before: said(ON), reason }
        } else {
            Change {
                phase: Phase::enabling(object.kind),
                verb: Verb::Enable,
                object,
                attrs: said(ON),
                before: said(OFF),
                reason,
            }
        };
        self.changes.push(change);
    }

    /// Its server or its group is to stay disabled, and takes the member along. Some builds show that on the member as
    /// well, so nothing is concluded from what the member itself says.
    pub(super) fn under_something_off(&self, wanted: &Wanted) -> bool {
        let off = |object: ObjectRef| self.target.find(&object).is_some_and(|other| kinds::is_off(&other.attrs));
        wanted.object.kind == Kind::Member
            && (off(ObjectRef::group(wanted.object.part(0))) || off(ObjectRef::server(wanted.object.part(1))))
    }

    /// Members on a server that are not this set-up's and stay there.
    fn others_on(&self, server: &ObjectRef) -> Vec<Seen> {
        let ours = |seen: &&Seen| self.owned.contains(&seen.object) && self.target.wants(&seen.object);
        self.snapshot
            .of_kind(Kind::Member)
            .filter(|seen| seen.object.part(1) == server.part(0))
            .filter(|seen| !ours(seen) && !self.gone.contains(&seen.object))
            .cloned()
            .collect()
    }

    /// Why a server that others use as well is not switched, or not without consent.
    fn server_is_shared(&self, wanted: &Wanted, seen: &Seen, others: &[Seen]) -> Option<Conflict> {
        let object = wanted.object.clone();
        let refused = |sentence: String| Some(Conflict::refusal(object.clone(), sentence));
        if kinds::is_off(&wanted.attrs) {
            if let Some(other) = others.first() {
                return refused(sentences::takes_along(wanted, &other.object));
            }
        } else if let Some(other) = others.iter().find(|other| kinds::is_off(&other.attrs)) {
            return refused(sentences::wakes_up(wanted, &other.object));
        }
        if self.owned.contains(&wanted.object) {
            return None;
        }
        let switch: Vec<_> = kinds::of(Kind::Server).switch().into_iter().collect();
        let sentence = sentences::not_ours(wanted, seen, &switch);
        Some(Conflict::adoptable(wanted.object.clone(), sentence))
    }

    /// After all objects were compared: what an enabled server would bring back although it is to stay disabled.
    pub(super) fn keep_off_again(&mut self) {
        let enabled: Vec<String> = self
            .changes
            .iter()
            .filter(|change| change.verb == Verb::Enable && change.object.kind == Kind::Server)
            .map(|change| change.object.part(0).to_owned())
            .collect();
        let target = self.target;
        let kept = target.wanted.iter().filter(|wanted| {
            wanted.object.kind == Kind::Member
                && kinds::is_off(&wanted.attrs)
                && enabled.iter().any(|server| server == wanted.object.part(1))
                && !self.under_something_off(wanted)
        });
        let kept: Vec<&Wanted> = kept.collect();
        let mut again = Vec::new();
        for wanted in kept {
            // A new member is bound as it will be in between, and its own switch comes after its server's.
            let mut known = false;
            for change in self.changes.iter_mut().filter(|change| change.object == wanted.object) {
                known = true;
                if change.verb == Verb::Disable {
                    change.phase = Phase::DisableAgain;
                } else if change.attrs.remove(STATE).is_some() {
                    again.push((wanted, ON));
                }
            }
            if !known && self.owned.contains(&wanted.object) {
                again.push((wanted, OFF));
            }
        }
        let said = |word: &str| Attrs::from([(STATE.to_owned(), word.into())]);
        self.changes.extend(again.into_iter().map(|(wanted, before)| Change {
            phase: Phase::DisableAgain,
            verb: Verb::Disable,
            object: wanted.object.clone(),
            attrs: said(OFF),
            before: said(before),
            reason: sentences::switched_off_again(wanted),
        }));
    }
}
