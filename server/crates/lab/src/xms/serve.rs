//! One connection to a node: TLS and HTTP/1.1, SSH, or nothing at all.

use super::{Ill, answer::Request, menu::End, ssh, web};
use crate::{
    node::Node,
    tls::{Guise, answer_as_tls10, shown_by},
};
use http_body_util::{BodyExt, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{
    convert::Infallible,
    error::Error,
    io,
    sync::{Arc, OnceLock},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};

/// Larger than any legal request; a key store in base64 is some ten thousand bytes.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Room between the network and the SSH library.
const PIPE: usize = 64 * 1024;

/// Serves a connection that was accepted and counted already. It ends when this future is dropped.
pub(crate) async fn connection(node: Arc<Node>, port: u16, stream: TcpStream) {
    let served = match port {
        // Behind a closed firewall; who is in the lab's own network finds the address all the same.
        _ if !node.is_open(port) => Ok(()),
        22 => talk(&node, stream).await,
        _ if node.machine.ills().has(Ill::WebDead) => hold(stream).await,
        80 if node.machine.local().disk.offload => pages(node, port, stream, None).await,
        443 | 8443 | 4443 => secured(node, port, stream).await,
        _ => hold(stream).await,
    };
    if let Err(error) = served {
        tracing::debug!(%error, port, "a connection to a node ended early");
    }
}

/// Reads until the other side has finished, then closes.
pub(crate) async fn hold(mut stream: TcpStream) -> io::Result<()> {
    let mut waste = [0; 4096];
    while stream.read(&mut waste).await? > 0 {}
    Ok(())
}

/// TLS with what the node has read at its start, or with what a fault wants to be shown.
async fn secured(node: Arc<Node>, port: u16, stream: TcpStream) -> io::Result<()> {
    let guise = node.machine.ills().guise();
    if guise == Some(Guise::Tls10) {
        return answer_as_tls10(stream).await;
    }
    stream.set_nodelay(true)?;
    let mut identity = Arc::clone(&node.machine.local().identity);
    if let Some(guise) = guise {
        identity = node.cluster.wardrobe.get(guise, &identity)?;
    }
    // Devices come to 443 with certificates of their own.
    let acceptor = if port == 443 { &identity.asking } else { &identity.acceptor };
    let stream = acceptor.accept(stream).await?;
    let client = shown_by(&stream);
    pages(node, port, stream, client).await
}

/// `client` is the subject of the certificate that the client has shown.
async fn pages<S>(node: Arc<Node>, port: u16, stream: S, client: Option<String>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |incoming| {
        let (node, client) = (Arc::clone(&node), client.clone());
        async move {
            let answer = match read(incoming, client).await {
                Ok(request) => web::answer(&node, port, request).await,
                Err(_) => web::unreadable(&node),
            };
            Ok::<_, Infallible>(answer.respond())
        }
    });
    let connection = http1::Builder::new().title_case_headers(true).serve_connection(TokioIo::new(stream), service);
    connection.await.map_err(io::Error::other)
}

async fn read(
    incoming: hyper::Request<Incoming>,
    client: Option<String>,
) -> Result<Request, Box<dyn Error + Send + Sync>> {
    let (parts, body) = incoming.into_parts();
    let body = Limited::new(body, BODY_LIMIT).collect().await?.to_bytes().to_vec();
    // The answer to a HEAD is that to a GET; the library leaves its body out.
    let method = if parts.method == http::Method::HEAD { http::Method::GET } else { parts.method };
    let (method, path) = (method.as_str().to_owned(), parts.uri.path().to_owned());
    Ok(Request { method, path, headers: parts.headers, body, client })
}

/// The SSH library serves a connection in a task that it does not let go of: it gets a pipe, which ends with us.
async fn talk(node: &Arc<Node>, stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (ours, theirs) = tokio::io::duplex(PIPE);
    let (mut from_client, mut to_client) = stream.into_split();
    let (mut from_library, mut to_library) = tokio::io::split(ours);
    let end = Arc::new(OnceLock::new());
    if node.machine.ills().has(Ill::EarlyBanner) {
        to_client.write_all(node.cluster.profile.cli.early_banner.as_bytes()).await?;
    }
    let config = Arc::new(ssh::config(node)?);
    let handler = ssh::Session::new(Arc::clone(node), Arc::clone(&end));
    let library = async {
        match russh::server::run_stream(config, theirs, handler).await {
            Ok(session) => session.await,
            Err(error) => Err(error),
        }
    };
    let up = async {
        tokio::io::copy(&mut from_client, &mut to_library).await?;
        to_library.shutdown().await?;
        std::future::pending::<io::Result<Infallible>>().await
    };
    let served = tokio::select! {
        // The way down ends when the library has closed its side and all is written.
        (served, _) = async { tokio::join!(library, tokio::io::copy(&mut from_library, &mut to_client)) } => served,
        Err(error) = up => return Err(error),
    };
    match end.get() {
        Some(End::Restart) => node.restart(),
        Some(End::Shutdown) => node.shut_down(),
        Some(End::LogOut) | None => {}
    }
    served.map_err(io::Error::other)
}
