//! `cargo xtask bench`: what the budgets say, measured. One JSON object a line; never part of `test`.

use crate::{process::cargo, site};
use anyhow::{Result, bail};

#[derive(clap::Args)]
pub struct Bench {
    /// Only this one; all without a name.
    name: Option<String>,
}

/// The name, its package and its benchmark program.
const BENCHES: &[(&str, &str, &str)] =
    &[("lab", "lab", "speed"), ("fleet", "lab", "fleet"), ("live", "server", "live"), ("log", "store", "log")];

impl Bench {
    pub fn run(self) -> Result<()> {
        let wanted = |name: &str| self.name.as_deref().is_none_or(|wanted| wanted == name);
        let chosen: Vec<_> = BENCHES.iter().filter(|(name, ..)| wanted(name)).collect();
        if chosen.is_empty() {
            let known: Vec<&str> = BENCHES.iter().map(|(name, ..)| *name).collect();
            bail!("there is no benchmark of that name; there are: {}", known.join(", "));
        }
        for (_, package, program) in chosen {
            if *package == "server" {
                // The binary embeds its site, and a benchmark is a release.
                site::build(site::Profile::Release)?;
            }
            cargo(["bench", "--quiet", "--package", package, "--bench", program])?;
        }
        Ok(())
    }
}
