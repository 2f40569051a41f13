//! The nodes as pages show them.

use super::{AccessView, Nodes};
use crate::{Failure, ReadCx, judging::told_by_nodes};
use model::{
    At, ClusterId,
    cluster::Cluster,
    desired::Node,
    node::{Account, Hindrance, NodeFacts, NodeKeys, Survey, hindrances, survey},
};
use std::net::Ipv4Addr;

/// All nodes of one cluster.
#[derive(Clone, Debug)]
pub struct NodesView {
    pub cluster: Cluster,
    pub access: AccessView,
    /// In the order of the set-up.
    pub nodes: Vec<NodeView>,
    pub now: At,
    /// Seconds between two looks; what was read is worth something for so long, see [`model::node::Door::freshness`].
    pub interval: u32,
}

/// One node.
#[derive(Clone, Debug)]
pub struct NodeView {
    pub node: Node,
    pub keys: NodeKeys,
    pub facts: NodeFacts,
}

impl NodesView {
    /// What is known of each node, in order.
    pub fn facts(&self) -> Vec<NodeFacts> {
        self.nodes.iter().map(|view| view.facts.clone()).collect()
    }

    /// The nodes' keys, compared with each other.
    pub fn survey(&self) -> Survey {
        survey(self.keys(), &self.cluster.fqdn)
    }

    /// What is missing before the nodes' menu programs can be asked.
    pub fn hindrances(&self) -> Vec<Hindrance> {
        hindrances(&self.access.access, self.access.refused.contains_key(&Account::Ssh), self.keys())
    }

    /// Nodes that reported another ID than the set-up has, or one where it has none.
    pub fn reported_news(&self) -> usize {
        let is_news = |view: &&NodeView| view.facts.reports_news(view.node.id.as_deref(), self.now, self.interval);
        self.nodes.iter().filter(is_news).count()
    }

    fn keys(&self) -> impl Iterator<Item = (Ipv4Addr, &NodeKeys)> {
        self.nodes.iter().map(|view| (view.node.address, &view.keys))
    }
}

impl Nodes {
    pub async fn show(&self, cx: &ReadCx, id: ClusterId) -> Result<NodesView, Failure> {
        let access = self.access(cx, id).await?;
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let nodes =
            self.ground.store.latest_desired(id).await?.map(|version| version.desired.nodes).unwrap_or_default();
        let mut keys = self.ground.store.node_keys(id).await?;
        let mut facts = told_by_nodes(&self.ground, id).await?;
        let view = |node: Node| {
            let keys = keys.remove(&node.address).unwrap_or_default();
            let mut facts = facts.remove(&node.address).unwrap_or_else(|| NodeFacts::new(node.address));
            keys.outdate(&mut facts);
            NodeView { node, keys, facts }
        };
        let nodes = nodes.into_iter().map(view).collect();
        Ok(NodesView { cluster, access, nodes, now: self.ground.now(), interval: self.ground.interval })
    }

    /// What is known of each node of the cluster's set-up, in its order; of one that nobody asked yet, only what its
    /// address gives.
    pub async fn facts(&self, cx: &ReadCx, id: ClusterId) -> Result<Vec<NodeFacts>, Failure> {
        Ok(self.show(cx, id).await?.facts())
    }
}
