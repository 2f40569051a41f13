//! The steps of the procedure, in its order, and what each has to say of itself.

use super::Desired;
use serde::{Deserialize, Serialize};

/// The steps, in the procedure's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Prerequisites,
    Nodes,
    Mdm,
    Mam,
    Groups,
    Gateway,
    Dns,
}

/// What a step says of itself.
pub struct StepAbout {
    /// As it stands in an address.
    pub slug: &'static str,
    pub title: &'static str,
    /// Where the published procedure has it.
    pub procedure: &'static str,
    /// Why there is this step.
    pub why: &'static str,
    /// Whether a set-up has something of it.
    pub is_described: fn(&Desired) -> bool,
    /// What of a set-up its form changes, for comparing two versions.
    pub part: fn(&Desired) -> Desired,
    /// A set-up with nothing of it; `None`: the step has no part of its own.
    pub left_out: Option<fn(Desired) -> Desired>,
    /// The steps without which nothing, or only a part of it, is planned for this one.
    pub needs: &'static [Step],
    /// What waits for them, in a sentence.
    pub until: &'static str,
}

impl Step {
    pub const ALL: [Self; 7] =
        [Self::Prerequisites, Self::Nodes, Self::Mdm, Self::Mam, Self::Groups, Self::Gateway, Self::Dns];
}
