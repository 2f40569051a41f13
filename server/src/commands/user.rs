//! `gatehouse user add`.

use super::tell;
use anyhow::{Context, anyhow, bail};
use model::person::Role;
use services::{Failure, Options, Rules, Services, SystemClock};
use std::{
    io::{BufRead, stdin},
    path::PathBuf,
    sync::Arc,
};

#[derive(clap::Args)]
pub struct UserAdd {
    /// What they sign in with.
    name: String,
    /// viewer, operator, admin or auditor.
    #[arg(long, default_value = "viewer")]
    role: String,
    /// The console's data folder.
    #[arg(long, default_value = "gatehouse-data")]
    data: PathBuf,
}

impl UserAdd {
    pub async fn run(self) -> anyhow::Result<()> {
        let Some(role) = Role::from_word(&self.role) else {
            bail!("“{}” is no role. There are viewer, operator, admin and auditor.", self.role);
        };
        // Never an argument: those stand in the process list and in the shell's history.
        let mut password = String::new();
        stdin().lock().read_line(&mut password).context("The password could not be read from standard input.")?;
        let options = Options {
            data: self.data,
            key: None,
            clock: Arc::<SystemClock>::default(),
            interval: 10,
            rules: Rules::default(),
        };
        let services = Services::open(options).await.map_err(|failure| anyhow!("{failure}"))?;
        let added = services.people().add(&self.name, role, password.trim_end_matches(['\r', '\n'])).await;
        services.stop().await;
        match added {
            Ok(person) => {
                tell(&format!("{} can sign in as {}.", person.name, role.word()));
                Ok(())
            }
            Err(Failure::Fields(errors)) => bail!("{}", errors.0.into_values().collect::<Vec<_>>().join(" ")),
            Err(failure) => bail!("{failure}"),
        }
    }
}
