//! A record as it lies in its table.

use crate::{Conn, Error, column};
use model::{ActNo, RecordId, clock::from_millis, record::Record, unreadable::unreadable};

/// Number, act, time, kind, and the bytes. Time and kind are beside them as well, for the sake of those that cannot be read.
pub type Row = (i64, i64, i64, String, String);

/// One that cannot be read says so in its place, and takes no list down.
pub fn record((id, act, at, kind, written): Row) -> Record {
    let entry = serde_json::from_str(&written).unwrap_or_else(|error| {
        tracing::warn!(record.id = id, %error, "A record of the log cannot be read");
        unreadable(id, ActNo(act), from_millis(at), &kind, &written, &error.to_string())
    });
    Record { id: RecordId(id), act: ActNo(act), entry }
}

/// Records by their numbers, newest first.
pub async fn read(conn: &mut Conn, ids: &[RecordId]) -> Result<Vec<Record>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT records.id, act, at, kind, entry FROM json_each($1) AS wanted CROSS JOIN records ON records.id = wanted.value
         ORDER BY +records.id DESC",
    )
    .bind(column::json(&ids)?)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(record).collect())
}
