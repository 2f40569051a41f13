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
    collections::HashMap,
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinHandle, time::MissedTickBehavior};

/// How long a person waits for the nodes' first answers after they accepted keys.
const PATIENCE: Duration = Duration::from_secs(8);

/// What stands in the nodes' common database is asked of one of them in a round: of the first that gets so far.
#[derive(Clone, Default)]
pub(super) struct Share(Arc<AtomicBool>);

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

/// The last look by one door of one node.
#[derive(Default)]
struct Turn {
    /// Ticks since it was begun.
    waited: u32,
    task: Option<JoinHandle<()>>,
}

impl Turn {
    /// Whether it is to be begun now. One that still goes on is left alone.
    fn is_due(&mut self, every: u32) -> bool {
        self.waited = self.waited.saturating_add(1);
        let first = self.task.is_none();
        let due = first || (self.waited >= every && self.task.as_ref().is_some_and(JoinHandle::is_finished));
        if due {
            self.waited = 0;
        }
        due
    }
}

/// What a look at a cluster passes by.
const DOORS: [Door; 3] = [Door::Open, Door::Rest, Door::Ssh];

impl Services {
    /// One look at all nodes of the cluster: without an account each time, with one when the round says so.
    pub async fn observe_nodes(&self, id: ClusterId, round: u32) {
        let share = Share::default();
        let looks = self.targets(id).await.into_iter().map(|target| {
            let share = share.clone();
            async move {
                // The look without an account first: it may find another key.
                for door in DOORS.into_iter().filter(|door| round.is_multiple_of(door.every())) {
                    self.look_by(door, target.clone(), &share).await;
                }
            }
        });
        join_all(looks).await;
    }

    /// The nodes to look at; none where they cannot be listed.
    async fn targets(&self, id: ClusterId) -> Vec<Target> {
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
    async fn look_by(&self, door: Door, mut target: Target, share: &Share) {
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

    /// Again and again until the process ends.
    pub(crate) async fn observe_nodes_for_ever(self) {
        let mut tick = tokio::time::interval(Duration::from_secs(u64::from(self.interval.max(1))));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut turns: HashMap<(ClusterId, Ipv4Addr, Door), Turn> = HashMap::new();
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
                let share = Share::default();
                for target in self.targets(cluster.id).await {
                    for door in DOORS {
                        let turn = turns.entry((cluster.id, target.address, door)).or_default();
                        if turn.is_due(door.every()) {
                            let (services, target, share) = (self.clone(), target.clone(), share.clone());
                            let look = async move { services.look_by(door, target, &share).await };
                            turn.task = Some(tokio::spawn(look));
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_door_is_due_at_its_pace_and_never_twice_at_once() {
        let mut turn = Turn::default();
        assert!(turn.is_due(3), "at once");
        let (done, wait) = tokio::sync::oneshot::channel::<()>();
        turn.task = Some(tokio::spawn(async { drop(wait.await) }));
        for tick in 0..5 {
            assert!(!turn.is_due(3), "{tick}: still looking");
        }
        drop(done);
        while turn.task.as_ref().is_some_and(|task| !task.is_finished()) {
            tokio::task::yield_now().await;
        }
        assert!(turn.is_due(3), "overdue");
        assert_eq!([1, 2, 3].map(|_| turn.is_due(3)), [false, false, true]);
    }

    #[test]
    fn one_asks_for_all_and_another_when_it_could_not() {
        let share = Share::default();
        assert_eq!((share.claim(), share.clone().claim()), (true, false));
        share.give_back();
        assert!(share.claim());
    }
}
