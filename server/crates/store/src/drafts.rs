//! Forms that could not be saved, as they were typed: one for each owner and form. Never secrets.

use crate::{Conn, Error, Store, column, draft_secrets::drop_draft_secret_in};
use model::{At, FieldErrors, clock::from_millis, fields::FormAnswer};
use std::collections::BTreeMap;

/// What was typed, what is wrong with it, and what it was answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// By field name.
    pub values: BTreeMap<String, String>,
    pub errors: FieldErrors,
    pub answer: Option<FormAnswer>,
    pub at: At,
}

const UNREADABLE: &str = "What was typed into this form before was kept, and cannot be read any more. Nothing of it was done; type it again.";

/// Replaces an earlier draft of the same form. `owner` is a person's key, or that of a browser nobody signed in with.
pub async fn put_draft_in(conn: &mut Conn, owner: &str, form: &str, draft: &Draft) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO drafts (owner, form, typed, errors, at, answer) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (owner, form) DO UPDATE
         SET typed = excluded.typed, errors = excluded.errors, at = excluded.at, answer = excluded.answer",
    )
    .bind(owner)
    .bind(form)
    .bind(column::json(&draft.values)?)
    .bind(column::json(&draft.errors)?)
    .bind(draft.at.as_millisecond())
    .bind(draft.answer.as_ref().map(column::json).transpose()?)
    .execute(conn)
    .await?;
    Ok(())
}

/// With its secret. False where there was no draft.
pub async fn drop_draft_in(conn: &mut Conn, owner: &str, form: &str) -> Result<bool, Error> {
    drop_draft_secret_in(conn, owner, form).await?;
    let done =
        sqlx::query("DELETE FROM drafts WHERE owner = $1 AND form = $2").bind(owner).bind(form).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// Another owner's drafts from now on, replacing theirs of the same forms; those older than `since` are let go.
pub async fn adopt_in(conn: &mut Conn, from: &str, owner: &str, since: At) -> Result<(), Error> {
    sqlx::query("UPDATE OR REPLACE drafts SET owner = $2 WHERE owner = $1 AND at >= $3")
        .bind(from)
        .bind(owner)
        .bind(since.as_millisecond())
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM drafts WHERE owner = $1").bind(from).execute(conn).await?;
    Ok(())
}

/// Kept only where the owner has fewer than `most` of other forms.
pub async fn put_draft_of_few_in(
    conn: &mut Conn,
    owner: &str,
    form: &str,
    draft: &Draft,
    most: i64,
) -> Result<bool, Error> {
    let others: i64 = sqlx::query_scalar("SELECT count(*) FROM drafts WHERE owner = $1 AND form <> $2")
        .bind(owner)
        .bind(form)
        .fetch_one(&mut *conn)
        .await?;
    if others >= most {
        return Ok(false);
    }
    put_draft_in(conn, owner, form, draft).await?;
    Ok(true)
}

impl Store {
    /// How many forms of this owner are kept.
    pub async fn count_drafts(&self, owner: &str, since: At) -> Result<i64, Error> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM drafts WHERE owner = $1 AND at >= $2")
            .bind(owner)
            .bind(since.as_millisecond())
            .fetch_one(self.readers())
            .await?)
    }

    pub async fn put_draft(&self, owner: &str, form: &str, draft: &Draft) -> Result<(), Error> {
        let (owner, form, draft) = (owner.to_owned(), form.to_owned(), draft.clone());
        self.write(move |conn| Box::pin(async move { put_draft_in(conn, &owner, &form, &draft).await })).await
    }

    pub async fn draft(&self, owner: &str, form: &str) -> Result<Option<Draft>, Error> {
        let row: Option<(String, String, i64, Option<String>)> =
            sqlx::query_as("SELECT typed, errors, at, answer FROM drafts WHERE owner = $1 AND form = $2")
                .bind(owner)
                .bind(form)
                .fetch_optional(self.readers())
                .await?;
        Ok(row.map(|(values, errors, at, answer)| {
            let read = || {
                let answer = answer.as_deref().map(|answer| column::parse(answer, "it")).transpose()?;
                Ok::<_, Error>((column::parse(&values, "it")?, column::parse(&errors, "it")?, answer))
            };
            let (values, errors, answer) = read().unwrap_or_else(|error| {
                tracing::warn!(form, "A draft cannot be read: {}", error.sentence());
                (BTreeMap::new(), FieldErrors::one("", UNREADABLE), None)
            });
            Draft { values, errors, answer, at: from_millis(at) }
        }))
    }

    pub async fn drop_draft(&self, owner: &str, form: &str) -> Result<bool, Error> {
        let (owner, form) = (owner.to_owned(), form.to_owned());
        self.write(move |conn| Box::pin(async move { drop_draft_in(conn, &owner, &form).await })).await
    }

    /// Removes what people sent whose sessions were over and who did not come back since `before`; how many there were.
    pub async fn purge_lapsed_drafts(&self, before: At) -> Result<u64, Error> {
        self.write(move |conn| {
            Box::pin(async move {
                let done = sqlx::query("DELETE FROM drafts WHERE owner LIKE 'lapsed:%' AND at < $1")
                    .bind(before.as_millisecond())
                    .execute(conn)
                    .await?;
                Ok(done.rows_affected())
            })
        })
        .await
    }

    /// Removes drafts older than `before`; how many there were.
    pub async fn purge_drafts(&self, before: At) -> Result<u64, Error> {
        self.write(move |conn| {
            Box::pin(async move {
                let done =
                    sqlx::query("DELETE FROM drafts WHERE at < $1").bind(before.as_millisecond()).execute(conn).await?;
                Ok(done.rows_affected())
            })
        })
        .await
    }
}
