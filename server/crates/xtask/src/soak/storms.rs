//! Plans applied while something fails: each switch of the lab at moments that chance chooses, on an appliance that stands
//! alone and on a pair.

use super::{report::Report, targets};
use anyhow::Result;

/// Runs that were struck.
const BUDGET: u64 = 500;

/// A round strikes once with each switch: some 35 runs.
pub const ROUNDS: u64 = 16;

pub fn run(seed: u64, rounds: u64) -> Result<Report> {
    Ok(Report {
        name: "soak_storms",
        unit: "struck runs",
        budget: BUDGET,
        parts: targets::run(&["services"], "storms::", seed, rounds)?,
        how: "After each: no write that the lab saw was without its intent, the configuration is line by line that of an \
              undisturbed run (nothing twice, nothing missing, on a pair on both halves), it is saved, and planning again \
              is empty. A slowest time has the waiting for answers that never came, and going on to the end, in it."
            .to_owned(),
    })
}
