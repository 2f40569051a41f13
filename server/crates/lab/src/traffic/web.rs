//! Virtual servers that read requests: HTTP, and SSL, which ends TLS first. Each request is balanced by itself.

use super::{
    End, Visit,
    backend::{Pool, to_member},
    balance::{Ask, Choice, choose},
    door, serving,
    stay::{Hold, until_cut},
    tap::Tap,
};
use crate::{
    model::{Gauge, Id, Traffic, by_id},
    shared::Shared,
};
use http::{HeaderMap, HeaderValue, StatusCode, Version, header};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use std::{error::Error, fmt, io, sync::Arc};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;

pub(super) type Body = UnsyncBoxBody<Bytes, hyper::Error>;

/// Headers that belong to one connection only.
const HOP: [header::HeaderName; 6] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// The connection is to be cut instead of answered.
#[derive(Debug)]
pub(super) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server behind did not answer")
    }
}

impl Error for Cut {}

/// One client connection and what was opened for it.
struct Guest {
    shared: Arc<Shared>,
    appliance: usize,
    vserver: Id,
    visit: Visit,
    traffic: Arc<Traffic>,
    pool: Pool<Id>,
}

/// Serves one connection.
pub(super) async fn serve<S>(
    shared: &Arc<Shared>,
    appliance: usize,
    vserver: Id,
    visit: Visit,
    stream: &mut S,
) -> io::Result<End>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let Some((traffic, tls)) = about(shared, appliance, vserver)? else { return Ok(End::Reset) };
    let _client = traffic.begin(Gauge::Clients);
    let guest = Arc::new(Guest {
        shared: Arc::clone(shared),
        appliance,
        vserver,
        visit,
        traffic: Arc::clone(&traffic),
        pool: Pool::new(),
    });
    let serving = async {
        match tls {
            Some(acceptor) => talk(guest, &traffic, acceptor.accept(stream).await?).await,
            None => talk(guest, &traffic, stream).await,
        }
    };
    tokio::select! {
        served = serving => served,
        () = until_cut(shared, appliance, vserver, None) => Ok(End::Reset),
    }
}

fn about(shared: &Shared, appliance: usize, vserver: Id) -> io::Result<Option<(Arc<Traffic>, Option<TlsAcceptor>)>> {
    let world = shared.world();
    let Some(config) = serving(&world, appliance) else { return Ok(None) };
    let Some(vserver) = by_id(&config.vservers, vserver) else { return Ok(None) };
    let tls = vserver.terminates_ssl().then(|| door::acceptor(config, &vserver.ssl)).transpose()?;
    Ok(Some((Arc::clone(&vserver.traffic), tls)))
}

async fn talk<S>(guest: Arc<Guest>, traffic: &Traffic, stream: S) -> io::Result<End>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    listen(traffic, stream, |request| forward(Arc::clone(&guest), request)).await
}

/// Reads requests from a client and counts what goes to and fro.
pub(super) async fn listen<S, F>(
    traffic: &Traffic,
    stream: S,
    answer: impl Fn(Request<Incoming>) -> F,
) -> io::Result<End>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    F: Future<Output = Result<Response<Body>, Cut>>,
{
    let stream = Tap {
        stream,
        read: |bytes: &[u8]| traffic.carry_in(bytes.len()),
        wrote: |bytes: &[u8]| traffic.carry_out(bytes.len()),
    };
    let connection =
        http1::Builder::new().title_case_headers(true).serve_connection(TokioIo::new(stream), service_fn(answer));
    match connection.await {
        Err(error) if error.source().is_some_and(<dyn Error>::is::<Cut>) => Ok(End::Reset),
        served => served.map(|()| End::Closed).map_err(io::Error::other),
    }
}

/// Balances one request.
async fn forward(guest: Arc<Guest>, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
    guest.traffic.hit();
    guest.traffic.request();
    let (head, body) = request.into_parts();
    let Some(choice) = pick(&guest, &head) else { return Ok(unavailable()) };
    let hold = Hold { shared: Arc::clone(&guest.shared), appliance: guest.appliance, keys: choice.held.clone() };
    choice.traffic.request();
    let active = choice.traffic.begin(Gauge::Active);
    let answer = guest.pool.send(choice.member, onward(Request::from_parts(head, body)), async || {
        to_member(&guest.shared, &guest.pool, &choice, &guest.traffic).await
    });
    let answered = tokio::select! {
        answered = answer => answered,
        () = until_cut(&guest.shared, guest.appliance, choice.vserver, Some(choice.member)) => return Err(Cut),
    };
    let mut response = answered.map_err(|error| {
        tracing::debug!(%error, address = %choice.address, "a member did not answer");
        Cut
    })?;
    guest.traffic.response();
    choice.traffic.response();
    if let Some(cookie) = choice.cookie.as_deref().and_then(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    // The request is not over before its answer is; what is in use goes in the order of this pair.
    let in_use = (active, hold);
    Ok(back(response.map(|body| {
        let kept = body.map_frame(move |frame| {
            let _in_use = &in_use;
            frame
        });
        kept.boxed_unsync()
    })))
}

fn pick(guest: &Guest, head: &http::request::Parts) -> Option<Choice> {
    let mut world = guest.shared.world();
    let now = world.clock.now();
    let ask =
        Ask { client: guest.visit.client, destination: guest.visit.destination, session: None, request: Some(head) };
    choose(world.appliances.get_mut(guest.appliance)?, guest.vserver, &ask, now)
}

/// A request as it goes on: in this proxy's own framing.
pub(super) fn onward(mut request: Request<Incoming>) -> Request<Incoming> {
    strip(request.headers_mut());
    *request.version_mut() = Version::HTTP_11;
    request
}

/// An answer as it goes back.
pub(super) fn back(mut response: Response<Body>) -> Response<Body> {
    strip(response.headers_mut());
    *response.version_mut() = Version::HTTP_11;
    response
}

fn strip(headers: &mut HeaderMap) {
    for name in HOP {
        headers.remove(name);
    }
    headers.remove("keep-alive");
    headers.remove("proxy-connection");
}

/// What a virtual server says when it has nobody for a request on a connection that it has already.
fn unavailable() -> Response<Body> {
    page(StatusCode::SERVICE_UNAVAILABLE, "<html><body><b>Http/1.1 Service Unavailable</b></body> </html>")
}

pub(super) fn page(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Full::from(text).map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}
