//! Looks at the nodes of every cluster. Each node, and each door of it, is looked at by itself and what it said is stored at
//! once: one that is silent makes nobody else's facts old.

use super::{MANAGEMENT, Target};
use crate::{Failure, Services, Topic, WriteCx};
use futures::future::join_all;
use model::{
    ClusterId,
    node::{Door, NodeFacts, Trouble, TroubleKind},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long a person waits for the nodes' first answers after they accepted keys.
const PATIENCE: Duration = Duration::from_secs(8);

/// What stands in the nodes' common database is asked of one of them in a round: of the first that gets so far.
#[derive(Clone, Default)]
pub(crate) struct Share(Arc<AtomicBool>);

impl Share {
    /// True for the first who asks.
    pub(super) fn claim(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }

    /// It could not be told after all.
    pub(super) fn give_back(&self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Services {
    /// One look at all nodes of the cluster: without an account each time, with one when the round says so.
    pub async fn observe_nodes(&self, id: ClusterId, round: u32) {
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
    pub(crate) async fn targets(&self, id: ClusterId) -> Vec<Target> {
        match self.site(id).await {
            // What was not asked is not silent: it grows old. Why stands with the appliance.
            Ok(site) if site.no_way.is_some() => Vec::new(),
            Ok(site) => site.targets,
            Err(failure) => {
                tracing::error!(cluster.id = id.0, "The cluster's nodes could not be listed: {failure}");
                Vec::new()
            }
        }
    }

    /// One look at one node by one door, stored and told.
    pub(crate) async fn look_by(&self, door: Door, mut target: Target, share: &Share) {
        let (id, look) = (target.cluster, self.store.begin_look());
        let facts = match door {
            Door::Open => self.look_open(&target).await,
            Door::Rest | Door::Ssh | Door::Page => {
                let mut facts = NodeFacts::new(target.address);
                match self.store.node_keys(id).await {
                    Ok(mut keys) => target.keys = keys.remove(&target.address).unwrap_or_default(),
                    Err(error) => {
                        tracing::error!(node = %target.address, "Its keys could not be read: {}", error.sentence());
                        return;
                    }
                }
                match door {
                    Door::Rest => self.look_rest(&target, share, &mut facts).await,
                    _ => self.look_ssh(&mut target, &mut facts).await,
                }
                facts
            }
        };
        self.keep_facts(id, look, vec![facts]).await;
        self.bus.send(Topic::Nodes(id));
    }

    /// Asks all of them by every door now, because somebody changed what they are asked with. Waits a while for it, so that
    /// the page that follows is right at once; a slow node is waited for in the background.
    pub async fn look_at_nodes(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        self.cluster_in_scope(cx, id).await?;
        self.not_stopping()?;
        let look = tokio::spawn({
            let services = self.clone();
            async move { services.observe_nodes(id, 0).await }
        });
        let _ = tokio::time::timeout(PATIENCE, look).await;
        Ok(())
    }

    /// Stores what nodes said, and judges by it.
    pub(super) async fn keep_facts(&self, id: ClusterId, look: i64, read: Vec<NodeFacts>) {
        let reckoning = self.reckoning();
        if let Err(error) = self.store.absorb_node_facts(id, look, reckoning, self.interval, read).await {
            tracing::error!(cluster.id = id.0, "What the nodes said could not be stored: {}", error.sentence());
        }
        self.bus.count(Topic::Nodes(id));
        self.judge(id, reckoning).await;
    }

    /// Why it is no use to log in to a node: at the last look nobody answered there. A login that hangs would make those
    /// of the other nodes wait, for they are made one after the other.
    pub(super) async fn nobody_there(&self, target: &Target) -> Option<Trouble> {
        let facts = self.told_by_nodes(target.cluster).await.ok()?.remove(&target.address)?;
        let trouble = facts.ports.get(&MANAGEMENT)?.value.trouble.clone()?;
        matches!(trouble.kind, TroubleKind::Silent | TroubleKind::Unreachable).then_some(trouble)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_asks_for_all_and_another_when_it_could_not() {
        let share = Share::default();
        assert_eq!((share.claim(), share.clone().claim()), (true, false));
        share.give_back();
        assert!(share.claim());
    }
}
