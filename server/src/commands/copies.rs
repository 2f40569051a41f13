//! `gatehouse backup` and `gatehouse restore`.

use super::tell;
use anyhow::anyhow;
use services::{Failure, SystemClock};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Backup {
    /// Where the copy goes; there must be nothing of this name.
    file: PathBuf,
    /// The console's data folder.
    #[arg(long, default_value = "gatehouse-data")]
    data: PathBuf,
}

impl Backup {
    pub async fn run(self) -> anyhow::Result<()> {
        said(services::back_up(&self.data, &self.file).await)
    }
}

#[derive(clap::Args)]
pub struct Restore {
    /// The copy.
    file: PathBuf,
    /// The data folder that it goes to. No console may be running there.
    #[arg(long, default_value = "gatehouse-data")]
    data: PathBuf,
    /// What is in the folder is put aside.
    #[arg(long)]
    replace: bool,
}

impl Restore {
    pub async fn run(self) -> anyhow::Result<()> {
        said(services::restore(&self.file, &self.data, self.replace, &SystemClock::default()).await)
    }
}

fn said(done: Result<Vec<String>, Failure>) -> anyhow::Result<()> {
    for sentence in done.map_err(|failure| anyhow!("{failure}"))? {
        tell(&sentence);
    }
    Ok(())
}
