//! All connections that are open, and who goes when there are too many.
//!
//! Nobody who comes is turned away for what others do: whoever matters least makes room. Behind a proxy all come from one
//! address, so that it is not the address that counts there but what a connection is used for: one that is silent goes
//! before one that is at work, one of a stranger before one of somebody signed in, the oldest first.

use super::{Connection, Limits, connection::Weight, stands_for_many};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// That somebody had to go is said so often.
const SAID_EVERY: Duration = Duration::from_mins(1);

#[derive(Debug)]
pub struct Crowd {
    limits: Limits,
    proxies: Vec<IpAddr>,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    open: HashMap<u64, Arc<Connection>>,
    next: u64,
    /// Sent away and not let in since that was said last.
    sent_away: u64,
    refused: u64,
    said: Option<Instant>,
}

impl Crowd {
    pub fn new(limits: Limits, proxies: Vec<IpAddr>) -> Self {
        Self { limits, proxies, inside: Mutex::default() }
    }

    pub const fn limits(&self) -> Limits {
        self.limits
    }

    pub fn open(&self) -> usize {
        self.inside().open.len()
    }

    /// Lets one in, and whoever matters least out where there are too many. `None`: all others are at work for somebody
    /// signed in.
    pub fn enter(&self, address: IpAddr) -> Option<Arc<Connection>> {
        let shared = stands_for_many(address, &self.proxies);
        let mut inside = self.inside();
        inside.next += 1;
        let connection = Arc::new(Connection::new(inside.next, address, shared));
        let here = |other: &Connection| !other.shared && other.network == connection.network;
        if !shared && inside.open.values().filter(|other| here(other)).count() >= self.limits.network {
            inside.send_one_away(here)?;
        }
        if inside.open.len() >= self.limits.all {
            inside.send_one_away(|_| true)?;
        }
        let strangers = self.limits.all - self.limits.reserve;
        // Counting costs something; below that there cannot be too many.
        if inside.open.len() >= strangers
            && inside.open.values().filter(|other| !other.weight().known).count() >= strangers
        {
            inside.send_one_away(|other| !other.weight().known)?;
        }
        inside.open.insert(connection.number, Arc::clone(&connection));
        Some(connection)
    }

    /// That somebody was not let in.
    pub fn refused(&self) {
        let mut inside = self.inside();
        inside.refused += 1;
        inside.say();
    }

    pub fn leave(&self, connection: &Connection) {
        self.inside().open.remove(&connection.number);
    }

    /// Files are short.
    pub fn make_room(&self) {
        let _ = self.inside().send_one_away(|_| true);
    }

    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn send_one_away(&mut self, of: impl Fn(&Connection) -> bool) -> Option<()> {
        let weighed = self.open.values().filter(|other| of(other)).map(|other| (other.weight(), other.number));
        let least = weighed.min().filter(|(weight, _)| may_go(*weight));
        let (_, number) = least?;
        self.open.remove(&number)?.send_away();
        self.sent_away += 1;
        self.say();
        Some(())
    }

    fn say(&mut self) {
        if self.said.is_none_or(|said| said.elapsed() >= SAID_EVERY) {
            self.said = Some(Instant::now());
            let (away, refused) = (std::mem::take(&mut self.sent_away), std::mem::take(&mut self.refused));
            let open = self.open.len();
            tracing::warn!(
                "{away} connections were closed to make room for others, {refused} were not let in, {open} are open."
            );
        }
    }
}

/// What is being done for somebody signed in is not broken off for whoever comes next.
const fn may_go(weight: Weight) -> bool {
    !(weight.known && weight.busy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        head: Duration::from_secs(10),
        idle: Duration::from_secs(75),
        stalled: Duration::from_secs(30),
        linger: Duration::from_secs(30),
        linger_bytes: 1,
        head_bytes: 8_192,
        all: 8,
        reserve: 2,
        network: 3,
    };

    fn at(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn is_open(crowd: &Crowd, connection: &Connection) -> bool {
        crowd.inside().open.contains_key(&connection.number)
    }

    #[tokio::test(start_paused = true)]
    async fn behind_a_proxy_the_silent_strangers_go_first_and_the_signed_in_stay() {
        let crowd = Crowd::new(LIMITS, vec![at("10.0.0.5")]);
        let mut open = Vec::new();
        for n in 0..6 {
            let address = if n % 2 == 0 { "127.0.0.1" } else { "10.0.0.5" };
            open.push(crowd.enter(at(address)).unwrap());
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        // The oldest belongs to somebody signed in, the second is at work for a stranger.
        open[0].is_known(true);
        let _work = open[1].busy();
        open.push(crowd.enter(at("127.0.0.1")).unwrap());
        assert_eq!(crowd.open(), 7, "strangers have six places of eight, and one of these is no stranger");
        let gone = |expected: &[bool]| {
            let is: Vec<bool> = open.iter().map(|connection| !is_open(&crowd, connection)).collect();
            assert_eq!(is, expected);
        };
        gone(&[false; 7]);
        crowd.enter(at("127.0.0.1")).unwrap();
        gone(&[false, false, true, false, false, false, false]);
        for _ in 0..50 {
            tokio::time::advance(Duration::from_millis(1)).await;
            crowd.enter(at("10.0.0.5")).unwrap();
        }
        gone(&[false, false, true, true, true, true, true]);
        assert_eq!(crowd.open(), 7, "room is kept for people");
    }

    #[test]
    fn one_network_has_its_own_bound_and_costs_nobody_else_anything() {
        let crowd = Crowd::new(LIMITS, Vec::new());
        let other = crowd.enter(at("192.0.2.1")).unwrap();
        let first: Vec<_> = (1..=3).map(|n| crowd.enter(at(&format!("2001:db8::{n}"))).unwrap()).collect();
        for n in 4..100 {
            crowd.enter(at(&format!("2001:db8::{n:x}"))).unwrap();
        }
        assert_eq!(crowd.open(), 4, "three of the network, whatever their address in it");
        assert!(is_open(&crowd, &other) && !is_open(&crowd, &first[0]));
        let many: Vec<_> = (0..4).map(|_| crowd.enter(at("127.0.0.1")).unwrap()).collect();
        assert!(many.iter().filter(|connection| is_open(&crowd, connection)).count() >= 3, "a proxy stands for many");
    }

    #[test]
    fn what_is_done_for_somebody_signed_in_is_not_broken_off() {
        let crowd = Crowd::new(Limits { reserve: 0, ..LIMITS }, Vec::new());
        let open: Vec<_> = (0..8).map(|_| crowd.enter(at("127.0.0.1")).unwrap()).collect();
        let work: Vec<_> = open.iter().map(Connection::busy).collect();
        for connection in &open {
            connection.is_known(true);
        }
        assert!(crowd.enter(at("127.0.0.1")).is_none());
        drop(work);
        assert!(crowd.enter(at("127.0.0.1")).is_some(), "one that waits makes room at last");
        crowd.leave(&open[7]);
        assert_eq!(crowd.open(), 7);
    }
}
