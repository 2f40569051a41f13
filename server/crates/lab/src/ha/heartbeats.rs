//! The counters of heartbeats, computed from the lab's time.

use crate::clock::LabTime;

/// `enaifaces` of `hanode` names so many interfaces; each carries its own heartbeats.
const INTERFACES: i64 = 2;

/// What was heard from the peer so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heartbeats {
    before: i64,
    /// Since when it is heard; none while it is silent.
    since: Option<LabTime>,
}

/// Heartbeats of some time, one per `every` milliseconds and interface.
fn beats(milliseconds: i64, every: i64) -> i64 {
    milliseconds / every.max(1) * INTERFACES
}

impl Heartbeats {
    pub fn from(now: LabTime) -> Self {
        Self { before: 0, since: Some(now) }
    }

    pub fn count(&self, now: LabTime, every: i64) -> i64 {
        self.before + self.since.map_or(0, |since| beats(now.since(since), every))
    }

    /// Per second.
    pub fn rate(&self, every: i64) -> i64 {
        if self.since.is_some() { beats(1000, every) } else { 0 }
    }

    pub fn stop(&mut self, now: LabTime, every: i64) {
        *self = Self { before: self.count(now, every), since: None };
    }

    pub fn go_on(&mut self, now: LabTime) {
        self.since.get_or_insert(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn they_stand_still_while_the_peer_is_silent() {
        let start = LabTime(0);
        let at = |seconds| start.plus(Duration::from_secs(seconds));
        let mut heard = Heartbeats::from(start);
        assert_eq!((heard.count(at(10), 200), heard.rate(200)), (100, 10));
        heard.stop(at(10), 200);
        assert_eq!((heard.count(at(60), 200), heard.rate(200)), (100, 0));
        heard.go_on(at(60));
        assert_eq!(heard.count(at(61), 200), 110);
    }
}
