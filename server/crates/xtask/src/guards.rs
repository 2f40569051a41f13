//! Rules of the architecture that a compiler does not know.

use crate::{
    circles, names,
    process::{output, root, say},
    reasons,
};
use anyhow::{Result, bail};
use std::fs;

/// Packages that must not be reachable from a crate, and why.
const FORBIDDEN: &[(&[&str], &[&str], &str)] = &[
    (
        &["-p", "engine"],
        &["reqwest", "russh", "sqlx", "leptos", "tokio", "nitro", "wire", "certs", "store"],
        "the engine is pure and depends on model alone",
    ),
    (
        &["-p", "app", "--target", "wasm32-unknown-unknown", "--no-default-features", "--features", "hydrate"],
        &["sqlx", "reqwest", "tokio", "rustls", "russh", "services", "store", "nitro"],
        "the browser's half must stay small and know nothing of the server",
    ),
    (
        &["-p", "lab"],
        &["model", "wire", "certs", "nitro", "xms", "engine", "store", "services", "app"],
        "the lab shares nothing of ours",
    ),
    (
        &["-p", "nitro"],
        &["model", "xms", "certs", "lab", "engine", "store", "services", "app"],
        "of ours, clients depend on `wire` alone",
    ),
    (
        &["-p", "xms"],
        &["model", "nitro", "certs", "lab", "engine", "store", "services", "app"],
        "of ours, clients depend on `wire` alone",
    ),
    (
        &["-p", "wire"],
        &["model", "nitro", "xms", "certs", "lab", "engine", "store", "services", "app"],
        "what the clients share depends on nothing of ours",
    ),
    (
        &["-p", "certs"],
        &["tokio", "reqwest", "model", "wire", "nitro", "xms", "lab", "engine", "store", "services", "app"],
        "reading certificates is pure and depends on nothing of ours",
    ),
    (
        &["-p", "fuzz"],
        &["model", "wire", "certs", "nitro", "xms", "lab", "engine", "store", "services", "app"],
        "how fuzz targets run depends on nothing of ours",
    ),
    (&["-p", "server"], &["fuzz", "bolero"], "what is for tests alone is not in the product"),
    (&["-p", "store"], &["nitro", "engine", "services", "lab", "app"], "the store depends on model alone"),
    (&["-p", "model"], &["tokio", "reqwest", "sqlx", "leptos"], "the words have no I/O"),
];

/// All guards; each failure names the rule and the way.
pub fn run() -> Result<()> {
    for (selection, forbidden, why) in FORBIDDEN {
        let mut arguments = vec!["tree", "--quiet", "--edges=normal", "--prefix=none", "--format={lib}"];
        arguments.extend(*selection);
        let tree = output("cargo", &arguments)?;
        let reached: Vec<&str> = tree.lines().filter(|line| forbidden.contains(line)).collect();
        if let Some(first) = reached.first() {
            bail!("`cargo tree {}` reaches {first}: {why}", selection.join(" "));
        }
    }
    only_store_speaks_sql()?;
    circles::check()?;
    reasons::check()?;
    names::check()?;
    say("guards: the arrows between crates and files point one way");
    Ok(())
}

/// Only `services` opens the store, only the store speaks SQL.
fn only_store_speaks_sql() -> Result<()> {
    for manifest in ["app/Cargo.toml", "server/Cargo.toml"] {
        let text = fs::read_to_string(root().join(manifest))?;
        for name in ["store", "sqlx"] {
            if text.lines().any(|line| line.starts_with(&format!("{name}.")) || line.starts_with(&format!("{name} "))) {
                bail!("{manifest} depends on {name}: only `services` opens the store");
            }
        }
    }
    Ok(())
}
