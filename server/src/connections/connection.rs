//! What one connection is doing, and since when.

use super::Limits;
use services::Network;
use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    sync::{Notify, futures::Notified},
    time::Instant,
};

/// Put into each request that comes over it.
#[derive(Debug)]
pub struct Connection {
    pub(super) number: u64,
    pub(super) network: Network,
    /// Many people may come from there, so they are not counted together.
    pub(super) shared: bool,
    state: Mutex<State>,
    gone: Notify,
}

#[derive(Debug)]
struct State {
    /// Requests that are being read, dealt with or answered.
    busy: usize,
    /// It began to wait, or the head that is on its way began.
    since: Instant,
    /// It has been spoken over before.
    used: bool,
    /// Something of the next request's head is here.
    heard: bool,
    /// Bytes of an answer wait to be taken.
    blocked: Option<Instant>,
    /// The last request was by somebody signed in.
    known: bool,
}

/// How much it matters: the smallest makes room first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight {
    pub known: bool,
    pub busy: bool,
    pub since: Instant,
}

impl Connection {
    pub(super) fn new(number: u64, address: IpAddr, shared: bool) -> Self {
        let state = State { busy: 0, since: Instant::now(), used: false, heard: false, blocked: None, known: false };
        let network = Network::of_address(address);
        Self { number, network, shared, state: Mutex::new(state), gone: Notify::new() }
    }

    /// Whether somebody signed in asks over it. Said of each request.
    pub fn is_known(&self, known: bool) {
        self.state().known = known;
    }

    pub(super) fn weight(&self) -> Weight {
        let state = self.state();
        Weight { known: state.known, busy: state.busy > 0, since: state.since }
    }

    /// It has to make room.
    pub(super) fn send_away(&self) {
        self.gone.notify_one();
    }

    pub(super) fn gone(&self) -> Notified<'_> {
        self.gone.notified()
    }

    /// When it is over unless something happens; `None` while we are at work ourselves.
    pub(super) fn deadline(&self, limits: &Limits) -> Option<Instant> {
        let state = self.state();
        // What we have done with may still wait to be taken.
        if let Some(since) = state.blocked {
            return Some(since + limits.stalled);
        }
        if state.busy > 0 {
            return None;
        }
        let within = if state.heard || !state.used { limits.head } else { limits.idle };
        Some(state.since + within)
    }

    /// Bytes came in.
    pub(super) fn heard(&self) {
        let mut state = self.state();
        if state.busy == 0 && !state.heard {
            state.heard = true;
            // The first head has the time of the first silence: it is one time for both.
            if state.used {
                state.since = Instant::now();
            }
        }
    }

    /// Bytes went out, or could not.
    pub(super) fn wrote(&self, taken: bool) {
        let mut state = self.state();
        if !taken {
            state.blocked.get_or_insert_with(Instant::now);
        } else if state.blocked.take().is_some() && state.busy == 0 {
            state.since = Instant::now();
        }
    }

    pub(super) fn busy(self: &Arc<Self>) -> Busy {
        let mut state = self.state();
        if state.busy == 0 {
            state.since = Instant::now();
        }
        state.busy += 1;
        state.used = true;
        state.heard = false;
        drop(state);
        Busy(Arc::clone(self))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As long as it lives, its connection is at work.
pub(super) struct Busy(Arc<Connection>);

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.busy -= 1;
        if state.busy == 0 {
            state.since = Instant::now();
        }
    }
}
