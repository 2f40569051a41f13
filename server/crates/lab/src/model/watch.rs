//! What the monitors of one member found: counting results until they make a verdict.

use super::{Id, monitor::Timing};
use std::{borrow::Cow, time::Duration};

/// What the probes so far say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No result yet.
    Unknown,
    Up,
    Down,
}

/// What one probe found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub passed: bool,
    /// The server says that it is about to go.
    pub leaving: bool,
    /// How long it took, in lab time.
    pub took: Duration,
    pub words: Cow<'static, str>,
}

/// The probes of one monitor at one member.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    pub monitor: Id,
    pub weight: i64,
    pub verdict: Verdict,
    /// The member was UP when this monitor came: it stays so until the monitor has found otherwise.
    trusted: bool,
    pub leaving: bool,
    /// The probe that is due or under way; a result with another ticket is stale.
    pub ticket: Option<u64>,
    pub sent: u64,
    pub failed: u64,
    /// In a row.
    pub failures: u32,
    successes: u32,
    /// Results, the latest in the lowest bit; a failure is 1.
    history: u128,
    pub last: Cow<'static, str>,
}

/// All monitors of one member.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    pub probes: Vec<Probe>,
}

impl Watch {
    /// Keeps the probes of those on duty and begins with those that are new. `up`: the member is UP already.
    pub fn assign(&mut self, duty: &[(Id, i64)], up: bool) {
        self.probes.retain(|probe| duty.iter().any(|(monitor, _)| *monitor == probe.monitor));
        for (monitor, weight) in duty {
            match self.probes.iter_mut().find(|probe| probe.monitor == *monitor) {
                Some(probe) => probe.weight = *weight,
                None => self.probes.push(Probe::new(*monitor, *weight, up)),
            }
        }
    }

    /// The same counters without verdicts: nothing is known until the next result.
    pub fn forget(&mut self) {
        for probe in &mut self.probes {
            *probe = Probe { sent: probe.sent, failed: probe.failed, ..Probe::new(probe.monitor, probe.weight, false) };
        }
    }

    pub fn probe_mut(&mut self, monitor: Id) -> Option<&mut Probe> {
        self.probes.iter_mut().find(|probe| probe.monitor == monitor)
    }

    /// Without a threshold every monitor must pass, else the weights of those that do must reach it.
    pub fn passes(&self, threshold: i64) -> bool {
        if threshold == 0 {
            return !self.probes.is_empty() && self.probes.iter().all(Probe::passes);
        }
        self.probes.iter().filter(|probe| probe.passes()).map(|probe| probe.weight).sum::<i64>() >= threshold
    }

    /// A monitor has heard that the server is about to go.
    pub fn leaving(&self) -> bool {
        self.probes.iter().any(|probe| probe.leaving)
    }
}

impl Probe {
    pub fn new(monitor: Id, weight: i64, trusted: bool) -> Self {
        Self {
            monitor,
            weight,
            verdict: Verdict::Unknown,
            trusted,
            leaving: false,
            ticket: None,
            sent: 0,
            failed: 0,
            failures: 0,
            successes: 0,
            history: 0,
            last: "Probe not sent yet.".into(),
        }
    }

    fn passes(&self) -> bool {
        match self.verdict {
            Verdict::Up => true,
            Verdict::Unknown => self.trusted,
            Verdict::Down => false,
        }
    }

    pub fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Unknown => "Unknown",
            Verdict::Up => "UP",
            Verdict::Down => "DOWN",
        }
    }

    /// Counts a result and says how long after the *sending* of this probe the next one is due.
    pub fn count(&mut self, timing: &Timing, result: Judgement) -> Duration {
        self.sent += 1;
        self.last = result.words;
        self.ticket = None;
        self.leaving = result.leaving;
        self.history = self.history << 1 | u128::from(!result.passed);
        if result.passed {
            self.failures = 0;
            self.successes = self.successes.saturating_add(1);
            if self.verdict != Verdict::Down || self.successes >= timing.successretries {
                self.verdict = Verdict::Up;
            }
            return timing.interval;
        }
        self.failed += 1;
        self.successes = 0;
        self.failures = self.failures.saturating_add(1);
        if self.gives_up(timing) || self.verdict == Verdict::Down {
            self.verdict = Verdict::Down;
            return result.took + timing.downtime;
        }
        timing.interval
    }

    fn gives_up(&self, timing: &Timing) -> bool {
        if timing.failureretries == 0 {
            return self.failures >= timing.retries;
        }
        let lately = self.history & (1_u128.checked_shl(timing.retries).unwrap_or(0).wrapping_sub(1));
        lately.count_ones() >= timing.failureretries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMING: Timing = Timing {
        interval: Duration::from_secs(5),
        resptimeout: Duration::from_secs(2),
        downtime: Duration::from_secs(30),
        retries: 3,
        failureretries: 0,
        successretries: 1,
    };

    fn result(passed: bool) -> Judgement {
        Judgement { passed, leaving: false, took: Duration::ZERO, words: "found".into() }
    }

    fn probe() -> Probe {
        Probe::new(Id(1), 1, false)
    }

    #[test]
    fn three_failures_make_it_down_and_one_success_makes_it_up() {
        let mut probe = probe();
        assert_eq!(probe.count(&TIMING, result(true)).as_secs(), 5);
        assert_eq!(probe.verdict, Verdict::Up);
        for _ in 0..2 {
            assert_eq!(probe.count(&TIMING, result(false)).as_secs(), 5);
            assert_eq!(probe.verdict, Verdict::Up);
        }
        assert_eq!(probe.count(&TIMING, result(false)).as_secs(), 30);
        assert_eq!(probe.verdict, Verdict::Down);
        assert_eq!(probe.count(&TIMING, result(false)).as_secs(), 30);
        assert_eq!(probe.count(&TIMING, result(true)).as_secs(), 5);
        assert_eq!(probe.verdict, Verdict::Up);
        assert_eq!((probe.sent, probe.failed, probe.failures), (6, 4, 0));
    }

    #[test]
    fn coming_back_may_take_several_successes() {
        let timing = Timing { successretries: 2, ..TIMING };
        let mut probe = probe();
        for _ in 0..3 {
            probe.count(&timing, result(false));
        }
        assert_eq!(probe.count(&timing, result(true)).as_secs(), 5);
        assert_eq!(probe.verdict, Verdict::Down);
        probe.count(&timing, result(true));
        assert_eq!(probe.verdict, Verdict::Up);
    }

    #[test]
    fn some_failures_out_of_many_may_be_enough() {
        let timing = Timing { retries: 5, failureretries: 2, ..TIMING };
        let mut probe = probe();
        for passed in [true, false, true, true] {
            probe.count(&timing, result(passed));
        }
        assert_eq!(probe.verdict, Verdict::Up);
        probe.count(&timing, result(false));
        assert_eq!(probe.verdict, Verdict::Down, "two of the last five");
    }

    #[test]
    fn weights_decide_where_there_is_a_threshold() {
        let mut watch = Watch::default();
        watch.assign(&[(Id(1), 10), (Id(2), 1)], false);
        watch.probe_mut(Id(1)).unwrap().count(&TIMING, result(true));
        assert!(!watch.passes(0), "the second has not said anything");
        assert!(watch.passes(10));
        assert!(!watch.passes(11));
        watch.assign(&[(Id(2), 1)], false);
        assert!(!watch.passes(1));
    }

    #[test]
    fn a_monitor_that_comes_later_is_heard_before_it_decides() {
        let mut watch = Watch::default();
        watch.assign(&[(Id(1), 1)], true);
        assert!(watch.passes(0));
        for _ in 0..3 {
            watch.probe_mut(Id(1)).unwrap().count(&TIMING, result(false));
        }
        assert!(!watch.passes(0));
    }
}
