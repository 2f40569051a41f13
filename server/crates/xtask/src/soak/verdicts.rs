//! Thousands of moments in the lives of watched clusters, none of which may show green what is old or from the future.

use super::{report::Report, targets};
use anyhow::Result;

/// Moments that were judged.
const BUDGET: u64 = 20_000;

/// A round is 120 moments: three sequences.
pub const ROUNDS: u64 = 170;

pub fn run(seed: u64, rounds: u64) -> Result<Report> {
    Ok(Report {
        name: "soak_verdicts",
        unit: "moments",
        budget: BUDGET,
        parts: targets::run(&["services"], "honest::", seed, rounds)?,
        how: "Sequences of 40 events by seeded chance (looks, faults, steps of the clock, restarts), each on a cluster in \
              the lab on which all is well at first; slowest is a whole sequence. A tenth of the moments at least was green."
            .to_owned(),
    })
}
