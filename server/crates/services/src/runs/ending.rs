//! How a run ends: its record, and what the set-up stands by afterwards.

use super::Runs;
use crate::{
    Failure,
    gate::before_run_in,
    purpose::{Purpose, purpose},
};
use model::{
    ActNo, ApplianceId, VersionId,
    cluster::Cluster,
    record::{Entry, Outcome},
};
use store::{
    Conn,
    applied::{applied_in, last_applied_in},
    plans::StoredPlan,
    records::append_in,
    runs::version_of_run_in,
};

impl Runs {
    /// The end of a run and, where it changed anything, the version of the set-up that the appliance stands by now: a run
    /// that stopped half-way has left the old one too.
    pub(super) async fn write_end(
        &self,
        act: ActNo,
        stored: &StoredPlan,
        cluster: &Cluster,
        ended: Entry,
    ) -> Result<(), Failure> {
        let run = self.gate.told_by_records(act, stored).await?;
        let changed = ended.outcome == Some(Outcome::Succeeded) || run.confirmed() > 0;
        let purpose = purpose(&self.ground, stored).await?;
        let (version, cluster) = (stored.version, cluster.clone());
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    append_in(conn, &ended).await?;
                    if !changed {
                        return Ok(());
                    }
                    let left = match (version_of_run_in(conn, act).await?, purpose) {
                        (Some(version), _) => Some(version),
                        (None, Purpose::SetUp) => Some(version),
                        (None, Purpose::Undo(undone)) => left_by_undo_in(conn, &cluster, undone).await?,
                        (None, Purpose::Removal) => None,
                    };
                    applied_in(conn, act, cluster.id, left, ended.at).await
                })
            })
            .await?;
        Ok(())
    }

    /// All of it is done here. Where the other half of a pair has not taken it over, that is another end.
    pub(super) async fn on_the_peer(&self, act: ActNo, appliance: ApplianceId, summary: String) -> (Outcome, String) {
        let lag = match self.ground.store.pair_lag(appliance).await {
            Ok(lag) => lag.filter(|lag| lag.behind.act == act),
            Err(error) => {
                tracing::error!(run = act.0, "What the peer lacks could not be read: {}", error.sentence());
                None
            }
        };
        let Some(lag) = lag else { return (Outcome::Succeeded, summary) };
        let count = match lag.behind.operations {
            1 => "one operation".to_owned(),
            more => format!("{more} operations"),
        };
        let summary = format!(
            "{summary} The peer of the pair has not taken over {count}: a failover now would lose it. Synchronise the pair; then \
             resume this run, which looks again."
        );
        (Outcome::HereOnly, summary)
    }
}

/// What stands after a run was taken back and the set-up stayed: what had been applied before it, or, where others came
/// after it, what was applied last.
async fn left_by_undo_in(conn: &mut Conn, cluster: &Cluster, undone: ActNo) -> Result<Option<VersionId>, store::Error> {
    let last = last_applied_in(conn, cluster.id, None).await?;
    let left = if last.as_ref().is_some_and(|last| last.run > undone) {
        last
    } else {
        before_run_in(conn, cluster, undone).await?
    };
    Ok(left.and_then(|applied| applied.version).map(|version| version.id))
}
