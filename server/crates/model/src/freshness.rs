//! How old a value may be before it stops counting (invariant 6).

use crate::clock::{At, TOLERANCE, age_seconds};
use serde::{Deserialize, Serialize};

/// Fresh up to two intervals, then stale with its age, after ten unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Freshness {
    Fresh,
    Stale,
    Unknown,
}

impl Freshness {
    /// The worse of the two.
    #[must_use]
    pub fn at_most(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Stale, _) | (_, Self::Stale) => Self::Stale,
            (Self::Fresh, Self::Fresh) => Self::Fresh,
        }
    }

    /// For something seen at `at`, looked at every `interval` seconds.
    pub fn of(at: At, now: At, interval: u32) -> Self {
        let (age, interval) = (age_seconds(at, now), i64::from(interval.max(1)));
        if age < 0 {
            // Noted by another clock than ours is now: how old it is, nobody knows.
            Self::Unknown
        } else if age <= 2 * interval {
            Self::Fresh
        } else if age <= 10 * interval {
            Self::Stale
        } else {
            Self::Unknown
        }
    }
}

/// When something seen at `at` is worth something else than it is `now`; `None`: never again.
pub fn next_change(at: At, now: At, interval: u32) -> Option<At> {
    let interval = i64::from(interval.max(1));
    let second = at.as_second();
    let borders = [at.checked_sub(TOLERANCE).ok(), after(second + 2 * interval), after(second + 10 * interval)];
    borders.into_iter().flatten().filter(|border| *border > now).min()
}

/// The first moment whose whole seconds are more.
fn after(second: i64) -> Option<At> {
    At::from_second(second + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;

    #[test]
    fn two_intervals_fresh_ten_stale_then_unknown() {
        let seen = from_millis(0);
        let after = |seconds: i64| Freshness::of(seen, from_millis(seconds * 1000), 5);
        assert_eq!(after(10), Freshness::Fresh);
        assert_eq!(after(11), Freshness::Stale);
        assert_eq!(after(50), Freshness::Stale);
        assert_eq!(after(51), Freshness::Unknown);
        assert_eq!(after(-2), Freshness::Fresh, "two clocks differ a little");
        assert_eq!(after(-3), Freshness::Unknown, "a time in the future is not fresh");
        // From one border to the next it is worth the same.
        for (millis, interval) in [(0, 5), (1_700, 5), (999, 1), (12_345_678, 60)] {
            let at = from_millis(millis);
            let worth = |now: At| Freshness::of(at, now, interval);
            let mut now = from_millis(millis - 10_000);
            let mut borders = 0;
            while let Some(border) = next_change(at, now, interval) {
                let before = border - jiff::SignedDuration::from_millis(1);
                assert_eq!(worth(now), worth(before), "{at}: from {now} to {border}");
                (now, borders) = (border, borders + 1);
            }
            assert_eq!((borders, worth(now)), (3, Freshness::Unknown));
        }
        assert_eq!(Freshness::Fresh.at_most(Freshness::Stale), Freshness::Stale);
    }
}
