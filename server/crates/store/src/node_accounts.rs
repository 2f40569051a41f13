//! The accounts of a cluster's nodes, encrypted, and whether they may be used.

use crate::{Conn, Error, Store, column};
use model::{At, ClusterId, clock::from_millis, node::Account};
use std::collections::BTreeMap;

/// An account as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccount {
    pub user: String,
    /// Still encrypted.
    pub secret: Vec<u8>,
    /// Since when it is not to be used; `None`: it may be.
    pub refused_at: Option<At>,
}

/// Another name or password, encrypted; whether the old one was refused says nothing about it.
pub async fn set_node_account_in(
    conn: &mut Conn,
    cluster: ClusterId,
    account: Account,
    user: &str,
    secret: &[u8],
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO node_accounts (cluster, account, user, secret) VALUES ($1, $2, $3, $4)
         ON CONFLICT (cluster, account) DO UPDATE
         SET user = excluded.user, secret = excluded.secret, refused_at = NULL",
    )
    .bind(cluster.0)
    .bind(column::code(&account)?)
    .bind(user)
    .bind(secret)
    .execute(conn)
    .await?;
    Ok(())
}

/// False where there was none.
pub async fn drop_node_account_in(conn: &mut Conn, cluster: ClusterId, account: Account) -> Result<bool, Error> {
    let done = sqlx::query("DELETE FROM node_accounts WHERE cluster = $1 AND account = $2")
        .bind(cluster.0)
        .bind(column::code(&account)?)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The account is not to be used from now on, if it is still the one that was shown. The first refusal counts: later
/// ones keep its time.
pub async fn refuse_node_account_in(
    conn: &mut Conn,
    cluster: ClusterId,
    account: Account,
    shown: &[u8],
    at: At,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE node_accounts SET refused_at = coalesce(refused_at, $4)
         WHERE cluster = $1 AND account = $2 AND secret = $3",
    )
    .bind(cluster.0)
    .bind(column::code(&account)?)
    .bind(shown)
    .bind(at.as_millisecond())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// They may be tried again; how many were refused.
pub async fn release_node_accounts_in(conn: &mut Conn, cluster: ClusterId) -> Result<u64, Error> {
    let done = sqlx::query("UPDATE node_accounts SET refused_at = NULL WHERE cluster = $1 AND refused_at IS NOT NULL")
        .bind(cluster.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

impl Store {
    pub async fn node_accounts(&self, cluster: ClusterId) -> Result<BTreeMap<Account, StoredAccount>, Error> {
        let rows: Vec<(String, String, Vec<u8>, Option<i64>)> =
            sqlx::query_as("SELECT account, user, secret, refused_at FROM node_accounts WHERE cluster = $1")
                .bind(cluster.0)
                .fetch_all(self.readers())
                .await?;
        rows.into_iter()
            .map(|(account, user, secret, refused_at)| {
                let account = column::from_code(&account, "a node's account")?;
                Ok((account, StoredAccount { user, secret, refused_at: refused_at.map(from_millis) }))
            })
            .collect()
    }

    pub async fn refuse_node_account(
        &self,
        cluster: ClusterId,
        account: Account,
        shown: &[u8],
        at: At,
    ) -> Result<bool, Error> {
        let shown = shown.to_owned();
        self.write(move |conn| {
            Box::pin(async move { refuse_node_account_in(conn, cluster, account, &shown, at).await })
        })
        .await
    }
}
