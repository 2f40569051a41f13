//! Which file of a crate needs which: by what it imports and by the paths that it spells out, macros included.
//!
//! A name that a module only passes on (`pub use child::Name`) leads to the file that has it, so that a facade is no knot.

use super::modules::{ModulePath, Modules};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};
use syn::{Item, ItemUse, UseTree, Visibility};

pub type Arrows = BTreeSet<(PathBuf, PathBuf)>;

/// A module's own words for what lies elsewhere in the crate.
type Names = BTreeMap<String, ModulePath>;

pub fn arrows(modules: &Modules) -> Arrows {
    let names: BTreeMap<&ModulePath, Names> = modules.keys().map(|path| (path, names(modules, path))).collect();
    let map = Map { modules, names };
    let mut arrows = Arrows::new();
    for (path, module) in modules {
        let paths = module.items.iter().flat_map(|item| match item {
            Item::Use(import) => {
                imports(import).into_iter().filter(|_| !passes_on(import)).map(|(_, path)| path).collect()
            }
            item => spelt(item.to_token_stream()),
        });
        for file in paths.filter_map(|found| map.file(path, &found)) {
            if file != module.file {
                arrows.insert((module.file.clone(), file.to_owned()));
            }
        }
    }
    arrows
}

struct Map<'a> {
    modules: &'a Modules,
    names: BTreeMap<&'a ModulePath, Names>,
}

impl<'a> Map<'a> {
    /// Where that which `path` names inside of `module` is written; `None`: not in this crate.
    fn file(&self, module: &ModulePath, path: &[String]) -> Option<&'a Path> {
        let mut whole = absolute(self.modules, module, path).or_else(|| {
            let (first, rest) = path.split_first()?;
            Some([self.names.get(module)?.get(first)?.as_slice(), rest].concat())
        })?;
        // Passed on from one module to the next, but not for ever.
        for _ in 0..8 {
            let known = (0..=whole.len()).rev().find(|length| self.modules.contains_key(&whole[..*length]))?;
            let (place, rest) = whole.split_at(known);
            let place = place.to_vec();
            match rest.split_first() {
                Some((name, rest)) if let Some(there) = self.names.get(&place)?.get(name) => {
                    whole = [there.as_slice(), rest].concat();
                }
                _ => return self.modules.get(&place).map(|module| module.file.as_path()),
            }
        }
        None
    }
}

/// From the crate's root on, where the path says by its first word that it lies in the crate.
fn absolute(modules: &Modules, module: &ModulePath, path: &[String]) -> Option<ModulePath> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" => Some(rest.to_vec()),
        "self" => Some([module, rest].concat()),
        "super" => {
            let ups = path.iter().take_while(|word| *word == "super").count();
            let length = module.len().checked_sub(ups)?;
            Some([&module[..length], &path[ups..]].concat())
        }
        child => {
            let inside = [module.as_slice(), &[child.to_owned()]].concat();
            modules.contains_key(&inside).then(|| [module, path].concat())
        }
    }
}

fn names(modules: &Modules, path: &ModulePath) -> Names {
    let items = modules.get(path).map(|module| module.items.as_slice()).unwrap_or_default();
    let imports =
        items.iter().filter_map(|item| if let Item::Use(import) = item { Some(imports(import)) } else { None });
    imports.flatten().filter_map(|(name, found)| Some((name, absolute(modules, path, &found)?))).collect()
}

/// Whether somebody else is to find it here.
fn passes_on(import: &ItemUse) -> bool {
    !matches!(import.vis, Visibility::Inherited)
}

/// Each name with its path.
fn imports(import: &ItemUse) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    branch(&import.tree, &mut Vec::new(), &mut found);
    found
}

fn branch(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<(String, Vec<String>)>) {
    let mut leaf = |name: String, last: Option<String>| {
        found.push((name, path.iter().cloned().chain(last.filter(|last| last != "self")).collect()));
    };
    match tree {
        UseTree::Path(step) => {
            path.push(step.ident.to_string());
            branch(&step.tree, path, found);
            path.pop();
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            let known_as = if name == "self" { path.last().cloned().unwrap_or_default() } else { name.clone() };
            leaf(known_as, Some(name));
        }
        UseTree::Rename(name) => leaf(name.rename.to_string(), Some(name.ident.to_string())),
        UseTree::Glob(_) => leaf("*".into(), None),
        UseTree::Group(group) => group.items.iter().for_each(|tree| branch(tree, path, found)),
    }
}

/// All paths of two words and more.
fn spelt(tokens: TokenStream) -> Vec<Vec<String>> {
    let (mut found, mut path, mut colons) = (Vec::new(), Vec::new(), 0);
    for token in tokens {
        match token {
            TokenTree::Ident(word) => {
                if colons != 2 {
                    found.push(std::mem::take(&mut path));
                }
                path.push(word.to_string());
                colons = 0;
            }
            TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
            other => {
                found.push(std::mem::take(&mut path));
                colons = 0;
                if let TokenTree::Group(group) = other {
                    found.extend(spelt(group.stream()));
                }
            }
        }
    }
    found.push(path);
    found.retain(|path| path.len() > 1);
    found
}
