//! What the peer of a pair has not taken over, until the pair was seen to synchronise.

use crate::{Conn, Error, Store};
use model::{ActNo, ApplianceId, At, clock::from_millis, pair::Behind};

/// What the peer lacks, and whether a synchronisation was seen to begin since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairLag {
    pub behind: Behind,
    pub syncing: bool,
}

/// One operation more that was done on the primary alone.
pub async fn lags_in(conn: &mut Conn, appliance: ApplianceId, act: ActNo, since: At, cause: &str) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO pair_lags (appliance, since, act, operations, cause) VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (appliance) DO UPDATE
         SET since = excluded.since, act = excluded.act, operations = operations + 1, cause = excluded.cause, syncing = 0",
    )
    .bind(appliance.0)
    .bind(since.as_millisecond())
    .bind(act.0)
    .bind(cause)
    .execute(conn)
    .await?;
    Ok(())
}

impl Store {
    /// `None`: as far as is known the peer has everything.
    pub async fn pair_lag(&self, appliance: ApplianceId) -> Result<Option<PairLag>, Error> {
        let row: Option<(i64, i64, i64, String, bool)> =
            sqlx::query_as("SELECT since, act, operations, cause, syncing FROM pair_lags WHERE appliance = $1")
                .bind(appliance.0)
                .fetch_optional(self.readers())
                .await?;
        Ok(row.map(|(since, act, operations, cause, syncing)| PairLag {
            behind: Behind {
                since: from_millis(since),
                act: ActNo(act),
                operations: u32::try_from(operations).unwrap_or(u32::MAX),
                cause,
            },
            syncing,
        }))
    }

    /// A synchronisation runs, or was ordered.
    pub async fn pair_syncs(&self, appliance: ApplianceId) -> Result<(), Error> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query("UPDATE pair_lags SET syncing = 1 WHERE appliance = $1")
                    .bind(appliance.0)
                    .execute(conn)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// The synchronisation that was seen has ended well.
    pub async fn pair_in_step(&self, appliance: ApplianceId) -> Result<(), Error> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query("DELETE FROM pair_lags WHERE appliance = $1 AND syncing = 1")
                    .bind(appliance.0)
                    .execute(conn)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
