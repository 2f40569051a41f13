//! Enable, disable, and the time between.

use crate::clock::LabTime;
use std::time::Duration;

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

    /// `nitro.md` 3.25: with a delay the object goes on working for so long; `graceful` waits for the connections that
    /// are open. Of both, whichever ends first.
    pub fn disable(&mut self, now: LabTime, delay: i64, graceful: bool) {
        let wait = Duration::from_secs(u64::try_from(delay).unwrap_or(0));
        *self = Self { enabled: false, leaves_at: (delay > 0).then(|| now.plus(wait)), delay, graceful };
    }

    /// The word that `state` shows: the wish, not the present phase.
    pub fn word(&self) -> &'static str {
        if self.enabled { "ENABLED" } else { "DISABLED" }
    }

    /// `open`: connections of the member that this is about.
    pub fn phase(&self, now: LabTime, open: u64) -> Phase {
        let waits = match self.leaves_at {
            Some(end) if now >= end => false,
            Some(_) => !self.graceful || open > 0,
            None => self.graceful && open > 0,
        };
        match (self.enabled, waits) {
            (true, _) => Phase::In,
            (false, true) => Phase::Leaving,
            (false, false) => Phase::Out,
        }
    }

    /// When the phase may change by itself: at the end of the delay, and every second while connections are watched.
    pub fn wakes(&self, now: LabTime, open: u64) -> Option<LabTime> {
        if self.phase(now, open) != Phase::Leaving {
            return None;
        }
        let second = now.plus(Duration::from_secs(1));
        match self.leaves_at {
            Some(end) if self.graceful => Some(end.min(second)),
            Some(end) => Some(end),
            None => Some(second),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_out_ends_as_the_table_has_it() {
        let (now, later) = (LabTime(0), LabTime(10_000));
        let leaving = |delay, graceful| {
            let mut switch = Switch::new(true);
            switch.disable(now, delay, graceful);
            switch
        };
        for (graceful, delay, open, at, phase) in [
            (false, 0, 5, now, Phase::Out),
            (false, 10, 0, now, Phase::Leaving),
            (false, 10, 5, later, Phase::Out),
            (true, 10, 5, now, Phase::Leaving),
            (true, 10, 0, now, Phase::Out),
            (true, 10, 5, later, Phase::Out),
            (true, 0, 5, later, Phase::Leaving),
            (true, 0, 0, now, Phase::Out),
        ] {
            let switch = leaving(delay, graceful);
            assert_eq!(switch.phase(at, open), phase, "graceful {graceful}, delay {delay}, open {open}, {at:?}");
        }
        assert_eq!(leaving(10, false).wakes(now, 0), Some(later));
        assert_eq!(leaving(10, true).wakes(now, 1), Some(LabTime(1_000)));
        assert_eq!(leaving(0, true).wakes(later, 1), Some(LabTime(11_000)));
        assert_eq!(leaving(0, true).wakes(later, 0), None);
    }
}
