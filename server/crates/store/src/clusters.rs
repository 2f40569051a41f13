//! Clusters as people named them.

use crate::{Conn, Error, Store};
use model::{
    ApplianceId, At, ClusterId,
    cluster::{Cluster, NewCluster},
};

type Row = (i64, String, String, i64);

fn cluster((id, title, fqdn, appliance): Row) -> Cluster {
    Cluster { id: ClusterId(id), title, fqdn, appliance: ApplianceId(appliance) }
}

/// `Taken { what: "title" }` where another one is called so; `NotFound` where its appliance is.
pub async fn add_cluster_in(conn: &mut Conn, new: &NewCluster, at: At) -> Result<Cluster, Error> {
    let id = sqlx::query_scalar(
        "INSERT INTO clusters (title, fqdn, appliance, created)
         SELECT $1, $2, id, $4 FROM appliances WHERE id = $3 AND removed_at IS NULL RETURNING id",
    )
    .bind(new.title.as_str())
    .bind(new.fqdn.as_str())
    .bind(new.appliance.0)
    .bind(at.as_millisecond())
    .fetch_one(conn)
    .await?;
    Ok(cluster((id, new.title.clone(), new.fqdn.clone(), new.appliance.0)))
}

/// Another title, name or appliance. `Taken { what: "title" }` where another one is called so; `NotFound` where it or
/// its appliance is gone.
pub async fn set_cluster_in(conn: &mut Conn, cluster: &Cluster) -> Result<(), Error> {
    let done = sqlx::query(
        "UPDATE clusters SET title = $2, fqdn = $3, appliance = $4
         WHERE id = $1 AND removed_at IS NULL
           AND EXISTS (SELECT 1 FROM appliances WHERE id = $4 AND removed_at IS NULL)",
    )
    .bind(cluster.id.0)
    .bind(cluster.title.as_str())
    .bind(cluster.fqdn.as_str())
    .bind(cluster.appliance.0)
    .execute(conn)
    .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Those with their virtual servers on this appliance, by title.
pub async fn clusters_on_in(conn: &mut Conn, appliance: ApplianceId) -> Result<Vec<Cluster>, Error> {
    let rows: Vec<Row> = sqlx::query_as(ON).bind(appliance.0).fetch_all(conn).await?;
    Ok(rows.into_iter().map(cluster).collect())
}

const ON: &str = "SELECT id, title, fqdn, appliance FROM clusters
     WHERE appliance = $1 AND removed_at IS NULL ORDER BY title";

impl Store {
    pub async fn add_cluster(&self, new: &NewCluster, at: At) -> Result<Cluster, Error> {
        let new = new.clone();
        self.write(move |conn| Box::pin(async move { add_cluster_in(conn, &new, at).await })).await
    }

    pub async fn cluster(&self, id: ClusterId) -> Result<Cluster, Error> {
        let row =
            sqlx::query_as("SELECT id, title, fqdn, appliance FROM clusters WHERE id = $1 AND removed_at IS NULL")
                .bind(id.0)
                .fetch_one(self.readers())
                .await?;
        Ok(cluster(row))
    }

    /// As [`clusters_on_in`], for reading.
    pub async fn clusters_on(&self, appliance: ApplianceId) -> Result<Vec<Cluster>, Error> {
        let rows: Vec<Row> = sqlx::query_as(ON).bind(appliance.0).fetch_all(self.readers()).await?;
        Ok(rows.into_iter().map(cluster).collect())
    }

    /// By title.
    pub async fn clusters(&self) -> Result<Vec<Cluster>, Error> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT id, title, fqdn, appliance FROM clusters WHERE removed_at IS NULL ORDER BY title")
                .fetch_all(self.readers())
                .await?;
        Ok(rows.into_iter().map(cluster).collect())
    }
}
