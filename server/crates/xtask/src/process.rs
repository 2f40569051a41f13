//! Programs that we start: said aloud, waited for, and their failure passed on.

use anyhow::{Context, Result, bail};
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

/// The workspace's root: this crate lies at `server/crates/xtask`.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The server's binary of a profile's folder.
pub fn binary(folder: &str) -> PathBuf {
    target().join(folder).join("gatehouse")
}

/// Says what is being done; all our own lines look alike.
#[expect(clippy::print_stdout, reason = "a runner talks to the terminal")]
pub fn say(line: &str) {
    println!("xtask: {line}");
}

/// Runs a program in the workspace's root and fails when it fails.
pub fn run<S: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = S>) -> Result<()> {
    run_in(&root(), program, arguments)
}

/// The same, in another folder.
pub fn run_in<S: AsRef<OsStr>>(folder: &Path, program: &str, arguments: impl IntoIterator<Item = S>) -> Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    finish(&mut command)
}

/// `cargo …` with the same toolchain that runs us.
pub fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Result<()> {
    run("cargo", arguments)
}

/// Runs what was prepared; a failure names the whole command.
pub fn finish(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| format!("`{shown}` could not be started"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// What a program printed; fails when it fails.
pub fn output<S: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = S>) -> Result<String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    let shown = shown(&command);
    let output = command.output().with_context(|| format!("`{shown}` could not be started"))?;
    if !output.status.success() {
        bail!("`{shown}` failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The program is there and answers.
pub fn answers(program: &str, argument: &str) -> bool {
    Command::new(program).arg(argument).output().is_ok_and(|output| output.status.success())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
