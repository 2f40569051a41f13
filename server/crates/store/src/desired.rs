//! What a cluster should be, version after version. The cluster's own row says its name: the newest version is read and
//! written with that one, whatever was stored; an older one says what the name was then, where it says one at all.

use crate::{Conn, Error, Store, column};
use model::{At, ClusterId, PersonId, VersionId, clock::from_millis, desired::Desired, record::Actor};
use std::collections::HashMap;

/// One version, as it was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredVersion {
    pub id: VersionId,
    pub cluster: ClusterId,
    /// Counts from 1 in each cluster.
    pub number: i64,
    pub desired: Desired,
    pub by: Option<PersonId>,
    /// As they were called then.
    pub by_name: String,
    pub at: At,
}

/// One version of a list: what it says, or why that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    pub id: VersionId,
    pub number: i64,
    pub desired: Result<Desired, String>,
    pub by_name: String,
    pub at: At,
}

/// A version by its number, whatever it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionName {
    pub id: VersionId,
    pub number: i64,
    /// As they were called then.
    pub by_name: String,
}

/// The last is the cluster's name.
type Row = (i64, i64, i64, String, Option<i64>, String, i64, String);

fn version((id, cluster, number, desired, by, by_name, at, fqdn): Row) -> Result<DesiredVersion, Error> {
    Ok(DesiredVersion {
        id: VersionId(id),
        cluster: ClusterId(cluster),
        number,
        desired: described(&desired, number, &fqdn)?,
        by: by.map(PersonId),
        by_name,
        at: from_millis(at),
    })
}

fn described(desired: &str, number: i64, fqdn: &str) -> Result<Desired, Error> {
    let desired: Desired = column::parse(desired, &format!("version {number} of the set-up"))?;
    Ok(if desired.fqdn.is_empty() { desired.renamed(fqdn) } else { desired })
}

/// The next version of the cluster's set-up, under the name that the cluster has. `NotFound` where there is no such cluster.
pub async fn save_desired_in(
    conn: &mut Conn,
    cluster: ClusterId,
    desired: &Desired,
    by: &Actor,
    at: At,
) -> Result<DesiredVersion, Error> {
    let fqdn: String =
        sqlx::query_scalar("SELECT fqdn FROM clusters WHERE id = $1").bind(cluster.0).fetch_one(&mut *conn).await?;
    let desired = desired.clone().renamed(&fqdn);
    let (id, number): (i64, i64) = sqlx::query_as(
        "INSERT INTO desired_versions (cluster, number, desired, made_by, made_by_name, at)
         VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM desired_versions WHERE cluster = $1), $2, $3, $4, $5)
         RETURNING id, number",
    )
    .bind(cluster.0)
    .bind(column::json(&desired)?)
    .bind(by.person.map(|person| person.0))
    .bind(by.name.as_str())
    .bind(at.as_millisecond())
    .fetch_one(conn)
    .await?;
    let (by, by_name) = (by.person, by.name.clone());
    let at = from_millis(at.as_millisecond());
    Ok(DesiredVersion { id: VersionId(id), cluster, number, desired, by, by_name, at })
}

/// As [`Store::latest_desired`], within a bigger write: what is compared is what stands when the write is made.
pub async fn latest_desired_in(conn: &mut Conn, cluster: ClusterId) -> Result<Option<DesiredVersion>, Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT desired_versions.id, cluster, number, desired, made_by, made_by_name, at, fqdn
         FROM desired_versions JOIN clusters ON clusters.id = cluster
         WHERE cluster = $1 ORDER BY number DESC LIMIT 1",
    )
    .bind(cluster.0)
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let fqdn = row.7.clone();
        version(row).map(|latest| DesiredVersion { desired: latest.desired.renamed(&fqdn), ..latest })
    })
    .transpose()
}

/// Which version is the latest, for whoever does not need to read it.
pub async fn latest_version_in(conn: &mut Conn, cluster: ClusterId) -> Result<Option<VersionName>, Error> {
    let row: Option<(i64, i64, String)> = sqlx::query_as(
        "SELECT id, number, made_by_name FROM desired_versions WHERE cluster = $1 ORDER BY number DESC LIMIT 1",
    )
    .bind(cluster.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(id, number, by_name)| VersionName { id: VersionId(id), number, by_name }))
}

/// As [`Store::desired_version`], within a bigger write.
pub async fn desired_version_in(
    conn: &mut Conn,
    cluster: ClusterId,
    number: i64,
) -> Result<Option<DesiredVersion>, Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT desired_versions.id, cluster, number, desired, made_by, made_by_name, at, fqdn
         FROM desired_versions JOIN clusters ON clusters.id = cluster
         WHERE cluster = $1 AND number = $2",
    )
    .bind(cluster.0)
    .bind(number)
    .fetch_optional(conn)
    .await?;
    row.map(version).transpose()
}

impl Store {
    pub async fn save_desired(
        &self,
        cluster: ClusterId,
        desired: &Desired,
        by: &Actor,
        at: At,
    ) -> Result<DesiredVersion, Error> {
        let (desired, by) = (desired.clone(), by.clone());
        self.write(move |conn| Box::pin(async move { save_desired_in(conn, cluster, &desired, &by, at).await })).await
    }

    /// `None` where nothing was ever saved for the cluster.
    pub async fn latest_desired(&self, cluster: ClusterId) -> Result<Option<DesiredVersion>, Error> {
        self.read(|conn| Box::pin(latest_desired_in(conn, cluster))).await
    }

    /// The latest of each cluster that is still there and has one, or why it cannot be read: one question, however many.
    pub async fn latest_desired_of_all(&self) -> Result<HashMap<ClusterId, Result<Desired, Error>>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT desired_versions.id, cluster, number, desired, made_by, made_by_name, at, fqdn
             FROM desired_versions JOIN clusters ON clusters.id = cluster
             WHERE removed_at IS NULL
               AND number = (SELECT max(number) FROM desired_versions AS newest WHERE newest.cluster = clusters.id)",
        )
        .fetch_all(self.readers())
        .await?;
        let latest = |row: Row| {
            let (cluster, fqdn) = (ClusterId(row.1), row.7.clone());
            (cluster, version(row).map(|latest| latest.desired.renamed(&fqdn)))
        };
        Ok(rows.into_iter().map(latest).collect())
    }

    /// The cluster's version of this number; `None` where it has none.
    pub async fn desired_version(&self, cluster: ClusterId, number: i64) -> Result<Option<DesiredVersion>, Error> {
        self.read(|conn| Box::pin(desired_version_in(conn, cluster, number))).await
    }

    /// The newest versions first. One that cannot be read says so, and hides none of the others.
    pub async fn desired_versions(&self, cluster: ClusterId, limit: u32) -> Result<Vec<VersionRow>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT desired_versions.id, cluster, number, desired, made_by, made_by_name, at, fqdn
         FROM desired_versions JOIN clusters ON clusters.id = cluster
             WHERE cluster = $1 ORDER BY number DESC LIMIT $2",
        )
        .bind(cluster.0)
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        let row = |(id, _, number, desired, _, by_name, at, fqdn): Row| {
            let desired = Error::of_one_row(described(&desired, number, &fqdn))?;
            Ok(VersionRow { id: VersionId(id), number, desired, by_name, at: from_millis(at) })
        };
        rows.into_iter().map(row).collect()
    }

    pub async fn desired(&self, id: VersionId) -> Result<DesiredVersion, Error> {
        let row = sqlx::query_as(
            "SELECT desired_versions.id, cluster, number, desired, made_by, made_by_name, at, fqdn
         FROM desired_versions JOIN clusters ON clusters.id = cluster WHERE desired_versions.id = $1",
        )
        .bind(id.0)
        .fetch_one(self.readers())
        .await?;
        version(row)
    }
}
