//! Which change of ours is under way on a cluster: what it explains alarms nobody.

use crate::{Failure, Services};
use model::{At, ClusterId, expected::Work};

impl Services {
    /// `None`: nothing is, and what was lately has had its time. A run that ended otherwise than well explains nothing.
    pub(crate) async fn under_way(&self, id: ClusterId, now: At) -> Result<Option<Work>, Failure> {
        let Some(last) = self.store.last_run(id).await? else { return Ok(None) };
        if last.ended.is_some_and(|ended| !last.went_well || now > Work::until(ended)) {
            return Ok(None);
        }
        match self.store.plan(last.run.plan).await {
            Ok(stored) => Ok(Some(Work::of(last.run.act, last.begun, last.ended, &stored.plan.operations))),
            // What cannot be read explains nothing; its own page says so.
            Err(store::Error::Unreadable { .. }) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }
}
