//! The ways to look at a node.

use crate::{clock::At, freshness::Freshness};
use serde::{Deserialize, Serialize};
use std::fmt;

/// By which door it was asked. Each is tried at its own pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Ports, certificates and version: without an account, at every look.
    Open,
    /// The pages that set the node's cookie: when somebody reads node IDs.
    Page,
    /// REST with its account: at every fifth look.
    Rest,
    /// The menu program over SSH with its account: at every tenth look.
    Ssh,
}

impl Door {
    pub const ALL: [Self; 4] = [Self::Open, Self::Page, Self::Rest, Self::Ssh];

    /// What a look at a node passes by; pages are only pasted.
    pub const LOOKED_BY: [Self; 3] = [Self::Open, Self::Rest, Self::Ssh];

    /// It is tried at each so manyeth look.
    pub const fn every(self) -> u32 {
        match self {
            Self::Open | Self::Page => 1,
            Self::Rest => 5,
            Self::Ssh => 10,
        }
    }

    /// What something read at `at` is worth now; `interval` is the time between two looks in seconds.
    pub fn freshness(self, at: At, now: At, interval: u32) -> Freshness {
        Freshness::of(at, now, interval.saturating_mul(self.every()))
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "without an account",
            Self::Page => "the pages",
            Self::Rest => "REST",
            Self::Ssh => "SSH",
        })
    }
}
