//! Sub-commands on the data of a console that runs: the same things that a person does in the browser, done in somebody's
//! name, by the running console itself.
//!
//! They print an aligned text for people, or with `--json` what was answered. They end with 0 when it was done, with 1 when
//! it was refused or failed, with 2 when they were called wrongly.

mod cluster;
mod plan;
mod print;

use crate::local::{
    self,
    words::{Answer, Ask, Refused, Reply, Request},
};
pub use cluster::Cluster;
pub use plan::Plan;
use print::{say, say_wrong};
use std::{path::PathBuf, process::ExitCode};

/// What each of them is told besides.
#[derive(Clone, Debug, clap::Args)]
pub struct Caller {
    /// In whose name: a person of the console, whose role and scope hold as in the browser.
    #[arg(long = "as", env = "GATEHOUSE_AS", value_name = "NAME")]
    name: String,
    /// The data folder of the running console.
    #[arg(long, default_value = "gatehouse-data")]
    data: PathBuf,
    /// For programs.
    #[arg(long)]
    json: bool,
}

/// What went otherwise than asked.
#[derive(Debug)]
enum Wrong {
    Refused(Refused),
    Unanswered(anyhow::Error),
}

impl Caller {
    async fn ask(&self, ask: Ask) -> Result<Answer, Wrong> {
        let request = Request { name: self.name.clone(), ask };
        let reply: Reply = local::ask(&self.data, &request).await.map_err(Wrong::Unanswered)?;
        reply.map_err(Wrong::Refused)
    }

    /// Asks and prints.
    async fn tell(&self, ask: Ask) -> ExitCode {
        match self.ask(ask).await {
            Ok(answer) => {
                self.print(&answer);
                ExitCode::SUCCESS
            }
            Err(wrong) => self.refused(wrong),
        }
    }

    fn print(&self, answer: &Answer) {
        if self.json { say(&print::json(answer)) } else { say(&print::text(answer)) }
    }

    fn refused(&self, wrong: Wrong) -> ExitCode {
        match wrong {
            Wrong::Refused(refused) => {
                if self.json {
                    say(&print::json(&serde_json::json!({ "refused": refused })));
                }
                say_wrong(&format!("{} ({})", refused.sentence, refused.code));
            }
            Wrong::Unanswered(error) => say_wrong(&format!("{error:#}")),
        }
        ExitCode::FAILURE
    }
}
