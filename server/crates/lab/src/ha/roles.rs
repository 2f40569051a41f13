//! Who is primary: by force, and when the other one is gone.

use super::{Due, Role, intervals};
use crate::{
    clock::LabTime,
    engine::Event,
    refusal::{Outcome, Refusal},
    shared::World,
};
use std::time::Duration;

impl World {
    /// The two change places, whichever of them was asked.
    pub fn failover(&mut self, index: usize, now: LabTime) -> Outcome {
        let peer = self.peer_index(index).ok_or(Refusal::new(363))?;
        let is_primary = self.appliances[index].role() == Role::Primary;
        let (primary, secondary) = if is_primary { (index, peer) } else { (peer, index) };
        if self.appliances[primary].ha_switch("hastatus") == "STAYPRIMARY" {
            return Err(Refusal::new(365));
        }
        if !self.appliances[secondary].can_take_over(now) {
            return Err(Refusal::new(if is_primary { 364 } else { 365 }));
        }
        if self.appliances[secondary].ha.as_ref().is_some_and(|ha| ha.syncing.is_some()) {
            return Err(Refusal::new(412));
        }
        self.swap(secondary, now);
        Ok(())
    }

    /// `primary` becomes what its name says, and the other one synchronises with it.
    pub(super) fn swap(&mut self, primary: usize, now: LabTime) {
        let Some(secondary) = self.peer_index(primary) else { return };
        for (index, role) in [(primary, Role::Primary), (secondary, Role::Secondary)] {
            self.stop_sync(index);
            self.appliances[index].forget_clients();
            if let Some(ha) = self.appliances[index].ha.as_mut() {
                (ha.role, ha.since, ha.out_of_step) = (role, now, false);
                (ha.sync_failures, ha.failures) = (0, Vec::new());
            }
        }
        self.settle(primary, now);
        self.sync_by_itself(secondary, now);
    }

    /// Takes over from a primary that has been silent for long enough.
    pub(super) fn look_at_peer(&mut self, index: usize, now: LabTime) {
        let Some(since) = self.peer(index).and_then(|peer| peer.off_since) else { return };
        let own = &self.appliances[index];
        let patience = Duration::from_secs(intervals(&own.config.ha).1);
        let ready = own.ready_at.max(since.plus(patience));
        if now < ready {
            self.queue.put(ready, Event::Pair { appliance: index, due: Due::TakeOver });
        } else if own.role() == Role::Secondary && own.can_take_over(now) {
            self.swap(index, now);
        }
    }
}
