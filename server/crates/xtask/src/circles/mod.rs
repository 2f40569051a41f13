//! No circles between the files of a crate: whoever reads one file must not have to read all of them.
//!
//! Those that are there are listed with their reason; a file that joins one, or a new one, fails the test, and so does a
//! listed file that is in none any more.

mod arrows;
mod known;
pub mod modules;

use crate::process::root;
use anyhow::{Result, bail};
use petgraph::{algo::tarjan_scc, graphmap::DiGraphMap};
use std::{collections::BTreeSet, path::Path};

/// Crates of the product, by folder. The lab is a world of parts that act on each other, and no part of the product.
pub const CRATES: &[&str] = &[
    "app",
    "server",
    "server/crates/certs",
    "server/crates/engine",
    "server/crates/model",
    "server/crates/nitro",
    "server/crates/services",
    "server/crates/store",
    "server/crates/wire",
    "server/crates/xms",
];

pub fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for name in CRATES {
        let listed = known::KNOWN.iter().filter(|known| known.0 == *name).flat_map(|known| known.1);
        let listed: BTreeSet<String> = listed.map(|file| (*file).to_owned()).collect();
        let found = circles(&root().join(name).join("src"))?;
        for circle in found.iter().filter(|circle| circle.iter().any(|file| !listed.contains(file))) {
            wrong.push(format!("{name}: these files need each other in a circle: {}", circle.join(", ")));
        }
        let found: BTreeSet<String> = found.into_iter().flatten().collect();
        for file in listed.difference(&found) {
            wrong.push(format!("{name}: {file} is in no circle any more; take it from the list in circles/known.rs"));
        }
    }
    if !wrong.is_empty() {
        bail!("{}.\nLet one file of each circle know nothing of the others.", wrong.join(".\n"));
    }
    Ok(())
}

/// Files that need each other, each circle by itself.
fn circles(src: &Path) -> Result<Vec<Vec<String>>> {
    let modules = modules::read(src)?;
    let arrows = arrows::arrows(&modules);
    let graph: DiGraphMap<&Path, ()> = arrows.iter().map(|(from, to)| (from.as_path(), to.as_path())).collect();
    let knots = tarjan_scc(&graph).into_iter().filter(|knot| knot.len() > 1);
    Ok(knots.map(|knot| sorted(knot)).collect())
}

fn sorted(knot: Vec<&Path>) -> Vec<String> {
    let mut files: Vec<_> = knot.into_iter().map(|file| file.display().to_string()).collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests;
