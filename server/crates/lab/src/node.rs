//! Stand-ins for XenMobile nodes: real listeners on loopback that accept, count, and hand connections on.
//!
//! A node's logical addresses (10.20.30.11:443) are known to the lab only; [`Nodes::reach`] is the address table.

use crate::xms::{Cluster, Database, Ill, Machine};
use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::net::TcpSocket;

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

/// All nodes of a lab. Some may come later: machines that were never set up.
pub(crate) struct Nodes(RwLock<Vec<Arc<Node>>>);

/// One node.
pub(crate) struct Node {
    pub ip: Ipv4Addr,
    pub cluster: Arc<Cluster>,
    pub machine: Machine,
    /// Came later than the lab's start, and goes with a reset.
    added: bool,
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
    pub fn start<'a>(sites: impl IntoIterator<Item = (&'a [Ipv4Addr], &'a Arc<Cluster>)>) -> io::Result<Self> {
        let mut nodes = Vec::new();
        for (ips, cluster) in sites {
            for ip in ips {
                nodes.push(Node::start(*ip, cluster, Some(Arc::clone(&cluster.home)))?);
            }
        }
        Ok(Self(RwLock::new(nodes)))
    }

    pub fn all(&self) -> Vec<Arc<Node>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The node that the lab put at this address.
    pub fn find(&self, ip: IpAddr) -> Option<Arc<Node>> {
        self.all().into_iter().find(|node| IpAddr::V4(node.ip) == ip)
    }

    /// A machine that was never set up; nothing when the address is taken.
    pub fn add(&self, ip: Ipv4Addr, cluster: &Arc<Cluster>) -> io::Result<Option<Arc<Node>>> {
        let mut nodes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if nodes.iter().any(|node| node.ip == ip) {
            return Ok(None);
        }
        let node = Node::start(ip, cluster, None)?;
        nodes.push(Arc::clone(&node));
        Ok(Some(node))
    }

    /// Takes away what came later than the start.
    pub fn forget_added(&self) {
        let added = |node: &mut Arc<Node>| node.added;
        let gone: Vec<_> = self.0.write().unwrap_or_else(PoisonError::into_inner).extract_if(.., added).collect();
        for node in gone {
            node.abort();
        }
    }

    /// How long an open port takes to say something, in real time; none: it accepts connections and never says a word.
    pub fn reply_time(&self, ip: IpAddr, port: u16) -> Option<Duration> {
        let node = self.at(ip)?;
        let local = node.machine.local();
        match port {
            22 => Some(Duration::ZERO),
            _ if local.ills.has(Ill::WebDead) => None,
            80 if !local.disk.offload => None,
            _ => Some(local.ills.time(Ill::Slow).unwrap_or_default()),
        }
    }

    /// Who answers to this address. Of two machines with one address, the first one does.
    pub fn at(&self, ip: IpAddr) -> Option<Arc<Node>> {
        self.all().into_iter().find(|node| IpAddr::V4(node.configured_ip()) == ip)
    }

    /// The lab's address table.
    pub fn reach(&self, ip: IpAddr, port: u16) -> Reach {
        let Some(node) = self.at(ip) else { return Reach::Nowhere };
        let Some(door) = node.doors.get(&port) else { return Reach::Closed };
        if !node.is_open(port) {
            return Reach::Nowhere;
        }
        let power = node.power();
        Reach::Port { address: door.address, slow: power.slow, paused: power.paused }
    }
}

impl Node {
    fn start(ip: Ipv4Addr, cluster: &Arc<Cluster>, database: Option<Arc<Database>>) -> io::Result<Arc<Self>> {
        let mut doors = BTreeMap::new();
        for port in PORTS {
            let reserved = reuse_socket()?;
            reserved.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
            let address = reserved.local_addr()?;
            doors.insert(port, Door { address, _reserved: reserved, accepted: AtomicU64::new(0) });
        }
        let added = database.is_none();
        let machine = Machine::new(cluster, ip, database)?;
        let cluster = Arc::clone(cluster);
        let node = Arc::new(Self { ip, cluster, machine, added, doors, state: Mutex::default() });
        node.power_on()?;
        Ok(node)
    }

    /// The real address of a port, whether or not anybody listens there now.
    pub fn address(&self, port: u16) -> Option<SocketAddr> {
        self.doors.get(&port).map(|door| door.address)
    }

    /// Where it stands in the network, by its own settings.
    pub fn configured_ip(&self) -> Ipv4Addr {
        self.machine.local().disk.network.ip
    }

    /// Whether packets to a port get through: its firewall, and what a fault does to port 80.
    pub fn is_open(&self, port: u16) -> bool {
        let local = self.machine.local();
        local.disk.is_open(port) && !(port == 80 && local.ills.port80_closed())
    }

    /// The number that it goes by, as it writes it.
    pub fn id(&self) -> String {
        self.machine.ills().node_id(self.ip.to_bits(), &self.cluster.profile.ids)
    }

    /// Makes something wrong inside.
    pub fn fall_ill(&self, ill: Ill, time: Duration) {
        let others = self.cluster.lab().map(|lab| lab.nodes_of(&self.cluster)).unwrap_or_default();
        let mut local = self.machine.local();
        match ill {
            Ill::CloneIp => local.ills.address = others.iter().map(|node| node.ip).find(|ip| *ip != self.ip),
            Ill::MovedIp => {
                let moved = self.ip.to_bits().wrapping_add(self.cluster.profile.ids.moved_by);
                local.ills.address = Some(moved.into());
            }
            _ => {}
        }
        local.ills.set(ill, time);
        drop(local);
        if ill == Ill::Port80Flap {
            self.flap_again();
        }
    }

    /// Makes it right again.
    pub fn recover(&self, ill: Ill) {
        let mut local = self.machine.local();
        local.ills.cure(ill);
        if matches!(ill, Ill::CloneIp | Ill::MovedIp) {
            local.ills.address = None;
        }
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
