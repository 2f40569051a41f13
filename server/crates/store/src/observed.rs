//! What was seen last of each appliance, in `observed.db`. Looks have numbers that only grow; they alone say what is newer.

use crate::{Error, Store, column, held::Place};
use model::{
    ApplianceId, At, Reckoning,
    clock::from_millis,
    read_error::{ReadError, ReadErrorKind},
    snapshot::Snapshot,
};
use std::sync::{Arc, atomic::Ordering};

/// So often a row that was replaced while it was read is read again.
const AGAIN: u32 = 3;

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
    pub snapshot: Arc<Snapshot>,
    /// Seen by an earlier run of the program: how long ago that really was, only clocks say.
    pub before_start: bool,
}

/// Why an attempt failed, and when. It stays after a success: [`Observation::failing`] says whether it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedLook {
    pub look: i64,
    pub at: At,
    pub error: ReadError,
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
    seen_at: Option<i64>,
    good_look: Option<i64>,
    good_ahead: i64,
    failure: Option<String>,
    failure_kind: Option<String>,
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
        seen: Result<Arc<Snapshot>, &ReadError>,
    ) -> Result<(), Error> {
        let snapshot = match seen {
            Ok(snapshot) => snapshot,
            Err(error) => {
                let kind = column::json(&error.kind)?;
                let sentence = Some(error.sentence().to_owned());
                self.put_row(FAILED, appliance, look, at, sentence, Some(kind)).await?;
                return Ok(());
            }
        };
        let writes = self.held.put(appliance, look, at.now, &snapshot);
        let text = if writes { Some(column::json(&*snapshot)?) } else { None };
        let statement = if writes { GOOD } else { GOOD_AGAIN };
        let taken = self.put_row(statement, appliance, look, at, text, None).await;
        match taken {
            Ok(true) => self.held.taken(appliance, look, writes.then_some(at.now)),
            Ok(false) | Err(_) => self.held.dropped(appliance, look),
        }
        taken.map(drop)
    }

    /// Whether the row took it.
    async fn put_row(
        &self,
        statement: &'static str,
        appliance: ApplianceId,
        look: i64,
        at: Reckoning,
        text: Option<String>,
        kind: Option<String>,
    ) -> Result<bool, Error> {
        self.observed
            .writer
            .write(move |conn| {
                Box::pin(async move {
                    let query = sqlx::query(statement)
                        .bind(appliance.0)
                        .bind(text)
                        .bind(at.now.as_millisecond())
                        .bind(look)
                        .bind(at.ahead_ms);
                    let query = if kind.is_some() { query.bind(kind) } else { query };
                    Ok(query.execute(conn).await?.rows_affected() > 0)
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
        for _ in 0..AGAIN {
            let row: Result<Option<Row>, sqlx::Error> =
                sqlx::query_as(ROW).bind(appliance.0).fetch_optional(&self.observed.readers).await;
            let row = match row.map_err(Error::from) {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(None),
                // A damaged page of the file is no reason to show nothing at all.
                Err(error @ Error::Corrupt { .. }) => return Ok(Some(unreadable(appliance, &error))),
                Err(error) => return Err(error),
            };
            if let Some(observation) = self.observed(row, reckoning).await? {
                return Ok(Some(observation));
            }
        }
        Err(Error::Locked)
    }

    pub async fn observations(&self, reckoning: Reckoning) -> Result<Vec<Observation>, Error> {
        let ids: Vec<i64> = sqlx::query_scalar("SELECT appliance FROM observations ORDER BY appliance")
            .fetch_all(&self.observed.readers)
            .await?;
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            all.extend(self.observation(ApplianceId(id), reckoning).await?);
        }
        Ok(all)
    }

    /// `None`: the row was replaced meanwhile.
    async fn observed(&self, row: Row, reckoning: Reckoning) -> Result<Option<Observation>, Error> {
        let appliance = ApplianceId(row.appliance);
        let told = |at: i64, ahead: i64, look: i64| {
            let at = from_millis(at);
            if self.is_before_start(look) { at } else { reckoning.retime(at, ahead) }
        };
        let failure = row.failure.zip(row.failed_at).map(|(sentence, at)| {
            let look = row.failed_look.unwrap_or_default();
            // A word of another program: the sentence is there all the same.
            let kind = row.failure_kind.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let error = ReadError::new(kind.unwrap_or(ReadErrorKind::Unknown), sentence);
            FailedLook { look, at: told(at, row.failed_ahead, look), error }
        });
        let mut observation = Observation { appliance, good: None, failure, failures: row.failures, unreadable: None };
        let Some(seen_at) = row.seen_at else { return Ok(Some(observation)) };
        let look = row.good_look.unwrap_or_default();
        let mut snapshot = match self.held.find(appliance, look) {
            Place::Here(snapshot) => snapshot,
            Place::Passed => return Ok(None),
            Place::InTheFile => match self.in_the_file(appliance, look, seen_at).await {
                Ok(Some(snapshot)) => {
                    let snapshot = Arc::new(snapshot);
                    self.held.found(appliance, look, &snapshot);
                    snapshot
                }
                Ok(None) => return Ok(None),
                Err(error @ (Error::Unreadable { .. } | Error::Corrupt { .. })) => {
                    observation.unreadable = Some(error.sentence());
                    return Ok(Some(observation));
                }
                Err(error) => return Err(error),
            },
        };
        let at = told(seen_at, row.good_ahead, look);
        // The row has whole milliseconds. Whoever reads shares the one that is held: of thousands of objects each copy is
        // megabytes.
        if at.as_millisecond() != snapshot.at.as_millisecond() {
            Arc::make_mut(&mut snapshot).retime(|at| told(at.as_millisecond(), row.good_ahead, look));
        }
        observation.good = Some(Good { look, at, snapshot, before_start: self.is_before_start(look) });
        Ok(Some(observation))
    }

    /// What an earlier run of the program wrote; `None`: the row was replaced meanwhile.
    async fn in_the_file(&self, appliance: ApplianceId, look: i64, seen_at: i64) -> Result<Option<Snapshot>, Error> {
        let text: Option<Option<String>> = sqlx::query_scalar(
            "SELECT snapshot FROM observations WHERE appliance = $1 AND coalesce(good_look, 0) = $2",
        )
        .bind(appliance.0)
        .bind(look)
        .fetch_optional(&self.observed.readers)
        .await?;
        let Some(text) = text.flatten() else { return Ok(None) };
        let mut snapshot: Snapshot = column::parse(&text, &format!("the last snapshot of appliance {appliance}"))?;
        // Numbers may be older than the look; what it saw is not.
        snapshot.at = from_millis(seen_at);
        Ok(Some(snapshot))
    }
}

fn unreadable(appliance: ApplianceId, error: &Error) -> Observation {
    Observation { appliance, good: None, failure: None, failures: 0, unreadable: Some(error.sentence()) }
}

/// Everything but the snapshot itself, which may be megabytes.
const ROW: &str =
    "SELECT appliance, seen_at, good_look, good_ahead, failure, failure_kind, failed_at, failed_look, failed_ahead, failures
     FROM observations WHERE appliance = $1";

const GOOD: &str = "INSERT INTO observations (appliance, snapshot, seen_at, good_look, good_ahead)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (appliance) DO UPDATE
     SET snapshot = excluded.snapshot, seen_at = excluded.seen_at, good_look = excluded.good_look,
         good_ahead = excluded.good_ahead,
         failures = CASE WHEN excluded.good_look > coalesce(failed_look, 0) THEN 0 ELSE failures END
     WHERE excluded.good_look > coalesce(observations.good_look, 0)";

/// The text that is there stays.
const GOOD_AGAIN: &str = "UPDATE observations
     SET seen_at = $3, good_look = $4, good_ahead = $5,
         failures = CASE WHEN $4 > coalesce(failed_look, 0) THEN 0 ELSE failures END
     WHERE appliance = $1 AND snapshot IS NOT NULL AND $4 > coalesce(good_look, 0)";

const FAILED: &str =
    "INSERT INTO observations (appliance, failure, failed_at, failed_look, failed_ahead, failure_kind, failures)
     VALUES ($1, $2, $3, $4, $5, $6, 1)
     ON CONFLICT (appliance) DO UPDATE
     SET failure = excluded.failure, failed_at = excluded.failed_at, failed_look = excluded.failed_look,
         failed_ahead = excluded.failed_ahead, failure_kind = excluded.failure_kind,
         failures = failures + (excluded.failed_look > coalesce(good_look, 0))
     WHERE excluded.failed_look > coalesce(observations.failed_look, 0)";
