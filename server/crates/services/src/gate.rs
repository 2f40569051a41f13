//! The one gate: what is known of a plan when somebody wants something of it. `model::readiness` judges; here it is
//! collected, for pages by reading and for acts within the write that they make.

use crate::{Failure, ReadCx, ground::Ground, health::Health, runs::WriteLocks};
use model::{
    ActNo, ClusterId, PlanId, VersionId,
    cluster::Cluster,
    desired::Desired,
    plan::Plan,
    readiness::{Newer, PlanStanding, RunStanding, Writer},
    run::{Run, RunStatus},
};
use std::sync::Arc;
use store::{
    Conn,
    applied::{Applied, last_applied_in},
    desired::{DesiredVersion, desired_version_in, latest_version_in},
    plans::StoredPlan,
    runs::{run_of_plan_in, version_of_run_in},
};

/// What the store says of a plan at one moment.
pub(crate) struct Moment {
    /// Its run.
    act: Option<ActNo>,
    newer: Option<Newer>,
}

impl Moment {
    pub(crate) async fn read_in(
        conn: &mut Conn,
        plan: PlanId,
        cluster: ClusterId,
        version: VersionId,
    ) -> Result<Self, store::Error> {
        let act = run_of_plan_in(conn, plan).await?;
        // A run that took the set-up back is not outdated by its own doing.
        let stands = match act {
            Some(act) => version_of_run_in(conn, act).await?.unwrap_or(version),
            None => version,
        };
        let latest = latest_version_in(conn, cluster).await?.filter(|latest| latest.id != stands);
        let newer = latest.map(|latest| Newer { number: latest.number, by: latest.by_name });
        Ok(Self { act, newer })
    }

    /// `run` is the plan's run as the records tell it, where somebody needs to know more than that there is one.
    fn standing<'p>(self, plan: &'p Plan, run: Option<&Run>, writer: Option<Writer>) -> PlanStanding<'p> {
        let run = self.act.map(|act| RunStanding {
            act,
            status: run.map_or(RunStatus::Running, |run| run.status),
            stop: run.and_then(|run| run.stop.clone()),
        });
        PlanStanding { plan, newer: self.newer, run, writer }
    }
}

/// Where the plan stands, within the write that is about to act on it.
pub(crate) async fn standing_in<'p>(
    conn: &mut Conn,
    stored: &'p StoredPlan,
    run: Option<&Run>,
    writer: Option<Writer>,
) -> Result<PlanStanding<'p>, store::Error> {
    let moment = Moment::read_in(conn, stored.id, stored.cluster, stored.version).await?;
    Ok(moment.standing(&stored.plan, run, writer))
}

/// The version that an undo of this run leads back to, and what it would describe now; `None`: there is none.
pub(crate) async fn way_back_in(
    conn: &mut Conn,
    cluster: &Cluster,
    undone: ActNo,
) -> Result<Option<(DesiredVersion, Desired)>, store::Error> {
    let Some(version) = before_run_in(conn, cluster, undone).await?.and_then(|applied| applied.version) else {
        return Ok(None);
    };
    let Some(before) = desired_version_in(conn, cluster.id, version.number).await? else { return Ok(None) };
    let wanted = before.desired.clone().renamed(&cluster.fqdn);
    Ok(Some((before, wanted)))
}

/// What had been applied before this run; `None` where nothing had, or where others came after it: with those, no single
/// version is what an undo leaves.
pub(crate) async fn before_run_in(
    conn: &mut Conn,
    cluster: &Cluster,
    undone: ActNo,
) -> Result<Option<Applied>, store::Error> {
    let last = last_applied_in(conn, cluster.id, None).await?;
    if last.is_some_and(|last| last.run > undone) {
        return Ok(None);
    }
    last_applied_in(conn, cluster.id, Some(undone)).await
}

#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) ground: Arc<Ground>,
    pub(crate) locks: Arc<WriteLocks>,
    pub(crate) health: Arc<Health>,
}

impl Gate {
    /// Where the plan stands, for a page.
    pub(crate) async fn standing<'p>(
        &self,
        cx: &ReadCx,
        stored: &'p StoredPlan,
        cluster: &Cluster,
    ) -> Result<PlanStanding<'p>, Failure> {
        let run = match self.ground.store.run_of_plan(stored.id).await? {
            Some(act) => Some(self.fold(act, stored).await?),
            None => None,
        };
        let writer = self.locks.writer_on(cx, cluster.appliance, stored.id).await;
        let (plan, of, version) = (stored.id, stored.cluster, stored.version);
        let moment = self.ground.store.read(move |conn| Box::pin(Moment::read_in(conn, plan, of, version))).await?;
        Ok(moment.standing(&stored.plan, run.as_ref(), writer))
    }

    /// The run as its records tell it. Records are read without the locks: a busy page must not delay a run's begin.
    pub(crate) async fn fold(&self, act: ActNo, stored: &StoredPlan) -> Result<Run, Failure> {
        let was_at_work = self.locks.carries_out(stored.id).await;
        let mut run = self.told_by_records(act, stored).await?;
        if run.status == RunStatus::Running && !was_at_work && !self.locks.carries_out(stored.id).await {
            // Its end may have been written between the two looks.
            run = self.told_by_records(act, stored).await?;
            if run.status == RunStatus::Running {
                let why = self
                    .health
                    .unsaid(act)
                    .unwrap_or_else(|| "The run stopped without a record of its end.".to_owned());
                run.interrupt(&format!("{why} What is in doubt is read again when it is resumed."));
            }
        }
        Ok(run)
    }

    pub(crate) async fn told_by_records(&self, act: ActNo, stored: &StoredPlan) -> Result<Run, Failure> {
        let records = self.ground.store.of_act(act).await?;
        Run::fold(stored.id, &stored.plan, &records).ok_or(Failure::NotFound("such run"))
    }
}
