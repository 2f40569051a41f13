//! What clients sent through the lab's proxy, counted where it went.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::SeqCst},
};

/// Counters of one virtual server or member. Shared by all copies of the configuration, because traffic is not undone.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    hits: AtomicU64,
    open: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
}

impl Traffic {
    /// Connections so far.
    pub fn hits(&self) -> u64 {
        self.hits.load(SeqCst)
    }

    /// Connections that are open now.
    pub fn open(&self) -> u64 {
        self.open.load(SeqCst)
    }

    /// Bytes from clients, of connections that have ended.
    pub fn received(&self) -> u64 {
        self.received.load(SeqCst)
    }

    /// Bytes to clients, of connections that have ended.
    pub fn sent(&self) -> u64 {
        self.sent.load(SeqCst)
    }
}

/// One connection on its way through a virtual server to a member; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Passage(Vec<Arc<Traffic>>);

impl Passage {
    pub fn begin(through: &[&Arc<Traffic>]) -> Self {
        for traffic in through {
            traffic.hits.fetch_add(1, SeqCst);
            traffic.open.fetch_add(1, SeqCst);
        }
        Self(through.iter().map(|traffic| Arc::clone(traffic)).collect())
    }

    pub fn carried(&self, (received, sent): (u64, u64)) {
        for traffic in &self.0 {
            traffic.received.fetch_add(received, SeqCst);
            traffic.sent.fetch_add(sent, SeqCst);
        }
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        for traffic in &self.0 {
            traffic.open.fetch_sub(1, SeqCst);
        }
    }
}
