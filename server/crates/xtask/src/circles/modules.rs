//! A crate's modules, read from its files. What is for tests alone is left out.

use anyhow::{Context, Result};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use syn::{Attribute, Item, ItemMod, Meta};

/// Names from the crate's root on; the root itself has none.
pub type ModulePath = Vec<String>;

pub struct Module {
    /// Below the crate's `src`.
    pub file: PathBuf,
    pub items: Vec<Item>,
}

/// Every module by its path.
pub type Modules = BTreeMap<ModulePath, Module>;

pub fn read(src: &Path) -> Result<Modules> {
    let mut modules = Modules::new();
    let root = ["lib.rs", "main.rs"].into_iter().find(|name| src.join(name).is_file());
    let root = root.with_context(|| format!("{} has neither lib.rs nor main.rs", src.display()))?;
    Reader { src, modules: &mut modules }.file(Path::new(root), Vec::new())?;
    Ok(modules)
}

struct Reader<'a> {
    src: &'a Path,
    modules: &'a mut Modules,
}

impl Reader<'_> {
    fn file(&mut self, file: &Path, path: ModulePath) -> Result<()> {
        let whole = self.src.join(file);
        let text = fs::read_to_string(&whole).with_context(|| whole.display().to_string())?;
        let items = syn::parse_file(&text).with_context(|| whole.display().to_string())?.items;
        // `a.rs` has its children in `a/`, `mod.rs` and the root beside themselves.
        let beside = file.file_stem().is_some_and(|stem| ["lib", "main", "mod"].iter().any(|name| stem == *name));
        let folder = if beside { file.parent().unwrap_or(Path::new("")).to_owned() } else { file.with_extension("") };
        self.items(file, &folder, path, items)
    }

    fn items(&mut self, file: &Path, folder: &Path, path: ModulePath, items: Vec<Item>) -> Result<()> {
        let mut own = Vec::new();
        for item in items {
            match item {
                Item::Mod(module) if !for_tests(&module.attrs) => self.module(file, folder, &path, module)?,
                Item::Mod(_) => {}
                item => own.push(item),
            }
        }
        self.modules.insert(path, Module { file: file.to_owned(), items: own });
        Ok(())
    }

    fn module(&mut self, file: &Path, folder: &Path, parent: &ModulePath, module: ItemMod) -> Result<()> {
        let name = module.ident.to_string();
        let mut path = parent.clone();
        path.push(name.clone());
        if let Some((_, items)) = module.content {
            return self.items(file, &folder.join(name), path, items);
        }
        let flat = folder.join(format!("{name}.rs"));
        let file = if self.src.join(&flat).is_file() { flat } else { folder.join(name).join("mod.rs") };
        self.file(&file, path)
    }
}

fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}
