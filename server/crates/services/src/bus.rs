//! "Something changed": what open pages listen to. Carries no data; whoever hears it reads the store.

use model::{ActNo, ApplianceId, ClusterId};
use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::broadcast;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    Observed(ApplianceId),
    /// Of a cluster: facts, keys or accounts.
    Nodes(ClusterId),
    Run(ActNo),
    /// A cluster's set-up, plans, uploads, or what it owns.
    Cluster(ClusterId),
    /// Its verdict is another.
    Verdict(ClusterId),
    /// That no appliance answers, or one does again.
    Outage,
    /// People, sessions, delays; what others did by hand.
    People,
    /// Clusters and appliances that come, go or are described anew; the clock; trouble: rare.
    Other,
}

pub(crate) struct Bus {
    sender: broadcast::Sender<Topic>,
    /// How often something was told about what lasts; runs come and go.
    told: Mutex<HashMap<Topic, u64>>,
    /// How often anything was told.
    count: AtomicU64,
}

impl Bus {
    pub(crate) fn new() -> Self {
        Self { sender: broadcast::Sender::new(256), told: Mutex::default(), count: AtomicU64::new(0) }
    }

    pub(crate) fn tell(&self, topic: Topic) {
        self.count(topic);
        self.send(topic);
    }

    /// What rests on it is old from now on; nobody is told yet, because what follows from it is being made.
    pub(crate) fn count(&self, topic: Topic) {
        if !matches!(topic, Topic::Run(_)) {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            *told.entry(topic).or_default() += 1;
        }
    }

    /// Nobody listening is no failure.
    pub(crate) fn send(&self, topic: Topic) {
        self.count.fetch_add(1, Ordering::SeqCst);
        let _ = self.sender.send(topic);
    }

    /// A number that grows whenever something is told about one of these.
    pub(crate) fn news(&self, topics: &[Topic]) -> u64 {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        topics.iter().filter_map(|topic| told.get(topic)).sum()
    }

    /// From now on. A slow listener misses topics and is told so; it then reads everything again.
    pub fn listen(&self) -> broadcast::Receiver<Topic> {
        self.sender.subscribe()
    }

    /// How often anything was told so far: what was read before it grew may be old.
    pub fn told(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}
