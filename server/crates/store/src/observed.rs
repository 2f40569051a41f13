//! What was seen last of each appliance, in `observed.db`.

use crate::{Error, Store, column};
use model::{ApplianceId, At, clock::from_millis, snapshot::Snapshot};

/// The last good snapshot, and the last failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    pub appliance: ApplianceId,
    pub good: Option<Good>,
    pub failure: Option<Failure>,
    /// Failed attempts in a row since the last good one; 0 means that the snapshot is the latest word.
    pub failures: u32,
}

/// A snapshot and when it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Good {
    pub at: At,
    pub snapshot: Snapshot,
}

/// Why an attempt failed, and when. It stays after a success: `failures` says whether it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub at: At,
    pub sentence: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    appliance: i64,
    snapshot: Option<String>,
    seen_at: Option<i64>,
    failure: Option<String>,
    failed_at: Option<i64>,
    failures: u32,
}

fn observation(row: Row) -> Result<Observation, Error> {
    let good = match row.snapshot.zip(row.seen_at) {
        Some((text, at)) => {
            let what = format!("the last snapshot of appliance {}", row.appliance);
            Some(Good { at: from_millis(at), snapshot: column::parse(&text, &what)? })
        }
        None => None,
    };
    let failure = row.failure.zip(row.failed_at).map(|(sentence, at)| Failure { at: from_millis(at), sentence });
    Ok(Observation { appliance: ApplianceId(row.appliance), good, failure, failures: row.failures })
}

impl Store {
    /// What one attempt to read the appliance brought: a snapshot, or why there is none.
    pub async fn put_observation(
        &self,
        appliance: ApplianceId,
        at: At,
        seen: Result<&Snapshot, &str>,
    ) -> Result<(), Error> {
        let at = at.as_millisecond();
        match seen {
            Ok(snapshot) => {
                let snapshot = column::json(snapshot)?;
                self.observed
                    .writer
                    .write(move |conn| {
                        Box::pin(async move {
                            sqlx::query(
                                "INSERT INTO observations (appliance, snapshot, seen_at) VALUES ($1, $2, $3)
                                 ON CONFLICT (appliance) DO UPDATE
                                 SET snapshot = excluded.snapshot, seen_at = excluded.seen_at, failures = 0
                                 -- Two looks may overlap; the one that began later is the newer one.
                                 WHERE observations.seen_at IS NULL OR excluded.seen_at >= observations.seen_at",
                            )
                            .bind(appliance.0)
                            .bind(snapshot)
                            .bind(at)
                            .execute(conn)
                            .await?;
                            Ok(())
                        })
                    })
                    .await
            }
            Err(sentence) => {
                let sentence = sentence.to_owned();
                self.observed
                    .writer
                    .write(move |conn| {
                        Box::pin(async move {
                            sqlx::query(
                                "INSERT INTO observations (appliance, failure, failed_at, failures)
                                 VALUES ($1, $2, $3, 1)
                                 ON CONFLICT (appliance) DO UPDATE
                                 SET failure = excluded.failure, failed_at = excluded.failed_at,
                                     failures = failures + 1",
                            )
                            .bind(appliance.0)
                            .bind(sentence)
                            .bind(at)
                            .execute(conn)
                            .await?;
                            Ok(())
                        })
                    })
                    .await
            }
        }
    }

    /// `None` where nobody has tried yet.
    pub async fn observation(&self, appliance: ApplianceId) -> Result<Option<Observation>, Error> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT appliance, snapshot, seen_at, failure, failed_at, failures FROM observations WHERE appliance = $1",
        )
        .bind(appliance.0)
        .fetch_optional(&self.observed.readers)
        .await?;
        row.map(observation).transpose()
    }

    pub async fn observations(&self) -> Result<Vec<Observation>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT appliance, snapshot, seen_at, failure, failed_at, failures FROM observations ORDER BY appliance",
        )
        .fetch_all(&self.observed.readers)
        .await?;
        rows.into_iter().map(observation).collect()
    }
}
