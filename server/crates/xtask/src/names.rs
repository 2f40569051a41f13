//! One name, one meaning: what two crates of the product let out under one name, somebody takes for the same.

use crate::{circles::CRATES, process::root};
use anyhow::{Context, Result, bail};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use syn::{Item, UseTree, Visibility};

/// The same thing in several crates' words, because neither may know the other: a client's and what is made of its answer,
/// or the two clients'.
const SAME: &[(&str, &str)] = &[
    ("Account", "with which nodes are asked"),
    ("Answer", "what a client's other side answered"),
    ("ApiError", "an error in the words of the other side"),
    ("Certificate", "one of X.509"),
    ("Client", "of an appliance or a node"),
    ("ConnectBy", "how a connection gets there"),
    ("Directory", "which a node asks for people"),
    ("Door", "by which a node is asked"),
    ("Error", "each crate's own"),
    ("Gateway", "the NetScaler Gateway, as it is described and as a node tells of it"),
    ("Item", "one of a list that was answered"),
    ("Licence", "of a node"),
    ("Limits", "how long a client waits, and for how much"),
    ("Member", "of a cluster of nodes"),
    ("Method", "of a request"),
    ("Node", "of a cluster"),
    ("Reply", "what came back to a request"),
    ("Request", "to an appliance or a node"),
    ("Source", "who told a node's ID"),
    ("Trust", "whom a client believes"),
    ("Version", "of what an appliance or a node runs"),
];

pub fn check() -> Result<()> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let libraries = CRATES.iter().filter(|name| name.starts_with("server/crates/"));
    for name in libraries {
        for (module, types) in read(&root().join(name).join("src"))? {
            for one in types {
                all.entry(one).or_default().insert(format!("{name}::{module}"));
            }
        }
    }
    let known = |name: &str| SAME.iter().any(|(same, _)| *same == name);
    let twice: BTreeMap<_, _> = all.iter().filter(|(_, places)| places.len() > 1).collect();
    let mut wrong: Vec<String> = (twice.iter().filter(|(name, _)| !known(name)))
        .map(|(name, places)| format!("{name}: {}", places.iter().cloned().collect::<Vec<_>>().join(", ")))
        .collect();
    let gone = SAME.iter().filter(|(name, _)| !twice.contains_key(&(*name).to_owned()));
    wrong.extend(gone.map(|(name, _)| format!("{name} is there once: take it from the list in xtask/src/names.rs")));
    if !wrong.is_empty() {
        bail!("Two public types have one name. Name each by what it is:\n{}", wrong.join("\n"));
    }
    Ok(())
}

/// A module as its file declares it.
struct Module {
    path: String,
    /// It and all around it are public.
    open: bool,
    types: BTreeSet<String>,
    /// What it lets out of modules below it.
    passed_on: BTreeSet<String>,
}

/// The types that a crate lets out, by the module in which they are.
fn read(src: &Path) -> Result<Vec<(String, BTreeSet<String>)>> {
    let mut modules = Vec::new();
    file(&src.join("lib.rs"), src, String::new(), true, &mut modules)?;
    let passed_on: BTreeSet<String> =
        modules.iter().filter(|module| module.open).flat_map(|module| module.passed_on.iter().cloned()).collect();
    let out = modules.into_iter().map(|module| {
        let Module { path, open, types, .. } = module;
        (path, types.into_iter().filter(|name| open || passed_on.contains(name)).collect())
    });
    Ok(out.collect())
}

fn file(path: &Path, folder: &Path, name: String, open: bool, modules: &mut Vec<Module>) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let items = syn::parse_file(&text).with_context(|| path.display().to_string())?.items;
    let mut module = Module { path: name.clone(), open, types: BTreeSet::new(), passed_on: BTreeSet::new() };
    for item in items {
        let (vis, ident) = match &item {
            Item::Struct(it) => (&it.vis, &it.ident),
            Item::Enum(it) => (&it.vis, &it.ident),
            Item::Trait(it) => (&it.vis, &it.ident),
            Item::Type(it) => (&it.vis, &it.ident),
            Item::Use(it) => {
                if is_public(&it.vis) {
                    leaves(&it.tree, &mut module.passed_on);
                }
                continue;
            }
            Item::Mod(it) if it.content.is_none() => {
                let child = it.ident.to_string();
                if let Some(path) = place(folder, &child) {
                    let name = if name.is_empty() { child.clone() } else { format!("{name}::{child}") };
                    file(&path, &folder.join(&child), name, open && is_public(&it.vis), modules)?;
                }
                continue;
            }
            _ => continue,
        };
        if is_public(vis) {
            module.types.insert(ident.to_string());
        }
    }
    modules.push(module);
    Ok(())
}

/// `None`: only for tests, and elsewhere.
fn place(folder: &Path, name: &str) -> Option<PathBuf> {
    let places = [folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")];
    places.into_iter().find(|path| path.is_file() && name != "tests")
}

const fn is_public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

/// What a `use` lets out, by the names that are left of it.
fn leaves(tree: &UseTree, into: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, into),
        UseTree::Name(name) => drop(into.insert(name.ident.to_string())),
        UseTree::Rename(rename) => drop(into.insert(rename.ident.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, into)),
        UseTree::Glob(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_crate_lets_out_is_found_and_what_it_keeps_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("lib.rs", "pub mod open;\nmod kept;\nmod far;\npub use kept::{Shown, other::Thing as Renamed};\n");
        write("open.rs", "pub struct Seen;\nstruct Hidden;\npub(crate) enum Ours { A }\n");
        write("kept.rs", "pub struct Shown;\npub struct Unseen;\n");
        write("far.rs", "pub trait Far {}\n");
        let all: BTreeSet<String> = read(folder.path()).unwrap().into_iter().flat_map(|(_, types)| types).collect();
        assert_eq!(all.into_iter().collect::<Vec<_>>(), ["Seen", "Shown"]);
    }
}
