//! Which act ran which plan. A plan runs once; what happened in the run is told by the act's records.

use crate::{Conn, Error, Store, records};
use model::{
    ActNo, ClusterId, PlanId, VersionId,
    record::{Entry, Record, RecordKind},
    run::RunDetail,
};

/// What came of beginning a run.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one for each run; a box would only be in the way")]
pub enum Begun {
    /// It is ours: this is its first record.
    New(Record),
    /// The plan has run, or runs, in this act.
    Already(ActNo),
}

/// As [`Store::run_of_plan`], within a bigger write.
pub async fn run_of_plan_in(conn: &mut Conn, plan: PlanId) -> Result<Option<ActNo>, Error> {
    let act: Option<i64> =
        sqlx::query_scalar("SELECT act FROM plan_runs WHERE plan = $1").bind(plan.0).fetch_optional(conn).await?;
    Ok(act.map(ActNo))
}

/// As [`Store::version_of_run`], within a bigger write.
pub async fn version_of_run_in(conn: &mut Conn, act: ActNo) -> Result<Option<VersionId>, Error> {
    let version: Option<i64> = sqlx::query_scalar("SELECT version FROM plan_runs WHERE act = $1")
        .bind(act.0)
        .fetch_optional(conn)
        .await?
        .flatten();
    Ok(version.map(VersionId))
}

/// A run and its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOf {
    pub act: ActNo,
    pub plan: PlanId,
}

/// Takes the plan named in the detail of this `run.begun` and appends the record, or says who was first. `NotFound`
/// where there is no such plan. `leaves` is the version of the set-up that it leaves behind where that is not the plan's.
pub async fn begin_run_in(conn: &mut Conn, entry: &Entry, leaves: Option<VersionId>) -> Result<Begun, Error> {
    let plan = match serde_json::from_value::<RunDetail>(entry.detail.clone()) {
        Ok(detail) if entry.kind == RecordKind::RunBegun => detail.plan,
        _ => return Err(Error::mistake("a run begins with a run.begun that names its plan")),
    };
    if let Some(act) = run_of_plan_in(conn, plan).await? {
        return Ok(Begun::Already(act));
    }
    let record = records::append_in(conn, entry).await?;
    sqlx::query("INSERT INTO plan_runs (plan, act, version) VALUES ($1, $2, $3)")
        .bind(plan.0)
        .bind(record.act.0)
        .bind(leaves.map(|version| version.0))
        .execute(conn)
        .await?;
    Ok(Begun::New(record))
}

impl Store {
    pub async fn begin_run(&self, entry: &Entry) -> Result<Begun, Error> {
        let entry = entry.clone();
        self.write(move |conn| Box::pin(async move { begin_run_in(conn, &entry, None).await })).await
    }

    pub async fn run_of_plan(&self, plan: PlanId) -> Result<Option<ActNo>, Error> {
        self.read(|conn| Box::pin(run_of_plan_in(conn, plan))).await
    }

    /// The version of the set-up that the run leaves behind where it is not its plan's.
    pub async fn version_of_run(&self, act: ActNo) -> Result<Option<VersionId>, Error> {
        self.read(|conn| Box::pin(version_of_run_in(conn, act))).await
    }

    /// The plan that the act runs; `None` where the act is no run.
    pub async fn plan_of_run(&self, act: ActNo) -> Result<Option<PlanId>, Error> {
        let plan: Option<i64> = sqlx::query_scalar("SELECT plan FROM plan_runs WHERE act = $1")
            .bind(act.0)
            .fetch_optional(self.readers())
            .await?;
        Ok(plan.map(PlanId))
    }

    /// Newest first.
    pub async fn runs_of(&self, cluster: ClusterId, limit: u32) -> Result<Vec<RunOf>, Error> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT plan_runs.act, plan_runs.plan FROM plan_runs JOIN plans ON plans.id = plan_runs.plan
             WHERE plans.cluster = $1 ORDER BY plan_runs.act DESC LIMIT $2",
        )
        .bind(cluster.0)
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        Ok(rows.into_iter().map(|(act, plan)| RunOf { act: ActNo(act), plan: PlanId(plan) }).collect())
    }
}
