//! Client traffic: virtual servers and gateways that answer, in process, to whoever comes through the lab's proxy.
//!
//! [`find`] says what is at a logical address and [`Host::serve`] serves one connection there. [`balance`] is the
//! logic, without I/O; the rest moves bytes. The lab's lock is taken for a moment at each decision.

mod backend;
mod balance;
mod bridge;
mod door;
mod gateway;
mod hello;
mod rates;
mod rule;
mod seat;
mod stay;
mod tap;
mod trust;
mod web;

use crate::{
    model::{Config, Id, State, by_id},
    node::Reach,
    shared::{Shared, World},
};
pub(crate) use balance::Turns;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use tokio::io::{AsyncRead, AsyncWrite};

/// What is at a logical address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// A real port, of a node or of an appliance.
    Port(SocketAddr),
    Host(Host),
}

/// Who listens at a VIP and is UP.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Host {
    Vserver { appliance: usize, vserver: Id },
    Gateway { appliance: usize, gateway: Id },
}

/// Why there is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nothing {
    /// Nobody has the address.
    Unreachable,
    /// Somebody has it, and does not listen on the port.
    Refused,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Closed,
    /// To be made known to the client by a reset.
    Reset,
}

/// Who connects, and to what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit {
    pub client: SocketAddr,
    pub destination: SocketAddr,
    /// Whether a gateway of the same appliance is the client.
    pub inside: bool,
}

/// What is at this address now: nodes first, then what the appliances have.
pub(crate) fn find(shared: &Shared, to: SocketAddr) -> Result<Place, Nothing> {
    match shared.nodes.reach(to.ip(), to.port()) {
        Reach::Port { address, .. } => return Ok(Place::Port(address)),
        Reach::Closed => return Err(Nothing::Refused),
        Reach::Nowhere => {}
    }
    let world = shared.world();
    let here = |ip: Option<IpAddr>, port: u16| ip == Some(to.ip()) && port == to.port();
    let mut known = false;
    for (at, config) in (0..world.appliances.len()).filter_map(|at| Some((at, serving(&world, at)?))) {
        known |= config.vips().any(|(address, _, _)| address == to.ip());
        let vserver = config.vservers.iter().find(|vserver| here(vserver.address(), vserver.port()));
        if let Some(vserver) =
            vserver.filter(|vserver| vserver.effective(config) == State::Up && carries(vserver.kind()))
        {
            return Ok(Place::Host(Host::Vserver { appliance: at, vserver: vserver.id }));
        }
        let gateway = config.gateways.iter().find(|gateway| here(gateway.address(), gateway.port()));
        if let Some(gateway) = gateway.filter(|gateway| gateway.state == State::Up) {
            return Ok(Place::Host(Host::Gateway { appliance: at, gateway: gateway.id }));
        }
    }
    Err(if known { Nothing::Refused } else { Nothing::Unreachable })
}

/// The configuration of an appliance that has its VIPs now. The one place where the roles of a pair come in.
fn serving(world: &World, appliance: usize) -> Option<&Config> {
    world.appliances.get(appliance).filter(|appliance| appliance.serves()).map(|appliance| &appliance.config)
}

/// Kinds that listen on TCP.
fn carries(kind: &str) -> bool {
    !matches!(kind, "UDP" | "DNS" | "DTLS" | "SIP_UDP" | "RADIUS" | "TFTP" | "SYSLOGUDP" | "QUIC" | "HTTP_QUIC")
}

impl Host {
    /// Serves one connection until either side has had enough of it.
    pub async fn serve<S>(self, shared: &Arc<Shared>, visit: Visit, stream: &mut S) -> io::Result<End>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        match self {
            Self::Vserver { appliance, vserver } if looks_inside(shared, appliance, vserver) => {
                web::serve(shared, appliance, vserver, visit, stream).await
            }
            Self::Vserver { appliance, vserver } => bridge::serve(shared, appliance, vserver, visit, stream).await,
            Self::Gateway { appliance, gateway } => gateway::serve(shared, appliance, gateway, visit, stream).await,
        }
    }
}

/// Whether a virtual server reads requests, rather than passing bytes on.
fn looks_inside(shared: &Shared, appliance: usize, vserver: Id) -> bool {
    let world = shared.world();
    let vserver = serving(&world, appliance).and_then(|config| by_id(&config.vservers, vserver));
    vserver.is_some_and(|vserver| matches!(vserver.kind(), "HTTP" | "SSL"))
}
