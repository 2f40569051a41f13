//! A single service: a server and a port that are not part of a group.

use super::{BoundMonitor, Called, Id, Member};
use crate::schema::Fields;

#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub id: Id,
    pub set: Fields,
    pub monitors: Vec<BoundMonitor>,
    /// Its one member, with the same id: probed, enabled and counted as those of groups are.
    pub member: Member,
}

impl Service {
    pub fn kind(&self) -> &str {
        self.set.text("servicetype")
    }

    /// `healthmonitor NO`: it counts as UP without being looked at.
    pub fn is_monitored(&self) -> bool {
        self.set.get("healthmonitor") != Some("NO")
    }
}

impl Called for Service {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("name")
    }
}
