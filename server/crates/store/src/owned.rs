//! What Gatehouse made or adopted on an appliance; nothing else is touched.

use crate::{Conn, Error, Store, column};
use model::{ActNo, ApplianceId, At, ClusterId, object::ObjectRef};
use std::collections::{BTreeMap, BTreeSet};

/// An object that now belongs to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    pub appliance: ApplianceId,
    pub object: ObjectRef,
    pub cluster: ClusterId,
    pub since: At,
    /// In which it was made or adopted.
    pub act: ActNo,
}

/// Notes it; an object that the cluster has already keeps its date. `Taken { what: "object" }` where another cluster has
/// it.
pub async fn own_in(conn: &mut Conn, new: &Ownership) -> Result<(), Error> {
    let owner: i64 = sqlx::query_scalar(
        "INSERT INTO owned_objects (appliance, kind, key, cluster, since, act) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (appliance, kind, key) DO UPDATE SET cluster = cluster RETURNING cluster",
    )
    .bind(new.appliance.0)
    .bind(column::code(&new.object.kind)?)
    .bind(column::json(&new.object.key)?)
    .bind(new.cluster.0)
    .bind(new.since.as_millisecond())
    .bind(new.act.0)
    .fetch_one(conn)
    .await?;
    if owner == new.cluster.0 { Ok(()) } else { Err(Error::Taken { what: "object".into() }) }
}

/// Notes what was just made: whoever had an object of that name before, that one is gone.
pub async fn made_in(conn: &mut Conn, new: &Ownership) -> Result<(), Error> {
    disown_in(conn, new.appliance, &new.object).await?;
    own_in(conn, new).await
}

/// False where it was nobody's.
pub async fn disown_in(conn: &mut Conn, appliance: ApplianceId, object: &ObjectRef) -> Result<bool, Error> {
    let done = sqlx::query("DELETE FROM owned_objects WHERE appliance = $1 AND kind = $2 AND key = $3")
        .bind(appliance.0)
        .bind(column::code(&object.kind)?)
        .bind(column::json(&object.key)?)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

fn object(kind: &str, key: &str) -> Result<ObjectRef, Error> {
    Ok(ObjectRef {
        kind: column::from_code(kind, "an owned object's kind")?,
        key: column::parse(key, "an owned object's key")?,
    })
}

impl Store {
    pub async fn own(&self, new: &Ownership) -> Result<(), Error> {
        let new = new.clone();
        self.write(move |conn| Box::pin(async move { own_in(conn, &new).await })).await
    }

    pub async fn disown(&self, appliance: ApplianceId, object: &ObjectRef) -> Result<bool, Error> {
        let object = object.clone();
        self.write(move |conn| Box::pin(async move { disown_in(conn, appliance, &object).await })).await
    }

    /// All that is owned on the appliance, and whose it is.
    pub async fn owned(&self, appliance: ApplianceId) -> Result<BTreeMap<ObjectRef, ClusterId>, Error> {
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT kind, key, cluster FROM owned_objects WHERE appliance = $1")
                .bind(appliance.0)
                .fetch_all(self.readers())
                .await?;
        rows.into_iter().map(|(kind, key, cluster)| Ok((object(&kind, &key)?, ClusterId(cluster)))).collect()
    }

    /// What one cluster owns on the appliance.
    pub async fn owned_by(&self, appliance: ApplianceId, cluster: ClusterId) -> Result<BTreeSet<ObjectRef>, Error> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT kind, key FROM owned_objects WHERE appliance = $1 AND cluster = $2")
                .bind(appliance.0)
                .bind(cluster.0)
                .fetch_all(self.readers())
                .await?;
        rows.into_iter().map(|(kind, key)| object(&kind, &key)).collect()
    }
}
