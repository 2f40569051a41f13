//! What is asked of the log, and what its reader may see.

use model::{ActNo, ApplianceId, ClusterId, PersonId, RecordId, log::LogQuery};
use std::collections::BTreeSet;

/// Which records to list. The default is the newest fifty of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub query: LogQuery,
    /// This one alone.
    pub id: Option<RecordId>,
    /// Of this act alone.
    pub act: Option<ActNo>,
    /// What its reader may see.
    pub sight: LogScope,
    pub limit: u32,
}

impl Default for Filter {
    fn default() -> Self {
        Self { query: LogQuery::default(), id: None, act: None, sight: LogScope::All, limit: 50 }
    }
}

impl From<LogQuery> for Filter {
    fn from(query: LogQuery) -> Self {
        Self { query, ..Self::default() }
    }
}

/// What a reader of the log may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogScope {
    All,
    /// Records of these clusters; and those that are about no cluster, and about no other appliance than these, and
    /// either tell what this person did or what was done to them.
    Only {
        person: PersonId,
        clusters: BTreeSet<ClusterId>,
        appliances: BTreeSet<ApplianceId>,
    },
}
