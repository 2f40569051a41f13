//! Certificates that wait to go to an appliance: what is known of them, and their contents, sealed.

use crate::{Conn, Error, Store, column};
use model::{At, ClusterId, certificate::Summary, clock::from_millis};

/// An upload without its contents.
#[derive(Clone, Debug, PartialEq)]
pub struct Upload {
    pub id: i64,
    pub cluster: ClusterId,
    /// The certificate key that will be made of it.
    pub name: String,
    /// Or the sentence why it cannot be read.
    pub summary: Result<Summary, String>,
    pub by_name: String,
    pub at: At,
    /// Since when its private key is not kept any more.
    pub key_gone_at: Option<At>,
}

/// Keeps an upload and gives its number. `Taken { what: "name" }` while another one of this name has its key.
pub async fn add_upload_in(
    conn: &mut Conn,
    cluster: ClusterId,
    name: &str,
    summary: &Summary,
    by_name: &str,
    sealed: &[u8],
    at: At,
) -> Result<i64, Error> {
    let (id,): (i64,) = sqlx::query_as(
        "INSERT INTO uploads (cluster, name, summary, sealed, by_name, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
    )
    .bind(cluster.0)
    .bind(name)
    .bind(column::json(summary)?)
    .bind(sealed)
    .bind(by_name)
    .bind(at.as_millisecond())
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Other contents in place of those that were kept: without the private key. False where it is gone already.
pub async fn key_gone_in(conn: &mut Conn, id: i64, sealed: &[u8], at: At) -> Result<bool, Error> {
    let done = sqlx::query("UPDATE uploads SET sealed = $2, key_gone_at = $3 WHERE id = $1 AND key_gone_at IS NULL")
        .bind(id)
        .bind(sealed)
        .bind(at.as_millisecond())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

type Row = (i64, i64, String, String, String, i64, Option<i64>);

impl Store {
    /// A cluster's uploads, newest first.
    pub async fn uploads(&self, cluster: ClusterId) -> Result<Vec<Upload>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, cluster, name, summary, by_name, at, key_gone_at FROM uploads WHERE cluster = $1 ORDER BY id DESC",
        )
        .bind(cluster.0)
        .fetch_all(self.readers())
        .await?;
        rows.into_iter()
            .map(|(id, cluster, name, summary, by_name, at, gone)| {
                let summary = Error::of_one_row(column::parse(&summary, &format!("upload {id}")))?;
                let (at, key_gone_at) = (from_millis(at), gone.map(from_millis));
                Ok(Upload { id, cluster: ClusterId(cluster), name, summary, by_name, at, key_gone_at })
            })
            .collect()
    }

    /// Cluster, name and sealed contents of one upload.
    pub async fn upload_sealed(&self, id: i64) -> Result<(ClusterId, String, Vec<u8>), Error> {
        let (cluster, name, sealed): (i64, String, Vec<u8>) =
            sqlx::query_as("SELECT cluster, name, sealed FROM uploads WHERE id = $1")
                .bind(id)
                .fetch_one(self.readers())
                .await?;
        Ok((ClusterId(cluster), name, sealed))
    }
}
