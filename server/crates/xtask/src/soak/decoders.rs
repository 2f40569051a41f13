//! Ten million inputs over every decoder: the fuzz targets of the client crates, each many times as long as in a test.

use super::report::{Part, Report};
use crate::process::{root, say};
use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

const BUDGET: u64 = 10_000_000;

/// A round is some 19,500 inputs.
pub const ROUNDS: u64 = 520;

const PACKAGES: &[&str] = &["certs", "nitro", "trust", "xms"];

pub fn run(seed: u64, rounds: u64) -> Result<Report> {
    say(&format!("fuzzing {} with seed {seed}, {rounds} rounds", PACKAGES.join(", ")));
    let mut command = Command::new("cargo");
    command.args(["test", "--profile", "soak", "--lib", "--tests"]);
    command.args(PACKAGES.iter().flat_map(|package| ["--package", package]));
    command.args(["fuzz_", "--", "--nocapture"]);
    command.env("FUZZ_TIMES", rounds.to_string()).env("FUZZ_SEED", seed.to_string());
    let mut child = command
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("cargo test could not be started")?;
    let errors = child.stderr.take().context("cargo test says nothing")?;
    let mut parts = Vec::new();
    for line in BufReader::new(errors).lines() {
        let line = line?;
        // What fails is printed with its input.
        if !line.trim().is_empty() {
            say(&line);
        }
        parts.extend(part(&line));
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("a target failed or did not build ({status}); its input is above");
    }
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Report {
        name: "soak_decoders",
        unit: "executions",
        budget: BUDGET,
        parts,
        how: "Inputs are made from the corpora in `tests/it/corpus` of each crate with seeded chance; built as a release \
              is, with the checks for overflow."
            .to_owned(),
    })
}

/// `FUZZ nitro/answers 1040000 executions, seed 1, slowest 153 us`, as the crate `fuzz` prints it.
fn part(line: &str) -> Option<Part> {
    let (name, rest) = line.strip_prefix("FUZZ ")?.split_once(' ')?;
    let (done, rest) = rest.split_once(" executions, ")?;
    let slowest = rest.rsplit_once("slowest ")?.1.strip_suffix(" us")?;
    Some(Part { name: name.to_owned(), done: done.parse().ok()?, slowest_us: slowest.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_lines_are_read() {
        let read = part("FUZZ nitro/answers 1040012 executions, seed 1, slowest 153 us");
        assert_eq!(read, Some(Part { name: "nitro/answers".to_owned(), done: 1_040_012, slowest_us: 153 }));
        assert_eq!(part("FUZZ nitro/answers some executions, seed 1, slowest 1 us"), None);
        assert_eq!(part("   Compiling nitro v0.1.0"), None);
    }
}
