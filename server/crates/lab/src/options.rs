//! The knobs.

use crate::{choices::Choices, clock::ClockMode, seed::Seed, site::Site, version::Version};
use std::{net::Ipv4Addr, time::Duration};

/// How a lab is to be. `Options::default()` is an empty lab with three nodes on the real clock.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is there at the start.
    pub seed: Seed,
    /// How time moves.
    pub clock: ClockMode,
    /// Whether NITRO is served in the clear too; `false` is `gui SECUREONLY`.
    pub plain_http: bool,
    /// Real time added before each NITRO answer.
    pub latency: Duration,
    /// Of `nsroot`; random when not given.
    pub password: Option<String>,
    /// Logical addresses of the nodes.
    pub nodes: Vec<Ipv4Addr>,
    /// Clusters besides the one that these nodes are.
    pub sites: Vec<Site>,
    /// TOML laid over the built-in profile of the nodes; see `profiles/`.
    pub profile: Option<String>,
    /// Sessions that an appliance keeps at once before it answers 445.
    pub session_limit: usize,
    /// So many stand-alone appliances, each with a cluster of its own in front of the same nodes; one when not given.
    /// Not together with `pair`.
    pub fleet: Option<u16>,
    /// Two appliances that share one configuration; stand-alone when not given.
    pub pair: Option<Pair>,
    /// The firmware of every appliance.
    pub version: Version,
    /// What a PUT of an attribute does that can only be set when the object is made.
    pub immutables: Immutables,
    /// Lab time after a start in which NITRO answers 503.
    pub boot: Duration,
    /// A virtual server in a persistency group shows its own persistence in a GET, not the group's.
    pub grouped_shows_own: bool,
    /// What real appliances do one way or another.
    pub choices: Choices,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: Seed::Empty,
            clock: ClockMode::Real,
            plain_http: true,
            latency: Duration::ZERO,
            password: None,
            nodes: (11..=13).map(|last| Ipv4Addr::new(10, 20, 30, last)).collect(),
            sites: Vec::new(),
            profile: None,
            session_limit: 20,
            fleet: None,
            pair: None,
            version: Version::default(),
            immutables: Immutables::default(),
            boot: Duration::ZERO,
            grouped_shows_own: false,
            choices: Choices::default(),
        }
    }
}

/// How a high-availability pair behaves.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// What the secondary says to a write.
    pub secondary_writes: SecondaryWrites,
    /// What the primary says to a write while the secondary synchronises.
    pub writes_during_sync: WritesDuringSync,
    /// How long a full synchronisation takes, in lab time.
    pub sync: Duration,
    /// How often the secondary pulls files, in lab time.
    pub file_pull: Duration,
}

impl Default for Pair {
    fn default() -> Self {
        Self {
            secondary_writes: SecondaryWrites::default(),
            writes_during_sync: WritesDuringSync::default(),
            sync: Duration::from_secs(10),
            file_pull: Duration::from_mins(1),
        }
    }
}

/// What the secondary says to a write; the reference knows both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondaryWrites {
    /// 368, nothing happens.
    #[default]
    Refused,
    /// Warning 1028: it takes effect there alone, until the next synchronisation.
    Local,
}

/// What the primary says to a write while the secondary synchronises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WritesDuringSync {
    /// 412, nothing happens.
    #[default]
    Busy,
    /// 366, nothing happens.
    NotNow,
    /// It takes effect on the primary and comes over at the end of the synchronisation.
    Alone,
}

/// What a PUT of an attribute does that can only be set when the object is made (`nitro.md` 3.11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Immutables {
    /// 278.
    #[default]
    Strict,
    /// It looks successful and changes nothing.
    Lenient,
}
