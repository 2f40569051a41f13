//! Looks at the nodes of every cluster. Each node, and each door of it, is looked at by itself and what it said is stored at
//! once: one that is silent makes nobody else's facts old.

use super::{
    Nodes,
    doors::Share,
    target::{Target, site, sites},
};
use crate::{Failure, Topic, WriteCx};
use futures::future::join_all;
use model::{
    ClusterId,
    node::{Door, NodeFacts},
};
use std::time::Duration;

/// How long a person waits for the nodes' first answers after they accepted keys.
const PATIENCE: Duration = Duration::from_secs(8);

impl Nodes {
    /// One look at all nodes of the cluster: without an account each time, with one when the round says so.
    pub async fn observe(&self, id: ClusterId, round: u32) {
        let share = Share::default();
        let looks = self.targets(id).await.into_iter().map(|target| {
            let share = share.clone();
            async move {
                // The look without an account first: it may find another key.
                for door in Door::LOOKED_BY.into_iter().filter(|door| round.is_multiple_of(door.every())) {
                    self.look_by(door, target.clone(), &share).await;
                }
            }
        });
        join_all(looks).await;
    }

    /// The nodes to look at; none where they cannot be listed.
    async fn targets(&self, id: ClusterId) -> Vec<Target> {
        match site(&self.ground, id).await {
            Ok(site) => site.into_targets(),
            Err(failure) => {
                tracing::error!(cluster.id = id.0, "The cluster's nodes could not be listed: {failure}");
                Vec::new()
            }
        }
    }

    /// The same of all clusters.
    pub(crate) async fn all_targets(&self) -> Result<Vec<(ClusterId, Vec<Target>)>, Failure> {
        let sites = sites(&self.ground).await?.into_iter();
        Ok(sites.map(|site| (site.cluster.id, site.into_targets())).collect())
    }

    /// One look at one node by one door, stored and told.
    pub(crate) async fn look_by(&self, door: Door, mut target: Target, share: &Share) {
        let (id, look) = (target.cluster, self.ground.store.begin_look());
        let facts = match door {
            Door::Open => self.doors.look_open(&target).await,
            Door::Rest | Door::Ssh | Door::Page => {
                let mut facts = NodeFacts::new(target.address);
                match self.ground.store.node_keys(id).await {
                    Ok(mut keys) => target.keys = keys.remove(&target.address).unwrap_or_default(),
                    Err(error) => {
                        tracing::error!(node = %target.address, "Its keys could not be read: {}", error.sentence());
                        return;
                    }
                }
                match door {
                    Door::Rest => self.doors.look_rest(&target, share, &mut facts).await,
                    _ => self.doors.look_ssh(&mut target, &mut facts).await,
                }
                facts
            }
        };
        self.keep_facts(id, look, vec![facts]).await;
        self.ground.bus.send(Topic::Nodes(id));
    }

    /// Asks all of them by every door now, because somebody changed what they are asked with. Waits a while for it, so that
    /// the page that follows is right at once; a slow node is waited for in the background.
    pub async fn look_now(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        self.ground.cluster_in_scope(cx, id).await?;
        self.ground.not_stopping()?;
        let look = tokio::spawn({
            let nodes = self.clone();
            async move { nodes.observe(id, 0).await }
        });
        let _ = tokio::time::timeout(PATIENCE, look).await;
        Ok(())
    }

    /// Stores what nodes said, and judges by it.
    pub(super) async fn keep_facts(&self, id: ClusterId, look: i64, read: Vec<NodeFacts>) {
        let reckoning = self.ground.reckoning();
        if let Err(error) = self.ground.store.absorb_node_facts(id, look, reckoning, self.ground.interval, read).await {
            tracing::error!(cluster.id = id.0, "What the nodes said could not be stored: {}", error.sentence());
        }
        self.ground.bus.count(Topic::Nodes(id));
        self.watch.judge(id, reckoning).await;
    }
}
