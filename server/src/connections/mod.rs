//! Connections: how many, how long, and who makes room. Strangers hold a bounded share of them, whatever they send or do not
//! send; people who are signed in keep theirs.
//!
//! A connection that says nothing is closed after a while (`connection`); when there are too many, the one that matters
//! least goes (`crowd`); a body that nobody reads is taken in and thrown away, so that the answer arrives (`lingering`).

mod connection;
mod crowd;
mod limits;
mod lingering;
mod stream;

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    response::{IntoResponse, Response},
};
use connection::Busy;
pub use connection::Connection;
pub use crowd::Crowd;
use futures::FutureExt;
use http::{Request, StatusCode};
use http_body::{Body as HttpBody, Frame};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
pub use limits::Limits;
use lingering::Lingering;
use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    io,
    net::{IpAddr, SocketAddr},
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use stream::Watched;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    time::{Instant, sleep_until},
};
use tower::Service;

/// Answers for ever.
#[expect(clippy::disallowed_methods, reason = "nothing tells when this process may open a file again")]
pub async fn serve(listener: TcpListener, router: Router, crowd: Arc<Crowd>) {
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) if passing(&error) => continue,
            Err(error) => {
                // No file is free any more: somebody goes, and nothing would tell when that is done.
                tracing::error!("A connection could not be taken: {error}");
                crowd.make_room();
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Events are small and wanted at once.
        let _ = stream.set_nodelay(true);
        let Some(connection) = crowd.enter(peer.ip()) else {
            crowd.refused();
            continue;
        };
        let (router, crowd) = (router.clone(), Arc::clone(&crowd));
        tokio::spawn(async move {
            talk(stream, peer, router, &connection, crowd.limits()).await;
            crowd.leave(&connection);
        });
    }
}

/// Of one connection that was gone before it was taken.
fn passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// One connection, until it ends, is silent for too long, or has to make room.
async fn talk<S>(stream: S, peer: SocketAddr, router: Router, connection: &Arc<Connection>, limits: Limits)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let io = TokioIo::new(Watched::new(stream, Arc::clone(connection)));
    let service = service_fn(|request| answer(request, peer, router.clone(), Arc::clone(connection), limits));
    let mut builder = http1::Builder::new();
    // Its own time-out counts the silence between two requests as a head.
    builder.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(limits.head_bytes);
    let mut spoken = pin!(builder.serve_connection(io, service));
    let mut over = pin!(sleep_until(Instant::now()));
    let mut gone = pin!(connection.gone());
    poll_fn(|cx| {
        if gone.as_mut().poll(cx).is_ready() || spoken.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        // What was said just now decides how long may be waited from now on.
        let Some(deadline) = connection.deadline(&limits) else { return Poll::Pending };
        if over.deadline() != deadline {
            over.as_mut().reset(deadline);
        }
        over.as_mut().poll(cx)
    })
    .await;
}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    mut router: Router,
    connection: Arc<Connection>,
    limits: Limits,
) -> Result<Response<Answer>, Infallible> {
    let busy = connection.busy();
    let expects = request.headers().contains_key(http::header::EXPECT);
    let (parts, body) = request.into_parts();
    // Who waits to be told whether to send is told not to by the answer.
    let body = if expects { Body::new(body) } else { Body::new(Lingering::new(body, connection.busy(), limits)) };
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(connection);
    let response = match AssertUnwindSafe(router.call(request)).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(_) => {
            tracing::error!("A request made the console panic; what it was is in the line above.");
            (StatusCode::INTERNAL_SERVER_ERROR, "Something is wrong in Gatehouse. Its log says what.").into_response()
        }
    };
    Ok(response.map(|body| Answer { body, _busy: busy }))
}

/// The connection is at work until the answer is out.
struct Answer {
    body: Body,
    _busy: Busy,
}

impl HttpBody for Answer {
    type Data = axum::body::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

/// Many people may be behind these: loopback, and the proxies that were named.
pub fn stands_for_many(address: IpAddr, proxies: &[IpAddr]) -> bool {
    let address = address.to_canonical();
    address.is_loopback() || proxies.iter().any(|proxy| proxy.to_canonical() == address)
}

#[cfg(test)]
mod tests;
