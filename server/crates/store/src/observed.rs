//! What was seen last of each appliance, in `observed.db`. Looks have numbers that only grow; they alone say what is newer.

use crate::{Error, Store, column};
use model::{ApplianceId, At, Reckoning, clock::from_millis, snapshot::Snapshot};
use std::sync::atomic::Ordering;

/// The last good snapshot, and the last failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    pub appliance: ApplianceId,
    pub good: Option<Good>,
    pub failure: Option<FailedLook>,
    /// Failed attempts in a row since the last good one; 0 means that the snapshot is the latest word.
    pub failures: u32,
    /// Why what is stored of the last good look cannot be read: it counts as never seen.
    pub unreadable: Option<String>,
}

/// A snapshot and when it was taken, by the clock as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Good {
    pub look: i64,
    pub at: At,
    pub snapshot: Snapshot,
    /// Seen by an earlier run of the program: how long ago that really was, only clocks say.
    pub before_start: bool,
}

/// Why an attempt failed, and when. It stays after a success: [`Observation::failing`] says whether it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedLook {
    pub look: i64,
    pub at: At,
    pub sentence: String,
}

impl Observation {
    /// The failure, where nothing good was seen since.
    pub fn failing(&self) -> Option<&FailedLook> {
        let failure = self.failure.as_ref()?;
        self.good.as_ref().is_none_or(|good| failure.look > good.look).then_some(failure)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    appliance: i64,
    snapshot: Option<String>,
    seen_at: Option<i64>,
    good_look: Option<i64>,
    good_ahead: i64,
    failure: Option<String>,
    failed_at: Option<i64>,
    failed_look: Option<i64>,
    failed_ahead: i64,
    failures: u32,
}

impl Store {
    /// The number of a look that begins now, greater than all before, whatever the clock says.
    pub fn begin_look(&self) -> i64 {
        self.looks.next.fetch_add(1, Ordering::SeqCst)
    }

    /// Whether a look was begun by an earlier run of the program.
    pub(crate) fn is_before_start(&self, look: i64) -> bool {
        look < self.looks.first
    }

    /// What one attempt to read the appliance brought: a snapshot, or why there is none. `at` is when that was. What a
    /// later look brought stays.
    pub async fn put_observation(
        &self,
        appliance: ApplianceId,
        look: i64,
        at: Reckoning,
        seen: Result<&Snapshot, &str>,
    ) -> Result<(), Error> {
        let (statement, text) = match seen {
            Ok(snapshot) => (
                "INSERT INTO observations (appliance, snapshot, seen_at, good_look, good_ahead)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (appliance) DO UPDATE
                 SET snapshot = excluded.snapshot, seen_at = excluded.seen_at, good_look = excluded.good_look,
                     good_ahead = excluded.good_ahead,
                     failures = CASE WHEN excluded.good_look > coalesce(failed_look, 0) THEN 0 ELSE failures END
                 WHERE excluded.good_look > coalesce(observations.good_look, 0)",
                column::json(snapshot)?,
            ),
            Err(sentence) => (
                "INSERT INTO observations (appliance, failure, failed_at, failed_look, failed_ahead, failures)
                 VALUES ($1, $2, $3, $4, $5, 1)
                 ON CONFLICT (appliance) DO UPDATE
                 SET failure = excluded.failure, failed_at = excluded.failed_at, failed_look = excluded.failed_look,
                     failed_ahead = excluded.failed_ahead,
                     failures = failures + (excluded.failed_look > coalesce(good_look, 0))
                 WHERE excluded.failed_look > coalesce(observations.failed_look, 0)",
                sentence.to_owned(),
            ),
        };
        self.observed
            .writer
            .write(move |conn| {
                Box::pin(async move {
                    sqlx::query(statement)
                        .bind(appliance.0)
                        .bind(text)
                        .bind(at.now.as_millisecond())
                        .bind(look)
                        .bind(at.ahead_ms)
                        .execute(conn)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// `None` where nobody has tried yet. What cannot be read was never seen, and says so in its place.
    pub async fn observation(
        &self,
        appliance: ApplianceId,
        reckoning: Reckoning,
    ) -> Result<Option<Observation>, Error> {
        let row = sqlx::query_as("SELECT * FROM observations WHERE appliance = $1")
            .bind(appliance.0)
            .fetch_optional(&self.observed.readers)
            .await;
        match row.map_err(Error::from) {
            Ok(row) => Ok(row.map(|row| self.observed(row, reckoning))),
            // A damaged page of the file is no reason to show nothing at all.
            Err(error @ Error::Corrupt { .. }) => Ok(Some(unreadable(appliance, &error))),
            Err(error) => Err(error),
        }
    }

    pub async fn observations(&self, reckoning: Reckoning) -> Result<Vec<Observation>, Error> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT * FROM observations ORDER BY appliance").fetch_all(&self.observed.readers).await?;
        Ok(rows.into_iter().map(|row| self.observed(row, reckoning)).collect())
    }

    fn observed(&self, row: Row, reckoning: Reckoning) -> Observation {
        let appliance = ApplianceId(row.appliance);
        let told = |at: i64, ahead: i64, look: i64| {
            let at = from_millis(at);
            if self.is_before_start(look) { at } else { reckoning.retime(at, ahead) }
        };
        let failure = row.failure.zip(row.failed_at).map(|(sentence, at)| {
            let look = row.failed_look.unwrap_or_default();
            FailedLook { look, at: told(at, row.failed_ahead, look), sentence }
        });
        let mut observation = Observation { appliance, good: None, failure, failures: row.failures, unreadable: None };
        let Some((text, at)) = row.snapshot.zip(row.seen_at) else { return observation };
        let look = row.good_look.unwrap_or_default();
        match column::parse::<Snapshot>(&text, &format!("the last snapshot of appliance {appliance}")) {
            Ok(mut snapshot) => {
                snapshot.retime(|at| told(at.as_millisecond(), row.good_ahead, look));
                let at = told(at, row.good_ahead, look);
                observation.good = Some(Good { look, at, snapshot, before_start: self.is_before_start(look) });
            }
            Err(error) => observation.unreadable = Some(error.sentence()),
        }
        observation
    }
}

fn unreadable(appliance: ApplianceId, error: &Error) -> Observation {
    Observation { appliance, good: None, failure: None, failures: 0, unreadable: Some(error.sentence()) }
}
