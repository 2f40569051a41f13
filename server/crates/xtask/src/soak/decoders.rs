//! Ten million inputs over every decoder: the fuzz targets of the client crates, each many times as long as in a test.

use super::{report::Report, targets};
use anyhow::Result;

const BUDGET: u64 = 10_000_000;

/// A round is some 19,500 inputs.
pub const ROUNDS: u64 = 520;

const PACKAGES: &[&str] = &["certs", "nitro", "wire", "xms"];

pub fn run(seed: u64, rounds: u64) -> Result<Report> {
    Ok(Report {
        name: "soak_decoders",
        unit: "executions",
        budget: BUDGET,
        parts: targets::run(PACKAGES, "fuzz_", seed, rounds)?,
        how: "Inputs are made from the corpora in `tests/it/corpus` of each crate with seeded chance; built as a release \
              is, with the checks for overflow."
            .to_owned(),
    })
}
