//! Nodes: keys, accounts, IDs and looks, over the lab's three.

mod accounts;
mod fronts;
mod ids;
mod keys;
mod looks;

pub use crate::support::NODES;
use crate::support::{World, world, world_with};
use model::{
    ClusterId,
    node::{NodeAccessForm, NodeFacts},
};
use services::{Failure, NodesView, WriteCx};
use std::net::Ipv4Addr;

/// A world with a cluster whose nodes are the lab's.
pub struct Desk {
    pub world: World,
    pub id: ClusterId,
}

impl Desk {
    pub async fn open() -> Self {
        let world = world().await;
        let id = world.cluster().await;
        Self { world, id }
    }

    pub async fn profiled(profile: &str) -> Self {
        let world = world_with(Some(profile)).await;
        let id = world.cluster().await;
        Self { world, id }
    }

    /// With the right accounts and all keys accepted.
    pub async fn ready() -> Self {
        let desk = Self::open().await;
        desk.save_accounts().await;
        for node in NODES {
            desk.fetch(node).await.unwrap();
            desk.accept(node).await.unwrap();
        }
        desk
    }

    pub fn writer(&self) -> WriteCx {
        self.world.cx.writer().unwrap()
    }

    pub async fn save(&self, rest: (&str, &str), ssh: (&str, &str)) -> Result<(), Failure> {
        let form = NodeAccessForm { rest_user: rest.0.into(), ssh_user: ssh.0.into() };
        self.world.services.nodes().save_access(&self.writer(), self.id, &form, rest.1, ssh.1).await
    }

    pub async fn save_accounts(&self) {
        let node = self.world.lab.description().xms[0].clone();
        self.save((&node.user, &node.password), (&node.cli_user, &node.cli_password)).await.unwrap();
    }

    pub async fn fetch(&self, node: Ipv4Addr) -> Result<(), Failure> {
        self.world.services.nodes().fetch_keys(&self.writer(), self.id, node).await
    }

    /// Accepts what is shown.
    pub async fn accept(&self, node: Ipv4Addr) -> Result<(), Failure> {
        let view = self.view().await;
        let view = view.nodes.into_iter().find(|view| view.node.address == node).unwrap();
        let shown = view.keys.offered.unwrap().keys;
        let (tls, ssh) = (shown.tls.as_deref(), shown.ssh.as_deref());
        self.world.services.nodes().accept_keys(&self.writer(), self.id, node, tls, ssh).await
    }

    pub async fn read_ids(&self) {
        self.world.services.nodes().read_ids(&self.writer(), self.id).await.unwrap();
    }

    pub async fn view(&self) -> NodesView {
        self.world.services.nodes().show(&self.world.cx, self.id).await.unwrap()
    }

    pub async fn facts(&self) -> Vec<NodeFacts> {
        self.world.services.nodes().facts(&self.world.cx, self.id).await.unwrap()
    }

    /// A look with everything in it.
    pub async fn look(&self) {
        self.world.services.nodes().observe(self.id, 0).await;
    }

    /// Makes something wrong with a node.
    pub async fn fault(&self, node: Ipv4Addr, fault: &str) {
        let spec = lab::FaultSpec { target: node.to_string(), fault: fault.into(), ..lab::FaultSpec::default() };
        self.world.lab.fault(spec).await.unwrap();
    }

    /// A number of the nodes' own state, of all nodes together: `attempts/rest`, `tokens`, `ssh_open`.
    pub fn sum(&self, pointer: &str) -> u64 {
        let state = self.world.lab.state();
        let nodes = state["nodes"].as_array().unwrap();
        nodes.iter().map(|node| node["xms"].pointer(&format!("/{pointer}")).unwrap().as_u64().unwrap()).sum()
    }

    /// Summaries of the log, newest first.
    pub async fn log(&self) -> Vec<model::record::Entry> {
        let records = self.world.log(&self.world.cx, &services::LogQuery::default()).await;
        records.into_iter().map(|record| record.entry).collect()
    }
}
