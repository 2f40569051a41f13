//! What a build or a test needs on the machine: looked for, installed where we can, named where we cannot.

use crate::process::{answers, output, root, run, run_in, say};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// The compiler target of the browser's half.
pub fn wasm_target() -> Result<()> {
    let installed = output("rustup", ["target", "list", "--installed"])
        .context("rustup is needed to build for the browser; install Rust with rustup, then try again")?;
    if installed.lines().any(|line| line.trim() == "wasm32-unknown-unknown") {
        return Ok(());
    }
    say("installing the wasm32-unknown-unknown target with rustup");
    run("rustup", ["target", "add", "wasm32-unknown-unknown"])
}

/// Playwright and what else the browser tests import, from `end2end/package-lock.json`.
pub fn npm_packages() -> Result<()> {
    if !answers("npm", "--version") {
        bail!("The browser tests need Node.js with npm (20 or later). Install it, or run `cargo xtask test --quick`.");
    }
    let folder = root().join("end2end");
    let stamp = folder.join("node_modules/.package-lock.json");
    if newer(&stamp, &folder.join("package-lock.json")) {
        return Ok(());
    }
    say("installing the browser tests' npm packages");
    run_in(&folder, "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"])
}

/// A Chromium to drive: the one named in `CHROMIUM`, one on the PATH, or Debian's.
pub fn chromium() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        let path = PathBuf::from(named);
        if path.is_file() {
            return Ok(path);
        }
        bail!("CHROMIUM names {}, and there is no such file.", path.display());
    }
    if let Some(found) = on_path() {
        return Ok(found);
    }
    if !answers("apt-get", "--version") {
        bail!("The browser tests need Chromium. Install it and put it on the PATH, or name it in CHROMIUM.");
    }
    say("installing Chromium with apt-get");
    let installed = run("apt-get", ["update", "-qq"])
        .and_then(|()| run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]));
    installed.context("apt-get could not install Chromium (it wants root); install it, or name one in CHROMIUM")?;
    on_path().context("Chromium was installed, and is not on the PATH")
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name))).find(|file| file.is_file())
}

fn newer(stamp: &Path, source: &Path) -> bool {
    let changed = |path: &Path| std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
    matches!((changed(stamp), changed(source)), (Some(stamp), Some(source)) if stamp >= source)
}
