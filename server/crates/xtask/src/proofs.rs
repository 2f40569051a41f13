//! The lab's README promises: each behaviour of the reference is shown by a test that it names. The test
//! `proofs` in the lab checks that those tests exist; here we check that they ran and passed.

use crate::process::{root, say};
use anyhow::{Context, Result, bail};
use std::{collections::BTreeSet, fs};

const README: &str = "server/crates/lab/README.md";

/// Where the tables of proofs begin; they end with the file or the next heading of the same level.
const HEADING: &str = "## What shows it";

/// Fails when a test that the README names is not among those that passed.
pub fn check(passed: &BTreeSet<String>) -> Result<()> {
    let text = fs::read_to_string(root().join(README)).with_context(|| format!("{README} cannot be read"))?;
    let named = named(&text);
    let missing: Vec<&str> = named.iter().filter(|name| !passed.contains(**name)).copied().collect();
    if !missing.is_empty() {
        bail!("{README} names tests that did not run or did not pass: {}", missing.join(", "));
    }
    say(&format!("proofs: the {} tests that the lab's README names ran and passed", named.len()));
    Ok(())
}

/// The tests in the last column of the tables: `module::sentence` in back quotes.
fn named(readme: &str) -> BTreeSet<&str> {
    let section = readme.split_once(HEADING).map_or("", |(_, after)| after);
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.trim().strip_prefix('|')?.strip_suffix('|'));
    let last = rows.filter_map(|row| row.rsplit('|').next());
    last.flat_map(|cell| cell.split('`').skip(1).step_by(2)).filter(|name| name.contains("::")).collect()
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn tests_are_read_from_the_last_column_of_the_section_alone() {
        let text = "## Knobs\n| `a::b` |\n## What shows it\n| 6.1 | `GET x::y` | `golden::one`, `golden::two` |\n\
                    |---|---|---|\n### Nodes\n| 11 | z | `nodes::three` |\n## After\n| `c::d` |\n";
        let found: Vec<&str> = named(text).into_iter().collect();
        assert_eq!(found, ["golden::one", "golden::two", "nodes::three"]);
    }
}
