//! Looks at the nodes of every cluster, beside the appliances' observer and without ever delaying it.

use super::{IN_FLIGHT, Target};
use crate::{Services, Topic};
use futures::StreamExt;
use model::{
    ClusterId,
    node::{Door, NodeFacts},
};
use std::{collections::HashMap, time::Duration};
use tokio::{task::JoinHandle, time::MissedTickBehavior};

/// A cluster's last look, and how many there were.
#[derive(Default)]
struct Rounds {
    begun: u32,
    task: Option<JoinHandle<()>>,
}

impl Services {
    /// One look at all nodes of the cluster: without an account each time, with one when the round says so.
    pub async fn observe_nodes(&self, id: ClusterId, round: u32) {
        let targets = match self.site(id).await {
            Ok(site) => site.targets,
            Err(failure) => {
                tracing::error!(cluster.id = id.0, "The cluster's nodes could not be listed: {failure}");
                return;
            }
        };
        if targets.is_empty() {
            return;
        }
        let look = |target: Target| {
            let services = self.clone();
            async move { services.look_at(target, round).await }
        };
        let read: Vec<NodeFacts> = futures::stream::iter(targets).map(look).buffer_unordered(IN_FLIGHT).collect().await;
        if let Err(error) = self.store.absorb_node_facts(id, read).await {
            tracing::error!(cluster.id = id.0, "What the nodes said could not be stored: {}", error.sentence());
        }
        self.bus.tell(Topic::Nodes(id));
    }

    async fn look_at(&self, mut target: Target, round: u32) -> NodeFacts {
        let due = |door: Door| round.is_multiple_of(door.every());
        let mut facts = self.look_open(&target).await;
        if !(due(Door::Rest) || due(Door::Ssh)) {
            return facts;
        }
        // The look may just have found another key.
        match self.store.node_keys(target.cluster).await {
            Ok(mut keys) => target.keys = keys.remove(&target.address).unwrap_or_default(),
            Err(error) => {
                tracing::error!(node = %target.address, "Its keys could not be read: {}", error.sentence());
                return facts;
            }
        }
        if due(Door::Rest) {
            self.look_rest(&target, &mut facts).await;
        }
        if due(Door::Ssh) {
            self.look_ssh(&mut target, &mut facts).await;
        }
        facts
    }

    /// Again and again until the process ends. A slow cluster delays only itself.
    pub(crate) async fn observe_nodes_for_ever(self) {
        let mut tick = tokio::time::interval(Duration::from_secs(u64::from(self.interval.max(1))));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut rounds: HashMap<ClusterId, Rounds> = HashMap::new();
        loop {
            tick.tick().await;
            if self.not_stopping().is_err() {
                return;
            }
            let clusters = match self.store.clusters().await {
                Ok(clusters) => clusters,
                Err(error) => {
                    tracing::error!("The clusters could not be listed: {}", error.sentence());
                    continue;
                }
            };
            for cluster in clusters {
                let rounds = rounds.entry(cluster.id).or_default();
                if rounds.task.as_ref().is_none_or(JoinHandle::is_finished) {
                    let (services, round) = (self.clone(), rounds.begun);
                    rounds.begun = rounds.begun.wrapping_add(1);
                    rounds.task = Some(tokio::spawn(async move { services.observe_nodes(cluster.id, round).await }));
                }
            }
        }
    }
}
