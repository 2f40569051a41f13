//! The one log: appended to, read, never changed.

mod acts;
mod conditions;
mod filter;
mod matches;
mod names;
mod row;
mod search;
mod spans;

use crate::{Conn, Error, Store, column};
pub use acts::FoundActs;
pub use filter::{Filter, LogScope};
use model::{
    ActNo, RecordId,
    record::{Entry, Record, RecordKind},
};
use row::{Row, read, record};
pub use search::Found;
use search::Walk;

/// An act that was begun or resumed and not closed since.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenAct {
    /// Its first record.
    pub begun: Record,
    /// The record that opened it last: the first one, or the last time it was resumed.
    pub last: Record,
}

/// The last record of an act that is open, and the first one's time, kind and bytes.
type OpenRow = (i64, i64, i64, String, String, i64, String, String);

/// Appends within a bigger write. An entry without an act begins one, numbered as its first record.
pub async fn append_in(conn: &mut Conn, entry: &Entry) -> Result<Record, Error> {
    if entry.kind == RecordKind::Unreadable {
        return Err(Error::mistake("what stands for a record that cannot be read is not written down as one"));
    }
    let mut entry = entry.clone();
    let act = match entry.act {
        Some(act) => act,
        None => next_number(conn).await?,
    };
    entry.act = Some(act);
    let id = sqlx::query_scalar(
        "INSERT INTO records (id, act, at, kind, person, person_name, cluster, appliance, outcome, summary, entry)
         VALUES ((SELECT coalesce(max(id), 0) + 1 FROM records), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         RETURNING id",
    )
    .bind(act.0)
    .bind(entry.at.as_millisecond())
    .bind(entry.kind.code())
    .bind(entry.actor.person.map(|person| person.0))
    .bind(entry.actor.name.as_str())
    .bind(entry.cluster.map(|cluster| cluster.0))
    .bind(entry.appliance.map(|appliance| appliance.0))
    .bind(entry.outcome.as_ref().map(column::code).transpose()?)
    .bind(entry.summary.as_str())
    .bind(column::json(&entry)?)
    .fetch_one(conn)
    .await?;
    Ok(Record { id: RecordId(id), act, entry })
}

/// The number of the next record. It stays the next one until it is written: only one connection writes.
async fn next_number(conn: &mut Conn) -> Result<ActNo, Error> {
    let number = sqlx::query_scalar("SELECT coalesce(max(id), 0) + 1 FROM records").fetch_one(conn).await?;
    Ok(ActNo(number))
}

impl Store {
    /// Appends one record. When this returns, it is on disk.
    pub async fn append(&self, entry: &Entry) -> Result<Record, Error> {
        let entry = entry.clone();
        self.write(move |conn| Box::pin(async move { append_in(conn, &entry).await })).await
    }

    pub async fn record(&self, id: RecordId) -> Result<Record, Error> {
        let row = sqlx::query_as("SELECT id, act, at, kind, entry FROM records WHERE id = $1")
            .bind(id.0)
            .fetch_one(self.readers())
            .await?;
        Ok(record(row))
    }

    /// The canonical bytes, exactly as they were written.
    pub async fn canonical(&self, id: RecordId) -> Result<Vec<u8>, Error> {
        let entry: String =
            sqlx::query_scalar("SELECT entry FROM records WHERE id = $1").bind(id.0).fetch_one(self.readers()).await?;
        Ok(entry.into_bytes())
    }

    /// All records of one act, oldest first; none where there is no such act.
    pub async fn of_act(&self, act: ActNo) -> Result<Vec<Record>, Error> {
        let rows: Vec<Row> = sqlx::query_as("SELECT id, act, at, kind, entry FROM records WHERE act = $1 ORDER BY id")
            .bind(act.0)
            .fetch_all(self.readers())
            .await?;
        Ok(rows.into_iter().map(record).collect())
    }

    /// Newest first, however far back that is.
    pub async fn list(&self, filter: Filter) -> Result<Vec<Record>, Error> {
        let mut conn = self.readers().acquire().await?;
        let mut walk = Walk::begin(&mut conn, &filter, None).await?;
        let mut ids = Vec::new();
        while ids.len() < filter.limit as usize {
            let wanted = filter.limit as usize - ids.len();
            let hits = walk.next(&mut conn, wanted).await?;
            if hits.is_empty() {
                break;
            }
            ids.extend(hits.into_iter().map(|hit| hit.id));
        }
        read(&mut conn, &ids).await
    }

    /// As [`Self::list`], but looks through so many records at most, and tells how far it came.
    pub async fn search(&self, filter: &Filter) -> Result<Found, Error> {
        let mut conn = self.readers().acquire().await?;
        search::search(&mut conn, filter).await
    }

    /// A page of acts, so many of them at most; looks through as many records as [`Self::search`].
    pub async fn acts(&self, filter: &Filter) -> Result<FoundActs, Error> {
        let mut conn = self.readers().acquire().await?;
        acts::acts(&mut conn, filter).await
    }

    /// The records before and after one, of those that a reader may see.
    pub async fn beside(&self, id: RecordId, sight: &LogScope) -> Result<(Option<RecordId>, Option<RecordId>), Error> {
        let mut conn = self.readers().acquire().await?;
        search::beside(&mut conn, id, sight).await
    }

    /// Names in the log that a reader may see, each once, by name.
    pub async fn names(&self, sight: &LogScope) -> Result<Vec<String>, Error> {
        names::names(&mut *self.readers().acquire().await?, sight).await
    }

    /// What was going on when Gatehouse stopped, oldest first: each wants its `interrupted` record at the start.
    pub async fn open_acts(&self) -> Result<Vec<OpenAct>, Error> {
        let codes = |wanted: fn(RecordKind) -> bool| {
            let codes: Vec<_> = RecordKind::ALL.iter().filter(|kind| wanted(**kind)).map(|kind| kind.code()).collect();
            column::json(&codes)
        };
        let opening = codes(|kind| kind.interrupted().is_some())?;
        let turning = codes(|kind| kind.interrupted().is_some() || kind.closes())?;
        let rows: Vec<OpenRow> = sqlx::query_as(
            "SELECT last.id, last.act, last.at, last.kind, last.entry, first.at, first.kind, first.entry
             FROM records AS last JOIN records AS first ON first.id = last.act
             WHERE last.kind IN (SELECT value FROM json_each($1))
               AND NOT EXISTS (SELECT 1 FROM records AS later
                               WHERE later.act = last.act AND later.id > last.id
                                 AND later.kind IN (SELECT value FROM json_each($2)))
             ORDER BY last.act",
        )
        .bind(opening)
        .bind(turning)
        .fetch_all(self.readers())
        .await?;
        let open = |(id, act, at, kind, last, first_at, first_kind, first)| OpenAct {
            begun: record((act, act, first_at, first_kind, first)),
            last: record((id, act, at, kind, last)),
        };
        Ok(rows.into_iter().map(open).collect())
    }
}
