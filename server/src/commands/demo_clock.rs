//! The demo's time is the lab's: console, appliance and nodes agree, also where somebody moves the clock by hand.

use lab::Lab;
use model::{At, Clock, clock::from_millis};
use std::{sync::Arc, time::Duration};

pub struct LabClock {
    lab: Arc<Lab>,
    start: i64,
}

impl LabClock {
    pub fn of(lab: &Arc<Lab>) -> Self {
        Self { lab: Arc::clone(lab), start: lab.now_ms() }
    }
}

impl Clock for LabClock {
    fn now(&self) -> At {
        from_millis(self.lab.now_ms())
    }

    fn passed(&self) -> Duration {
        Duration::from_millis((self.lab.now_ms() - self.start).unsigned_abs())
    }
}
