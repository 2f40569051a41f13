//! Writes on a pair: each command runs on the secondary first, then on the primary.

use super::{Role, intervals};
use crate::{
    SecondaryWrites, WritesDuringSync,
    appliance::Appliance,
    caller::Caller,
    clock::LabTime,
    model::Config,
    refusal::{Outcome, Refusal},
    resources::Cx,
    shared::World,
};
use std::time::Duration;

/// What concerns one appliance alone, so that it is not propagated.
const LOCAL: &[&str] =
    &["systemfile", "systemsession", "nshostname", "hanode", "hafiles", "hasync", "hafailover", "reboot"];

/// What the secondary does like the primary.
const ON_EITHER: &[&str] = &["systemsession", "nshostname", "hanode", "hafiles", "hasync", "hafailover", "reboot"];

/// Actions that change no configuration: asked of one appliance, and answered by each.
const QUESTIONS: &[(&str, &str)] =
    &[("nsconfig", "diff"), ("nspartition", "Switch"), ("vpnvserver", "check"), ("lbpersistentsessions", "clear")];

/// Where the commands of a request run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Here only.
    Alone,
    /// On a secondary that lets it be: here only, with a warning.
    Astray,
    /// There first, then here.
    Both(usize),
    /// Here only, though it should be both: answered with this code.
    Broken(u16),
}

/// The way of a client's write, a resource and perhaps an action, or why there is none (368, 366, 412).
pub(crate) fn way(world: &World, index: usize, (resource, action): (&str, Option<&str>), now: LabTime) -> Outcome<Way> {
    if action.is_some_and(|action| QUESTIONS.contains(&(resource, action))) {
        return Ok(Way::Alone);
    }
    let Some((own, ha)) = world.appliances.get(index).and_then(|own| Some((own, own.ha.as_ref()?))) else {
        return Ok(Way::Alone);
    };
    if ha.role == Role::Secondary {
        return match ha.knobs.secondary_writes {
            _ if ON_EITHER.contains(&resource) => Ok(Way::Alone),
            SecondaryWrites::Refused => Err(Refusal::new(368)),
            SecondaryWrites::Local => Ok(Way::Astray),
        };
    }
    let Some((peer, theirs)) = world.appliances.get(ha.peer).and_then(|peer| Some((peer, peer.ha.as_ref()?))) else {
        return Ok(Way::Alone);
    };
    let disabled = |appliance: &Appliance| appliance.ha_switch("hastatus") == "DISABLED";
    let unwanted = own.ha_switch("haprop") == "DISABLED" || disabled(own) || disabled(peer);
    if LOCAL.contains(&resource) || unwanted || peer.is_booting(now) {
        return Ok(Way::Alone);
    }
    if let Some(since) = peer.off_since {
        // As long as nobody has missed it, the primary tries; afterwards it knows that it is alone.
        let dead = Duration::from_secs(intervals(&own.config.ha).1);
        return Ok(if now < since.plus(dead) { Way::Broken(457) } else { Way::Alone });
    }
    match (&theirs.syncing, ha.knobs.writes_during_sync) {
        (Some(_), WritesDuringSync::Busy) => Err(Refusal::new(412)),
        (Some(_), WritesDuringSync::NotNow) => Err(Refusal::new(366)),
        (Some(_), WritesDuringSync::Alone) => Ok(Way::Alone),
        (None, _) => Ok(ha.broken.map_or(Way::Both(ha.peer), Way::Broken)),
    }
}

/// The other appliance, while a request is carried out.
pub(crate) enum Link<'a> {
    Alone,
    Both(Box<Cx<'a>>),
    Broken(u16),
}

/// Something that the lab does once the request is done, because it concerns more than one appliance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Files of these folders go to the secondary.
    Files(Vec<&'static str>),
    Sync {
        save: bool,
    },
    Failover,
    Restart,
}

/// The appliance that was asked, and the way to the other one.
pub(crate) fn linked<'a>(
    appliances: &'a mut [Appliance],
    index: usize,
    way: Way,
    now: LabTime,
    caller: &Caller,
) -> Option<Cx<'a>> {
    let caller = caller.clone();
    match way {
        Way::Both(peer) => {
            let [own, peer] = appliances.get_disjoint_mut([index, peer]).ok()?;
            // It may do there what it may do here, and the log there names the appliance that it came by.
            let over = Caller { propagated_by: Some(own.nsip), ..caller.clone() };
            Some(Cx { link: Link::Both(Box::new(Cx::new(peer, now, over))), ..Cx::new(own, now, caller) })
        }
        Way::Broken(code) => Some(Cx { link: Link::Broken(code), ..Cx::new(appliances.get_mut(index)?, now, caller) }),
        Way::Alone => Some(Cx::new(appliances.get_mut(index)?, now, caller)),
        Way::Astray => {
            let own = Cx::new(appliances.get_mut(index)?, now, caller);
            Some(Cx { warnings: vec![Refusal::new(1028)], ..own })
        }
    }
}

impl Cx<'_> {
    /// Runs one command on the peer and here. What fails there only still takes effect here (349, 457, 458, 347).
    pub fn on_both(&mut self, command: impl Fn(&mut Cx) -> Outcome) -> Outcome {
        let mut link = std::mem::replace(&mut self.link, Link::Alone);
        let there = match &mut link {
            Link::Alone => Ok(()),
            Link::Both(peer) => {
                let outcome = command(peer);
                // Its answer goes no further than to this appliance.
                peer.appliance.saving = false;
                outcome.map_err(|_| Refusal::new(349))
            }
            Link::Broken(code) => Err(Refusal::new(*code)),
        };
        let linked = !matches!(link, Link::Alone);
        let here = command(self);
        self.link = link;
        if linked && here.is_ok() != there.is_ok() {
            self.diverged(there.as_ref().err().map(|refusal| refusal.code));
        }
        here.and(there)
    }

    fn diverged(&mut self, code: Option<u16>) {
        if let Some(ha) = &mut self.appliance.ha {
            ha.out_of_step = true;
            ha.propagation_timeouts += u64::from(code == Some(458));
        }
    }
}

/// What a bulk request goes back to, here and on the peer.
pub(crate) struct Checkpoint {
    config: Config,
    dirty: bool,
    changed_at: LabTime,
    peer: Option<Box<Checkpoint>>,
}

impl Cx<'_> {
    pub fn checkpoint(&self) -> Checkpoint {
        let Appliance { config, dirty, changed_at, .. } = &*self.appliance;
        let peer = if let Link::Both(peer) = &self.link { Some(Box::new(peer.checkpoint())) } else { None };
        Checkpoint { config: config.clone(), dirty: *dirty, changed_at: *changed_at, peer }
    }

    pub fn roll_back(&mut self, to: Checkpoint) {
        (self.appliance.config, self.appliance.dirty, self.appliance.changed_at) = (to.config, to.dirty, to.changed_at);
        self.lines.clear();
        if let (Link::Both(peer), Some(to)) = (&mut self.link, to.peer) {
            peer.roll_back(*to);
        }
    }
}

impl World {
    /// Whether commands of the request that is carried out now get through to the peer.
    pub fn break_propagation(&mut self, index: usize, code: Option<u16>) {
        if let Some(ha) = self.appliances.get_mut(index).and_then(|appliance| appliance.ha.as_mut()) {
            ha.broken = code;
        }
    }

    /// Does what a request ordered.
    pub fn carry_out(&mut self, index: usize, order: Order, now: LabTime) -> Outcome {
        match order {
            Order::Files(folders) => self.send_files(index, &folders, now),
            Order::Sync { save } => self.force_sync(index, save, now),
            Order::Failover => self.failover(index, now),
            Order::Restart => {
                self.restart(index, now);
                Ok(())
            }
        }
    }
}
