//! A gateway, as far as a Secure Hub that has logged in sees it: its requests go on to the URLs of the gateway.
//!
//! Who it is nobody asks. The store's pages go where the session action says (`storefronturl`), everything else to
//! the App Controller; whichever is missing is replaced by the other. Names are looked up in the appliance's own
//! address records, and in nothing else.

use super::{
    End, Place, Visit,
    backend::{Pool, server_name},
    door, find, serving,
    stay::until_gateway_ends,
    trust,
    web::{Body, Cut, back, listen, onward, page},
};
use crate::{
    model::{Config, Gateway, Gauge, Id, Record, Traffic, by_id, same},
    shared::Shared,
};
use http::{HeaderValue, StatusCode, Uri, header};
use http_body_util::BodyExt;
use hyper::{Request, Response, body::Incoming, client::conn::http1::SendRequest};
use std::{
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsAcceptor;

/// Paths of the store.
const STORE: [&str; 2] = ["/Citrix/", "/StoreWeb/"];

/// What is kept between a gateway and one of its virtual servers.
const PIPE: usize = 64 * 1024;

const LOGON: &str = "<html><head><title>NetScaler Gateway</title></head><body></body></html>";
const FAILED: &str = "<html><body><b>Http/1.1 Internal Server Error 43531 </b></body> </html>";

struct Guest {
    shared: Arc<Shared>,
    appliance: usize,
    gateway: Id,
    inside: bool,
    traffic: Arc<Traffic>,
    pool: Pool<Target>,
}

/// Where a URL leads, before its name is looked up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Target {
    tls: bool,
    host: String,
    port: u16,
}

/// Serves one connection. Boxed, because a gateway may lead to a gateway, and a type cannot hold itself.
pub(super) fn serve<'a, S>(
    shared: &'a Arc<Shared>,
    appliance: usize,
    gateway: Id,
    visit: Visit,
    stream: &'a mut S,
) -> Pin<Box<dyn Future<Output = io::Result<End>> + Send + 'a>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    Box::pin(listening(shared, appliance, gateway, visit, stream))
}

async fn listening<S>(
    shared: &Arc<Shared>,
    appliance: usize,
    gateway: Id,
    visit: Visit,
    stream: &mut S,
) -> io::Result<End>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let Some((traffic, acceptor)) = about(shared, appliance, gateway)? else { return Ok(End::Reset) };
    let _client = traffic.begin(Gauge::Clients);
    let guest = Arc::new(Guest {
        shared: Arc::clone(shared),
        appliance,
        gateway,
        inside: visit.inside,
        traffic: Arc::clone(&traffic),
        pool: Pool::new(),
    });
    let serving = async {
        let stream = acceptor.accept(stream).await?;
        listen(&traffic, stream, |request| answer(Arc::clone(&guest), request)).await
    };
    tokio::select! {
        served = serving => served,
        () = until_gateway_ends(shared, appliance, gateway) => Ok(End::Reset),
    }
}

fn about(shared: &Shared, appliance: usize, gateway: Id) -> io::Result<Option<(Arc<Traffic>, TlsAcceptor)>> {
    let world = shared.world();
    let Some(config) = serving(&world, appliance) else { return Ok(None) };
    let Some(gateway) = by_id(&config.gateways, gateway) else { return Ok(None) };
    Ok(Some((Arc::clone(&gateway.traffic), door::acceptor(config, &gateway.ssl)?)))
}

async fn answer(guest: Arc<Guest>, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
    guest.traffic.hit();
    guest.traffic.request();
    let path = request.uri().path();
    let response = if path == "/" || guest.inside {
        // A stranger is sent to log in, and so is the appliance when it calls itself.
        let mut response = page(StatusCode::FOUND, "");
        response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/vpn/index.html"));
        response
    } else if path.starts_with("/vpn/") {
        page(StatusCode::OK, LOGON)
    } else {
        forward(&guest, request).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "a gateway could not reach its server");
            page(StatusCode::INTERNAL_SERVER_ERROR, FAILED)
        })
    };
    guest.traffic.response();
    Ok(response)
}

async fn forward(guest: &Guest, mut request: Request<Incoming>) -> io::Result<Response<Body>> {
    let target = {
        let world = guest.shared.world();
        let url = serving(&world, guest.appliance).and_then(|config| url(config, guest.gateway, request.uri().path()));
        url.as_deref().and_then(Target::read).ok_or(io::ErrorKind::NotFound)?
    };
    let host = HeaderValue::from_str(&target.authority()).map_err(io::Error::other)?;
    request.headers_mut().insert(header::HOST, host);
    let connect = async || target.connect(guest).await;
    let response = guest.pool.send(target.clone(), onward(request), connect).await?;
    Ok(back(response.map(BodyExt::boxed_unsync)))
}

/// The URL that a request is meant for.
fn url(config: &Config, gateway: Id, path: &str) -> Option<String> {
    let gateway = by_id(&config.gateways, gateway)?;
    let (store, controller) = (store(config, gateway), controller(config, gateway));
    let url =
        if STORE.iter().any(|prefix| path.starts_with(prefix)) { store.or(controller) } else { controller.or(store) };
    url.map(str::to_owned)
}

/// The App Controller: what is bound to the gateway, the first of several, else what is bound to all gateways.
fn controller<'a>(config: &'a Config, gateway: &'a Gateway) -> Option<&'a str> {
    let global = || config.controllers.iter().find_map(|row| row.get("appcontroller"));
    gateway.controllers.first().map(String::as_str).or_else(global)
}

/// The store of the session: of the policies that are bound, the one with the lowest priority number whose action
/// names one. Their rules are not looked at: whoever is here is the Secure Hub that they are for.
fn store<'a>(config: &'a Config, gateway: &'a Gateway) -> Option<&'a str> {
    let mut bound: Vec<_> = gateway.policies.iter().collect();
    bound.sort_by_key(|bound| bound.set.number("priority").unwrap_or(0));
    bound.into_iter().find_map(|bound| {
        let policy = by_id(&config.policies, bound.policy)?;
        let action = crate::model::called(&config.actions, policy.set.text("action"))?;
        action.set.get("storefronturl")
    })
}

impl Target {
    /// `http(s)://host[:port]`, and perhaps a path, which does not matter here.
    fn read(url: &str) -> Option<Self> {
        let url: Uri = url.parse().ok()?;
        let tls = url.scheme_str()?.eq_ignore_ascii_case("https");
        Some(Self { tls, host: url.host()?.to_owned(), port: url.port_u16().unwrap_or(if tls { 443 } else { 80 }) })
    }

    fn authority(&self) -> String {
        match (self.tls, self.port) {
            (true, 443) | (false, 80) => self.host.clone(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }

    async fn connect(&self, guest: &Guest) -> io::Result<SendRequest<Incoming>> {
        let (address, from, trust) = {
            let world = guest.shared.world();
            let appliance = world.appliances.get(guest.appliance).ok_or(io::ErrorKind::NotFound)?;
            let address = look_up(&appliance.config.records, &self.host);
            let address = address.ok_or_else(|| io::Error::other("no address record for the name"))?;
            (address, IpAddr::V4(appliance.snip.0), trust::known(&appliance.config, world.clock.now()))
        };
        let stream = dial(guest, from, SocketAddr::new(address, self.port)).await?;
        if self.tls {
            let stream = trust?.connect(server_name(&self.host)?, stream).await?;
            guest.pool.speak(stream, ()).await
        } else {
            guest.pool.speak(stream, ()).await
        }
    }
}

/// The appliance's own records, and nothing else.
fn look_up(records: &[Record], host: &str) -> Option<IpAddr> {
    if let Ok(address) = host.parse() {
        return Some(address);
    }
    let host = host.trim_end_matches('.');
    let record = records.iter().find(|record| same(&record.host, host))?;
    record.addresses.first().copied().map(IpAddr::V4)
}

/// Any stream.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection inside the lab, from the appliance's own address.
async fn dial(guest: &Guest, from: IpAddr, to: SocketAddr) -> io::Result<Box<dyn Stream>> {
    let host = match find(&guest.shared, to).map_err(|_| io::ErrorKind::ConnectionRefused)? {
        Place::Port(address) => return Ok(Box::new(TcpStream::connect(address).await?)),
        Place::Host(host) => host,
    };
    let (ours, mut theirs) = tokio::io::duplex(PIPE);
    let shared = Arc::clone(&guest.shared);
    let visit = Visit { client: SocketAddr::new(from, 0), destination: to, inside: true };
    guest.pool.spawn(async move {
        if let Err(error) = host.serve(&shared, visit, &mut theirs).await {
            tracing::debug!(%error, "a connection from a gateway ended early");
        }
    });
    Ok(Box::new(ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_without_a_port_means_the_usual_one() {
        for (url, authority, port) in [
            ("https://xms.example.com:8443", "xms.example.com:8443", 8443),
            ("https://xms.example.com", "xms.example.com", 443),
            ("http://xms.example.com/Citrix/Store", "xms.example.com", 80),
        ] {
            let target = Target::read(url).unwrap();
            assert_eq!((target.authority().as_str(), target.port), (authority, port), "{url}");
        }
        assert_eq!(Target::read("xms.example.com"), None);
        assert_eq!(Target::read("https://"), None);
    }
}
