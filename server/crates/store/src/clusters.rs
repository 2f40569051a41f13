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
        "INSERT INTO clusters (title, fqdn, appliance, created) VALUES ($1, $2, $3, $4) RETURNING id",
    )
    .bind(new.title.as_str())
    .bind(new.fqdn.as_str())
    .bind(new.appliance.0)
    .bind(at.as_millisecond())
    .fetch_one(conn)
    .await?;
    Ok(cluster((id, new.title.clone(), new.fqdn.clone(), new.appliance.0)))
}

impl Store {
    pub async fn add_cluster(&self, new: &NewCluster, at: At) -> Result<Cluster, Error> {
        let new = new.clone();
        self.write(move |conn| Box::pin(async move { add_cluster_in(conn, &new, at).await })).await
    }

    pub async fn cluster(&self, id: ClusterId) -> Result<Cluster, Error> {
        let row = sqlx::query_as("SELECT id, title, fqdn, appliance FROM clusters WHERE id = $1")
            .bind(id.0)
            .fetch_one(self.readers())
            .await?;
        Ok(cluster(row))
    }

    /// By title.
    pub async fn clusters(&self) -> Result<Vec<Cluster>, Error> {
        let rows: Vec<Row> = sqlx::query_as("SELECT id, title, fqdn, appliance FROM clusters ORDER BY title")
            .fetch_all(self.readers())
            .await?;
        Ok(rows.into_iter().map(cluster).collect())
    }
}
