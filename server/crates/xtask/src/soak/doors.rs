//! The scan of all addresses of the console, many times as long as in a test.

use super::{report::Report, targets};
use crate::site;
use anyhow::Result;

const BUDGET: u64 = 100_000;

/// A round is one request to each address, of which there are some eighty.
pub const ROUNDS: u64 = 1_300;

pub fn run(seed: u64, rounds: u64) -> Result<Report> {
    // The profile keeps the checks of dev, and so embeds dev's site.
    site::build(site::Profile::Dev)?;
    Ok(Report {
        name: "soak_doors",
        unit: "requests",
        budget: BUDGET,
        parts: targets::run(&["server"], "scan_of_all_addresses", seed, rounds)?,
        how: "Every page, door and other address of the program, with methods, headers, cookies, bodies and encodings by \
              seeded chance, as nobody, viewer, operator and admin, whole and in pieces: no 500, no panic, nothing of the \
              program's inside, no way to another site, each answer in time."
            .to_owned(),
    })
}
