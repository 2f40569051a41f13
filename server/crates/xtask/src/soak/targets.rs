//! Tests that say how much they did, in the profile of long proofs: each is the same code as in a test run, many times as
//! long.

use super::report::Part;
use crate::process::{root, say};
use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

/// Runs the tests of these packages whose names have `filter` in them, and gives what they say of themselves.
pub fn run(packages: &[&str], filter: &str, seed: u64, rounds: u64) -> Result<Vec<Part>> {
    say(&format!("running {filter}… of {} with seed {seed}, {rounds} rounds", packages.join(", ")));
    let mut command = Command::new("cargo");
    command.args(["test", "--profile", "soak", "--lib", "--tests"]);
    command.args(packages.iter().flat_map(|package| ["--package", package]));
    command.args([filter, "--", "--nocapture"]);
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
    Ok(parts)
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
