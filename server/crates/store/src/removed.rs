//! Appliances and clusters that people removed, and the names of all that ever was.

use crate::{Conn, Error, Store};
use model::{ApplianceId, At, ClusterId};
use std::{collections::BTreeMap, fmt};

/// What something is or was called. Written out, it says when it is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerName {
    pub title: String,
    pub removed: bool,
}

impl fmt::Display for FormerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        if self.removed { f.write_str(" (removed)") } else { Ok(()) }
    }
}

/// Of all clusters and appliances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub clusters: BTreeMap<ClusterId, FormerName>,
    pub appliances: BTreeMap<ApplianceId, FormerName>,
}

/// The cluster is gone from everywhere but the log. What it owns on its appliance is nobody's from now on; accounts,
/// keys and uploads are destroyed.
pub async fn remove_cluster_in(conn: &mut Conn, id: ClusterId, at: At) -> Result<(), Error> {
    // Nobody can type the title that it gets: its own is free again.
    let done = sqlx::query(
        "UPDATE clusters SET removed_at = $2, removed_title = title, title = 'removed' || char(31) || id
         WHERE id = $1 AND removed_at IS NULL",
    )
    .bind(id.0)
    .bind(at.as_millisecond())
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    for sql in [
        "DELETE FROM node_accounts WHERE cluster = $1",
        "DELETE FROM node_keys WHERE cluster = $1",
        "DELETE FROM uploads WHERE cluster = $1",
        "DELETE FROM owned_objects WHERE cluster = $1",
    ] {
        sqlx::query(sql).bind(id.0).execute(&mut *conn).await?;
    }
    Ok(())
}

/// The appliance is gone from everywhere but the log; its credential is destroyed. Its clusters must be gone before:
/// see [`clusters_on_in`].
pub async fn remove_appliance_in(conn: &mut Conn, id: ApplianceId, at: At) -> Result<(), Error> {
    let done = sqlx::query(
        "UPDATE appliances
         SET removed_at = $2, removed_title = title, secret = zeroblob(1), credential_refused_at = NULL,
             title = 'removed' || char(31) || id, spec = json_set(spec, '$.title', 'removed' || char(31) || id)
         WHERE id = $1 AND removed_at IS NULL",
    )
    .bind(id.0)
    .bind(at.as_millisecond())
    .execute(conn)
    .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Titles of the clusters that an appliance has, by title.
pub async fn clusters_on_in(conn: &mut Conn, id: ApplianceId) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar("SELECT title FROM clusters WHERE appliance = $1 AND removed_at IS NULL ORDER BY title")
        .bind(id.0)
        .fetch_all(conn)
        .await?)
}

impl Store {
    pub async fn remove_cluster(&self, id: ClusterId, at: At) -> Result<(), Error> {
        self.write(move |conn| Box::pin(remove_cluster_in(conn, id, at))).await
    }

    pub async fn remove_appliance(&self, id: ApplianceId, at: At) -> Result<(), Error> {
        self.write(move |conn| Box::pin(remove_appliance_in(conn, id, at))).await
    }

    /// Of all that is there and all that was: for whoever reads the log.
    pub async fn all_names(&self) -> Result<Names, Error> {
        type Row = (i64, String, bool);
        let clusters: Vec<Row> =
            sqlx::query_as("SELECT id, coalesce(removed_title, title), removed_at IS NOT NULL FROM clusters")
                .fetch_all(self.readers())
                .await?;
        let appliances: Vec<Row> =
            sqlx::query_as("SELECT id, coalesce(removed_title, title), removed_at IS NOT NULL FROM appliances")
                .fetch_all(self.readers())
                .await?;
        Ok(Names {
            clusters: clusters
                .into_iter()
                .map(|(id, title, removed)| (ClusterId(id), FormerName { title, removed }))
                .collect(),
            appliances: appliances
                .into_iter()
                .map(|(id, title, removed)| (ApplianceId(id), FormerName { title, removed }))
                .collect(),
        })
    }

    /// What was seen of an appliance that is another one now, or gone.
    pub async fn forget_observation(&self, id: ApplianceId) -> Result<(), Error> {
        self.held.forget(id);
        self.observed
            .writer
            .write(move |conn| {
                Box::pin(async move {
                    sqlx::query("DELETE FROM observations WHERE appliance = $1").bind(id.0).execute(conn).await?;
                    Ok(())
                })
            })
            .await
    }

    /// What was seen of a removed cluster, and how it stood.
    pub async fn forget_what_was_seen(&self, id: ClusterId) -> Result<(), Error> {
        self.observed
            .writer
            .write(move |conn| {
                Box::pin(async move {
                    for sql in [
                        "DELETE FROM node_facts WHERE cluster = $1",
                        "DELETE FROM watches WHERE cluster = $1",
                        "DELETE FROM stretches WHERE cluster = $1",
                    ] {
                        sqlx::query(sql).bind(id.0).execute(&mut *conn).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}
