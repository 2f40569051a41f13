//! A TCP connection to a node by its way: straight, mapped, or through a SOCKS5 proxy (RFC 1928, no account).

use crate::{ConnectCause, Error, Limits, Node, Phase, Port, node::split};
use std::{io, net::IpAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Connects within the limit.
pub(crate) async fn dial(node: &Node, port: Port, limits: &Limits) -> Result<TcpStream, Error> {
    let way = node.way(port)?;
    let address = node.address(port);
    let connect = async {
        let failed = |cause, detail: String| {
            let (address, via) = (address.clone(), way.via.clone());
            Error::Connect { address, via, cause, detail }
        };
        let Some(proxy) = &way.proxy else {
            let tcp = TcpStream::connect(split(&way.target)?).await;
            return tcp.map_err(|error| failed(ConnectCause::of(&error), error.to_string()));
        };
        let mut tcp = TcpStream::connect(split(proxy)?).await.map_err(|error| match ConnectCause::of(&error) {
            ConnectCause::FilesFull => failed(ConnectCause::FilesFull, error.to_string()),
            _ => failed(ConnectCause::Proxy, error.to_string()),
        })?;
        let (host, number) = split(&way.target)?;
        socks5(&mut tcp, host, number).await.map_err(|refusal| failed(refusal.cause, refusal.detail))?;
        Ok(tcp)
    };
    let after = limits.connect;
    match timeout(after, connect).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::Timeout { address: address.clone(), phase: Phase::Connect, after }),
    }
}

/// Why a proxy that was reached did not connect, and whose fault that is.
struct Refusal {
    cause: ConnectCause,
    detail: String,
}

impl Refusal {
    fn new(cause: ConnectCause, detail: impl Into<String>) -> Self {
        Self { cause, detail: detail.into() }
    }
}

/// The connection to the proxy broke.
impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::new(ConnectCause::Proxy, error.to_string())
    }
}

/// Asks for a connection. The proxy resolves names.
async fn socks5(tcp: &mut TcpStream, host: &str, port: u16) -> Result<(), Refusal> {
    let stranger = || Refusal::new(ConnectCause::Proxy, "it is no SOCKS5 proxy");
    tcp.write_all(&[5, 1, 0]).await?;
    let mut choice = [0; 2];
    tcp.read_exact(&mut choice).await?;
    match choice {
        [5, 0] => {}
        [5, _] => return Err(Refusal::new(ConnectCause::ProxyForbids, "the proxy wants an account")),
        _ => return Err(stranger()),
    }
    let mut request = vec![5, 1, 0];
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            request.push(1);
            request.extend(address.octets());
        }
        Ok(IpAddr::V6(address)) => {
            request.push(4);
            request.extend(address.octets());
        }
        Err(_) => {
            request.push(3);
            let length = u8::try_from(host.len());
            request.push(length.map_err(|_| Refusal::new(ConnectCause::Other, "the name is too long"))?);
            request.extend(host.as_bytes());
        }
    }
    request.extend(port.to_be_bytes());
    tcp.write_all(&request).await?;
    let mut head = [0; 4];
    tcp.read_exact(&mut head).await?;
    let [5, reply, _, kind] = head else { return Err(stranger()) };
    if reply != 0 {
        return Err(Refusal::new(ConnectCause::of_socks_reply(reply), refusal(reply)));
    }
    // The address that the proxy connected from; of no use, but it must be read.
    let length = match kind {
        1 => 4,
        4 => 16,
        3 => tcp.read_u8().await?.into(),
        _ => return Err(stranger()),
    };
    let mut rest = vec![0; length + 2];
    tcp.read_exact(&mut rest).await?;
    Ok(())
}

fn refusal(reply: u8) -> &'static str {
    match reply {
        2 => "its rules forbid this address",
        3 => "the network cannot be reached from there",
        4 => "the host cannot be reached from there",
        5 => "the host refused the connection",
        6 => "the host did not answer it",
        _ => "it would not connect",
    }
}
