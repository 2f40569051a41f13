//! The demo and the lab: built, then handed over to the real binary.

use crate::{process, site};
use anyhow::{Context, Result};
use std::process::Command;

#[derive(clap::Args)]
pub struct Demo {
    /// Handed to `gatehouse demo`: `--port N`, `--data DIR`, `--empty`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
    /// The release pair: slower to build, faster to click.
    #[arg(long)]
    release: bool,
}

#[derive(clap::Args)]
pub struct Lab {
    /// Handed to `gatehouse lab`: `--json`, `--pair`, `--firmware 14.1` and the rest; `--help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Demo {
    pub fn run(self) -> Result<()> {
        let profile = site::Profile::of(self.release);
        site::build(profile)?;
        hand_over("demo", &self.arguments, self.release)
    }
}

impl Lab {
    pub fn run(self) -> Result<()> {
        // The binary wants its site even where nobody looks at it: one program, one way to build it.
        site::build(site::Profile::Dev)?;
        hand_over("lab", &self.arguments, false)
    }
}

/// Builds the server, then becomes it: signals and standard output are its own.
fn hand_over(command: &str, arguments: &[String], release: bool) -> Result<()> {
    let mut build = vec!["build", "--quiet", "--package=server"];
    if release {
        build.push("--release");
    }
    process::cargo(&build)?;
    let binary = process::binary(if release { "release" } else { "debug" });
    let mut server = Command::new(&binary);
    server.arg(command).args(arguments);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(server.exec()).with_context(|| format!("{} could not be started", binary.display()))
    }
    #[cfg(not(unix))]
    {
        process::finish(&mut server)
    }
}
