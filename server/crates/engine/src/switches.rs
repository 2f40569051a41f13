//! What can be enabled and disabled of a set-up, and how each stands.

use crate::{
    autoscale, kinds,
    wanted::{Wanted, target},
};
use model::{
    desired::{Desired, KeptOff},
    object::{Kind, ObjectRef},
    snapshot::Snapshot,
    state::{StateWord, Tone},
};
use std::collections::BTreeSet;

/// How one object stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SwitchStanding {
    Enabled,
    /// Somebody disabled it on the appliance.
    OffByHand,
    /// Disabled, as the set-up wants it.
    KeptOff,
    /// The set-up wants it disabled, and it is enabled.
    StillOn,
    /// Its server or its group is out of service.
    Through(ObjectRef),
    /// The members of the group come from there: nobody switches it or them.
    Elsewhere(String),
    NotThere,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    pub object: ObjectRef,
    pub standing: SwitchStanding,
    /// What the appliance says of it.
    pub word: Option<StateWord>,
    pub kept: Option<KeptOff>,
    /// Gatehouse made or adopted it: a plan may switch it.
    pub owned: bool,
}

impl Switch {
    pub fn tone(&self) -> Tone {
        match self.standing {
            SwitchStanding::Enabled => Tone::Good,
            SwitchStanding::OffByHand => Tone::Bad,
            SwitchStanding::StillOn => Tone::Warn,
            SwitchStanding::KeptOff
            | SwitchStanding::Through(_)
            | SwitchStanding::Elsewhere(_)
            | SwitchStanding::NotThere => Tone::Quiet,
        }
    }

    pub fn text(&self) -> String {
        match &self.standing {
            SwitchStanding::Enabled => "enabled".into(),
            SwitchStanding::OffByHand => "disabled by hand".into(),
            SwitchStanding::KeptOff => "kept disabled".into(),
            SwitchStanding::StillOn => "enabled, to be disabled".into(),
            SwitchStanding::Through(object) => format!("out of service with {object}"),
            SwitchStanding::Elsewhere(source) => format!("its members come from {source}"),
            SwitchStanding::NotThere => "not there".into(),
        }
    }
}

/// Everything of the set-up that has a switch: virtual servers, groups, servers, members.
pub fn switches(desired: &Desired, snapshot: &Snapshot, owned: &BTreeSet<ObjectRef>) -> Vec<Switch> {
    let target = target(desired, snapshot);
    let mut all: Vec<Switch> = (target.wanted.iter())
        .filter(|wanted| wanted.object.kind.has_switch())
        .map(|wanted| {
            let kept = desired.kept_off(&wanted.object).cloned();
            let word = snapshot.find(&wanted.object).and_then(|seen| seen.state.clone());
            let owned = owned.contains(&wanted.object);
            Switch { standing: standing(wanted, snapshot), object: wanted.object.clone(), word, kept, owned }
        })
        .collect();
    // Stable: in each kind the set-up's own order.
    all.sort_by_key(|switch| rank(switch.object.kind));
    all
}

fn standing(wanted: &Wanted, snapshot: &Snapshot) -> SwitchStanding {
    if let Some(source) = autoscale::of(snapshot, &wanted.object) {
        return SwitchStanding::Elsewhere(source);
    }
    let Some(seen) = snapshot.find(&wanted.object) else { return SwitchStanding::NotThere };
    match (kinds::is_off(&seen.attrs), kinds::is_off(&wanted.attrs)) {
        (true, true) => SwitchStanding::KeptOff,
        (true, false) => SwitchStanding::OffByHand,
        (false, true) => SwitchStanding::StillOn,
        (false, false) => through(&wanted.object, snapshot).map_or(SwitchStanding::Enabled, SwitchStanding::Through),
    }
}

fn through(object: &ObjectRef, snapshot: &Snapshot) -> Option<ObjectRef> {
    let of_member = [ObjectRef::server(object.part(1)), ObjectRef::group(object.part(0))];
    let above = of_member.into_iter().filter(|_| object.kind == Kind::Member);
    let off = |other: &ObjectRef| snapshot.find(other).is_some_and(|seen| kinds::is_off(&seen.attrs));
    above.into_iter().find(off)
}

const fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::LbVserver => 0,
        Kind::ServiceGroup => 1,
        Kind::Server => 2,
        _ => 3,
    }
}
