//! Enable, disable, and the time between.

use std::time::Duration;

use crate::clock::LabTime;

/// Where an object stands between in and out of service. The order is "how far out".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    In,
    Leaving,
    Out,
}

/// The administrative state of a server, a group, a member or a virtual server.
#[derive(Clone, Debug)]
pub(crate) struct Switch {
    enabled: bool,
    leaves_at: Option<LabTime>,
    pub delay: i64,
    pub graceful: bool,
}

impl Switch {
    pub fn new(enabled: bool) -> Self {
        Self { enabled, leaves_at: None, delay: 0, graceful: false }
    }

    pub fn enable(&mut self) {
        *self = Self::new(true);
    }

    /// With a delay the object goes on working for so long; `graceful` alone ends at once, because the lab carries no
    /// client traffic whose end could be waited for (`nitro.md` 3.25 leaves the combinations open).
    pub fn disable(&mut self, now: LabTime, delay: i64, graceful: bool) {
        let wait = Duration::from_secs(u64::try_from(delay).unwrap_or(0));
        *self = Self { enabled: false, leaves_at: (delay > 0).then(|| now.plus(wait)), delay, graceful };
    }

    /// The word that `state` shows: the wish, not the present phase.
    pub fn word(&self) -> &'static str {
        if self.enabled { "ENABLED" } else { "DISABLED" }
    }

    pub fn phase(&self, now: LabTime) -> Phase {
        match self.leaves_at {
            _ if self.enabled => Phase::In,
            Some(end) if now < end => Phase::Leaving,
            _ => Phase::Out,
        }
    }

    /// When the phase changes by itself.
    pub fn wakes(&self, now: LabTime) -> Option<LabTime> {
        self.leaves_at.filter(|end| now < *end)
    }
}
