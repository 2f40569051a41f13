//! A persistency group: virtual servers that share their clients' entries (3.20).

use super::{Called, Id};
use crate::schema::Fields;

/// The attributes that a group takes over from its members.
pub(crate) const PERSISTENCE: &[&str] = &[
    "persistencetype",
    "persistencebackup",
    "backuppersistencetimeout",
    "timeout",
    "persistmask",
    "v6persistmasklen",
    "cookiename",
    "rule",
];

#[derive(Clone, Debug)]
pub(crate) struct LbGroup {
    pub id: Id,
    pub set: Fields,
    /// Virtual servers, in the order of binding.
    pub members: Vec<Id>,
}

impl LbGroup {
    pub fn kind(&self) -> &str {
        self.set.get("persistencetype").unwrap_or("NONE")
    }

    /// Members keep their own persistence and share the entries only.
    pub fn leaves_members_alone(&self) -> bool {
        self.set.get("usevserverpersistency") == Some("ENABLED")
    }

    /// Whether its settings stand in the place of those of its members.
    pub fn rules(&self) -> bool {
        self.kind() != "NONE" && !self.leaves_members_alone()
    }
}

impl Called for LbGroup {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("name")
    }
}
