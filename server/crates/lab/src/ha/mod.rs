//! High availability: two appliances, one configuration (`nitro.md` 3.4, 3.22, 5.5).
//!
//! Each appliance of a pair has its own configuration, sessions and files. [`propagate`] runs every write on both,
//! [`sync`] brings the secondary's copy back in step, [`roles`] says who is primary, [`boot`] switches appliances off
//! and on. Time passes through [`Due`] events of the lab's one queue.

mod boot;
mod heartbeats;
pub(crate) mod orders;
mod propagate;
mod roles;
mod sync;

use crate::{Pair, appliance::Appliance, clock::LabTime, engine::Event, model::Config, schema::Fields, shared::World};
pub(crate) use heartbeats::Heartbeats;
pub(crate) use propagate::{Link, Order, Way, linked, way};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Primary,
    Secondary,
}

impl Role {
    pub fn word(self) -> &'static str {
        match self {
            Self::Primary => "Primary",
            Self::Secondary => "Secondary",
        }
    }
}

/// One appliance's side of a pair.
#[derive(Debug)]
pub(crate) struct Membership {
    /// The other one, by its place in the lab.
    pub peer: usize,
    pub knobs: Pair,
    pub role: Role,
    /// When it took this role.
    pub since: LabTime,
    /// On the secondary: the end of the synchronisation that is under way.
    pub syncing: Option<Sync>,
    /// On the primary: a command did not do the same on both, so that a synchronisation has to follow.
    pub out_of_step: bool,
    /// The commands that failed in the last synchronisation.
    pub failures: Vec<String>,
    /// `haerrproptimeout` and, since the last change of roles, `haerrsyncfailure`.
    pub propagation_timeouts: u64,
    pub sync_failures: u64,
    pub hears: Heartbeats,
    /// What `hastatus` shows instead of the truth, by order of the control API.
    pub shown: Option<String>,
    /// A fault: propagation of this request fails with this code.
    pub broken: Option<u16>,
}

/// A synchronisation that is under way: the secondary has cleared its configuration and loads the primary's.
#[derive(Debug)]
pub(crate) struct Sync {
    pub until: LabTime,
    /// What it ran before, and runs again if nothing comes of it.
    before: Box<Config>,
    /// Whether the secondary saves at the end.
    pub save: bool,
}

/// What happens in a pair at a moment of lab time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// This appliance looks whether its peer is still there.
    TakeOver,
    /// Whoever is secondary synchronises.
    BeginSync,
    EndSync,
    /// Whoever is secondary pulls files; asked of the first of the two.
    Pull,
}

impl Membership {
    pub fn new(peer: usize, knobs: Pair, role: Role, now: LabTime) -> Self {
        Self {
            peer,
            knobs,
            role,
            since: now,
            syncing: None,
            out_of_step: false,
            failures: Vec::new(),
            propagation_timeouts: 0,
            sync_failures: 0,
            hears: Heartbeats::from(now),
            shown: None,
            broken: None,
        }
    }
}

/// Milliseconds between heartbeats, and seconds without one until the peer counts as gone.
pub(crate) fn intervals(settings: &Fields) -> (i64, u64) {
    let dead = settings.number("deadinterval").and_then(|seconds| u64::try_from(seconds).ok());
    (settings.number("hellointerval").unwrap_or(200), dead.unwrap_or(3))
}

impl Appliance {
    pub fn role(&self) -> Role {
        self.ha.as_ref().map_or(Role::Primary, |ha| ha.role)
    }

    /// Whether its configuration answers for virtual addresses: stand-alone or primary, and running.
    pub fn serves(&self) -> bool {
        self.is_on() && self.role() == Role::Primary
    }

    /// The value of a `hanode` switch that is ENABLED unless somebody set it.
    pub fn ha_switch(&self, name: &str) -> &str {
        self.config.ha.get(name).unwrap_or("ENABLED")
    }

    /// Whether it could become primary.
    pub fn can_take_over(&self, now: LabTime) -> bool {
        self.is_on() && !self.is_booting(now) && !matches!(self.ha_switch("hastatus"), "DISABLED" | "STAYSECONDARY")
    }
}

impl World {
    /// The other appliance of a pair.
    pub fn peer(&self, index: usize) -> Option<&Appliance> {
        self.appliances.get(self.peer_index(index)?)
    }

    pub fn peer_index(&self, index: usize) -> Option<usize> {
        Some(self.appliances.get(index)?.ha.as_ref()?.peer)
    }

    /// Every pair as at the start: the first is primary, both are in step.
    pub fn start_pairs(&mut self, now: LabTime) {
        for index in 0..self.appliances.len() {
            let Some(ha) = self.appliances[index].ha.as_mut() else { continue };
            let role = if index < ha.peer { Role::Primary } else { Role::Secondary };
            *ha = Membership::new(ha.peer, ha.knobs, role, now);
            if role == Role::Primary {
                let pull = now.plus(ha.knobs.file_pull);
                self.queue.put(pull, Event::Pair { appliance: index, due: Due::Pull });
            }
        }
    }

    /// Works off what is due in a pair.
    pub fn pair_due(&mut self, index: usize, due: Due, at: LabTime) {
        match due {
            Due::TakeOver => self.look_at_peer(index, at),
            Due::BeginSync => self.sync_by_itself(index, at),
            Due::EndSync => self.end_sync(index, at),
            Due::Pull => self.pull(index, at),
        }
    }
}
