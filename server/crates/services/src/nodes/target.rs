//! The nodes of a cluster: how each is reached, how long it is waited for, and what is known of its keys.

use crate::{Failure, ground::Ground, pool::describe_again};
use model::{ApplianceId, ClusterId, appliance::ConnectBy, cluster::Cluster, desired, node::NodeKeys};
use std::{
    collections::{BTreeMap, HashMap},
    net::Ipv4Addr,
    sync::{Arc, LazyLock},
    time::Duration,
};
use store::appliances::StoredAppliance;
use xms::{Fingerprint, Limits, Node, Ports, Profile, Trust};

/// Nodes of one cluster that are asked at the same time, when somebody asks.
pub(super) const IN_FLIGHT: usize = 4;

pub(super) const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    read: Duration::from_secs(15),
    menu: Duration::from_secs(30),
    idle: Duration::from_secs(4),
    in_flight: 4,
    body: 8 * 1024 * 1024,
};

/// For what needs no account: a page that takes longer than this is of no use to devices either.
pub(super) const BRIEF: Limits = Limits { read: Duration::from_secs(8), ..LIMITS };

/// The console's and REST's port, whose certificate is accepted.
pub(super) const MANAGEMENT: u16 = 4443;
/// Enrolment and app management.
pub(super) const ENROLMENT: u16 = 8443;

/// One node, how to reach it, and what is known of its keys.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(super) cluster: ClusterId,
    pub(crate) address: Ipv4Addr,
    /// In its certificate stands the cluster's name.
    fqdn: String,
    connect_by: xms::ConnectBy,
    pub(super) keys: NodeKeys,
}

/// A cluster with its nodes, in the order of the set-up.
pub(super) struct Site {
    pub cluster: Cluster,
    pub targets: Vec<Target>,
    /// Why nobody knows the way to them: it is their appliance's, which cannot be read.
    pub no_way: Option<String>,
}

impl Site {
    /// With nodes that can be asked something.
    pub fn askable(self) -> Result<Self, Failure> {
        match &self.no_way {
            Some(sentence) => Err(describe_again(sentence)),
            None => Ok(self),
        }
    }

    /// What was not asked is not silent: it grows old. Why stands with the appliance.
    pub fn into_targets(self) -> Vec<Target> {
        if self.no_way.is_some() { Vec::new() } else { self.targets }
    }

    pub fn target(&self, address: Ipv4Addr) -> Result<&Target, Failure> {
        self.targets.iter().find(|target| target.address == address).ok_or(Failure::NotFound("such node"))
    }
}

impl Target {
    pub(super) fn node(&self, trust: Trust) -> Node {
        let node = Node::at(self.address.to_string());
        Node { fqdn: Some(self.fqdn.clone()), connect_by: self.connect_by.clone(), trust, ..node }
    }

    /// Whom REST believes: the accepted certificate, or this machine's authorities where none was accepted.
    pub(super) fn trust(&self) -> Trust {
        let accepted = self.keys.accepted.as_ref().and_then(|accepted| accepted.keys.tls.as_deref());
        accepted.and_then(fingerprint).map_or(Trust::SystemRoots, Trust::Pinned)
    }
}

/// Whoever calls this has been let in to the cluster.
pub(super) async fn site(ground: &Ground, id: ClusterId) -> Result<Site, Failure> {
    let cluster = ground.store.cluster(id).await.map_err(|error| match error {
        store::Error::NotFound => Failure::NotFound("such cluster"),
        other => other.into(),
    })?;
    let stored = ground.store.appliance(cluster.appliance).await?;
    let nodes = ground.store.latest_desired(id).await?.map(|version| version.desired.nodes).unwrap_or_default();
    Ok(laid_out(cluster, &stored, &nodes, ground.store.node_keys(id).await?))
}

/// All that there are, by a handful of questions however many they are. What of one cannot be read hides no other.
pub(super) async fn sites(ground: &Ground) -> Result<Vec<Site>, Failure> {
    let clusters = ground.store.clusters().await?;
    let appliances = ground.store.appliances().await?.into_iter();
    let appliances: HashMap<ApplianceId, StoredAppliance> =
        appliances.map(|stored| (stored.appliance.id, stored)).collect();
    let mut latest = ground.store.latest_desired_of_all().await?;
    let mut keys = ground.store.node_keys_of_all().await?;
    let mut sites = Vec::with_capacity(clusters.len());
    for cluster in clusters {
        let id = cluster.id;
        let nodes = match latest.remove(&id) {
            Some(Ok(desired)) => desired.nodes,
            Some(Err(error)) => {
                tracing::error!(cluster.id = id.0, "The cluster's nodes could not be listed: {}", error.sentence());
                continue;
            }
            None => Vec::new(),
        };
        // Without one it was removed since it was listed.
        if let Some(stored) = appliances.get(&cluster.appliance) {
            sites.push(laid_out(cluster, stored, &nodes, keys.remove(&id).unwrap_or_default()));
        }
    }
    Ok(sites)
}

fn laid_out(
    cluster: Cluster,
    stored: &StoredAppliance,
    nodes: &[desired::Node],
    mut keys: BTreeMap<Ipv4Addr, NodeKeys>,
) -> Site {
    // Nodes stand beside their appliance: what leads there leads to them. A map is for the appliance's address alone.
    let connect_by = match &stored.appliance.spec.first.connect {
        ConnectBy::Socks5 { proxy } => xms::ConnectBy::Socks5(proxy.clone()),
        ConnectBy::Direct | ConnectBy::Map { .. } => xms::ConnectBy::Direct,
    };
    let target = |address| Target {
        cluster: cluster.id,
        address,
        fqdn: cluster.fqdn.clone(),
        connect_by: connect_by.clone(),
        keys: keys.remove(&address).unwrap_or_default(),
    };
    let targets = nodes.iter().map(|node| node.address).map(target).collect();
    Site { targets, cluster, no_way: stored.unreadable.clone() }
}

/// What no document vouches for about nodes, as data; read once, and one for all: its patterns are a megabyte.
pub(super) fn profile() -> Result<Arc<Profile>, Failure> {
    static PROFILE: LazyLock<Result<Arc<Profile>, xms::Error>> = LazyLock::new(|| Profile::embedded().map(Arc::new));
    PROFILE.clone().map_err(|error| Failure::Internal(error.sentence()))
}

/// From the 64 digits that we keep.
pub(super) fn fingerprint(digits: &str) -> Option<Fingerprint> {
    digits.parse().ok()
}

/// As we keep it.
pub(super) fn digits(fingerprint: Fingerprint) -> String {
    hex::encode(fingerprint.0)
}

/// The client's enrolment door, on any port that serves pages.
pub(super) fn at_port(target: &Target, number: u16, trust: Trust) -> Node {
    let node = target.node(trust);
    if number == MANAGEMENT { node } else { Node { ports: Ports { enrolment: number, ..node.ports }, ..node } }
}
