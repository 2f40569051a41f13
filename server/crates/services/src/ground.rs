//! What everything here stands on: the store, the clock, the bus and the vault. It knows nothing of what is done with them.

use crate::{
    Failure,
    bus::Bus,
    clock::{ClockStep, Timekeeper},
    refusal::Refusal,
    vault::Vault,
};
use model::{At, Clock, Reckoning};
use std::{
    fs::File,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::Store;

pub(crate) struct Ground {
    pub store: Store,
    pub bus: Bus,
    pub vault: Vault,
    /// Seconds between two looks at an appliance.
    pub interval: u32,
    time: Timekeeper,
    /// Set once, at the orderly stop: nothing new is begun, no session is opened any more.
    stopping: AtomicBool,
    /// The folder is ours for as long as anybody stands here.
    _lock: File,
}

impl Ground {
    /// `lock`: the data folder's.
    pub fn new(lock: File, store: Store, vault: Vault, clock: Arc<dyn Clock>, interval: u32) -> Arc<Self> {
        Arc::new(Self {
            store,
            bus: Bus::new(),
            vault,
            interval: interval.max(1),
            time: Timekeeper::new(clock),
            stopping: AtomicBool::default(),
            _lock: lock,
        })
    }

    /// By the console's clock.
    pub fn now(&self) -> At {
        self.reckoning().now
    }

    /// The present, and what times that were noted earlier are by it.
    pub fn reckoning(&self) -> Reckoning {
        self.time.reckoning()
    }

    /// Time that only passes.
    pub fn passed(&self) -> Duration {
        self.time.passed()
    }

    /// The last step of this machine's clock, for a day.
    pub fn clock_step(&self) -> Option<ClockStep> {
        self.time.news()
    }

    /// Writes down what was noticed of the clock, before anything is compared with the time.
    pub async fn mind_the_clock(&self) -> Result<(), Failure> {
        self.time.mind(&self.store, &self.bus).await
    }

    /// The same at the start, when the log alone knows what time it was.
    pub async fn compare_with_the_log(&self) -> Result<(), Failure> {
        self.time.compare_with_the_log(&self.store, &self.bus).await
    }

    pub fn begin_nothing_more(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub fn not_stopping(&self) -> Result<(), Failure> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err(Refusal::Stopping.into());
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::Ground;
    use crate::{SystemClock, folder, vault::Vault};
    use std::{path::Path, sync::Arc};
    use store::Store;

    /// Whatever stands on the ground alone can be tested by itself.
    pub(crate) async fn ground(data: &Path) -> Arc<Ground> {
        let lock = folder::only_us(data).unwrap();
        let store = Store::open(data).await.unwrap();
        let vault = Vault::open(&folder::key_in(data)).unwrap();
        Ground::new(lock, store, vault, Arc::<SystemClock>::default(), 10)
    }
}
