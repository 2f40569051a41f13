//! The power of an appliance: what is lost when it goes, and what it knows when it is back.

use super::{Due, Heartbeats, Role, intervals};
use crate::{clock::LabTime, engine::Event, shared::World};
use std::time::Duration;

impl World {
    /// The power goes. In a pair the other one notices when it has not heard anything for the dead interval.
    pub fn went_off(&mut self, index: usize, now: LabTime) {
        let Some(appliance) = self.appliances.get_mut(index).filter(|appliance| appliance.is_on()) else { return };
        appliance.off_since = Some(now);
        appliance.sessions.close_all();
        appliance.saving = false;
        if let Some(ha) = &mut appliance.ha {
            ha.syncing = None;
        }
        // Connections through it end at once.
        self.settled.send_replace(());
        let Some(peer) = self.peer_index(index) else { return };
        let (hello, dead) = intervals(&self.appliances[peer].config.ha);
        if let Some(ha) = &mut self.appliances[peer].ha {
            ha.hears.stop(now, hello);
        }
        let missed = now.plus(Duration::from_secs(dead));
        self.queue.put(missed, Event::Pair { appliance: peer, due: Due::TakeOver });
    }

    /// The power is back: the saved configuration runs, nobody is logged in, and everything counts from zero.
    pub fn came_on(&mut self, index: usize, now: LabTime) {
        let Some(appliance) = self.appliances.get_mut(index).filter(|appliance| !appliance.is_on()) else { return };
        appliance.off_since = None;
        (appliance.booted_at, appliance.ready_at) = (now, now.plus(appliance.boot));
        let files = std::mem::take(&mut appliance.config.files);
        appliance.config = appliance.saved.started(files);
        appliance.forget_clients();
        (appliance.dirty, appliance.changed_at) = (false, appliance.saved_at);
        let ready = appliance.ready_at;
        if let Some(ha) = &mut appliance.ha {
            (ha.since, ha.hears) = (now, Heartbeats::from(now));
            (ha.propagation_timeouts, ha.sync_failures) = (0, 0);
            ha.out_of_step = false;
            ha.failures.clear();
        }
        if let Some(peer) = self.peer_index(index) {
            self.meet(index, peer, ready, now);
        }
        self.settle(index, now);
    }

    /// Off and on again.
    pub fn restart(&mut self, index: usize, now: LabTime) {
        self.went_off(index, now);
        self.came_on(index, now);
    }

    /// Back in its pair: secondary if there is anybody who could be primary meanwhile.
    fn meet(&mut self, index: usize, peer: usize, ready: LabTime, now: LabTime) {
        if !self.appliances[peer].is_on() {
            let every = intervals(&self.appliances[peer].config.ha).0;
            if let Some(ha) = &mut self.appliances[index].ha {
                ha.hears.stop(now, every);
            }
            self.queue.put(ready, Event::Pair { appliance: index, due: Due::TakeOver });
            return;
        }
        if let Some(ha) = &mut self.appliances[peer].ha {
            ha.hears.go_on(now);
        }
        if self.appliances[index].role() == Role::Primary && self.appliances[peer].can_take_over(now) {
            self.swap(peer, now);
        }
        if ready <= now {
            self.sync_by_itself(index, now);
        } else {
            self.queue.put(ready, Event::Pair { appliance: index, due: Due::BeginSync });
        }
    }
}
