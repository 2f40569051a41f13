//! What plans were made from: by far the most of them, and of use until they have run.

use crate::{Conn, Error, Store, column};
use model::{At, PlanId, snapshot::Snapshot};

pub(crate) async fn keep_snapshot_in(conn: &mut Conn, plan: PlanId, snapshot: &Snapshot) -> Result<(), Error> {
    sqlx::query("INSERT INTO plan_snapshots (plan, snapshot) VALUES ($1, $2)")
        .bind(plan.0)
        .bind(column::json(snapshot)?)
        .execute(conn)
        .await?;
    Ok(())
}

impl Store {
    /// `None` where it is kept no more.
    pub async fn plan_snapshot(&self, plan: PlanId) -> Result<Option<Snapshot>, Error> {
        let text: Option<String> = sqlx::query_scalar("SELECT snapshot FROM plan_snapshots WHERE plan = $1")
            .bind(plan.0)
            .fetch_optional(self.readers())
            .await?;
        text.map(|text| column::parse(&text, &format!("the snapshot of plan {plan}"))).transpose()
    }

    /// Lets go of those of plans that have run well, and of all from before `before`; how many there were. A run that stopped
    /// may be resumed and ask for it once more.
    pub async fn purge_plan_snapshots(&self, before: At) -> Result<u64, Error> {
        self.write(move |conn| {
            Box::pin(async move {
                let done = sqlx::query(
                    "DELETE FROM plan_snapshots
                     WHERE EXISTS (SELECT 1 FROM plans WHERE plans.id = plan_snapshots.plan AND plans.at < $1)
                        OR EXISTS (SELECT 1 FROM plan_runs JOIN records ON records.act = plan_runs.act
                                   WHERE plan_runs.plan = plan_snapshots.plan
                                     AND records.kind = 'run.ended' AND records.outcome = 'succeeded')",
                )
                .bind(before.as_millisecond())
                .execute(conn)
                .await?;
                Ok(done.rows_affected())
            })
        })
        .await
    }
}
