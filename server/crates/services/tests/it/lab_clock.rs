//! The console's clock in tests.

use lab::Lab;
use model::{At, Clock, clock::from_millis};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// A clock that goes with the lab's, which moves when it is told, and that somebody may set.
pub struct LabClock {
    lab: Arc<Lab>,
    start: i64,
    set: AtomicI64,
}

impl LabClock {
    pub fn new(lab: Arc<Lab>) -> Self {
        Self { start: lab.now_ms(), lab, set: AtomicI64::new(0) }
    }

    /// Sets the clock forward or back; no time passes.
    pub fn set_by(&self, seconds: i64) {
        self.set.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// It agrees with the lab's again.
    pub fn set_right(&self) {
        self.set.store(0, Ordering::SeqCst);
    }
}

impl Clock for LabClock {
    fn now(&self) -> At {
        from_millis(self.lab.now_ms() + self.set.load(Ordering::SeqCst))
    }

    fn passed(&self) -> Duration {
        Duration::from_millis((self.lab.now_ms() - self.start).unsigned_abs())
    }
}
