//! Before anybody is signed in: the first-use token, and failures to slow down those who guess. Names are known here by
//! their hash alone: one that nobody has may be a password.

use crate::{Conn, Error, Store, TokenHash, column};
use model::{
    At,
    clock::from_millis,
    delay::{Failures, Series},
};

/// Failures are of interest for delays only.
const FAILURES_KEPT_MS: i64 = 24 * 3_600_000;
/// And so many of them at most: whoever fails from ten thousand networks does not fill the disk.
const FAILURES_KEPT: i64 = 2_000;

/// A name's hash under the installation's key.
pub type NameHash = [u8; 16];

/// Somebody who tries to come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub name: NameHash,
    /// An address, or the network of one.
    pub from: String,
    /// The browser, where it has signed in with this name before.
    pub device: Option<String>,
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

/// Those that are a day older, and those of a clock that was set back since.
async fn forget_old_failures_in(conn: &mut Conn, now: At) -> Result<(), Error> {
    sqlx::query("DELETE FROM sign_in_failures WHERE at < $1 OR at > $2")
        .bind(now.as_millisecond() - FAILURES_KEPT_MS)
        .bind(column::latest(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Also forgets old ones, and the oldest of too many.
pub async fn sign_in_failed_in(conn: &mut Conn, attempt: &Attempt, at: At) -> Result<(), Error> {
    forget_old_failures_in(conn, at).await?;
    sqlx::query("INSERT INTO sign_in_failures (name_hash, from_addr, device, at) VALUES ($1, $2, $3, $4)")
        .bind(attempt.name.as_slice())
        .bind(attempt.from.as_str())
        .bind(attempt.device.as_deref())
        .bind(at.as_millisecond())
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM sign_in_failures WHERE id <= (SELECT max(id) FROM sign_in_failures) - $1")
        .bind(FAILURES_KEPT)
        .execute(conn)
        .await?;
    Ok(())
}

/// What counts for this attempt, at or after `since`. Failures after `now` are of a clock that was set back since, and
/// close nothing. Strangers' failures and those of devices are counted apart.
pub async fn failures_in(conn: &mut Conn, attempt: &Attempt, since: At, now: At) -> Result<Failures, Error> {
    let counted: Counted = sqlx::query_as(
        "WITH recent AS (
             SELECT at, device, name_hash = $1 AS named, from_addr = $2 AS here FROM sign_in_failures
             WHERE at BETWEEN $3 AND $4 AND (name_hash = $1 OR from_addr = $2))
         SELECT count(*) FILTER (WHERE device IS NULL AND named AND here) AS pair,
                max(at) FILTER (WHERE device IS NULL AND named AND here) AS pair_last,
                count(*) FILTER (WHERE device IS NULL AND named) AS name,
                max(at) FILTER (WHERE device IS NULL AND named) AS name_last,
                count(*) FILTER (WHERE device IS NULL AND here) AS address,
                max(at) FILTER (WHERE device IS NULL AND here) AS address_last,
                count(*) FILTER (WHERE device = $5 AND named) AS device,
                max(at) FILTER (WHERE device = $5 AND named) AS device_last
         FROM recent",
    )
    .bind(attempt.name.as_slice())
    .bind(attempt.from.as_str())
    .bind(since.as_millisecond())
    .bind(column::latest(now))
    .bind(attempt.device.as_deref())
    .fetch_one(conn)
    .await?;
    let series = |count: i64, last: Option<i64>| Series { count, last: last.map(from_millis) };
    Ok(Failures {
        pair: series(counted.pair, counted.pair_last),
        name: series(counted.name, counted.name_last),
        address: series(counted.address, counted.address_last),
        device: attempt.device.is_some().then(|| series(counted.device, counted.device_last)),
    })
}

#[derive(sqlx::FromRow)]
struct Counted {
    pair: i64,
    pair_last: Option<i64>,
    name: i64,
    name_last: Option<i64>,
    address: i64,
    address_last: Option<i64>,
    device: i64,
    device_last: Option<i64>,
}

/// After a success, or when an admin lifts a delay. What strangers tried from elsewhere stays: one known password would
/// otherwise buy unlimited guesses at others, and its owner's coming would free whoever guesses.
pub async fn forget_failures_in(conn: &mut Conn, attempt: &Attempt) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM sign_in_failures
         WHERE name_hash = $1 AND CASE WHEN $3 IS NULL THEN device IS NULL AND from_addr = $2 ELSE device = $3 END",
    )
    .bind(attempt.name.as_slice())
    .bind(attempt.from.as_str())
    .bind(attempt.device.as_deref())
    .execute(conn)
    .await?;
    Ok(())
}

impl Store {
    /// Nobody may ever fail again, and who once did is then kept for nothing.
    pub async fn purge_sign_in_failures(&self, now: At) -> Result<(), Error> {
        self.write(move |conn| Box::pin(async move { forget_old_failures_in(conn, now).await })).await
    }

    pub async fn set_bootstrap(&self, token_hash: &TokenHash) -> Result<(), Error> {
        let token_hash = *token_hash;
        self.write(move |conn| Box::pin(async move { set_bootstrap_in(conn, &token_hash).await })).await
    }

    pub async fn take_bootstrap(&self, token_hash: &TokenHash) -> Result<bool, Error> {
        let token_hash = *token_hash;
        self.write(move |conn| Box::pin(async move { take_bootstrap_in(conn, &token_hash).await })).await
    }

    pub async fn sign_in_failed(&self, attempt: &Attempt, at: At) -> Result<(), Error> {
        let attempt = attempt.clone();
        self.write(move |conn| Box::pin(async move { sign_in_failed_in(conn, &attempt, at).await })).await
    }

    pub async fn failures(&self, attempt: &Attempt, since: At, now: At) -> Result<Failures, Error> {
        let attempt = attempt.clone();
        self.read(move |conn| Box::pin(async move { failures_in(conn, &attempt, since, now).await })).await
    }

    pub async fn forget_failures(&self, attempt: &Attempt) -> Result<(), Error> {
        let attempt = attempt.clone();
        self.write(move |conn| Box::pin(async move { forget_failures_in(conn, &attempt).await })).await
    }
}
