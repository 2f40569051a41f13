//! Which version of a set-up was applied last: what a cluster is judged by.

use crate::{
    Conn, Error, Store,
    desired::{DesiredVersion, VersionName, desired_version_in},
};
use model::{ActNo, At, ClusterId, VersionId};

/// What a run left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub run: ActNo,
    /// `None`: nothing that is known; all that was described had been taken back. By its name: that one cannot be read
    /// keeps no run from its end.
    pub version: Option<VersionName>,
}

/// Notes what stands on the appliance now that the run has ended. The first end that changed something counts; a run
/// that was resumed has it noted already.
pub async fn applied_in(
    conn: &mut Conn,
    run: ActNo,
    cluster: ClusterId,
    version: Option<VersionId>,
    at: At,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO applied_versions (run, cluster, version, at)
         SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM applied_versions WHERE run = $1)",
    )
    .bind(run.0)
    .bind(cluster.0)
    .bind(version.map(|version| version.0))
    .bind(at.as_millisecond())
    .execute(conn)
    .await?;
    Ok(())
}

/// A run, and the version that it left: number in the table, number in its cluster, who saved it.
type Row = (i64, Option<i64>, Option<i64>, Option<String>);

/// What the last run before this one left; before any run at all where `before` is `None`. `None`: there was none.
pub async fn last_applied_in(
    conn: &mut Conn,
    cluster: ClusterId,
    before: Option<ActNo>,
) -> Result<Option<Applied>, Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT applied_versions.run, desired_versions.id, desired_versions.number, desired_versions.made_by_name
         FROM applied_versions LEFT JOIN desired_versions ON desired_versions.id = applied_versions.version
         WHERE applied_versions.cluster = $1 AND ($2 IS NULL OR applied_versions.run < $2)
         ORDER BY applied_versions.run DESC LIMIT 1",
    )
    .bind(cluster.0)
    .bind(before.map(|act| act.0))
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(run, id, number, by_name)| {
        let version = id.zip(number).zip(by_name);
        let version = version.map(|((id, number), by_name)| VersionName { id: VersionId(id), number, by_name });
        Applied { run: ActNo(run), version }
    }))
}

impl Store {
    /// What was applied last; `None` where nothing ever was.
    pub async fn last_applied(&self, cluster: ClusterId) -> Result<Option<Applied>, Error> {
        self.read(|conn| Box::pin(last_applied_in(conn, cluster, None))).await
    }

    /// The version that was applied last, read; `None` where none is known.
    pub async fn last_applied_version(&self, cluster: ClusterId) -> Result<Option<DesiredVersion>, Error> {
        self.read(|conn| {
            Box::pin(async move {
                match last_applied_in(conn, cluster, None).await?.and_then(|applied| applied.version) {
                    Some(version) => desired_version_in(conn, cluster, version.number).await,
                    None => Ok(None),
                }
            })
        })
        .await
    }
}
