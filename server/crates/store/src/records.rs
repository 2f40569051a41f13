//! The one log: appended to, read, never changed.

use crate::{Conn, Error, Store, column};
use model::{
    ActNo, ApplianceId, ClusterId, RecordId,
    record::{Entry, Outcome, Record, RecordKind},
};
use sqlx::{QueryBuilder, Sqlite};

/// Which records to list. The default is the newest fifty of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub kind: Option<RecordKind>,
    /// Whole name, in any case.
    pub person_name: Option<String>,
    pub cluster: Option<ClusterId>,
    pub appliance: Option<ApplianceId>,
    pub outcome: Option<Outcome>,
    /// A part of the summary.
    pub text: Option<String>,
    /// Only records older than this one: the next page.
    pub before: Option<RecordId>,
    pub limit: u32,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            kind: None,
            person_name: None,
            cluster: None,
            appliance: None,
            outcome: None,
            text: None,
            before: None,
            limit: 50,
        }
    }
}

/// An act that was begun or resumed and not closed since.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenAct {
    /// Its first record.
    pub begun: Record,
    /// The record that opened it last: the first one, or the last time it was resumed.
    pub last: Record,
}

type Row = (i64, i64, String);

fn record((id, act, entry): Row) -> Result<Record, Error> {
    let entry = column::parse(&entry, &format!("record {id}"))?;
    Ok(Record { id: RecordId(id), act: ActNo(act), entry })
}

/// Appends within a bigger write. An entry without an act begins one, numbered as its first record.
pub async fn append_in(conn: &mut Conn, entry: &Entry) -> Result<Record, Error> {
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
        let row = sqlx::query_as("SELECT id, act, entry FROM records WHERE id = $1")
            .bind(id.0)
            .fetch_one(self.readers())
            .await?;
        record(row)
    }

    /// The canonical bytes, exactly as they were written.
    pub async fn canonical(&self, id: RecordId) -> Result<Vec<u8>, Error> {
        let entry: String =
            sqlx::query_scalar("SELECT entry FROM records WHERE id = $1").bind(id.0).fetch_one(self.readers()).await?;
        Ok(entry.into_bytes())
    }

    /// All records of one act, oldest first; none where there is no such act.
    pub async fn of_act(&self, act: ActNo) -> Result<Vec<Record>, Error> {
        let rows: Vec<Row> = sqlx::query_as("SELECT id, act, entry FROM records WHERE act = $1 ORDER BY id")
            .bind(act.0)
            .fetch_all(self.readers())
            .await?;
        rows.into_iter().map(record).collect()
    }

    /// Newest first.
    pub async fn list(&self, filter: Filter) -> Result<Vec<Record>, Error> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT id, act, entry FROM records WHERE true");
        if let Some(kind) = filter.kind {
            query.push(" AND kind = ").push_bind(kind.code());
        }
        if let Some(name) = filter.person_name {
            query.push(" AND person_name = ").push_bind(name);
        }
        if let Some(cluster) = filter.cluster {
            query.push(" AND cluster = ").push_bind(cluster.0);
        }
        if let Some(appliance) = filter.appliance {
            query.push(" AND appliance = ").push_bind(appliance.0);
        }
        if let Some(outcome) = filter.outcome {
            query.push(" AND outcome = ").push_bind(column::code(&outcome)?);
        }
        if let Some(text) = filter.text {
            query.push(" AND summary LIKE ").push_bind(containing(&text)).push(" ESCAPE '\\'");
        }
        if let Some(before) = filter.before {
            query.push(" AND id < ").push_bind(before.0);
        }
        query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(filter.limit));
        let rows: Vec<Row> = query.build_query_as().fetch_all(self.readers()).await?;
        rows.into_iter().map(record).collect()
    }

    /// What was going on when Gatehouse stopped, oldest first: each wants its `interrupted` record at the start.
    pub async fn open_acts(&self) -> Result<Vec<OpenAct>, Error> {
        let codes = |wanted: fn(RecordKind) -> bool| {
            let codes: Vec<_> = RecordKind::ALL.iter().filter(|kind| wanted(**kind)).map(|kind| kind.code()).collect();
            column::json(&codes)
        };
        let opening = codes(|kind| kind.interrupted().is_some())?;
        let turning = codes(|kind| kind.interrupted().is_some() || kind.closes())?;
        let rows: Vec<(i64, i64, String, String)> = sqlx::query_as(
            "SELECT last.id, last.act, last.entry, first.entry
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
        let open =
            |(id, act, last, first)| Ok(OpenAct { begun: record((act, act, first))?, last: record((id, act, last))? });
        rows.into_iter().map(open).collect()
    }
}

/// The text anywhere, its own `%` and `_` taken literally.
fn containing(text: &str) -> String {
    let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}
