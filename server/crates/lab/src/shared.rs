//! What all parts of a lab share: one lock over the model, and the nodes beside it.

use crate::{
    appliance::Appliance,
    clock::{Clock, LabTime},
    doors::Doors,
    engine::Queue,
    faults::Faults,
    journal::Journal,
    node::{Node, Nodes},
    papers::Paper,
    site::Site,
    xms::Cluster,
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// Everything under the lock. It is never held across an await.
pub(crate) struct World {
    pub clock: Clock,
    pub appliances: Vec<Appliance>,
    pub queue: Queue,
    pub faults: Faults,
    pub journal: Journal,
    /// Told after every change, for connections that must not outlive their member.
    pub settled: watch::Sender<()>,
    /// When the rates of statistics were last computed.
    pub rolled_at: LabTime,
}

pub(crate) struct Shared {
    world: Mutex<World>,
    pub nodes: Nodes,
    /// The site that the first nodes stand in.
    pub cluster: Arc<Cluster>,
    /// The further sites with theirs.
    pub sites: Vec<(Site, Arc<Cluster>)>,
    /// The ports of the appliances, in their order.
    pub doors: Vec<Doors>,
    /// Held by whoever moves the lab forward.
    pub turn: tokio::sync::Mutex<()>,
    /// Real time before each NITRO answer.
    pub latency: Duration,
    /// What is in the file store at the start and after a reset.
    pub papers: Vec<Paper>,
}

impl Shared {
    pub fn new(
        world: World,
        nodes: Nodes,
        cluster: Arc<Cluster>,
        sites: Vec<(Site, Arc<Cluster>)>,
        doors: Vec<Doors>,
        latency: Duration,
        papers: Vec<Paper>,
    ) -> Self {
        Self {
            world: Mutex::new(world),
            nodes,
            cluster,
            sites,
            doors,
            turn: tokio::sync::Mutex::default(),
            latency,
            papers,
        }
    }

    /// All sites, the first one first.
    pub fn clusters(&self) -> impl Iterator<Item = &Arc<Cluster>> {
        std::iter::once(&self.cluster).chain(self.sites.iter().map(|(_, cluster)| cluster))
    }

    /// The nodes of one site.
    pub fn nodes_of(&self, cluster: &Arc<Cluster>) -> Vec<Arc<Node>> {
        let mut nodes = self.nodes.all();
        nodes.retain(|node| Arc::ptr_eq(&node.cluster, cluster));
        nodes
    }

    /// The model. A panic elsewhere does not make it unreadable: a test wants to see what is left.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
