//! The other clusters on an appliance, and what their set-ups have: so that a form proposes nothing of theirs.

use crate::{Failure, Services};
use model::{cluster::Cluster, desired::Desired};
use std::{collections::BTreeSet, net::Ipv4Addr};

/// What other clusters' set-ups have on the same appliance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    pub addresses: BTreeSet<Ipv4Addr>,
    pub gateways: BTreeSet<String>,
}

impl Taken {
    /// What one set-up has.
    pub fn add(&mut self, desired: &Desired) {
        let vips = [desired.mdm.as_ref().map(|mdm| mdm.vip), desired.mam.as_ref().map(|mam| mam.vip)];
        self.addresses.extend(vips.into_iter().flatten().chain(desired.nodes.iter().map(|node| node.address)));
        self.gateways.extend(desired.gateway.iter().map(|gateway| gateway.vserver.clone()));
    }
}

impl Services {
    /// For proposals alone: what is left out of them tells nobody whose it is.
    pub(crate) async fn taken_by_others(&self, cluster: &Cluster) -> Result<Taken, Failure> {
        let mut taken = Taken::default();
        for other in self.store.clusters().await? {
            if other.id != cluster.id
                && other.appliance == cluster.appliance
                && let Some(latest) = self.store.latest_desired(other.id).await?
            {
                taken.add(&latest.desired);
            }
        }
        Ok(taken)
    }
}
