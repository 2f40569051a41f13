//! `cargo xtask bench`: what the budgets say, measured. One JSON object a line; never part of `test`.

use crate::{
    needs,
    process::{binary, cargo, finish, root},
    site,
};
use anyhow::{Result, bail};
use std::process::Command;

#[derive(clap::Args)]
pub struct Bench {
    /// Only this one; all without a name.
    name: Option<String>,
}

/// What runs a benchmark.
enum Runs {
    /// A benchmark program of a package.
    Cargo { package: &'static str, program: &'static str },
    /// `end2end/bench.mjs`, over the real binary in a real browser.
    Browser,
}

const BENCHES: &[(&str, Runs)] = &[
    ("lab", Runs::Cargo { package: "lab", program: "speed" }),
    ("fleet", Runs::Cargo { package: "lab", program: "fleet" }),
    ("live", Runs::Cargo { package: "server", program: "live" }),
    ("browser", Runs::Browser),
];

impl Bench {
    pub fn run(self) -> Result<()> {
        let wanted = |name: &str| self.name.as_deref().is_none_or(|wanted| wanted == name);
        let chosen: Vec<_> = BENCHES.iter().filter(|(name, _)| wanted(name)).collect();
        if chosen.is_empty() {
            let known: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
            bail!("there is no benchmark of that name; there are: {}", known.join(", "));
        }
        for (_, runs) in chosen {
            runs.run()?;
        }
        Ok(())
    }
}

impl Runs {
    fn run(&self) -> Result<()> {
        match self {
            Self::Cargo { package, program } => {
                if *package == "server" {
                    // The binary embeds its site, and a benchmark is a release.
                    site::build(site::Profile::Release)?;
                }
                cargo(["bench", "--quiet", "--package", package, "--bench", program])
            }
            Self::Browser => {
                needs::npm_packages()?;
                let chromium = needs::chromium()?;
                site::build(site::Profile::Release)?;
                cargo(["build", "--quiet", "--release", "--package=server"])?;
                let mut node = Command::new("node");
                node.arg("bench.mjs").current_dir(root().join("end2end"));
                finish(node.env("CHROMIUM", chromium).env("GATEHOUSE", binary("release")))
            }
        }
    }
}
