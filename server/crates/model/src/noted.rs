//! A moment as it is kept: with what a clock that is set later leaves of it.

use crate::{
    clock::{At, Reckoning},
    freshness::Freshness,
};
use serde::{Deserialize, Serialize};

/// A moment, noted with what a clock that is set later leaves of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    pub at: At,
    /// As in [`Reckoning`].
    pub ahead_ms: i64,
    /// Which run of the program noted it: within one, clocks can be compared.
    pub run: i64,
}

impl Noted {
    /// By the clock as it is `now`. What an earlier run of the program noted may be in its future.
    pub(crate) fn told(self, now: Self) -> At {
        if self.run == now.run {
            Reckoning { now: now.at, ahead_ms: now.ahead_ms }.retime(self.at, self.ahead_ms)
        } else {
            self.at
        }
    }

    /// Nobody can have missed anything since: looks come every `interval` seconds.
    pub(crate) fn is_recent(self, now: Self, interval: u32) -> bool {
        // A look that took long is judged after one that began later.
        let at = self.told(now).min(now.at);
        self.run == now.run && Freshness::of(at, now.at, interval) == Freshness::Fresh
    }
}
