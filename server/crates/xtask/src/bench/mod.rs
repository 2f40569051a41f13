//! `cargo xtask bench`: what the budgets say, measured. One JSON object a line, and a table at the end; never part of
//! `test`. What does not hold does not keep the rest from being measured; it ends the command with an error.

mod table;

use crate::{
    needs,
    process::{binary, finish, root, say},
    site,
};
use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};
use table::{Line, table};

#[derive(clap::Args)]
pub struct Bench {
    /// Only this one; all without a name.
    name: Option<String>,
}

/// What runs a benchmark.
enum Runs {
    /// A benchmark program of a package, with its arguments.
    Cargo { package: &'static str, program: &'static str, arguments: &'static [&'static str] },
    /// The same, and it drives the browser that `CHROMIUM` names.
    CargoWithBrowser { package: &'static str, program: &'static str },
    /// `end2end/bench.mjs`, over the real binary in a real browser.
    Browser,
}

const fn program(package: &'static str, program: &'static str) -> Runs {
    Runs::Cargo { package, program, arguments: &[] }
}

const BENCHES: &[(&str, Runs)] = &[
    ("lab", program("lab", "speed")),
    ("lab-fleet", program("lab", "fleet")),
    ("plan", program("server", "plan")),
    ("apply", program("server", "apply")),
    ("look", program("server", "look")),
    ("foreign", program("server", "foreign")),
    ("fleet", program("server", "fleet")),
    ("page", program("server", "page")),
    ("members", Runs::CargoWithBrowser { package: "server", program: "members" }),
    ("live", program("server", "live")),
    ("strangers", program("server", "strangers")),
    ("idle", program("server", "idle")),
    ("audit", program("store", "audit")),
    // The budget is for a million records.
    ("log", Runs::Cargo { package: "store", program: "log", arguments: &["1000000"] }),
    ("browser", Runs::Browser),
];

/// Budgets that nothing measures, and why.
const NOT_MEASURED: &[(&str, &str)] = &[
    ("audit: verifying", "there is no chain over the log yet that could be verified"),
    ("idle: start to ready with a tail to verify", "there are no signed checkpoints yet; `idle_ready` is without one"),
    (
        "first page: Lighthouse",
        "Lighthouse is no package of `end2end`; bytes, requests and hosts are measured by `browser`",
    ),
];

impl Bench {
    pub fn run(self) -> Result<()> {
        let wanted = |name: &str| self.name.as_deref().is_none_or(|wanted| wanted == name);
        let chosen: Vec<_> = BENCHES.iter().filter(|(name, _)| wanted(name)).collect();
        if chosen.is_empty() {
            let known: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
            bail!("there is no benchmark of that name; there are: {}", known.join(", "));
        }
        let (mut lines, mut ended_badly) = (Vec::new(), Vec::new());
        for (name, runs) in chosen {
            let before = lines.len();
            if let Err(error) = runs.run(&mut lines) {
                // Its own lines say what is over; without one that does, the program itself is what is wrong.
                if lines[before..].iter().all(|line: &Line| line.ok) {
                    ended_badly.push(format!("{name} ({error:#})"));
                }
                say(&format!("{name}: {error:#}"));
            }
        }
        tell(&table(&lines));
        if self.name.is_none() {
            for (budget, why) in NOT_MEASURED {
                tell(&format!("not measured: {budget}: {why}\n"));
            }
        }
        let over: Vec<String> = lines.into_iter().filter(|line| !line.ok).map(|line| line.name).collect();
        match (over.is_empty(), ended_badly.is_empty()) {
            (true, true) => Ok(()),
            (false, true) => bail!("over budget: {}", over.join(", ")),
            (true, false) => bail!("not measured to the end: {}", ended_badly.join(", ")),
            (false, false) => {
                bail!("over budget: {}; not measured to the end: {}", over.join(", "), ended_badly.join(", "))
            }
        }
    }
}

#[expect(clippy::print_stdout, reason = "lines that others parse, and a table for people")]
fn tell(text: &str) {
    print!("{text}");
}

impl Runs {
    fn run(&self, lines: &mut Vec<Line>) -> Result<()> {
        match self {
            Self::Cargo { package, program, arguments } => heard(&mut bench(package, program, arguments)?, lines),
            Self::CargoWithBrowser { package, program } => {
                needs::npm_packages()?;
                let chromium = needs::chromium()?;
                heard(bench(package, program, &[])?.env("CHROMIUM", chromium), lines)
            }
            Self::Browser => {
                needs::npm_packages()?;
                let chromium = needs::chromium()?;
                site::build(site::Profile::Release)?;
                finish(
                    Command::new("cargo")
                        .args(["build", "--quiet", "--release", "--package=server"])
                        .current_dir(root()),
                )?;
                let mut node = Command::new("node");
                node.arg("bench.mjs").current_dir(root().join("end2end"));
                heard(node.env("CHROMIUM", chromium).env("GATEHOUSE", binary("release")), lines)
            }
        }
    }
}

fn bench(package: &str, program: &str, arguments: &[&str]) -> Result<Command> {
    if package == "server" {
        // The binary embeds its site, and a benchmark is a release.
        site::build(site::Profile::Release)?;
    }
    let mut command = Command::new("cargo");
    command
        .args(["bench", "--quiet", "--package", package, "--bench", program, "--"])
        .args(arguments)
        .current_dir(root());
    Ok(command)
}

/// Runs it, passes on what it prints as it comes, and keeps the lines that are measurements.
fn heard(command: &mut Command, lines: &mut Vec<Line>) -> Result<()> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("the benchmark could not be started")?;
    let printed = child.stdout.take().context("the benchmark has no output")?;
    for line in BufReader::new(printed).lines() {
        let line = line?;
        tell(&format!("{line}\n"));
        lines.extend(Line::read(&line));
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("it ended with {status}");
    }
    Ok(())
}
