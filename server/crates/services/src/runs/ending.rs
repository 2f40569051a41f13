//! How a run ends: in words and as data, and what the set-up stands by afterwards.

use crate::{Failure, Services, gate::before_run_in, plans::Purpose};
use engine::{Mode, RunOutcome};
use model::{
    ActNo, ApplianceId, VersionId,
    cluster::Cluster,
    record::{Entry, Outcome},
    run::{MovedField, OpState, Stop},
    snapshot::Snapshot,
};
use store::{
    Conn,
    applied::{applied_in, last_applied_in},
    plans::StoredPlan,
    records::append_in,
    runs::version_of_run_in,
};

/// A record is read by people: more than these is another configuration altogether.
const MOST_MOVED: usize = 100;

impl Services {
    /// The end of a run and, where it changed anything, the version of the set-up that the appliance stands by now: a run
    /// that stopped half-way has left the old one too.
    pub(super) async fn write_end(
        &self,
        act: ActNo,
        stored: &StoredPlan,
        cluster: &Cluster,
        ended: Entry,
    ) -> Result<(), Failure> {
        let run = self.told_by_records(act, stored).await?;
        let changed = ended.outcome == Some(Outcome::Succeeded) || run.confirmed() > 0;
        let purpose = self.purpose(stored).await?;
        let (version, cluster) = (stored.version, cluster.clone());
        self.store
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
        let lag = match self.store.pair_lag(appliance).await {
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

/// An outcome as the log keeps it: for people, and as data. `seen` is what the plan was made from, where it is still kept.
pub fn end_of(
    outcome: &RunOutcome,
    stored: &StoredPlan,
    seen: Option<&Snapshot>,
    states: &[OpState],
    mode: Mode,
) -> (Outcome, String, Option<Stop>) {
    match outcome {
        RunOutcome::Succeeded => (
            Outcome::Succeeded,
            match stored.plan.operations.len() {
                1 => "Its one operation is confirmed, and the configuration is saved.".to_owned(),
                all => format!("All {all} operations are confirmed, and the configuration is saved."),
            },
            None,
        ),
        RunOutcome::Failed { seq, sentence } => {
            let summary = format!("Stopped at operation {seq}. {sentence}");
            (Outcome::Failed, summary, Some(Stop::Operation { seq: *seq }))
        }
        RunOutcome::InDoubt { seq, sentence } => {
            let summary = format!("Stopped in doubt at operation {seq}. {sentence}");
            (Outcome::InDoubt, summary, Some(Stop::InDoubt { seq: *seq }))
        }
        RunOutcome::Moved { now } => {
            let (moved, what) = match mode {
                Mode::Fresh => match seen {
                    Some(seen) => (engine::moved(seen, now), "The appliance is not as the plan saw it"),
                    None => (
                        Vec::new(),
                        "The appliance is not as the plan saw it (what it saw is kept no more, so that nobody can tell the \
                         difference)",
                    ),
                },
                // Compared with the plan's snapshot, our own changes would be the difference.
                Mode::Resume => {
                    (engine::undone(&stored.plan, states, now), "What this run had confirmed no longer stands")
                }
            };
            let shown = moved.iter().take(5).map(MovedField::sentence).collect::<Vec<_>>().join(" ");
            let summary = format!("{what}, so nothing was sent. Make a new plan. {shown}");
            (Outcome::Refused, summary, Some(Stop::Moved { moved: moved.into_iter().take(MOST_MOVED).collect() }))
        }
        RunOutcome::NotPrimary { role } => (
            Outcome::Refused,
            format!(
                "The appliance says that it is {role}, and changes are made on the primary of a pair only. Nothing was sent."
            ),
            Some(Stop::NotPrimary { role: role.clone() }),
        ),
        RunOutcome::LogFailed { sentence } => (Outcome::Failed, sentence.clone(), Some(Stop::Log)),
        RunOutcome::Unreachable { sentence } => (Outcome::Failed, sentence.clone(), Some(Stop::Unreachable)),
    }
}
