//! The console's end: connections, bounded in number, size and time.

use super::{
    AT_ONCE, MOST_ASKED, PATIENCE,
    answering::answer,
    socket::Socket,
    words::{Refused, Reply, Request},
};
use axum::body::{Body, to_bytes};
use http::{Response, StatusCode};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use services::{Failure, Origin, Services};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{net::UnixStream, sync::Semaphore, time::timeout};

/// For a head, and for a body.
const SENDING: Duration = Duration::from_secs(10);

static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// Answers for ever; where there is no socket, nobody.
#[expect(clippy::disallowed_methods, reason = "nothing tells when this process may open a file again")]
pub async fn served(socket: Option<&Socket>, services: Services) {
    let Some(socket) = socket else { return std::future::pending().await };
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        // Whoever comes when there is no place waits in the socket's own queue.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let stream = match socket.listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::error!("A sub-command's connection could not be taken: {error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let services = services.clone();
        tokio::spawn(async move {
            let _place = place;
            talk(stream, services).await;
        });
    }
}

async fn talk(stream: UnixStream, services: Services) {
    // The file's mode keeps others out; on some systems, and for a moment after it was made, it does not.
    let ours = rustix::process::geteuid().as_raw();
    let uid = match stream.peer_cred() {
        Ok(peer) if peer.uid() == ours || peer.uid() == 0 => peer.uid(),
        Ok(peer) => return tracing::warn!("uid {} may not speak to this console.", peer.uid()),
        Err(error) => return tracing::warn!("Who spoke to the socket is not known, so nothing is answered: {error}"),
    };
    let service = service_fn(|request| {
        let services = services.clone();
        // Boxed: what a use case holds while it waits is kilobytes.
        let dealt_with = Box::pin(dealt_with(request, services, uid));
        async move { Ok::<_, Infallible>(dealt_with.await) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(SENDING).max_buf_size(16 * 1024).keep_alive(false);
    let spoken = builder.serve_connection(TokioIo::new(stream), service);
    match timeout(PATIENCE, spoken).await {
        Ok(Ok(())) => {}
        // It went away; what it asked for is done all the same.
        Ok(Err(error)) => tracing::debug!("A sub-command's connection ended: {error}"),
        Err(_) => tracing::warn!("A sub-command was not answered in time; what it asked for goes on."),
    }
}

async fn dealt_with(request: http::Request<Incoming>, services: Services, uid: u32) -> Response<Body> {
    let number = format!("local-{}", REQUESTS.fetch_add(1, Ordering::Relaxed));
    let body = timeout(SENDING, to_bytes(Body::new(request.into_body()), MOST_ASKED)).await;
    let asked = match body {
        Ok(Ok(bytes)) => serde_json::from_slice::<Request>(&bytes).map_err(|error| error.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it did not come to an end".into()),
    };
    let (status, reply) = match asked {
        Err(why) => {
            let sentence = format!("The request cannot be read ({why}). Use the gatehouse that the console runs from.");
            (400, Err(Refused { code: "unreadable_request".into(), sentence }))
        }
        Ok(request) => {
            let origin = Origin { from: format!("uid {uid}"), request: number.clone(), ..Origin::default() };
            match Box::pin(answer(&services, origin, request)).await {
                Ok(answer) => (200, Ok(answer)),
                Err(failure) => (failure.status(), Err(refused(&failure, &number))),
            }
        }
    };
    said(status, &reply)
}

/// Our own faults are for the log, as they are with a page.
fn refused(failure: &Failure, number: &str) -> Refused {
    let sentence = match failure {
        Failure::Internal(sentence) => {
            tracing::error!(request.id = %number, "A sub-command could not be answered: {sentence}");
            format!("Something is wrong in Gatehouse. Its log says what under request {number}.")
        }
        other => other.reason(),
    };
    Refused { code: failure.code().into(), sentence }
}

fn said(status: u16, reply: &Reply) -> Response<Body> {
    let body = serde_json::to_vec(reply).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    response
}
