//! What is in a database file besides rows, against what this program makes there.

use crate::{Conn, Error};

/// A table, an index or a trigger: kind, name, and the words that made it.
pub(crate) type Thing = (String, String, String);

pub(crate) const TABLE: &str = "table";
pub(crate) const TRIGGER: &str = "trigger";

pub(crate) async fn things(conn: &mut Conn) -> Result<Vec<Thing>, Error> {
    let all = "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    Ok(sqlx::query_as(all).fetch_all(conn).await?)
}

/// Names of what should be there and is not; of a trigger also when it does something else by now.
pub(crate) async fn missing(conn: &mut Conn, made: &[Thing], kind: &str) -> Result<Vec<String>, Error> {
    let there = things(conn).await?;
    let is_there = |wanted: &Thing| {
        there.iter().any(|thing| thing.0 == wanted.0 && thing.1 == wanted.1 && (kind == TABLE || thing.2 == wanted.2))
    };
    Ok(made.iter().filter(|thing| thing.0 == kind && !is_there(thing)).map(|thing| thing.1.clone()).collect())
}
