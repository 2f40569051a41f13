//! One layout of all Rust files, imports included: one block, one `use` for each crate.

use crate::process::{finish, root};
use anyhow::Result;
use std::process::Command;

/// Rustfmt's settings for imports are not stable yet, so they stand here and not in `rustfmt.toml`, where a plain
/// `cargo fmt` would warn about them.
const IMPORTS: &str = "unstable_features=true,imports_granularity=Crate,group_imports=One";

pub fn write() -> Result<()> {
    run(&[])
}

pub fn check() -> Result<()> {
    run(&["--check"])
}

fn run(more: &[&str]) -> Result<()> {
    let mut command = Command::new("cargo");
    command.args(["fmt", "--all", "--"]).args(more).args(["--config", IMPORTS]);
    finish(command.current_dir(root()).env("RUSTC_BOOTSTRAP", "1"))
}
