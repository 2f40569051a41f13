//! `gatehouse plan …`

use super::{
    Caller,
    print::{self, say},
};
use crate::local::words::{Answer, Ask, RunShown};
use model::{ActNo, PlanId};
use std::{collections::BTreeSet, process::ExitCode};

#[derive(Debug, clap::Subcommand)]
pub enum Plan {
    /// Looks at the appliance and plans what the set-up lacks there. Changes nothing.
    Make {
        /// Its name, or its number.
        cluster: String,
        #[command(flatten)]
        caller: Caller,
    },
    /// What a plan would do, and what stands in its way.
    Show {
        #[arg(value_parser = number)]
        plan: i64,
        #[command(flatten)]
        caller: Caller,
    },
    /// Takes over what stands in a plan's way, and plans again.
    Adopt {
        #[arg(value_parser = number)]
        plan: i64,
        /// By the numbers that `plan show` gives them.
        #[arg(required = true)]
        objects: Vec<usize>,
        #[command(flatten)]
        caller: Caller,
    },
    /// Plans the way back from a run. Changes nothing.
    Undo {
        #[arg(value_parser = number)]
        run: i64,
        #[command(flatten)]
        caller: Caller,
    },
    /// Carries a plan out.
    Apply {
        #[arg(value_parser = number)]
        plan: i64,
        /// Names of the nodes whose connections it cuts, where it cuts any.
        #[arg(long, value_name = "NODES", default_value = "")]
        confirm: String,
        /// With an undo: the set-up goes back as well.
        #[arg(long)]
        take_back: bool,
        /// Follows the run to its end.
        #[arg(long)]
        wait: bool,
        #[command(flatten)]
        caller: Caller,
    },
}

fn number(typed: &str) -> Result<i64, String> {
    let number = typed.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "give its number, as the page's address and `plan make` have it".into())
}

impl Plan {
    pub async fn run(self) -> ExitCode {
        match self {
            Self::Make { cluster, caller } => caller.tell(Ask::MakePlan(cluster)).await,
            Self::Show { plan, caller } => caller.tell(Ask::Plan(PlanId(plan))).await,
            Self::Adopt { plan, objects, caller } => caller.tell(Ask::Adopt { plan: PlanId(plan), objects }).await,
            Self::Undo { run, caller } => caller.tell(Ask::PlanUndo(ActNo(run))).await,
            Self::Apply { plan, confirm, take_back, wait, caller } => {
                let ask = Ask::Apply { plan: PlanId(plan), confirm, take_back };
                if wait { waited(&caller, ask).await } else { caller.tell(ask).await }
            }
        }
    }
}

/// Begins a run and says how it goes, to its end. A run that goes on when nobody follows it any more goes on all the same.
async fn waited(caller: &Caller, ask: Ask) -> ExitCode {
    let begun = match caller.ask(ask).await {
        Ok(begun) => begun,
        Err(wrong) => return caller.refused(wrong),
    };
    let Answer::Applied(run) = begun else { return ExitCode::FAILURE };
    if !caller.json {
        caller.print(&begun);
    }
    let (mut told, mut since) = (BTreeSet::new(), 0);
    loop {
        let shown = match caller.ask(Ask::Run { run, since }).await {
            Ok(Answer::Run(shown)) => shown,
            Ok(_) => return ExitCode::FAILURE,
            Err(wrong) => {
                let code = caller.refused(wrong);
                print::say_wrong(&format!(
                    "Run {run} is not followed any more. That ends nothing: it goes on, and the log has it."
                ));
                return code;
            }
        };
        if !caller.json {
            news(&shown, &mut told);
        }
        since = shown.since;
        if !shown.running {
            let succeeded = shown.succeeded;
            let end = Answer::Run(shown);
            if caller.json {
                caller.print(&end);
            } else {
                say(&print::end(&end));
            }
            return if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
    }
}

/// A line for each operation that has ended since.
fn news(shown: &RunShown, told: &mut BTreeSet<u32>) {
    for operation in shown.operations.iter().filter(|operation| operation.ended) {
        if told.insert(operation.seq) {
            say(&print::progress(operation));
        }
    }
}
