//! Tests that take their seed and how often as much from their surroundings, and tell what they did.

use super::report::Part;
use crate::process::{root, say};
use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

/// Runs tests, built as a release is, with the checks for overflow; gives what each told.
pub fn run(arguments: &[&str], unit: &str, seed: u64, rounds: u64) -> Result<Vec<Part>> {
    let mut command = Command::new("cargo");
    command.args(["test", "--profile", "soak"]).args(arguments).args(["--", "--nocapture"]);
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
        parts.extend(part(&line, unit));
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("a target failed or did not build ({status}); its input is above");
    }
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(parts)
}

/// `FUZZ nitro/answers 1040000 executions, seed 1, slowest 153 us`.
fn part(line: &str, unit: &str) -> Option<Part> {
    let (name, rest) = line.strip_prefix("FUZZ ")?.split_once(' ')?;
    let (done, rest) = rest.split_once(", ")?;
    let done = done.strip_suffix(unit)?.trim_end();
    let slowest = rest.rsplit_once("slowest ")?.1.strip_suffix(" us")?;
    Some(Part { name: name.to_owned(), done: done.parse().ok()?, slowest_us: slowest.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_lines_are_read() {
        let read = part("FUZZ nitro/answers 1040012 executions, seed 1, slowest 153 us", "executions");
        assert_eq!(read, Some(Part { name: "nitro/answers".to_owned(), done: 1_040_012, slowest_us: 153 }));
        assert_eq!(part("FUZZ nitro/answers some executions, seed 1, slowest 1 us", "executions"), None);
        assert_eq!(part("FUZZ services/verdicts 120 moments, seed 1, slowest 1 us", "executions"), None);
        assert_eq!(part("   Compiling nitro v0.1.0", "executions"), None);
    }
}
