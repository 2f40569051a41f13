//! Stand-ins for XenMobile nodes: real listeners on loopback that accept, count, and hand connections on.
//!
//! A node's logical addresses (10.20.30.11:443) are known to the lab only; [`Nodes::reach`] is the address table.

use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::net::TcpSocket;

use crate::xms::{Cluster, Machine};

mod accept;
mod power;

use power::Power;

/// The ports that a node listens on: enrolment over TLS and MDM, app management, console, plain HTTP, and SSH.
pub(crate) const PORTS: [u16; 5] = [443, 8443, 4443, 80, 22];

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
    pub cluster: Arc<Cluster>,
    pub machine: Machine,
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

impl Nodes {
    pub fn start(ips: &[Ipv4Addr], cluster: &Arc<Cluster>) -> io::Result<Self> {
        let mut nodes = Vec::new();
        for ip in ips {
            nodes.push(Node::start(*ip, cluster)?);
        }
        Ok(Self(nodes))
    }

    pub fn all(&self) -> &[Arc<Node>] {
        &self.0
    }

    pub fn find(&self, ip: IpAddr) -> Option<&Arc<Node>> {
        self.0.iter().find(|node| IpAddr::V4(node.ip) == ip)
    }

    /// How long an open port takes to say something, in real time; none: it accepts connections and never says a word.
    pub fn reply_time(&self, ip: IpAddr, port: u16) -> Option<Duration> {
        let ills = self.find(ip)?.machine.ills();
        match port {
            22 => Some(Duration::ZERO),
            80 => None,
            _ if ills.web_dead => None,
            _ => Some(ills.slow),
        }
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
    fn start(ip: Ipv4Addr, cluster: &Arc<Cluster>) -> io::Result<Arc<Self>> {
        let mut doors = BTreeMap::new();
        for port in PORTS {
            let reserved = reuse_socket()?;
            reserved.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
            let address = reserved.local_addr()?;
            doors.insert(port, Door { address, _reserved: reserved, accepted: AtomicU64::new(0) });
        }
        let machine = Machine::new(cluster)?;
        let node = Arc::new(Self { ip, cluster: Arc::clone(cluster), machine, doors, state: Mutex::default() });
        node.power_on()?;
        Ok(node)
    }

    /// The real address of a port, whether or not anybody listens there now.
    pub fn address(&self, port: u16) -> Option<SocketAddr> {
        self.doors.get(&port).map(|door| door.address)
    }

    /// Connections accepted on a logical port since the start or the last reset.
    pub fn accepted(&self, port: u16) -> u64 {
        self.doors.get(&port).map_or(0, |door| door.accepted.load(Ordering::SeqCst))
    }

    /// What is in memory is lost, sessions of devices too.
    fn went_off(&self) {
        self.machine.went_off(&self.cluster);
        self.cluster.store().device_sessions.retain(|_, owner| *owner != self.ip);
    }

    /// As it was when the lab started, the power aside.
    pub fn forget(&self) {
        self.forget_counts();
        self.machine.forget(&self.cluster);
    }

    fn forget_counts(&self) {
        self.doors.values().for_each(|door| door.accepted.store(0, Ordering::SeqCst));
    }
}

fn reuse_socket() -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    Ok(socket)
}
