//! Before anybody is signed in: the first-use token, and failures to slow down those who guess.

use crate::{Conn, Error, Store, TokenHash, column};
use model::{At, clock::from_millis};

/// Failures are of interest for delays only.
const FAILURES_KEPT_MS: i64 = 24 * 3_600_000;

/// And so many of them at most: whoever fails from ten thousand networks does not fill the disk.
const FAILURES_KEPT: i64 = 2_000;

/// Failures since a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// With this name, from anywhere.
    pub of_name: i64,
    /// From this address, with any name.
    pub of_from: i64,
    /// The last of either.
    pub last: Option<At>,
}

/// One token at a time: it replaces an earlier one.
pub async fn set_bootstrap_in(conn: &mut Conn, token_hash: &TokenHash) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO bootstrap (id, token_hash) VALUES (1, $1)
         ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash",
    )
    .bind(token_hash.as_slice())
    .execute(conn)
    .await?;
    Ok(())
}

/// True once, for the token that was set.
pub async fn take_bootstrap_in(conn: &mut Conn, token_hash: &TokenHash) -> Result<bool, Error> {
    let done =
        sqlx::query("DELETE FROM bootstrap WHERE token_hash = $1").bind(token_hash.as_slice()).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// Also forgets failures that are a day older, those of a clock that was set back since, and the oldest of too many.
pub async fn sign_in_failed_in(conn: &mut Conn, name: &str, from: &str, at: At) -> Result<(), Error> {
    sqlx::query("DELETE FROM sign_in_failures WHERE at < $1 OR at > $2")
        .bind(at.as_millisecond() - FAILURES_KEPT_MS)
        .bind(column::latest(at))
        .execute(&mut *conn)
        .await?;
    sqlx::query("INSERT INTO sign_in_failures (name, from_addr, at) VALUES ($1, $2, $3)")
        .bind(name)
        .bind(from)
        .bind(at.as_millisecond())
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM sign_in_failures WHERE id <= (SELECT max(id) FROM sign_in_failures) - $1")
        .bind(FAILURES_KEPT)
        .execute(conn)
        .await?;
    Ok(())
}

/// After a success. Failures with other names from the same address stay: one known password would otherwise buy
/// unlimited guesses at the others.
pub async fn forget_failures_in(conn: &mut Conn, name: &str) -> Result<(), Error> {
    sqlx::query("DELETE FROM sign_in_failures WHERE name = $1").bind(name).execute(conn).await?;
    Ok(())
}

impl Store {
    pub async fn set_bootstrap(&self, token_hash: &TokenHash) -> Result<(), Error> {
        let token_hash = *token_hash;
        self.write(move |conn| Box::pin(async move { set_bootstrap_in(conn, &token_hash).await })).await
    }

    pub async fn take_bootstrap(&self, token_hash: &TokenHash) -> Result<bool, Error> {
        let token_hash = *token_hash;
        self.write(move |conn| Box::pin(async move { take_bootstrap_in(conn, &token_hash).await })).await
    }

    pub async fn sign_in_failed(&self, name: &str, from: &str, at: At) -> Result<(), Error> {
        let (name, from) = (name.to_owned(), from.to_owned());
        self.write(move |conn| Box::pin(async move { sign_in_failed_in(conn, &name, &from, at).await })).await
    }

    /// Failures at or after `since`. Those after `now` are of a clock that was set back since, and close nothing.
    pub async fn recent_failures(&self, name: &str, from: &str, since: At, now: At) -> Result<Failures, Error> {
        let (of_name, of_from, last): (i64, i64, Option<i64>) = sqlx::query_as(
            "WITH recent (at, by_name, by_from) AS (
                 SELECT at, name = $1, from_addr = $2 FROM sign_in_failures
                 WHERE at BETWEEN $3 AND $4 AND (name = $1 OR from_addr = $2))
             SELECT coalesce(sum(by_name), 0), coalesce(sum(by_from), 0), max(at) FROM recent",
        )
        .bind(name)
        .bind(from)
        .bind(since.as_millisecond())
        .bind(column::latest(now))
        .fetch_one(self.readers())
        .await?;
        Ok(Failures { of_name, of_from, last: last.map(from_millis) })
    }

    pub async fn forget_failures(&self, name: &str) -> Result<(), Error> {
        let name = name.to_owned();
        self.write(move |conn| Box::pin(async move { forget_failures_in(conn, &name).await })).await
    }
}
