//! "Something changed": what open pages listen to. Carries no data; whoever hears it reads the store.

use crate::Services;
use model::{ActNo, ApplianceId, ClusterId};
use tokio::sync::broadcast;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Observed(ApplianceId),
    /// Of a cluster: facts, keys or accounts.
    Nodes(ClusterId),
    Run(ActNo),
    /// People, clusters, plans: rare.
    Other,
}

pub(crate) struct Bus(broadcast::Sender<Topic>);

impl Bus {
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(256))
    }

    /// Nobody listening is no failure.
    pub(crate) fn tell(&self, topic: Topic) {
        let _ = self.0.send(topic);
    }
}

impl Services {
    /// From now on. A slow listener misses topics and is told so; it then reads everything again.
    pub fn listen(&self) -> broadcast::Receiver<Topic> {
        self.bus.0.subscribe()
    }
}
