//! The doors by which a node is looked at: without an account, over REST, over SSH, by its pages. Each has its file here, and
//! needs no more than the ground and the accounts.

use super::pool::NodePool;
use crate::ground::Ground;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

#[derive(Clone)]
pub(super) struct Doors {
    pub ground: Arc<Ground>,
    pub pool: Arc<NodePool>,
}

/// What stands in the nodes' common database is asked of one of them in a round: of the first that gets so far.
#[derive(Clone, Default)]
pub(crate) struct Share(Arc<AtomicBool>);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_asks_for_all_and_another_when_it_could_not() {
        let share = Share::default();
        assert_eq!((share.claim(), share.clone().claim()), (true, false));
        share.give_back();
        assert!(share.claim());
    }
}
