//! A plan as its page shows it.

use crate::adapters::request_line;
use model::{
    ActNo, ClusterId, PlanId,
    cluster::Cluster,
    plan::{Operation, Plan},
    readiness::Obstacle,
};
use std::collections::BTreeMap;

/// An operation with its twins: what goes over the wire, and what one would type.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationView {
    pub operation: Operation,
    pub request: String,
}

/// A plan as its page shows it.
#[derive(Clone, Debug)]
pub struct PlanView {
    pub id: PlanId,
    pub cluster: Cluster,
    pub plan: Plan,
    pub operations: Vec<OperationView>,
    pub by: String,
    pub at: model::At,
    /// The run it was used for: a plan is applied once.
    pub run: Option<ActNo>,
    /// Why it cannot be applied; `None`: it can.
    pub obstacle: Option<Obstacle>,
    /// Why nothing can be adopted by it; `None`: something can.
    pub no_adoption: Option<Obstacle>,
    /// It takes this run back.
    pub undo_of: Option<ActNo>,
    /// The set-up can be taken back with it.
    pub take_back: Option<TakeBack>,
    /// It is an undo, and there is no version of the set-up that goes with it: what is taken back stays described.
    pub set_up_stays: bool,
    /// Titles of the clusters that own what blocks it, as far as the reader may know them.
    pub owners: BTreeMap<ClusterId, String>,
}

/// The set-up as it was before the run that an undo takes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeBack {
    /// The version that it becomes again.
    pub number: i64,
    /// What that changes.
    pub changes: Vec<String>,
}

impl PlanView {
    /// What may be adopted, by its place: of the conflicts first, of what was kept after them.
    pub fn adoptable(&self) -> Vec<usize> {
        let conflicts = self.plan.conflicts.iter().enumerate().filter(|(_, conflict)| conflict.adoptable);
        conflicts.map(|(place, _)| place).collect()
    }
}

pub fn views(plan: &Plan) -> Vec<OperationView> {
    plan.operations
        .iter()
        .map(|operation| OperationView { operation: operation.clone(), request: request_line(&operation.call) })
        .collect()
}
