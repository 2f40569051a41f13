//! Pictures of every page, from a demo, and one contact sheet of them all.

use crate::{
    needs,
    process::{self, binary, finish, root, say},
    site,
};
use anyhow::Result;
use std::{path::PathBuf, process::Command};

#[derive(clap::Args)]
pub struct Pictures {
    /// Where they go; `target/pictures` when not given.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Pictures {
    pub fn run(self) -> Result<()> {
        needs::npm_packages()?;
        let chromium = needs::chromium()?;
        site::build(site::Profile::Dev)?;
        process::cargo(["build", "--quiet", "--package=server"])?;
        let out = std::path::absolute(self.out.unwrap_or_else(|| root().join("target/pictures")))?;
        let mut node = Command::new("node");
        node.arg("pictures.mjs").arg(&out).current_dir(root().join("end2end"));
        finish(node.env("CHROMIUM", chromium).env("GATEHOUSE", binary("debug")))?;
        say(&format!("look at {}", out.join("contact-sheet.png").display()));
        Ok(())
    }
}
