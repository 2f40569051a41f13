//! The lab's own clock. Nothing in the lab asks the machine for the time except through here.

use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// How the lab's time moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockMode {
    /// With the wall clock, from the present moment on.
    #[default]
    Real,
    /// Only by [`Lab::advance`](crate::Lab::advance) or `POST /clock`, from 2026-01-05T08:00:00Z on.
    Manual,
}

/// A moment of lab time, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LabTime(pub i64);

impl LabTime {
    /// 2026-01-05T08:00:00Z, a Monday: where a manual clock starts, so that pictures and golden texts stay the same.
    const MANUAL_START: Self = Self(1_767_600_000_000);

    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Milliseconds from `earlier` to `self`, never negative.
    pub fn since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).max(0)
    }

    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The part below a second, as `statechangetimemsec` shows it.
    pub fn milliseconds(self) -> i64 {
        self.0.rem_euclid(1000)
    }

    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// `Mon Jan  5 08:00:00 2026`: the appliance's way; its time zone here is UTC.
    pub fn nitro(self) -> String {
        self.timestamp().strftime("%a %b %e %H:%M:%S %Y").to_string()
    }

    /// `May 17 07:21:16 2026 GMT`: the validity of a certificate, the day padded with a blank.
    pub fn validity(self) -> String {
        self.timestamp().strftime("%b %e %H:%M:%S %Y GMT").to_string()
    }

    /// `01/05/2026:08:00:00`: the time inside an audit line.
    pub fn audit(self) -> String {
        self.timestamp().strftime("%m/%d/%Y:%H:%M:%S").to_string()
    }

    /// `Jan  5 08:00:00`: the time before it.
    pub fn syslog(self) -> String {
        self.timestamp().strftime("%b %e %H:%M:%S").to_string()
    }

    /// The day, in the appliance's time zone, which is UTC.
    pub fn date(self) -> jiff::civil::Date {
        self.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// RFC 3339, for the control API.
    pub fn iso(self) -> String {
        self.timestamp().to_string()
    }
}

/// The clock itself; lives inside the lab's one lock.
#[derive(Debug)]
pub(crate) struct Clock {
    mode: ClockMode,
    /// Manual: the present moment. Real: the moment that belongs to `started`.
    base: LabTime,
    started: Instant,
}

impl Clock {
    pub fn start(mode: ClockMode) -> Self {
        let base = match mode {
            ClockMode::Manual => LabTime::MANUAL_START,
            ClockMode::Real => wall_time(),
        };
        Self { mode, base, started: Instant::now() }
    }

    pub fn mode(&self) -> ClockMode {
        self.mode
    }

    pub fn now(&self) -> LabTime {
        match self.mode {
            ClockMode::Manual => self.base,
            ClockMode::Real => self.base.plus(self.started.elapsed()),
        }
    }

    /// Moves forward to `moment`, if that is ahead; a clock never goes back.
    pub fn reach(&mut self, moment: LabTime) {
        let ahead = moment.since(self.now());
        self.base = LabTime(self.base.0 + ahead);
    }
}

#[expect(clippy::disallowed_methods, reason = "the lab's clock is the injected clock of everything inside the lab")]
fn wall_time() -> LabTime {
    LabTime(jiff::Timestamp::now().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_stands_still_and_never_goes_back() {
        let mut clock = Clock::start(ClockMode::Manual);
        let start = clock.now();
        assert_eq!(start.nitro(), "Mon Jan  5 08:00:00 2026");
        assert_eq!(start.iso(), "2026-01-05T08:00:00Z");
        clock.reach(start.plus(Duration::from_millis(5_590)));
        clock.reach(start);
        assert_eq!(clock.now().since(start), 5_590);
        assert_eq!(clock.now().milliseconds(), 590);
    }
}
