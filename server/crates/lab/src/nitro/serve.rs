//! Listening, TLS, and HTTP/1.1 with the exact status lines.

use super::{
    answer::{Answer, Damage},
    front::{Cut, handle},
    request::Request,
};
use crate::{
    listen,
    shared::Shared,
    tls::{Front, Guise, answer_as_tls10},
};
use http_body_util::{BodyExt, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{error::Error, future::poll_fn, io, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Larger than any legal request; a certificate file in base64 is some ten thousand bytes.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Serves one appliance on one port until the task is ended.
pub(crate) async fn serve(shared: Arc<Shared>, appliance: usize, listener: TcpListener, tls: Option<Arc<Front>>) {
    listen::each(listener, |stream| connection(Arc::clone(&shared), appliance, stream, tls.clone())).await;
}

async fn connection(
    shared: Arc<Shared>,
    appliance: usize,
    stream: TcpStream,
    tls: Option<Arc<Front>>,
) -> io::Result<()> {
    if is_refused(&shared, appliance) {
        cut(&stream);
        return Ok(());
    }
    stream.set_nodelay(true)?;
    match tls {
        None => {
            if let Some(stream) = talk(shared, appliance, stream).await {
                cut(&stream);
            }
        }
        Some(front) => {
            let guise = guise(&shared, appliance);
            let Some(identity) = front.identity(guise)? else { return answer_as_tls10(stream).await };
            let stream = identity.acceptor.accept(stream).await?;
            if let Some(stream) = talk(shared, appliance, stream).await {
                cut(stream.get_ref().0);
            }
        }
    }
    Ok(())
}

fn is_refused(shared: &Shared, appliance: usize) -> bool {
    let mut world = shared.world();
    let nsip = world.appliances.get(appliance).map(|owner| owner.nsip.to_string());
    nsip.is_some_and(|nsip| world.faults.at_accept(&nsip))
}

fn guise(shared: &Shared, appliance: usize) -> Option<Guise> {
    let mut world = shared.world();
    let nsip = world.appliances.get(appliance)?.nsip.to_string();
    world.faults.at_handshake(&nsip)
}

/// Serves one connection. Gives the stream back when it has to be cut.
async fn talk<S>(shared: Arc<Shared>, appliance: usize, stream: S) -> Option<S>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |incoming| {
        let shared = Arc::clone(&shared);
        // Boxed, because taking the connection apart at its end needs a future that can be moved.
        Box::pin(async move {
            match read(incoming).await {
                Ok(request) => handle(shared, appliance, request).await,
                Err(_) => Ok::<_, Cut>(Answer::page(400, "Bad Request").respond(Damage::None)),
            }
        })
    });
    let mut connection = http1::Builder::new().title_case_headers(true).serve_connection(TokioIo::new(stream), service);
    let ended = poll_fn(|cx| connection.poll_without_shutdown(cx)).await;
    let mut stream = connection.into_parts().io.into_inner();
    let is_cut = ended.is_err_and(|error| error.source().is_some_and(<dyn Error>::is::<Cut>));
    if is_cut {
        return Some(stream);
    }
    // The other side may be gone already; nothing is left to say to it.
    let _closed = stream.shutdown().await;
    None
}

async fn read(incoming: hyper::Request<Incoming>) -> Result<Request, Box<dyn Error + Send + Sync>> {
    let (parts, body) = incoming.into_parts();
    let body = Limited::new(body, BODY_LIMIT).collect().await?.to_bytes().to_vec();
    Ok(Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
    })
}

/// Makes the close that follows a reset.
fn cut(stream: &TcpStream) {
    if let Err(error) = stream.set_zero_linger() {
        tracing::debug!(%error, "could not reset a connection");
    }
}
