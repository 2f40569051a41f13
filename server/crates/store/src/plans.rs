//! Plans. Written once; what each was made from is in [`crate::plan_snapshots`].

use crate::{Conn, Error, Store, column, plan_snapshots::keep_snapshot_in};
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
    fn stored(self) -> Result<StoredPlan, Error> {
        Ok(StoredPlan {
            plan: parsed(&self.plan, self.id)?,
            id: PlanId(self.id),
            cluster: ClusterId(self.cluster),
            version: VersionId(self.version),
            by: self.made_by.map(PersonId),
            by_name: self.made_by_name,
            at: from_millis(self.at),
            act: ActNo(self.act),
        })
    }
}

fn parsed(plan: &str, id: i64) -> Result<Plan, Error> {
    column::parse(plan, &format!("plan {id}"))
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: i64,
    cluster: i64,
    version: i64,
    made_by: Option<i64>,
    made_by_name: String,
    at: i64,
    act: i64,
    run: Option<i64>,
    adds: Option<i64>,
    changes: Option<i64>,
    removes: Option<i64>,
    unchanged: Option<i64>,
    conflicts: Option<i64>,
    only_saves: Option<bool>,
    /// Only where it was not counted.
    plan: Option<String>,
}

impl LineRow {
    fn gist(&self) -> Result<Gist, Error> {
        let number = |column: Option<i64>| column.and_then(|count| usize::try_from(count).ok());
        let counted = || {
            let (add, change) = number(self.adds).zip(number(self.changes))?;
            let (remove, unchanged) = number(self.removes).zip(number(self.unchanged))?;
            let (conflicts, only_saves) = number(self.conflicts).zip(self.only_saves)?;
            Some(Gist { counts: Counts { add, change, remove, unchanged }, conflicts, only_saves })
        };
        match counted() {
            Some(gist) => Ok(gist),
            // Nobody could count it when the columns came, so that this most likely says why.
            None => parsed(self.plan.as_deref().unwrap_or_default(), self.id).map(|plan| Gist::of(&plan)),
        }
    }

    fn line(self) -> Result<PlanLine, Error> {
        Ok(PlanLine {
            gist: Error::of_one_row(self.gist())?,
            id: PlanId(self.id),
            cluster: ClusterId(self.cluster),
            version: VersionId(self.version),
            by: self.made_by.map(PersonId),
            by_name: self.made_by_name,
            at: from_millis(self.at),
            act: ActNo(self.act),
            run: self.run.map(ActNo),
        })
    }
}

/// As SQLite counts.
fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}

/// `NotFound` where the act, or this version of this cluster, is.
pub async fn add_plan_in(conn: &mut Conn, new: &NewPlan) -> Result<PlanId, Error> {
    let Gist { counts, conflicts, only_saves } = Gist::of(&new.plan);
    let id = sqlx::query_scalar(
        "INSERT INTO plans (cluster, version, plan, made_by, made_by_name, at, act,
                            adds, changes, removes, unchanged, conflicts, only_saves)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
    )
    .bind(new.cluster.0)
    .bind(new.version.0)
    .bind(column::json(&new.plan)?)
    .bind(new.by.person.map(|person| person.0))
    .bind(new.by.name.as_str())
    .bind(new.at.as_millisecond())
    .bind(new.act.0)
    .bind(count(counts.add))
    .bind(count(counts.change))
    .bind(count(counts.remove))
    .bind(count(counts.unchanged))
    .bind(count(conflicts))
    .bind(only_saves)
    .fetch_one(&mut *conn)
    .await?;
    keep_snapshot_in(conn, PlanId(id), &new.snapshot).await?;
    Ok(PlanId(id))
}

impl Store {
    pub async fn add_plan(&self, new: &NewPlan) -> Result<PlanId, Error> {
        let new = new.clone();
        self.write(move |conn| Box::pin(async move { add_plan_in(conn, &new).await })).await
    }

    pub async fn plan(&self, id: PlanId) -> Result<StoredPlan, Error> {
        let found: Row = sqlx::query_as(
            "SELECT id, cluster, version, plan, made_by, made_by_name, at, act FROM plans WHERE id = $1",
        )
        .bind(id.0)
        .fetch_one(self.readers())
        .await?;
        found.stored()
    }

    /// Whose plan it is, be it that it cannot be read itself.
    pub async fn cluster_of_plan(&self, id: PlanId) -> Result<ClusterId, Error> {
        let cluster =
            sqlx::query_scalar("SELECT cluster FROM plans WHERE id = $1").bind(id.0).fetch_one(self.readers()).await?;
        Ok(ClusterId(cluster))
    }

    /// Newest first. Reads no plan, but what could not be counted.
    pub async fn plans_of(&self, cluster: ClusterId, limit: u32) -> Result<Vec<PlanLine>, Error> {
        let rows: Vec<LineRow> = sqlx::query_as(
            "SELECT id, cluster, plans.version, made_by, made_by_name, at, plans.act, plan_runs.act AS run,
                    adds, changes, removes, unchanged, conflicts, only_saves, CASE WHEN adds IS NULL THEN plans.plan END AS plan
             FROM plans LEFT JOIN plan_runs ON plan_runs.plan = plans.id
             WHERE cluster = $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(cluster.0)
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        rows.into_iter().map(LineRow::line).collect()
    }
}
