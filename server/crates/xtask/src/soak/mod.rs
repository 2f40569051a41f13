//! `cargo xtask soak`: the long proofs. Each is the same code as a test that `cargo xtask test` runs a little of.
//!
//! One JSON object for each proof; what has reached its budget is kept in `server/docs/proofs.md`.

mod decoders;
mod report;
mod storms;
mod targets;

use crate::process::{output, root, say};
use anyhow::{Context, Result, bail};
use report::Report;
use std::{fs, io::ErrorKind};

#[derive(clap::Args)]
pub struct Soak {
    /// Only this one; all without a name.
    name: Option<String>,
    /// Where chance begins; the same seed finds the same failures.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often as much as in a test; enough for the proof's budget without it.
    #[arg(long)]
    rounds: Option<u64>,
}

/// One long proof.
struct Proof {
    name: &'static str,
    /// Enough for the budget.
    rounds: u64,
    run: fn(seed: u64, rounds: u64) -> Result<Report>,
}

const PROOFS: &[Proof] = &[
    Proof { name: "decoders", rounds: decoders::ROUNDS, run: decoders::run },
    Proof { name: "storms", rounds: storms::ROUNDS, run: storms::run },
];

const KEPT: &str = "server/docs/proofs.md";

impl Soak {
    pub fn run(self) -> Result<()> {
        let wanted = |name: &str| self.name.as_deref().is_none_or(|wanted| wanted == name);
        let chosen: Vec<_> = PROOFS.iter().filter(|proof| wanted(proof.name)).collect();
        if chosen.is_empty() {
            let known: Vec<&str> = PROOFS.iter().map(|proof| proof.name).collect();
            bail!("there is no long proof of that name; there are: {}", known.join(", "));
        }
        let commit = commit()?;
        for proof in chosen {
            let rounds = self.rounds.unwrap_or(proof.rounds);
            let report = (proof.run)(self.seed, rounds).with_context(|| format!("the long proof {:?}", proof.name))?;
            line(&report, self.seed);
            if report.ok() {
                keep(proof.name, &report.section(proof.name, &commit, self.seed, rounds))?;
            } else {
                say(&format!("{} is below its budget: {KEPT} is left as it is", proof.name));
            }
        }
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "JSON lines are what others parse")]
fn line(report: &Report, seed: u64) {
    println!("{}", report.json(seed));
}

/// What was proved: the commit, and whether the tree was that of the commit.
fn commit() -> Result<String> {
    let commit = output("git", ["rev-parse", "--short=12", "HEAD"])?;
    let changed = !output("git", ["status", "--porcelain", "--untracked-files=no"])?.trim().is_empty();
    Ok(format!("{}{}", commit.trim(), if changed { " with changes" } else { "" }))
}

fn keep(name: &str, section: &str) -> Result<()> {
    let path = root().join(KEPT);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => report::HEAD.to_owned(),
        Err(error) => return Err(error).with_context(|| format!("{KEPT} cannot be read")),
    };
    fs::write(&path, report::replaced(&text, name, section)).with_context(|| format!("{KEPT} cannot be written"))
}
