//! Who is signed in, from where.

use crate::{Conn, Error, Store, TokenHash, people};
use model::{At, PersonId, clock::from_millis, person::Person};

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

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub created: At,
    pub last_seen: At,
    pub expires: At,
    pub from: String,
    pub agent: String,
}

type Row = (i64, String, String, i64, i64, i64, String, String);

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
    .execute(conn)
    .await?;
    Ok(())
}

/// False where there was no such session.
pub async fn end_session_in(conn: &mut Conn, token_hash: &TokenHash) -> Result<bool, Error> {
    let done =
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1").bind(token_hash.as_slice()).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

impl Store {
    pub async fn add_session(&self, new: &NewSession) -> Result<(), Error> {
        let new = new.clone();
        self.write(move |conn| Box::pin(async move { add_session_in(conn, &new).await })).await
    }

    /// Who has the token, unless the session has expired.
    pub async fn session(&self, token_hash: &TokenHash, now: At) -> Result<Option<(Person, SessionRow)>, Error> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT persons.id, name, role, sessions.created, last_seen, expires, from_addr, agent
             FROM sessions JOIN persons ON persons.id = sessions.person
             WHERE token_hash = $1 AND expires > $2",
        )
        .bind(token_hash.as_slice())
        .bind(now.as_millisecond())
        .fetch_optional(self.readers())
        .await?;
        row.map(|(id, name, role, created, last_seen, expires, from, agent)| {
            let (created, last_seen, expires) = (from_millis(created), from_millis(last_seen), from_millis(expires));
            Ok((people::person((id, name, role))?, SessionRow { created, last_seen, expires, from, agent }))
        })
        .transpose()
    }

    /// Seen now, and good until `expires`. Costs a sync: not for every request.
    pub async fn touch_session(&self, token_hash: &TokenHash, now: At, expires: At) -> Result<(), Error> {
        let token_hash = *token_hash;
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query("UPDATE sessions SET last_seen = $2, expires = $3 WHERE token_hash = $1")
                    .bind(token_hash.as_slice())
                    .bind(now.as_millisecond())
                    .bind(expires.as_millisecond())
                    .execute(conn)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// False where there was no such session.
    pub async fn end_session(&self, token_hash: &TokenHash) -> Result<bool, Error> {
        let token_hash = *token_hash;
        self.write(move |conn| Box::pin(async move { end_session_in(conn, &token_hash).await })).await
    }

    /// Removes expired sessions; how many there were.
    pub async fn purge_sessions(&self, now: At) -> Result<u64, Error> {
        self.write(move |conn| {
            Box::pin(async move {
                let done = sqlx::query("DELETE FROM sessions WHERE expires <= $1")
                    .bind(now.as_millisecond())
                    .execute(conn)
                    .await?;
                Ok(done.rows_affected())
            })
        })
        .await
    }
}
