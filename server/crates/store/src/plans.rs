//! Plans, each with the snapshot it was made from. Written once.

use crate::{Conn, Error, Store, column};
use model::{
    ActNo, At, ClusterId, PersonId, PlanId, VersionId,
    clock::from_millis,
    plan::{Counts, Plan},
    record::Actor,
    snapshot::Snapshot,
};

/// A plan to keep.
#[derive(Clone, Debug)]
pub struct NewPlan {
    pub cluster: ClusterId,
    /// Of this cluster.
    pub version: VersionId,
    pub plan: Plan,
    pub snapshot: Snapshot,
    pub by: Actor,
    pub at: At,
    /// The act of planning.
    pub act: ActNo,
}

/// A plan as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPlan {
    pub id: PlanId,
    pub cluster: ClusterId,
    pub version: VersionId,
    pub plan: Plan,
    pub snapshot: Snapshot,
    pub by: Option<PersonId>,
    /// As they were called then.
    pub by_name: String,
    pub at: At,
    /// The act of planning.
    pub act: ActNo,
}

/// What a list says of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gist {
    pub counts: Counts,
    pub conflicts: usize,
    /// Nothing is changed by it; what is running is saved.
    pub only_saves: bool,
}

impl Gist {
    fn of(plan: &Plan) -> Self {
        Self { counts: plan.counts(), conflicts: plan.conflicts.len(), only_saves: plan.only_saves() }
    }
}

/// A plan as a line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    pub id: PlanId,
    pub cluster: ClusterId,
    pub version: VersionId,
    /// Or the sentence why it cannot be read.
    pub gist: Result<Gist, String>,
    pub by: Option<PersonId>,
    pub by_name: String,
    pub at: At,
    /// The act of planning.
    pub act: ActNo,
    /// Its run, where it has one.
    pub run: Option<ActNo>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    cluster: i64,
    version: i64,
    plan: String,
    made_by: Option<i64>,
    made_by_name: String,
    at: i64,
    act: i64,
}

impl Row {
    fn plan(&self) -> Result<Plan, Error> {
        column::parse(&self.plan, &format!("plan {}", self.id))
    }

    fn with(self, snapshot: &str) -> Result<StoredPlan, Error> {
        Ok(StoredPlan {
            plan: self.plan()?,
            snapshot: column::parse(snapshot, &format!("the snapshot of plan {}", self.id))?,
            id: PlanId(self.id),
            cluster: ClusterId(self.cluster),
            version: VersionId(self.version),
            by: self.made_by.map(PersonId),
            by_name: self.made_by_name,
            at: from_millis(self.at),
            act: ActNo(self.act),
        })
    }

    fn line(self, run: Option<i64>) -> Result<PlanLine, Error> {
        let gist = Error::of_one_row(self.plan().map(|plan| Gist::of(&plan)))?;
        Ok(PlanLine {
            id: PlanId(self.id),
            cluster: ClusterId(self.cluster),
            version: VersionId(self.version),
            gist,
            by: self.made_by.map(PersonId),
            by_name: self.made_by_name,
            at: from_millis(self.at),
            act: ActNo(self.act),
            run: run.map(ActNo),
        })
    }
}

/// A [`Row`] and one column more.
#[derive(sqlx::FromRow)]
struct And<T> {
    #[sqlx(flatten)]
    row: Row,
    more: T,
}

/// `NotFound` where the act, or this version of this cluster, is.
pub async fn add_plan_in(conn: &mut Conn, new: &NewPlan) -> Result<PlanId, Error> {
    let id = sqlx::query_scalar(
        "INSERT INTO plans (cluster, version, plan, snapshot, made_by, made_by_name, at, act)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
    )
    .bind(new.cluster.0)
    .bind(new.version.0)
    .bind(column::json(&new.plan)?)
    .bind(column::json(&new.snapshot)?)
    .bind(new.by.person.map(|person| person.0))
    .bind(new.by.name.as_str())
    .bind(new.at.as_millisecond())
    .bind(new.act.0)
    .fetch_one(conn)
    .await?;
    Ok(PlanId(id))
}

impl Store {
    pub async fn add_plan(&self, new: &NewPlan) -> Result<PlanId, Error> {
        let new = new.clone();
        self.write(move |conn| Box::pin(async move { add_plan_in(conn, &new).await })).await
    }

    pub async fn plan(&self, id: PlanId) -> Result<StoredPlan, Error> {
        let found: And<String> = sqlx::query_as(
            "SELECT id, cluster, version, plan, made_by, made_by_name, at, act, snapshot AS more
             FROM plans WHERE id = $1",
        )
        .bind(id.0)
        .fetch_one(self.readers())
        .await?;
        found.row.with(&found.more)
    }

    /// Whose plan it is, be it that it cannot be read itself.
    pub async fn cluster_of_plan(&self, id: PlanId) -> Result<ClusterId, Error> {
        let cluster =
            sqlx::query_scalar("SELECT cluster FROM plans WHERE id = $1").bind(id.0).fetch_one(self.readers()).await?;
        Ok(ClusterId(cluster))
    }

    /// Newest first.
    pub async fn plans_of(&self, cluster: ClusterId, limit: u32) -> Result<Vec<PlanLine>, Error> {
        let rows: Vec<And<Option<i64>>> = sqlx::query_as(
            "SELECT id, cluster, plans.version, plans.plan, made_by, made_by_name, at, plans.act, plan_runs.act AS more
             FROM plans LEFT JOIN plan_runs ON plan_runs.plan = plans.id
             WHERE cluster = $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(cluster.0)
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        rows.into_iter().map(|found| found.row.line(found.more)).collect()
    }
}
