//! XMS nodes: their accounts and keys, what each of them says, and the looks that find it out.
//!
//! No secret goes to a node whose key nobody accepted (or, for REST, whose certificate this machine's authorities do not
//! vouch for), and a node whose key changed is not logged in to. To add a fact: its place in `model::node::NodeFacts`,
//! its reading in the door's file here.

mod access;
mod ids;
mod keys;
mod observe;
mod open;
mod page;
mod pool;
mod rest;
mod ssh;
mod trouble;
mod view;

use crate::{Failure, Services, pool::describe_again};
pub use access::AccessView;
use model::{ClusterId, appliance::ConnectBy, cluster::Cluster, node::NodeKeys};
pub(crate) use observe::Share;
use open::MANAGEMENT;
pub(crate) use pool::NodePool;
use std::{net::Ipv4Addr, sync::LazyLock, time::Duration};
use store::appliances::StoredAppliance;
pub use view::{NodeView, NodesView};
use xms::{Fingerprint, Limits, Profile, Trust};

/// Nodes of one cluster that are asked at the same time, when somebody asks.
const IN_FLIGHT: usize = 4;

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    read: Duration::from_secs(15),
    menu: Duration::from_secs(30),
    idle: Duration::from_secs(4),
    in_flight: 4,
    body: 8 * 1024 * 1024,
};

/// For what needs no account: a page that takes longer than this is of no use to devices either.
const BRIEF: Limits = Limits { read: Duration::from_secs(8), ..LIMITS };

/// One node, how to reach it, and what is known of its keys.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    cluster: ClusterId,
    pub(crate) address: Ipv4Addr,
    /// In its certificate stands the cluster's name.
    fqdn: String,
    connect_by: xms::ConnectBy,
    keys: NodeKeys,
}

/// A cluster with its nodes, in the order of the set-up.
struct Site {
    cluster: Cluster,
    targets: Vec<Target>,
    /// Why nobody knows the way to them: it is their appliance's, which cannot be read.
    no_way: Option<String>,
}

impl Site {
    /// With nodes that can be asked something.
    fn askable(self) -> Result<Self, Failure> {
        match &self.no_way {
            Some(sentence) => Err(describe_again(sentence)),
            None => Ok(self),
        }
    }

    fn target(&self, address: Ipv4Addr) -> Result<&Target, Failure> {
        self.targets.iter().find(|target| target.address == address).ok_or(Failure::NotFound("such node"))
    }
}

impl Target {
    fn node(&self, trust: Trust) -> xms::Node {
        let node = xms::Node::at(self.address.to_string());
        xms::Node { fqdn: Some(self.fqdn.clone()), connect_by: self.connect_by.clone(), trust, ..node }
    }

    /// Whom REST believes: the accepted certificate, or this machine's authorities where none was accepted.
    fn trust(&self) -> Trust {
        let accepted = self.keys.accepted.as_ref().and_then(|accepted| accepted.keys.tls.as_deref());
        accepted.and_then(fingerprint).map_or(Trust::SystemRoots, Trust::Pinned)
    }
}

impl Services {
    /// Whoever calls this has been let in to the cluster.
    async fn site(&self, id: ClusterId) -> Result<Site, Failure> {
        let cluster = self.store.cluster(id).await.map_err(|error| match error {
            store::Error::NotFound => Failure::NotFound("such cluster"),
            other => other.into(),
        })?;
        let StoredAppliance { appliance, unreadable: no_way, .. } = self.store.appliance(cluster.appliance).await?;
        let nodes = self.store.latest_desired(id).await?.map(|version| version.desired.nodes).unwrap_or_default();
        let mut keys = self.store.node_keys(id).await?;
        // Nodes stand beside their appliance: what leads there leads to them. A map is for the appliance's address alone.
        let connect_by = match appliance.spec.connect {
            ConnectBy::Socks5 { proxy } => xms::ConnectBy::Socks5(proxy),
            ConnectBy::Direct | ConnectBy::Map { .. } => xms::ConnectBy::Direct,
        };
        let target = |address| Target {
            cluster: id,
            address,
            fqdn: cluster.fqdn.clone(),
            connect_by: connect_by.clone(),
            keys: keys.remove(&address).unwrap_or_default(),
        };
        let targets = nodes.iter().map(|node| node.address).map(target).collect();
        Ok(Site { cluster, targets, no_way })
    }
}

/// What no document vouches for about nodes, as data; read once.
fn profile() -> Result<Profile, Failure> {
    static PROFILE: LazyLock<Result<Profile, xms::Error>> = LazyLock::new(Profile::embedded);
    PROFILE.clone().map_err(|error| Failure::Internal(error.sentence()))
}

/// From the 64 digits that we keep.
fn fingerprint(digits: &str) -> Option<Fingerprint> {
    digits.parse().ok()
}

/// As we keep it.
fn digits(fingerprint: Fingerprint) -> String {
    hex::encode(fingerprint.0)
}
