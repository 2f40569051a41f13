//! Time is an argument here: whoever needs "now" is handed a [`Clock`].

use jiff::SignedDuration;
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

/// An instant, UTC. Stored as whole milliseconds.
pub type At = jiff::Timestamp;

/// Where "now" comes from. The system's clock in the product, a hand-set one in tests.
pub trait Clock: Send + Sync {
    /// The wall's time: people and programs set it, forward and back.
    fn now(&self) -> At;

    /// Time that only passes, since some moment of this program's life.
    fn passed(&self) -> Duration;
}

/// What a time in the future may be and still count as now: clocks are read one after the other, and are nudged.
pub const TOLERANCE: SignedDuration = SignedDuration::from_secs(2);

/// The present, and what a time that was noted earlier is by it. Whoever notes a time notes as well how far the wall's
/// clock was ahead of the time that only passes; then a clock that was set back makes nothing younger than it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reckoning {
    pub now: At,
    /// Milliseconds by which the wall's clock is ahead of the time that only passes.
    pub ahead_ms: i64,
}

impl Reckoning {
    /// A time of this program's life, noted while the wall's clock was so far ahead, by the clock as it is now. A clock
    /// that was set forward, or a machine that slept, only makes it older.
    pub fn retime(self, at: At, ahead_ms: i64) -> At {
        let back = self.ahead_ms.saturating_sub(ahead_ms).min(0);
        at.checked_add(SignedDuration::from_millis(back)).unwrap_or(At::UNIX_EPOCH)
    }
}

/// `at` from stored milliseconds; out-of-range values (never written by us) become the epoch.
pub fn from_millis(ms: i64) -> At {
    At::from_millisecond(ms).unwrap_or(At::UNIX_EPOCH)
}

/// Age in whole seconds; negative for a time that is in the future by more than [`TOLERANCE`].
pub fn age_seconds(at: At, now: At) -> i64 {
    if is_future(at, now) { now.as_second() - at.as_second() } else { (now.as_second() - at.as_second()).max(0) }
}

/// Beyond what two clocks may differ by: whoever noted it had another clock than ours is now.
pub fn is_future(at: At, now: At) -> bool {
    at.duration_since(now) > TOLERANCE
}

/// An age as people say it: `12 s`, `3 min`, `5 h`, `2 days`.
pub fn age_text(at: At, now: At) -> String {
    match age_seconds(at, now) {
        ..0 => "an unknown time".to_owned(),
        s @ 0..120 => format!("{s} s"),
        s @ 120..7_200 => format!("{} min", s / 60),
        s @ 7_200..172_800 => format!("{} h", s / 3_600),
        s => format!("{} days", s / 86_400),
    }
}

/// `2026-01-05 08:00:03 UTC`: every time that is shown names its zone.
pub fn time_text(at: At) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A clock that stands still until it is told: for tests, which never sleep.
#[derive(Debug)]
pub struct HandClock {
    wall: AtomicI64,
    passed: AtomicI64,
}

impl HandClock {
    pub fn at(at: At) -> Self {
        Self { wall: AtomicI64::new(at.as_millisecond()), passed: AtomicI64::new(0) }
    }

    /// Time passes.
    pub fn advance(&self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.wall.fetch_add(ms, Ordering::SeqCst);
        self.passed.fetch_add(ms, Ordering::SeqCst);
    }

    /// Somebody sets the clock; no time passes.
    pub fn set_by(&self, by: SignedDuration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or_default();
        self.wall.fetch_add(ms, Ordering::SeqCst);
    }

    /// As a [`Reckoning`] has it.
    pub fn ahead_ms(&self) -> i64 {
        self.wall.load(Ordering::SeqCst) - self.passed.load(Ordering::SeqCst)
    }
}

impl Clock for HandClock {
    fn now(&self) -> At {
        from_millis(self.wall.load(Ordering::SeqCst))
    }

    fn passed(&self) -> Duration {
        Duration::from_millis(self.passed.load(Ordering::SeqCst).unsigned_abs())
    }
}

/// `Mon Nov 30 04:11:13 2026`, as an appliance writes a time by its own clock, in our order; `None`: not such a time. It
/// names no zone, so neither do we.
pub fn appliance_text(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let time = jiff::civil::DateTime::strptime("%a %b %d %H:%M:%S %Y", text).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_read_as_people_say_them() {
        let now = from_millis(10_000_000_000);
        let before = |seconds: i64| from_millis(10_000_000_000 - seconds * 1000);
        assert_eq!(age_text(before(5), now), "5 s");
        assert_eq!(age_text(before(119), now), "119 s");
        assert_eq!(age_text(before(600), now), "10 min");
        assert_eq!(age_text(before(8_000), now), "2 h");
        assert_eq!(age_text(before(200_000), now), "2 days");
        assert_eq!(age_text(before(-2), now), "0 s", "clocks differ a little");
        assert_eq!(age_text(before(-50), now), "an unknown time", "what is from the future was never seen now");
        assert!(age_seconds(before(-50), now) < 0);
    }

    #[test]
    fn a_clock_that_is_set_makes_nothing_younger() {
        let clock = HandClock::at(from_millis(1_000_000_000));
        let reckon = || Reckoning { now: clock.now(), ahead_ms: clock.ahead_ms() };
        let (seen, ahead) = (clock.now(), clock.ahead_ms());
        let age = || age_seconds(reckon().retime(seen, ahead), clock.now());
        clock.advance(Duration::from_secs(30));
        assert_eq!(age(), 30);
        clock.set_by(SignedDuration::from_secs(-25));
        assert_eq!(age(), 30, "set back");
        clock.set_by(SignedDuration::from_hours(-24));
        assert_eq!(age(), 30, "far back");
        clock.set_by(SignedDuration::from_hours(48));
        assert!(age() >= 30, "set forward");
    }

    #[test]
    fn an_appliances_time_is_read_as_it_writes_it() {
        assert_eq!(appliance_text("Sun Nov  1 07:12:09 2026").as_deref(), Some("2026-11-01 07:12:09"));
        for odd in ["", "Nov 1 2026", "Sun Nov 31 07:12:09 2026"] {
            assert_eq!(appliance_text(odd), None, "{odd}");
        }
    }
}
