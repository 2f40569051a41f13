//! The scan of all addresses of the console, many times as long as in a test.

use super::report::{Part, Report};
use crate::{
    process::{root, say},
    site,
};
use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

const BUDGET: u64 = 100_000;

/// A round is one request to each address, of which there are some eighty.
pub const ROUNDS: u64 = 1_300;

pub fn run(seed: u64, rounds: u64) -> Result<Report> {
    // The profile keeps the checks of dev, and so embeds dev's site.
    site::build(site::Profile::Dev)?;
    say(&format!("scanning all addresses of the console with seed {seed}, {rounds} rounds"));
    let mut child = Command::new("cargo")
        .args([
            "test",
            "--profile",
            "soak",
            "--package",
            "server",
            "--test",
            "it",
            "scan_of_all_addresses",
            "--",
            "--nocapture",
        ])
        .env("SCAN_ROUNDS", rounds.to_string())
        .env("SCAN_SEED", seed.to_string())
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("cargo test could not be started")?;
    let errors = child.stderr.take().context("cargo test says nothing")?;
    let mut parts = Vec::new();
    for line in BufReader::new(errors).lines() {
        let line = line?;
        // What was found is printed with the request that found it.
        if !line.trim().is_empty() {
            say(&line);
        }
        parts.extend(part(&line));
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the scan found something or did not build ({status}); the request is above");
    }
    Ok(Report {
        name: "soak_doors",
        unit: "requests",
        budget: BUDGET,
        parts,
        how: "Every page, door and other address of the program, with methods, headers, cookies, bodies and encodings by \
              seeded chance, as nobody, viewer, operator and admin, whole and in pieces: no 500, no panic, nothing of the \
              program's inside, no way to another site, each answer in time."
            .to_owned(),
    })
}

/// `SCAN doors 480 requests, seed 1, slowest 153 us`, as `server/tests/it/scan.rs` prints it.
fn part(line: &str) -> Option<Part> {
    let (name, rest) = line.strip_prefix("SCAN ")?.split_once(' ')?;
    let (done, rest) = rest.split_once(" requests, ")?;
    let slowest = rest.rsplit_once("slowest ")?.1.strip_suffix(" us")?;
    Some(Part { name: name.to_owned(), done: done.parse().ok()?, slowest_us: slowest.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scans_line_is_read() {
        let read = part("SCAN doors 480 requests, seed 1, slowest 15321 us");
        assert_eq!(read, Some(Part { name: "doors".to_owned(), done: 480, slowest_us: 15_321 }));
        assert_eq!(part("SCAN doors some requests"), None);
    }
}
