//! What is asked and answered over the socket, for both of its ends. Answers are what `--json` prints.

use model::{ActNo, ClusterId, PlanId, finding::CheckCode, state::Tone};
use serde::{Deserialize, Serialize};

/// One request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// In whose name.
    #[serde(rename = "as")]
    pub name: String,
    pub ask: Ask,
}

/// A cluster is given by its name, or by its number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    Clusters,
    Cluster(String),
    MakePlan(String),
    Plan(PlanId),
    Adopt {
        plan: PlanId,
        /// Places, as the plan's answer numbers them.
        objects: Vec<usize>,
    },
    PlanUndo(ActNo),
    Apply {
        plan: PlanId,
        /// Names of the nodes whose connections are cut.
        confirm: String,
        take_back: bool,
    },
    /// How a run stands; waits a moment for news where there are none since.
    Run {
        run: ActNo,
        since: u64,
    },
}

/// An answer, or why there is none.
pub type Reply = Result<Answer, Refused>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Clusters(Vec<ClusterLine>),
    Cluster(Box<ClusterShown>),
    Plan(Box<PlanShown>),
    /// The run of a plan that was applied.
    Applied(ActNo),
    Run(Box<RunShown>),
}

/// Why something was not done: a sentence for people, and a code that stays the same for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub code: String,
    pub sentence: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterLine {
    pub id: ClusterId,
    pub name: String,
    pub fqdn: String,
    pub appliance: String,
    pub tone: Tone,
    pub verdict: String,
    pub fails: usize,
    pub warns: usize,
    pub not_checked: usize,
    /// Whole days that its certificate is valid, where that is known.
    pub certificate_days: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterShown {
    #[serde(flatten)]
    pub line: ClusterLine,
    /// When its appliance was seen last.
    pub seen: Option<String>,
    /// What is described and not applied.
    pub pending: Vec<String>,
    /// The worst first; without those that pass.
    pub findings: Vec<FindingShown>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingShown {
    pub code: CheckCode,
    pub grade: String,
    pub title: String,
    pub fix: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanShown {
    pub plan: PlanId,
    pub cluster: ClusterId,
    pub name: String,
    pub by: String,
    pub at: String,
    /// It was applied: its run.
    pub run: Option<ActNo>,
    /// Why it cannot be applied.
    pub obstacle: Option<Refused>,
    pub operations: Vec<OperationShown>,
    pub unchanged: usize,
    /// What stands in its way, by the places that adopting asks for.
    pub conflicts: Vec<ConflictShown>,
    /// Nodes whose connections it cuts.
    pub cuts: Vec<String>,
    pub notes: Vec<String>,
    /// What is wrong and stays so.
    pub remains: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationShown {
    pub seq: u32,
    pub title: String,
    pub cli: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictShown {
    pub place: usize,
    pub adoptable: bool,
    pub sentence: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunShown {
    pub run: ActNo,
    pub plan: PlanId,
    pub name: String,
    pub by: String,
    pub status: String,
    pub running: bool,
    pub succeeded: bool,
    pub note: String,
    pub operations: Vec<ProgressShown>,
    /// For asking again: what news is news to whoever asks.
    pub since: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressShown {
    pub seq: u32,
    pub title: String,
    pub state: String,
    pub ended: bool,
    pub note: String,
}
