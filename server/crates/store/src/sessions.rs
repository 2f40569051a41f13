//! Who is signed in, from where.

use crate::{Conn, Error, Store, TokenHash, column, people};
use jiff::SignedDuration;
use model::{
    At, PersonId,
    clock::from_millis,
    person::{Person, SessionEnd},
};

/// Ends are of interest to whoever comes back with the old token.
const ENDS_KEPT_MS: i64 = 30 * 24 * 3_600_000;

/// A session to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub token_hash: TokenHash,
    pub person: PersonId,
    pub at: At,
    /// After `at`.
    pub expires: At,
    /// Address of the browser.
    pub from: String,
    /// What the browser says it is.
    pub agent: String,
}

/// One of a person's sessions, as they may be told apart without knowing their tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// The first half of the token's hash, in hexadecimal digits: opens nothing.
    pub id: String,
    pub session: SessionRow,
    /// The one that asks.
    pub current: bool,
}

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub created: At,
    pub last_seen: At,
    pub expires: At,
    pub from: String,
    pub agent: String,
    /// Its owner may do other things than before: it wants another token.
    pub renew: bool,
}

/// How long sessions live. A shorter time counts for those that were begun before as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lives {
    /// Without a request.
    pub idle: SignedDuration,
    /// In all, however often it is used.
    pub most: SignedDuration,
}

impl Lives {
    /// Sessions begun at or before this are over.
    fn begun_by(self, now: At) -> i64 {
        now.as_millisecond().saturating_sub(millis(self.most))
    }

    /// When a session that was begun then ends, if nobody uses it after `now`.
    pub fn end(self, begun: At, now: At) -> At {
        let end = |from: At, by: SignedDuration| from.checked_add(by).unwrap_or(from);
        end(now, self.idle).min(end(begun, self.most))
    }
}

fn millis(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Why, by whom and when a session ended, and whose it was, where that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub person: Option<PersonId>,
    pub why: SessionEnd,
    /// As they were called then; empty: nobody.
    pub by: String,
    pub at: At,
}

#[derive(sqlx::FromRow)]
struct Row {
    created: i64,
    last_seen: i64,
    expires: i64,
    from_addr: String,
    agent: String,
    renew: bool,
}

impl From<Row> for SessionRow {
    fn from(row: Row) -> Self {
        Self {
            created: from_millis(row.created),
            last_seen: from_millis(row.last_seen),
            expires: from_millis(row.expires),
            from: row.from_addr,
            agent: row.agent,
            renew: row.renew,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Found {
    id: i64,
    name: String,
    role: String,
    scope: Option<String>,
    #[sqlx(flatten)]
    session: Row,
}

#[derive(sqlx::FromRow)]
struct Line {
    short: String,
    current: bool,
    #[sqlx(flatten)]
    session: Row,
}

pub async fn add_session_in(conn: &mut Conn, new: &NewSession) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO sessions (token_hash, person, created, last_seen, expires, from_addr, agent)
         VALUES ($1, $2, $3, $3, $4, $5, $6)",
    )
    .bind(new.token_hash.as_slice())
    .bind(new.person.0)
    .bind(new.at.as_millisecond())
    .bind(new.expires.as_millisecond())
    .bind(new.from.as_str())
    .bind(new.agent.as_str())
    .execute(&mut *conn)
    .await?;
    sqlx::query("UPDATE persons SET last_seen = $2 WHERE id = $1")
        .bind(new.person.0)
        .bind(new.at.as_millisecond())
        .execute(conn)
        .await?;
    Ok(())
}

/// False where there was no such session.
pub async fn end_session_in(conn: &mut Conn, token_hash: &TokenHash, ended: &Ended) -> Result<bool, Error> {
    sqlx::query(
        "INSERT OR REPLACE INTO ended_sessions (token_hash, person, why, by_name, at)
         SELECT token_hash, person, $2, $3, $4 FROM sessions WHERE token_hash = $1 OR was = $1",
    )
    .bind(token_hash.as_slice())
    .bind(column::code(&ended.why)?)
    .bind(ended.by.as_str())
    .bind(ended.at.as_millisecond())
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query("DELETE FROM sessions WHERE token_hash = $1 OR was = $1")
        .bind(token_hash.as_slice())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The same session under another token. With `until`, the one before is good for until then. False where there is no
/// such session, or where it has been given another one already.
pub async fn renew_session_in(
    conn: &mut Conn,
    token_hash: &TokenHash,
    fresh: &TokenHash,
    until: Option<At>,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE sessions SET token_hash = $2, was = CASE WHEN $3 IS NULL THEN NULL ELSE $1 END,
                             was_until = coalesce($3, 0), renew = 0
         WHERE token_hash = $1 OR (was = $1 AND $3 IS NULL)",
    )
    .bind(token_hash.as_slice())
    .bind(fresh.as_slice())
    .bind(until.map(At::as_millisecond))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// All sessions of this person get another token at their next request.
pub async fn renew_sessions_of_in(conn: &mut Conn, person: PersonId) -> Result<(), Error> {
    sqlx::query("UPDATE sessions SET renew = 1 WHERE person = $1").bind(person.0).execute(conn).await?;
    Ok(())
}

/// One of this person's, by the short id of its line. False where they have no such session.
pub async fn end_session_of_in(conn: &mut Conn, person: PersonId, id: &str, ended: &Ended) -> Result<bool, Error> {
    sqlx::query(
        "INSERT OR REPLACE INTO ended_sessions (token_hash, person, why, by_name, at)
         SELECT token_hash, person, $3, $4, $5 FROM sessions
         WHERE person = $1 AND lower(hex(substr(token_hash, 1, 16))) = $2",
    )
    .bind(person.0)
    .bind(id)
    .bind(column::code(&ended.why)?)
    .bind(ended.by.as_str())
    .bind(ended.at.as_millisecond())
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query("DELETE FROM sessions WHERE person = $1 AND lower(hex(substr(token_hash, 1, 16))) = $2")
        .bind(person.0)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// All of this person's, but for one to keep; how many there were.
pub async fn end_sessions_of_in(
    conn: &mut Conn,
    person: PersonId,
    keep: Option<&TokenHash>,
    ended: &Ended,
) -> Result<u64, Error> {
    sqlx::query(
        "INSERT OR REPLACE INTO ended_sessions (token_hash, person, why, by_name, at)
         SELECT token_hash, person, $3, $4, $5 FROM sessions WHERE person = $1 AND ($2 IS NULL OR (token_hash <> $2 AND was IS NOT $2))",
    )
    .bind(person.0)
    .bind(keep.map(<[u8; 32]>::as_slice))
    .bind(column::code(&ended.why)?)
    .bind(ended.by.as_str())
    .bind(ended.at.as_millisecond())
    .execute(&mut *conn)
    .await?;
    let done =
        sqlx::query("DELETE FROM sessions WHERE person = $1 AND ($2 IS NULL OR (token_hash <> $2 AND was IS NOT $2))")
            .bind(person.0)
            .bind(keep.map(<[u8; 32]>::as_slice))
            .execute(conn)
            .await?;
    Ok(done.rows_affected())
}

impl Store {
    pub async fn add_session(&self, new: &NewSession) -> Result<(), Error> {
        let new = new.clone();
        self.write(move |conn| Box::pin(async move { add_session_in(conn, &new).await })).await
    }

    /// Who has the token, as they are now, unless the session has expired or its person is disabled. One that was used in
    /// the future has ended as well: when it would end, nobody knows.
    pub async fn session(
        &self,
        token_hash: &TokenHash,
        now: At,
        lives: Lives,
    ) -> Result<Option<(Person, SessionRow)>, Error> {
        let row: Option<Found> = sqlx::query_as(
            "SELECT people.id, name, role, scope, sessions.created, sessions.last_seen, expires, from_addr, agent, renew
             FROM sessions JOIN people ON people.id = sessions.person
             WHERE (token_hash = $1 OR (was = $1 AND was_until > $2))
               AND expires > $2 AND sessions.created > $4 AND sessions.last_seen <= $3 AND disabled_at IS NULL",
        )
        .bind(token_hash.as_slice())
        .bind(now.as_millisecond())
        .bind(column::latest(now))
        .bind(lives.begun_by(now))
        .fetch_optional(self.readers())
        .await?;
        row.map(|row| Ok((people::person((row.id, row.name, row.role, row.scope))?, row.session.into()))).transpose()
    }

    /// A person's sessions that have not expired, the one used last first. `asking` is marked as the current one,
    /// where it is one of them.
    pub async fn sessions_of(
        &self,
        person: PersonId,
        now: At,
        lives: Lives,
        asking: Option<&TokenHash>,
    ) -> Result<Vec<SessionLine>, Error> {
        let rows: Vec<Line> = sqlx::query_as(
            "SELECT lower(hex(substr(token_hash, 1, 16))) AS short,
                    ($3 IS NOT NULL AND (token_hash = $3 OR was IS $3)) AS current,
                    created, last_seen, expires, from_addr, agent, renew
             FROM sessions WHERE person = $1 AND expires > $2 AND created > $5 AND last_seen <= $4
             ORDER BY last_seen DESC, created DESC",
        )
        .bind(person.0)
        .bind(now.as_millisecond())
        .bind(asking.map(<[u8; 32]>::as_slice))
        .bind(column::latest(now))
        .bind(lives.begun_by(now))
        .fetch_all(self.readers())
        .await?;
        let line = |row: Line| SessionLine { id: row.short, current: row.current, session: row.session.into() };
        Ok(rows.into_iter().map(line).collect())
    }

    /// Seen now, and good until `expires`. Costs a sync: not for every request.
    pub async fn touch_session(&self, token_hash: &TokenHash, now: At, expires: At) -> Result<(), Error> {
        let token_hash = *token_hash;
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query("UPDATE sessions SET last_seen = $2, expires = $3 WHERE token_hash = $1 OR was = $1")
                    .bind(token_hash.as_slice())
                    .bind(now.as_millisecond())
                    .bind(expires.as_millisecond())
                    .execute(&mut *conn)
                    .await?;
                sqlx::query(
                    "UPDATE persons SET last_seen = $2
                     WHERE id = (SELECT person FROM sessions WHERE token_hash = $1 OR was = $1)",
                )
                .bind(token_hash.as_slice())
                .bind(now.as_millisecond())
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Under another token from now on, and for a moment under the old one.
    pub async fn renew_session(&self, token_hash: &TokenHash, fresh: &TokenHash, until: At) -> Result<bool, Error> {
        let (old, fresh) = (*token_hash, *fresh);
        self.write(move |conn| Box::pin(async move { renew_session_in(conn, &old, &fresh, Some(until)).await })).await
    }

    /// Why the token's session is over; `None` where it is not, or nobody knows any more.
    pub async fn session_end(&self, token_hash: &TokenHash, now: At, lives: Lives) -> Result<Option<Ended>, Error> {
        let row: Option<(Option<i64>, String, String, i64)> = sqlx::query_as(
            "SELECT person, why, by_name, at FROM ended_sessions WHERE token_hash = $1
             UNION ALL
             SELECT person, 'expired', '', min(expires, created + $5) FROM sessions
             WHERE token_hash = $1 AND (expires <= $2 OR last_seen > $3 OR created <= $4)",
        )
        .bind(token_hash.as_slice())
        .bind(now.as_millisecond())
        .bind(column::latest(now))
        .bind(lives.begun_by(now))
        .bind(millis(lives.most))
        .fetch_optional(self.readers())
        .await?;
        row.map(|(person, why, by, at)| {
            let why = column::from_code(&why, "why a session ended")?;
            Ok(Ended { person: person.map(PersonId), why, by, at: from_millis(at) })
        })
        .transpose()
    }

    /// Removes sessions that have ended; how many there were. That they expired is known for a while.
    pub async fn purge_sessions(&self, now: At, lives: Lives) -> Result<u64, Error> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query("DELETE FROM ended_sessions WHERE at < $1")
                    .bind(now.as_millisecond() - ENDS_KEPT_MS)
                    .execute(&mut *conn)
                    .await?;
                sqlx::query(
                    "INSERT OR REPLACE INTO ended_sessions (token_hash, person, why, by_name, at)
                     SELECT token_hash, person, 'expired', '', min(expires, created + $4) FROM sessions
                     WHERE expires <= $1 OR last_seen > $2 OR created <= $3",
                )
                .bind(now.as_millisecond())
                .bind(column::latest(now))
                .bind(lives.begun_by(now))
                .bind(millis(lives.most))
                .execute(&mut *conn)
                .await?;
                let done = sqlx::query("DELETE FROM sessions WHERE expires <= $1 OR last_seen > $2 OR created <= $3")
                    .bind(now.as_millisecond())
                    .bind(column::latest(now))
                    .bind(lives.begun_by(now))
                    .execute(conn)
                    .await?;
                Ok(done.rows_affected())
            })
        })
        .await
    }
}
