//! What is due, and when.

use crate::{
    clock::LabTime,
    ha::Due,
    model::{Id, Judgement},
};
use std::{collections::BTreeMap, net::Ipv4Addr};

/// Something that happens at a moment of lab time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A probe of this member by this monitor is to be sent.
    Probe { appliance: usize, member: Id, monitor: Id },
    /// The result of a probe that took a while arrives.
    Result { appliance: usize, member: Id, monitor: Id, ticket: u64, sent: LabTime, judgement: Judgement },
    /// A node that went down by itself is back.
    Start { node: Ipv4Addr },
    /// A node's port 80 closes or opens.
    Flap { node: Ipv4Addr },
    /// A delay ends.
    Wake { appliance: usize },
    /// Something is due in a pair.
    Pair { appliance: usize, due: Due },
}

/// Events in the order of their time; those of one moment in the order in which they were put in.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    entries: BTreeMap<(LabTime, u64), Event>,
    tickets: u64,
}

impl Queue {
    /// Puts an event in. The ticket that comes back is never used twice, not even after a reset.
    pub fn put(&mut self, at: LabTime, event: Event) -> u64 {
        self.tickets += 1;
        self.entries.insert((at, self.tickets), event);
        self.tickets
    }

    /// Puts in a wake-up, unless there is one for that appliance and moment already.
    pub fn wake(&mut self, at: LabTime, appliance: usize) {
        let event = Event::Wake { appliance };
        if !self.entries.range((at, 0)..=(at, u64::MAX)).any(|(_, known)| *known == event) {
            self.put(at, event);
        }
    }

    /// All events of the earliest moment, if that is not after `limit`.
    pub fn take_due(&mut self, limit: LabTime) -> Option<(LabTime, Vec<(u64, Event)>)> {
        let (at, _) = *self.entries.first_key_value()?.0;
        if at > limit {
            return None;
        }
        let later = self.entries.split_off(&(at, u64::MAX));
        let due = std::mem::replace(&mut self.entries, later);
        Some((at, due.into_iter().map(|((_, ticket), event)| (ticket, event)).collect()))
    }

    /// Forgets everything; tickets go on counting.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_in_order_and_whole() {
        let mut queue = Queue::default();
        let wake = |appliance| Event::Wake { appliance };
        queue.put(LabTime(20), wake(2));
        queue.put(LabTime(10), wake(0));
        queue.put(LabTime(10), wake(1));
        queue.wake(LabTime(10), 1);
        assert!(queue.take_due(LabTime(9)).is_none());
        let (at, due) = queue.take_due(LabTime(30)).unwrap();
        assert_eq!((at, due.len()), (LabTime(10), 2));
        assert_eq!(queue.take_due(LabTime(30)).unwrap().0, LabTime(20));
        assert_eq!(queue.len(), 0);
    }
}
