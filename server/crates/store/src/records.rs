//! The one log: appended to, read, never changed.

use crate::{Conn, Error, Store, column};
use model::{
    ActNo, ApplianceId, ClusterId, PersonId, RecordId,
    log::LogQuery,
    record::{Entry, Record, RecordKind},
};
use sqlx::{QueryBuilder, Sqlite};
use std::collections::BTreeSet;

/// Which records to list. The default is the newest fifty of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub query: LogQuery,
    /// This one alone.
    pub id: Option<RecordId>,
    /// Of this act alone.
    pub act: Option<ActNo>,
    /// What its reader may see.
    pub sight: Sight,
    pub limit: u32,
}

impl Default for Filter {
    fn default() -> Self {
        Self { query: LogQuery::default(), id: None, act: None, sight: Sight::All, limit: 50 }
    }
}

impl From<LogQuery> for Filter {
    fn from(query: LogQuery) -> Self {
        Self { query, ..Self::default() }
    }
}

/// What a reader of the log may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    All,
    /// Records of these clusters; and those that are about no cluster, and about no other appliance than these, and
    /// either tell what this person did or what was done to them.
    Only {
        person: PersonId,
        clusters: BTreeSet<ClusterId>,
        appliances: BTreeSet<ApplianceId>,
    },
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
        wanted(&mut query, &filter.query)?;
        if let Some(id) = filter.id {
            query.push(" AND id = ").push_bind(id.0);
        }
        if let Some(act) = filter.act {
            query.push(" AND act = ").push_bind(act.0);
        }
        seen(&mut query, &filter.sight)?;
        query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(filter.limit));
        let rows: Vec<Row> = query.build_query_as().fetch_all(self.readers()).await?;
        rows.into_iter().map(record).collect()
    }

    /// Names in the log that a reader may see, each once, by name.
    pub async fn names(&self, sight: &Sight) -> Result<Vec<String>, Error> {
        let Sight::Only { .. } = sight else {
            // From name to name along the index: as many steps as there are names, not records.
            return Ok(sqlx::query_scalar(
                "WITH RECURSIVE names (name) AS (
                     SELECT min(person_name) FROM records
                     UNION ALL
                     SELECT (SELECT min(person_name) FROM records WHERE person_name > name)
                     FROM names WHERE name IS NOT NULL)
                 SELECT name FROM names WHERE name IS NOT NULL",
            )
            .fetch_all(self.readers())
            .await?);
        };
        let mut query = QueryBuilder::<Sqlite>::new("SELECT DISTINCT person_name FROM records WHERE true");
        seen(&mut query, sight)?;
        query.push(" ORDER BY person_name");
        Ok(query.build_query_scalar().fetch_all(self.readers()).await?)
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

fn wanted(query: &mut QueryBuilder<Sqlite>, wanted: &LogQuery) -> Result<(), Error> {
    if let Some(kind) = wanted.kind {
        query.push(" AND kind = ").push_bind(kind.code());
    }
    if let Some(name) = &wanted.person {
        query.push(" AND person_name = ").push_bind(name.clone());
    }
    if let Some(cluster) = wanted.cluster {
        query.push(" AND cluster = ").push_bind(cluster.0);
    }
    if let Some(appliance) = wanted.appliance {
        query.push(" AND appliance = ").push_bind(appliance.0);
    }
    if let Some(outcome) = wanted.outcome {
        query.push(" AND outcome = ").push_bind(column::code(&outcome)?);
    }
    if let Some(from) = wanted.from {
        query.push(" AND at >= ").push_bind(from.as_millisecond());
    }
    if let Some(until) = wanted.until {
        query.push(" AND at < ").push_bind(until.as_millisecond());
    }
    if let Some(text) = &wanted.text {
        // The index knows parts of three characters and more.
        if text.chars().count() < 3 {
            query.push(" AND summary LIKE ").push_bind(containing(text)).push(" ESCAPE '\\'");
        } else {
            query
                .push(" AND id IN (SELECT rowid FROM records_text WHERE records_text MATCH ")
                .push_bind(literally(text))
                .push(")");
        }
    }
    if let Some(before) = wanted.before {
        query.push(" AND id < ").push_bind(before.0);
    }
    Ok(())
}

fn seen(query: &mut QueryBuilder<Sqlite>, sight: &Sight) -> Result<(), Error> {
    let Sight::Only { person, clusters, appliances } = sight else { return Ok(()) };
    let about: Vec<_> =
        RecordKind::ALL.iter().filter(|kind| kind.is_about_a_person()).map(|kind| kind.code()).collect();
    query
        .push(" AND (cluster IN (SELECT value FROM json_each(")
        .push_bind(column::json(clusters)?)
        .push(")) OR (cluster IS NULL AND (appliance IS NULL OR appliance IN (SELECT value FROM json_each(")
        .push_bind(column::json(appliances)?)
        .push("))) AND (person = ")
        .push_bind(person.0)
        .push(" OR (kind IN (SELECT value FROM json_each(")
        .push_bind(column::json(&about)?)
        .push(")) AND (entry ->> '$.detail.person') = ")
        .push_bind(person.0)
        .push("))))");
    Ok(())
}

/// The text anywhere, its own `%` and `_` taken literally.
fn containing(text: &str) -> String {
    let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}

/// The text as one phrase of the search's own language. Control characters would end it early.
fn literally(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", plain.replace('"', "\"\""))
}
