//! Encrypted passwords of forms that are not done yet: one for each owner and form, for a short while.

use crate::{Conn, Error, Store};
use model::{At, clock::from_millis};

/// Replaces an earlier one of the same form, and clears away whatever is from before `over`.
pub async fn put_draft_secret_in(
    conn: &mut Conn,
    owner: &str,
    form: &str,
    sealed: &[u8],
    at: At,
    over: At,
) -> Result<(), Error> {
    purge_draft_secrets_in(conn, over).await?;
    sqlx::query(
        "INSERT INTO draft_secrets (owner, form, sealed, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (owner, form) DO UPDATE SET sealed = excluded.sealed, at = excluded.at",
    )
    .bind(owner)
    .bind(form)
    .bind(sealed)
    .bind(at.as_millisecond())
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn drop_draft_secret_in(conn: &mut Conn, owner: &str, form: &str) -> Result<(), Error> {
    sqlx::query("DELETE FROM draft_secrets WHERE owner = $1 AND form = $2")
        .bind(owner)
        .bind(form)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes those from before `before`; how many there were.
pub async fn purge_draft_secrets_in(conn: &mut Conn, before: At) -> Result<u64, Error> {
    let done =
        sqlx::query("DELETE FROM draft_secrets WHERE at < $1").bind(before.as_millisecond()).execute(conn).await?;
    Ok(done.rows_affected())
}

impl Store {
    pub async fn put_draft_secret(
        &self,
        owner: &str,
        form: &str,
        sealed: Vec<u8>,
        at: At,
        over: At,
    ) -> Result<(), Error> {
        let (owner, form) = (owner.to_owned(), form.to_owned());
        self.write(move |conn| {
            Box::pin(async move { put_draft_secret_in(conn, &owner, &form, &sealed, at, over).await })
        })
        .await
    }

    /// Still encrypted, and when it was typed.
    pub async fn draft_secret(&self, owner: &str, form: &str) -> Result<Option<(Vec<u8>, At)>, Error> {
        let row: Option<(Vec<u8>, i64)> =
            sqlx::query_as("SELECT sealed, at FROM draft_secrets WHERE owner = $1 AND form = $2")
                .bind(owner)
                .bind(form)
                .fetch_optional(self.readers())
                .await?;
        Ok(row.map(|(sealed, at)| (sealed, from_millis(at))))
    }

    pub async fn drop_draft_secret(&self, owner: &str, form: &str) -> Result<(), Error> {
        let (owner, form) = (owner.to_owned(), form.to_owned());
        self.write(move |conn| Box::pin(async move { drop_draft_secret_in(conn, &owner, &form).await })).await
    }

    pub async fn purge_draft_secrets(&self, before: At) -> Result<u64, Error> {
        self.write(move |conn| Box::pin(purge_draft_secrets_in(conn, before))).await
    }
}
