//! What Gatehouse made or adopted on an appliance; nothing else is touched.

use crate::{Conn, Error, Store, column};
use model::{ActNo, ApplianceId, At, ClusterId, object::ObjectRef};
use serde::{Deserialize, Serialize};
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
    pub how: How,
}

/// On what ground an object belongs to a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Gatehouse made it.
    Made,
    /// It was there, and somebody consented that Gatehouse uses and changes it. It is never removed on that ground.
    Adopted,
    /// Somebody consented to its removal.
    Doomed,
}

/// Whose an object is, and on what ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub cluster: ClusterId,
    pub how: How,
}

/// Notes it; an object that the cluster has already keeps its date and its ground, but that consent to its removal is
/// one more. `Taken { what: "object" }` where another cluster has
/// it.
pub async fn own_in(conn: &mut Conn, new: &Ownership) -> Result<(), Error> {
    let owner: i64 = sqlx::query_scalar(
        "INSERT INTO owned_objects (appliance, kind, key, cluster, since, act, how) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (appliance, kind, key) DO UPDATE
         SET how = CASE WHEN excluded.how = 'doomed' AND excluded.cluster = cluster THEN 'doomed' ELSE how END
         RETURNING cluster",
    )
    .bind(new.appliance.0)
    .bind(column::code(&new.object.kind)?)
    .bind(column::json(&new.object.key)?)
    .bind(new.cluster.0)
    .bind(new.since.as_millisecond())
    .bind(new.act.0)
    .bind(column::code(&new.how)?)
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

/// As [`Store::owned`], within a bigger write.
pub async fn owned_in(conn: &mut Conn, appliance: ApplianceId) -> Result<BTreeMap<ObjectRef, Owner>, Error> {
    let rows: Vec<(String, String, i64, String)> =
        sqlx::query_as("SELECT kind, key, cluster, how FROM owned_objects WHERE appliance = $1")
            .bind(appliance.0)
            .fetch_all(conn)
            .await?;
    let owned = |(kind, key, cluster, how): (String, String, i64, String)| {
        let read = || {
            let how = column::from_code(&how, "the ground of an owned object")?;
            Ok::<_, Error>((object(&kind, &key)?, Owner { cluster: ClusterId(cluster), how }))
        };
        // Nobody plans for a kind that this program does not know, and what is not known to be ours is not touched.
        read().inspect_err(|error| tracing::error!(kind, key, "What is owned is left out: {}", error.sentence())).ok()
    };
    Ok(rows.into_iter().filter_map(owned).collect())
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
    pub async fn owned(&self, appliance: ApplianceId) -> Result<BTreeMap<ObjectRef, Owner>, Error> {
        self.read(|conn| Box::pin(owned_in(conn, appliance))).await
    }

    /// What one cluster owns on the appliance.
    pub async fn owned_by(&self, appliance: ApplianceId, cluster: ClusterId) -> Result<BTreeSet<ObjectRef>, Error> {
        let all = self.owned(appliance).await?;
        Ok(all.into_iter().filter(|(_, owner)| owner.cluster == cluster).map(|(object, _)| object).collect())
    }
}
