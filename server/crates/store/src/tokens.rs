//! Form tokens: each submission applies once, however often it is sent.

use crate::{Conn, Error, Store};
use model::{At, PersonId};

/// What a submission's token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormToken {
    /// Seen for the first time: go on.
    Fresh,
    /// Sent before, and this is where it led. `None` while the first is still at work, where it failed, or where
    /// another person sent it.
    Used { went_to: Option<String> },
}

/// Fresh once. `person` is `None` on forms of people not signed in.
pub async fn use_form_token_in(
    conn: &mut Conn,
    token: &str,
    person: Option<PersonId>,
    at: At,
) -> Result<FormToken, Error> {
    let done = sqlx::query("INSERT INTO form_tokens (token, person, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(token)
        .bind(person.map(|person| person.0))
        .bind(at.as_millisecond())
        .execute(&mut *conn)
        .await?;
    if done.rows_affected() > 0 {
        return Ok(FormToken::Fresh);
    }
    let went_to: Option<Option<String>> =
        sqlx::query_scalar("SELECT went_to FROM form_tokens WHERE token = $1 AND person IS $2")
            .bind(token)
            .bind(person.map(|person| person.0))
            .fetch_optional(conn)
            .await?;
    Ok(FormToken::Used { went_to: went_to.flatten() })
}

/// Where the submission led: told to whoever sends it again.
pub async fn form_token_went_to_in(conn: &mut Conn, token: &str, path: &str) -> Result<(), Error> {
    let done = sqlx::query("UPDATE form_tokens SET went_to = $2 WHERE token = $1")
        .bind(token)
        .bind(path)
        .execute(conn)
        .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

impl Store {
    pub async fn use_form_token(&self, token: &str, person: Option<PersonId>, at: At) -> Result<FormToken, Error> {
        let token = token.to_owned();
        self.write(move |conn| Box::pin(async move { use_form_token_in(conn, &token, person, at).await })).await
    }

    pub async fn form_token_went_to(&self, token: &str, path: &str) -> Result<(), Error> {
        let (token, path) = (token.to_owned(), path.to_owned());
        self.write(move |conn| Box::pin(async move { form_token_went_to_in(conn, &token, &path).await })).await
    }

    /// Removes tokens used before `before` (a day ago is right); how many there were.
    pub async fn purge_form_tokens(&self, before: At) -> Result<u64, Error> {
        self.write(move |conn| {
            Box::pin(async move {
                let done = sqlx::query("DELETE FROM form_tokens WHERE at < $1")
                    .bind(before.as_millisecond())
                    .execute(conn)
                    .await?;
                Ok(done.rows_affected())
            })
        })
        .await
    }
}
