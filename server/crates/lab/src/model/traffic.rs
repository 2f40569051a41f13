//! What clients sent through a virtual server, a member or a gateway: counters, what is open now, and rates.

use std::{
    ops::Sub,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The appliance counts bytes and packets; here a packet is what fits into one Ethernet frame.
const SEGMENT: u64 = 1460;

/// What only grows, until somebody clears it or the appliance starts again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub hits: u64,
    pub requests: u64,
    pub responses: u64,
    /// Bytes from clients.
    pub received: u64,
    /// Bytes to clients.
    pub sent: u64,
    pub packets_received: u64,
    pub packets_sent: u64,
    /// Hits that a backup took over.
    pub detours: u64,
}

/// What is open, and counted for as long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gauge {
    Clients,
    Servers,
    /// What a graceful shutdown waits for: connections that are passed on, requests that are not answered yet.
    Active,
}

#[derive(Debug, Default)]
struct Inner {
    counts: Counts,
    /// The counts at the last roll, and what was added per second in the interval before.
    rolled: Counts,
    rates: Counts,
    clients: u64,
    servers: u64,
    active: u64,
}

/// Shared by all copies of the configuration, because traffic is not undone.
#[derive(Debug, Default)]
pub(crate) struct Traffic(Mutex<Inner>);

/// Something that is open; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Open(Arc<Traffic>, Gauge);

impl Traffic {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connections that were passed on, and requests.
    pub fn hits(&self) -> u64 {
        self.inner().counts.hits
    }

    pub fn counts(&self) -> Counts {
        self.inner().counts
    }

    /// Per second, in the last interval that is over.
    pub fn rates(&self) -> Counts {
        self.inner().rates
    }

    pub fn now(&self, gauge: Gauge) -> u64 {
        *self.inner().gauge(gauge)
    }

    /// What a graceful shutdown waits for.
    pub fn open(&self) -> u64 {
        self.now(Gauge::Active)
    }

    /// A connection that is passed on, or a request.
    pub fn hit(&self) {
        self.inner().counts.hits += 1;
    }

    /// One that a backup took over.
    pub fn detour(&self) {
        self.inner().counts.detours += 1;
    }

    pub fn request(&self) {
        self.inner().counts.requests += 1;
    }

    pub fn response(&self) {
        self.inner().counts.responses += 1;
    }

    pub fn carry_in(&self, bytes: usize) {
        let mut inner = self.inner();
        inner.counts.received += bytes as u64;
        inner.counts.packets_received += (bytes as u64).div_ceil(SEGMENT);
    }

    pub fn carry_out(&self, bytes: usize) {
        let mut inner = self.inner();
        inner.counts.sent += bytes as u64;
        inner.counts.packets_sent += (bytes as u64).div_ceil(SEGMENT);
    }

    pub fn begin(self: &Arc<Self>, gauge: Gauge) -> Open {
        *self.inner().gauge(gauge) += 1;
        Open(Arc::clone(self), gauge)
    }

    /// An interval of so many seconds is over; `quiet`: and another one after it, in which nothing can have happened.
    pub fn roll(&self, seconds: u64, quiet: bool) {
        let mut inner = self.inner();
        let added = inner.counts - inner.rolled;
        inner.rates = if quiet { Counts::default() } else { added.per(seconds) };
        inner.rolled = inner.counts;
    }

    /// Counters begin anew; what is open stays open.
    pub fn clear(&self) {
        let mut inner = self.inner();
        (inner.counts, inner.rolled, inner.rates) = Default::default();
    }
}

impl Inner {
    fn gauge(&mut self, gauge: Gauge) -> &mut u64 {
        match gauge {
            Gauge::Clients => &mut self.clients,
            Gauge::Servers => &mut self.servers,
            Gauge::Active => &mut self.active,
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        *self.0.inner().gauge(self.1) -= 1;
    }
}

impl Counts {
    fn per(self, seconds: u64) -> Self {
        let rate = |count: u64| count.checked_div(seconds).unwrap_or(0);
        Self {
            hits: rate(self.hits),
            requests: rate(self.requests),
            responses: rate(self.responses),
            received: rate(self.received),
            sent: rate(self.sent),
            packets_received: rate(self.packets_received),
            packets_sent: rate(self.packets_sent),
            detours: rate(self.detours),
        }
    }
}

impl Sub for Counts {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            hits: self.hits - before.hits,
            requests: self.requests - before.requests,
            responses: self.responses - before.responses,
            received: self.received - before.received,
            sent: self.sent - before.sent,
            packets_received: self.packets_received - before.packets_received,
            packets_sent: self.packets_sent - before.packets_sent,
            detours: self.detours - before.detours,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_those_of_the_interval_that_is_over() {
        let traffic = Arc::new(Traffic::default());
        let open = traffic.begin(Gauge::Clients);
        for _ in 0..14 {
            traffic.hit();
        }
        traffic.carry_in(3000);
        assert_eq!(traffic.rates(), Counts::default());
        traffic.roll(7, false);
        assert_eq!((traffic.rates().hits, traffic.rates().received, traffic.counts().packets_received), (2, 428, 3));
        traffic.roll(7, false);
        assert_eq!(traffic.rates(), Counts::default());
        traffic.clear();
        assert_eq!((traffic.counts(), traffic.now(Gauge::Clients)), (Counts::default(), 1));
        drop(open);
        assert_eq!(traffic.now(Gauge::Clients), 0);
    }
}
