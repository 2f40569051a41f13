//! The other clusters on an appliance, with what they describe and own there.

use crate::{Conn, Error, Store, clusters::clusters_on_in, desired::latest_desired_in, owned::owned_in};
use model::{ApplianceId, ClusterId, cluster::Cluster, desired::Desired, object::ObjectRef};
use std::collections::BTreeSet;

/// Another cluster on the same appliance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    pub cluster: Cluster,
    /// As saved last.
    pub desired: Desired,
    pub owned: BTreeSet<ObjectRef>,
}

/// All clusters on the appliance but this one, by title.
pub async fn neighbours_in(conn: &mut Conn, appliance: ApplianceId, of: ClusterId) -> Result<Vec<Beside>, Error> {
    let clusters = clusters_on_in(conn, appliance).await?;
    let owned = owned_in(conn, appliance).await?;
    let mut all = Vec::new();
    for cluster in clusters.into_iter().filter(|cluster| cluster.id != of) {
        // What cannot be read of a neighbour keeps nobody else from saving; what it owns still counts, here and in plans.
        let desired = match latest_desired_in(conn, cluster.id).await {
            Err(error @ Error::Unreadable { .. }) => {
                tracing::error!(cluster.id = cluster.id.0, "{}", error.sentence());
                Desired::default()
            }
            read => read?.map(|version| version.desired).unwrap_or_default(),
        };
        let owned = owned.iter().filter(|(_, owner)| owner.cluster == cluster.id);
        let owned = owned.map(|(object, _)| object.clone()).collect();
        all.push(Beside { cluster, desired, owned });
    }
    Ok(all)
}

impl Store {
    /// As [`neighbours_in`], for reading.
    pub async fn neighbours(&self, appliance: ApplianceId, of: ClusterId) -> Result<Vec<Beside>, Error> {
        self.read(|conn| Box::pin(neighbours_in(conn, appliance, of))).await
    }
}
