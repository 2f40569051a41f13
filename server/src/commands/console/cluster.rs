//! `gatehouse cluster …`

use super::Caller;
use crate::local::words::Ask;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub enum Cluster {
    /// The clusters that the person sees, and how they are.
    List {
        #[command(flatten)]
        caller: Caller,
    },
    /// One cluster, and what is found of it.
    Show {
        /// Its name, or its number.
        cluster: String,
        #[command(flatten)]
        caller: Caller,
    },
}

impl Cluster {
    pub async fn run(self) -> ExitCode {
        match self {
            Self::List { caller } => caller.tell(Ask::Clusters).await,
            Self::Show { cluster, caller } => caller.tell(Ask::Cluster(cluster)).await,
        }
    }
}
