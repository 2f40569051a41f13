//! What a plan was made for.

use crate::{Failure, ground::Ground};
use model::{ActNo, record::Record};
use store::plans::StoredPlan;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    SetUp,
    /// To take this run back.
    Undo(ActNo),
    /// To take everything of the cluster from its appliance.
    Removal,
}

impl Purpose {
    pub(crate) const fn undoes(self) -> Option<ActNo> {
        match self {
            Self::Undo(act) => Some(act),
            Self::SetUp | Self::Removal => None,
        }
    }
}

/// What the plan was made for, as the record of its making tells.
pub(crate) async fn purpose(ground: &Ground, stored: &StoredPlan) -> Result<Purpose, Failure> {
    let records = ground.store.of_act(stored.act).await?;
    let told = |record: &Record| {
        let detail = &record.entry.detail;
        let undone = detail.get("undo_of").and_then(serde_json::Value::as_i64).map(|act| Purpose::Undo(ActNo(act)));
        undone.or_else(|| (detail.get("removal")? == true).then_some(Purpose::Removal))
    };
    Ok(records.iter().find_map(told).unwrap_or(Purpose::SetUp))
}
