//! Stand-ins for XenMobile nodes: real listeners on loopback that accept and count connections.
//!
//! A node's logical addresses (10.20.30.11:443) are known to the lab only; [`Nodes::reach`] is the address table.

use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket},
    task::JoinHandle,
};

mod accept;

/// The ports that a node listens on: enrolment over TLS and MDM, app management, console, and plain HTTP.
pub(crate) const PORTS: [u16; 4] = [443, 8443, 4443, 80];

/// What a logical address leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach {
    /// No such address: packets vanish.
    Nowhere,
    /// The host is there and the port is not.
    Closed,
    Port {
        address: SocketAddr,
        /// How long the node takes to answer, in lab time.
        slow: Duration,
        /// Nothing is accepted, though the kernel still completes the handshake.
        paused: bool,
    },
}

/// All nodes of a lab.
#[derive(Clone)]
pub(crate) struct Nodes(Vec<Arc<Node>>);

/// One node.
pub(crate) struct Node {
    pub ip: Ipv4Addr,
    pub password: String,
    doors: BTreeMap<u16, Door>,
    state: Mutex<Power>,
}

/// One port.
struct Door {
    address: SocketAddr,
    /// Bound, never listening: keeps the port ours while the node is off, so that nobody else can answer there.
    _reserved: TcpSocket,
    accepted: AtomicU64,
}

/// What can change about a node.
#[derive(Default)]
struct Power {
    listening: BTreeMap<u16, JoinHandle<()>>,
    /// Connections left until the power goes off.
    countdown: Option<u64>,
    slow: Duration,
    paused: bool,
}

impl Nodes {
    pub fn start(ips: &[Ipv4Addr]) -> io::Result<Self> {
        let mut nodes = Vec::new();
        for ip in ips {
            nodes.push(Node::start(*ip)?);
        }
        Ok(Self(nodes))
    }

    pub fn all(&self) -> &[Arc<Node>] {
        &self.0
    }

    pub fn find(&self, ip: IpAddr) -> Option<&Arc<Node>> {
        self.0.iter().find(|node| IpAddr::V4(node.ip) == ip)
    }

    /// The lab's address table.
    pub fn reach(&self, ip: IpAddr, port: u16) -> Reach {
        let Some(node) = self.find(ip) else { return Reach::Nowhere };
        let Some(door) = node.doors.get(&port) else { return Reach::Closed };
        let power = node.power();
        Reach::Port { address: door.address, slow: power.slow, paused: power.paused }
    }
}

impl Node {
    fn start(ip: Ipv4Addr) -> io::Result<Arc<Self>> {
        let mut doors = BTreeMap::new();
        for port in PORTS {
            let reserved = reuse_socket()?;
            reserved.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
            let address = reserved.local_addr()?;
            doors.insert(port, Door { address, _reserved: reserved, accepted: AtomicU64::new(0) });
        }
        let password = crate::random::hex(8)?;
        let node = Arc::new(Self { ip, password, doors, state: Mutex::default() });
        node.power_on()?;
        Ok(node)
    }

    fn power(&self) -> MutexGuard<'_, Power> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The real address of a port, whether or not anybody listens there now.
    pub fn address(&self, port: u16) -> Option<SocketAddr> {
        self.doors.get(&port).map(|door| door.address)
    }

    /// Connections accepted on a logical port since the start or the last reset.
    pub fn accepted(&self, port: u16) -> u64 {
        self.doors.get(&port).map_or(0, |door| door.accepted.load(Ordering::SeqCst))
    }

    pub fn is_on(&self) -> bool {
        !self.power().listening.is_empty()
    }

    /// Opens every port that is not open.
    pub fn power_on(self: &Arc<Self>) -> io::Result<()> {
        let mut power = self.power();
        power.countdown = None;
        for (port, door) in &self.doors {
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
            self.power_off().await;
            self.power_on()?;
        }
        Ok(())
    }

    pub fn forget_counts(&self) {
        self.doors.values().for_each(|door| door.accepted.store(0, Ordering::SeqCst));
    }

    /// For the end of the lab, where nobody can wait.
    pub fn abort(&self) {
        self.power().listening.values().for_each(JoinHandle::abort);
    }

    /// Takes the tasks of all ports; the one of `mine` goes on by itself.
    fn release_others(&self, mine: u16) -> Vec<JoinHandle<()>> {
        let mut tasks = std::mem::take(&mut self.power().listening);
        tasks.remove(&mine);
        tasks.into_values().collect()
    }
}

async fn stop(tasks: impl IntoIterator<Item = JoinHandle<()>>) {
    for task in tasks {
        task.abort();
        // Cancelled is what it should be; either way the listener is gone now.
        let _ended = task.await;
    }
}

fn reuse_socket() -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    Ok(socket)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = reuse_socket()?;
    socket.bind(address)?;
    socket.listen(1024)
}
