//! What a form may propose: nothing of another cluster's.

use super::SetupView;
use engine::propose;
use model::{
    desired::{Desired, Gateway},
    object::ObjectRef,
    snapshot::Seen,
};
use std::{collections::BTreeSet, net::Ipv4Addr};

/// What set-ups have on an appliance. What is left out of a proposal tells nobody whose it is.
#[derive(Debug, Default)]
struct Taken {
    addresses: BTreeSet<Ipv4Addr>,
    gateways: BTreeSet<String>,
}

impl Taken {
    fn by<'a>(all: impl Iterator<Item = &'a Desired>) -> Self {
        let mut taken = Self::default();
        for desired in all {
            let vips = [desired.mdm.as_ref().map(|mdm| mdm.vip), desired.mam.as_ref().map(|mam| mam.vip)];
            taken.addresses.extend(vips.into_iter().flatten().chain(desired.nodes.iter().map(|node| node.address)));
            taken.gateways.extend(desired.gateway.iter().map(|gateway| gateway.vserver.clone()));
        }
        taken
    }
}

impl SetupView {
    fn elsewhere(&self) -> impl Iterator<Item = &Desired> {
        self.neighbours.iter().map(|other| &other.desired)
    }

    /// Addresses that a form may propose, the best first: of `first` those that are free, then what is free on the
    /// appliance. None of another cluster's, and none that this set-up has already.
    pub fn free_addresses(&self, first: &[Ipv4Addr]) -> Vec<Ipv4Addr> {
        let taken = Taken::by(self.elsewhere().chain([&self.desired])).addresses;
        let Some((_, snapshot, _)) = &self.view.sighting.seen else { return Vec::new() };
        let there = propose::used(snapshot);
        let gateway = self.proposed_gateway().and_then(propose::address);
        let mut free: Vec<Ipv4Addr> = first
            .iter()
            .copied()
            .filter(|address| !taken.contains(address) && !there.contains(address))
            .chain(propose::addresses(snapshot, &there, &taken, gateway).take(2))
            .collect();
        free.dedup();
        free
    }

    /// Whether another cluster's set-up has this address.
    pub fn is_elsewhere(&self, address: Ipv4Addr) -> bool {
        Taken::by(self.elsewhere()).addresses.contains(&address)
    }

    /// The Gateway's virtual server that the set-up names, else the one that serves no other cluster.
    pub fn proposed_gateway(&self) -> Option<&Seen> {
        let (_, snapshot, _) = self.view.sighting.seen.as_ref()?;
        if let Some(chosen) = &self.desired.gateway {
            return snapshot.find(&ObjectRef::gateway(&chosen.vserver));
        }
        let fqdn = &self.view.cluster.fqdn;
        propose::gateway(snapshot, &Taken::by(self.elsewhere()).gateways, fqdn, &Gateway::url_of(fqdn))
    }
}
