//! One monitor on one member: counting results until they make a verdict.

use std::time::Duration;

/// The settings of a monitor (3.10).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Monitor {
    pub name: &'static str,
    pub interval: Duration,
    pub resptimeout: Duration,
    pub downtime: Duration,
    pub retries: u32,
    pub successretries: u32,
}

/// The built-in monitor of every TCP-based service without one of its own.
pub(crate) const TCP_DEFAULT: Monitor = Monitor {
    name: "tcp-default",
    interval: Duration::from_secs(5),
    resptimeout: Duration::from_secs(2),
    downtime: Duration::from_secs(30),
    retries: 3,
    successretries: 1,
};

/// What the probes so far say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No result yet.
    Unknown,
    Up,
    Down,
}

/// What one probe found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub passed: bool,
    /// How long it took, in lab time.
    pub took: Duration,
    pub words: &'static str,
}

/// The probes of one member.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    pub verdict: Verdict,
    /// The probe that is due or under way; a result with another ticket is stale.
    pub ticket: Option<u64>,
    pub sent: u64,
    pub failed: u64,
    pub failures: u32,
    successes: u32,
    pub last: &'static str,
}

impl Probe {
    pub fn new() -> Self {
        Self {
            verdict: Verdict::Unknown,
            ticket: None,
            sent: 0,
            failed: 0,
            failures: 0,
            successes: 0,
            last: "Probe not sent yet.",
        }
    }

    /// The same counters without a verdict: nothing is known until the next result.
    pub fn forgotten(&self) -> Self {
        Self { sent: self.sent, failed: self.failed, ..Self::new() }
    }

    pub fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Unknown => "Unknown",
            Verdict::Up => "UP",
            Verdict::Down => "DOWN",
        }
    }

    /// Counts a result and says how long after the *sending* of this probe the next one is due.
    pub fn count(&mut self, monitor: &Monitor, result: Judgement) -> Duration {
        self.sent += 1;
        self.last = result.words;
        self.ticket = None;
        if result.passed {
            self.failures = 0;
            self.successes += 1;
            if self.successes >= monitor.successretries {
                self.verdict = Verdict::Up;
            }
            return monitor.interval;
        }
        self.failed += 1;
        self.successes = 0;
        self.failures += 1;
        if self.failures >= monitor.retries || self.verdict == Verdict::Down {
            self.verdict = Verdict::Down;
            return result.took + monitor.downtime;
        }
        monitor.interval
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Judgement = Judgement { passed: true, took: Duration::ZERO, words: "good" };
    const BAD: Judgement = Judgement { passed: false, took: Duration::ZERO, words: "bad" };

    #[test]
    fn three_failures_make_it_down_and_one_success_makes_it_up() {
        let mut probe = Probe::new();
        assert_eq!(probe.count(&TCP_DEFAULT, GOOD).as_secs(), 5);
        assert_eq!(probe.verdict, Verdict::Up);
        for _ in 0..2 {
            assert_eq!(probe.count(&TCP_DEFAULT, BAD).as_secs(), 5);
            assert_eq!(probe.verdict, Verdict::Up);
        }
        assert_eq!(probe.count(&TCP_DEFAULT, BAD).as_secs(), 30);
        assert_eq!(probe.verdict, Verdict::Down);
        assert_eq!(probe.count(&TCP_DEFAULT, BAD).as_secs(), 30);
        assert_eq!(probe.count(&TCP_DEFAULT, GOOD).as_secs(), 5);
        assert_eq!(probe.verdict, Verdict::Up);
        assert_eq!((probe.sent, probe.failed, probe.failures), (6, 4, 0));
    }
}
