//! A SOCKS5 proxy (RFC 1928) that knows the lab's logical addresses as they come and go.
//!
//! CONNECT without authentication. NSIPs lead to the appliance's ports, node addresses to the stand-ins, and a VIP to
//! a member of its virtual server while that is UP.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use crate::{
    listen,
    model::{Config, Passage, State, Vserver},
    node::Reach,
    seed,
    shared::Shared,
};

/// The real ports of one appliance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    pub http: SocketAddr,
    pub https: SocketAddr,
}

/// Reply codes of RFC 1928, as far as they are used.
mod reply {
    pub(super) const SUCCEEDED: u8 = 0;
    pub(super) const HOST_UNREACHABLE: u8 = 4;
    pub(super) const REFUSED: u8 = 5;
    pub(super) const COMMAND_NOT_SUPPORTED: u8 = 7;
    pub(super) const ADDRESS_NOT_SUPPORTED: u8 = 8;
}

/// Serves until the task is ended.
pub(crate) async fn serve(shared: Arc<Shared>, appliances: Arc<Vec<Ports>>, listener: TcpListener) {
    listen::each(listener, |stream| connection(Arc::clone(&shared), Arc::clone(&appliances), stream)).await;
}

async fn connection(shared: Arc<Shared>, appliances: Arc<Vec<Ports>>, mut client: TcpStream) -> io::Result<()> {
    if !greet(&mut client).await? {
        return Ok(());
    }
    let target = request(&mut client).await?.and_then(|(host, port)| find(&shared, &appliances, &host, port));
    let server = match target {
        // A listener that is gone refuses, whatever the lab's tables said a moment ago.
        Ok((address, passage)) => match TcpStream::connect(address).await {
            Ok(server) => Ok((server, passage)),
            Err(_) => Err(reply::REFUSED),
        },
        Err(code) => Err(code),
    };
    match server {
        Ok((mut server, passage)) => {
            answer(&mut client, reply::SUCCEEDED).await?;
            let carried = copy_bidirectional(&mut client, &mut server).await?;
            if let Some(passage) = passage {
                passage.carried(carried);
            }
            Ok(())
        }
        Err(code) => answer(&mut client, code).await,
    }
}

/// Agrees on "no authentication", or says that nothing offered will do.
async fn greet(client: &mut TcpStream) -> io::Result<bool> {
    if client.read_u8().await? != 5 {
        return Ok(false);
    }
    let mut methods = vec![0; usize::from(client.read_u8().await?)];
    client.read_exact(&mut methods).await?;
    let agreed = methods.contains(&0);
    client.write_all(&[5, if agreed { 0 } else { 0xFF }]).await?;
    Ok(agreed)
}

/// Where the client wants to go, or the reply that ends it.
async fn request(client: &mut TcpStream) -> io::Result<Result<(String, u16), u8>> {
    let mut head = [0; 4];
    client.read_exact(&mut head).await?;
    let host = match head[3] {
        1 => Ipv4Addr::from_bits(client.read_u32().await?).to_string(),
        3 => {
            let mut name = vec![0; usize::from(client.read_u8().await?)];
            client.read_exact(&mut name).await?;
            String::from_utf8_lossy(&name).into_owned()
        }
        4 => Ipv6Addr::from_bits(client.read_u128().await?).to_string(),
        _ => return Ok(Err(reply::ADDRESS_NOT_SUPPORTED)),
    };
    let port = client.read_u16().await?;
    Ok(if head[1] == 1 { Ok((host, port)) } else { Err(reply::COMMAND_NOT_SUPPORTED) })
}

async fn answer(client: &mut TcpStream, code: u8) -> io::Result<()> {
    client.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]).await
}

/// A real address, and the counters on the way to it.
type Way = (SocketAddr, Option<Passage>);

/// The real address behind a logical one.
fn find(shared: &Shared, appliances: &[Ports], host: &str, port: u16) -> Result<Way, u8> {
    let ip = resolve(shared, host).ok_or(reply::HOST_UNREACHABLE)?;
    let world = shared.world();
    if let Some(at) = world.appliances.iter().position(|appliance| IpAddr::V4(appliance.nsip) == ip) {
        return match (port, appliances.get(at)) {
            (443, Some(ports)) => Ok((ports.https, None)),
            (80, Some(ports)) => Ok((ports.http, None)),
            _ => Err(reply::REFUSED),
        };
    }
    match shared.nodes.reach(ip, port) {
        Reach::Port { address, .. } => return Ok((address, None)),
        Reach::Closed => return Err(reply::REFUSED),
        Reach::Nowhere => {}
    }
    let mut known = false;
    for config in world.serving().map(|appliance| &appliance.config) {
        known |= config.vips().any(|(address, _, _)| address == ip);
        let found = config.vservers.iter().find(|vserver| vserver.address() == Some(ip) && vserver.port() == port);
        if let Some(vserver) = found {
            return member(shared, config, vserver).ok_or(reply::REFUSED);
        }
    }
    Err(if known { reply::REFUSED } else { reply::HOST_UNREACHABLE })
}

/// The next member in turn of a virtual server that is UP.
fn member(shared: &Shared, config: &Config, vserver: &Vserver) -> Option<Way> {
    if vserver.state != State::Up {
        return None;
    }
    let up: Vec<_> = vserver.members(config).filter(|member| member.state == State::Up).collect();
    let turn = usize::try_from(vserver.traffic.hits()).unwrap_or(0).checked_rem(up.len())?;
    let server = config.server(up[turn].server)?.address()?;
    match shared.nodes.reach(server, up[turn].port) {
        Reach::Port { address, .. } => Some((address, Some(Passage::begin(&[&vserver.traffic, &up[turn].traffic])))),
        Reach::Closed | Reach::Nowhere => None,
    }
}

/// An address as text, or one of the lab's names: `ns01`, `ns02` and `xms01`, `xms02`, ….
fn resolve(shared: &Shared, host: &str) -> Option<IpAddr> {
    if let Ok(ip) = host.parse() {
        return Some(ip);
    }
    let nodes = shared.nodes.all();
    if let Some(at) = (0..nodes.len()).find(|at| seed::name(*at).eq_ignore_ascii_case(host)) {
        return Some(IpAddr::V4(nodes[at].ip));
    }
    let world = shared.world();
    let named = world.appliances.iter().find(|appliance| host.eq_ignore_ascii_case(&appliance.host))?;
    Some(IpAddr::V4(named.nsip))
}
