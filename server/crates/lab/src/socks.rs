//! A SOCKS5 proxy (RFC 1928) that knows the lab's logical addresses as they come and go.
//!
//! CONNECT only. NSIPs lead to the appliance's ports, node addresses to the stand-ins, and a VIP to its virtual server
//! or gateway while that is UP. Who gives a user name (RFC 1929) is the client at that address: one test can be many
//! devices.

use crate::{
    listen, seed,
    shared::Shared,
    traffic::{End, Nothing, Place, Visit, find},
};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// The real ports of one appliance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    pub http: SocketAddr,
    pub https: SocketAddr,
}

/// Where clients are that do not say where.
const CLIENT: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 7);

/// Ways to begin.
mod method {
    pub(super) const OPEN: u8 = 0;
    pub(super) const PASSWORD: u8 = 2;
    pub(super) const NONE: u8 = 0xFF;
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
    client.set_nodelay(true)?;
    let Some(address) = greet(&mut client).await? else { return Ok(()) };
    let target = match request(&mut client).await? {
        Ok((host, port)) => target(&shared, &appliances, &host, port),
        Err(code) => Err(code),
    };
    let (destination, host) = match target {
        Ok((_, Place::Port(address))) => return pass(client, address).await,
        Ok((destination, Place::Host(host))) => (destination, host),
        Err(code) => return answer(&mut client, code).await,
    };
    answer(&mut client, reply::SUCCEEDED).await?;
    let port = client.peer_addr()?.port();
    let visit = Visit { client: SocketAddr::new(address, port), destination, inside: false };
    if host.serve(&shared, visit, &mut client).await? == End::Reset {
        client.set_zero_linger()?;
    }
    Ok(())
}

/// To a real port. A listener that is gone refuses, whatever the lab's tables said a moment ago.
async fn pass(mut client: TcpStream, address: SocketAddr) -> io::Result<()> {
    let Ok(mut server) = TcpStream::connect(address).await else { return answer(&mut client, reply::REFUSED).await };
    server.set_nodelay(true)?;
    answer(&mut client, reply::SUCCEEDED).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// Agrees on how to begin, and says where the client is; nothing when it offers no way that will do.
async fn greet(client: &mut TcpStream) -> io::Result<Option<IpAddr>> {
    if client.read_u8().await? != 5 {
        return Ok(None);
    }
    let mut methods = vec![0; usize::from(client.read_u8().await?)];
    client.read_exact(&mut methods).await?;
    // Who offers a user name wants it to be heard.
    let agreed = [method::PASSWORD, method::OPEN].into_iter().find(|method| methods.contains(method));
    client.write_all(&[5, agreed.unwrap_or(method::NONE)]).await?;
    match agreed {
        Some(method::PASSWORD) => user(client).await,
        agreed => Ok(agreed.map(|_| IpAddr::V4(CLIENT))),
    }
}

/// RFC 1929: the user name is the client's address, the password is anything.
async fn user(client: &mut TcpStream) -> io::Result<Option<IpAddr>> {
    let mut head = [0; 2];
    client.read_exact(&mut head).await?;
    let mut name = vec![0; usize::from(head[1])];
    client.read_exact(&mut name).await?;
    let mut password = vec![0; usize::from(client.read_u8().await?)];
    client.read_exact(&mut password).await?;
    let address = String::from_utf8_lossy(&name).parse().ok();
    client.write_all(&[1, u8::from(address.is_none())]).await?;
    Ok(address)
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

/// What is at a logical address, or the reply that says that there is nothing.
fn target(shared: &Shared, appliances: &[Ports], host: &str, port: u16) -> Result<(SocketAddr, Place), u8> {
    let ip = resolve(shared, host).ok_or(reply::HOST_UNREACHABLE)?;
    let to = SocketAddr::new(ip, port);
    let appliance = shared.world().appliances.iter().position(|appliance| IpAddr::V4(appliance.nsip) == ip);
    if let Some(at) = appliance {
        return match (port, appliances.get(at)) {
            (443, Some(ports)) => Ok((to, Place::Port(ports.https))),
            (80, Some(ports)) => Ok((to, Place::Port(ports.http))),
            _ => Err(reply::REFUSED),
        };
    }
    find(shared, to).map(|place| (to, place)).map_err(|nothing| match nothing {
        Nothing::Unreachable => reply::HOST_UNREACHABLE,
        Nothing::Refused => reply::REFUSED,
    })
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
