//! The knobs.

use std::{net::Ipv4Addr, time::Duration};

use crate::{choices::Choices, clock::ClockMode, seed::Seed};

/// How a lab is to be. `Options::default()` is an empty lab with three nodes on the real clock.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is there at the start.
    pub seed: Seed,
    /// How time moves.
    pub clock: ClockMode,
    /// Real time added before each NITRO answer.
    pub latency: Duration,
    /// Of `nsroot`; random when not given.
    pub password: Option<String>,
    /// Logical addresses of the nodes.
    pub nodes: Vec<Ipv4Addr>,
    /// TOML laid over the built-in profile of the nodes; see `profiles/`.
    pub profile: Option<String>,
    /// Sessions that an appliance keeps at once before it answers 445.
    pub session_limit: usize,
    /// What real appliances do one way or another.
    pub choices: Choices,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: Seed::Empty,
            clock: ClockMode::Real,
            latency: Duration::ZERO,
            password: None,
            nodes: (11..=13).map(|last| Ipv4Addr::new(10, 20, 30, last)).collect(),
            profile: None,
            session_limit: 20,
            choices: Choices::default(),
        }
    }
}
