//! The power of a node: on, off, hanging, restarting.

use super::{Node, accept, reuse_socket};
use crate::{engine::Event, xms::Ill};
use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// What can change about a node.
#[derive(Default)]
pub(super) struct Power {
    pub listening: BTreeMap<u16, JoinHandle<()>>,
    /// Connections left until the power goes off.
    pub countdown: Option<u64>,
    pub slow: Duration,
    pub paused: bool,
    /// Off by its own will, and coming back.
    restarting: bool,
}

impl Node {
    pub(super) fn power(&self) -> MutexGuard<'_, Power> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_on(&self) -> bool {
        !self.power().listening.is_empty()
    }

    /// On, and not hanging.
    pub fn is_answering(&self) -> bool {
        let power = self.power();
        !power.listening.is_empty() && !power.paused
    }

    /// `on`, `off` or, by its own will and for a while, `restarting`.
    pub fn power_word(&self) -> &'static str {
        let power = self.power();
        match (power.listening.is_empty(), power.restarting) {
            (false, _) => "on",
            (true, true) => "restarting",
            (true, false) => "off",
        }
    }

    /// Starts what is off, and opens every port that is not open.
    pub fn power_on(self: &Arc<Self>) -> io::Result<()> {
        self.machine.boot(&self.cluster);
        self.open()
    }

    fn open(self: &Arc<Self>) -> io::Result<()> {
        let mut power = self.power();
        (power.countdown, power.restarting) = (None, false);
        // A machine that was never set up has its command line and nothing else.
        let new = self.machine.is_new();
        for (port, door) in self.doors.iter().filter(|(port, _)| !new || **port == 22) {
            if !power.listening.contains_key(port) {
                let listener = listen(door.address)?;
                let task = tokio::spawn(accept::serve(Arc::downgrade(self), *port, listener));
                power.listening.insert(*port, task);
            }
        }
        Ok(())
    }

    /// Closes every port and cuts every connection; when this returns, connects are refused.
    pub async fn power_off(&self) {
        self.power().restarting = false;
        // First, so that whoever sees it off sees since when.
        self.went_off();
        self.close().await;
    }

    async fn close(&self) {
        let tasks = std::mem::take(&mut self.power().listening);
        stop(tasks.into_values()).await;
    }

    /// Powers off after so many more connections.
    pub fn power_off_after(&self, connections: u64) {
        self.power().countdown = Some(connections);
    }

    pub fn set_slow(&self, by: Duration) {
        self.power().slow = by;
    }

    /// Stops accepting (or goes on): the task that owns the listener looks at this before each accept.
    pub async fn set_paused(self: &Arc<Self>, paused: bool) -> io::Result<()> {
        if std::mem::replace(&mut self.power().paused, paused) == paused {
            return Ok(());
        }
        if self.is_on() {
            // A new task sees the new word at once; the old one may be waiting in accept.
            self.close().await;
            self.open()?;
        }
        Ok(())
    }

    /// Goes down and comes back after the profile's time, by the lab's clock.
    ///
    /// In a task of its own: whoever asks for this is on one of the connections that it cuts.
    pub fn restart(self: &Arc<Self>) {
        let node = Arc::clone(self);
        tokio::spawn(async move {
            node.power_off().await;
            let Some(lab) = node.cluster.lab() else { return };
            let mut world = lab.world();
            let down = Duration::from_secs(node.cluster.profile.cli.restart_seconds);
            let back = world.clock.now().plus(down);
            world.queue.put(back, Event::Start { node: node.ip });
            node.power().restarting = true;
        });
    }

    /// Goes down and stays there.
    pub fn shut_down(self: &Arc<Self>) {
        let node = Arc::clone(self);
        tokio::spawn(async move { node.power_off().await });
    }

    /// The end of a restart, unless somebody else has decided about the power meanwhile.
    pub fn come_back(self: &Arc<Self>) -> io::Result<()> {
        if self.power().restarting { self.power_on() } else { Ok(()) }
    }

    /// Closes or opens port 80 for the time that the fault names, and comes again after it.
    pub fn flap_again(&self) {
        let Some(time) = self.machine.local().ills.time(Ill::Port80Flap) else { return };
        let Some(lab) = self.cluster.lab() else { return };
        let mut world = lab.world();
        let at = world.clock.now().plus(time.max(Duration::from_secs(1)));
        world.queue.put(at, Event::Flap { node: self.ip });
    }

    /// The moment for which [`Node::flap_again`] has asked.
    pub fn flap(&self) {
        {
            let mut local = self.machine.local();
            if !local.ills.has(Ill::Port80Flap) {
                return;
            }
            local.ills.flapped = !local.ills.flapped;
        }
        self.flap_again();
    }

    /// For the end of the lab, where nobody can wait.
    pub fn abort(&self) {
        self.power().listening.values().for_each(JoinHandle::abort);
    }

    /// Takes the tasks of all ports; the one of `mine` goes on by itself.
    pub(super) fn release_others(&self, mine: u16) -> Vec<JoinHandle<()>> {
        let mut tasks = std::mem::take(&mut self.power().listening);
        tasks.remove(&mine);
        tasks.into_values().collect()
    }
}

pub(super) async fn stop(tasks: impl IntoIterator<Item = JoinHandle<()>>) {
    for task in tasks {
        task.abort();
        // Cancelled is what it should be; either way the listener is gone now.
        let _ended = task.await;
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = reuse_socket()?;
    socket.bind(address)?;
    socket.listen(1024)
}
