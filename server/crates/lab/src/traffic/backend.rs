//! Connections of an appliance to what is behind it, for requests: kept as long as the client's own connection.

use super::{balance::Choice, tap::Tap};
use crate::{
    model::{Gauge, Traffic},
    node::Reach,
    shared::Shared,
    tls::trusting,
};
use hyper::{
    Request, Response,
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
};

/// Open connections by where they lead, and the tasks that drive them. They end with this.
pub(super) struct Pool<K> {
    idle: Mutex<HashMap<K, SendRequest<Incoming>>>,
    tasks: Mutex<JoinSet<()>>,
}

impl<K: std::hash::Hash + Eq> Pool<K> {
    pub fn new() -> Self {
        Self { idle: Mutex::default(), tasks: Mutex::default() }
    }

    /// A connection that was used before and still works.
    async fn used(&self, key: &K) -> Option<SendRequest<Incoming>> {
        let mut sender = self.idle.lock().unwrap_or_else(PoisonError::into_inner).remove(key)?;
        sender.ready().await.ok()?;
        Some(sender)
    }

    /// Something that lives as long as the pool.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).spawn(task);
    }

    /// Sends a request over a kept connection, else over a new one.
    pub async fn send<F>(&self, key: K, mut request: Request<Incoming>, connect: F) -> io::Result<Response<Incoming>>
    where
        F: AsyncFnOnce() -> io::Result<SendRequest<Incoming>>,
    {
        if let Some(mut sender) = self.used(&key).await {
            match sender.try_send_request(request).await {
                Ok(response) => return Ok(self.keep(key, sender, response)),
                // The other side had just closed it: the request has not gone out.
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(io::Error::other(error.into_error())),
                },
            }
        }
        let mut sender = connect().await?;
        let response = sender.send_request(request).await.map_err(io::Error::other)?;
        Ok(self.keep(key, sender, response))
    }

    /// Speaks HTTP on a new connection.
    pub async fn speak<S>(&self, stream: S, while_open: impl Send + 'static) -> io::Result<SendRequest<Incoming>>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (sender, connection) = http1::Builder::new()
            .title_case_headers(true)
            .preserve_header_case(true)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        self.spawn(async move {
            let _open = while_open;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to a server ended early");
            }
        });
        Ok(sender)
    }

    fn keep(&self, key: K, sender: SendRequest<Incoming>, response: Response<Incoming>) -> Response<Incoming> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).insert(key, sender);
        response
    }
}

/// A new connection to a member, counted for it and its virtual server.
pub(super) async fn to_member<K: std::hash::Hash + Eq>(
    shared: &Shared,
    pool: &Pool<K>,
    choice: &Choice,
    vserver: &Arc<Traffic>,
) -> io::Result<SendRequest<Incoming>> {
    let Reach::Port { address, .. } = shared.nodes.reach(choice.address, choice.port) else {
        return Err(io::ErrorKind::ConnectionRefused.into());
    };
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let open =
        (vserver.begin(Gauge::Servers), choice.traffic.begin(Gauge::Servers), choice.traffic.begin(Gauge::Clients));
    let (up, down) = (Arc::clone(&choice.traffic), Arc::clone(&choice.traffic));
    if choice.tls {
        // By address, so that no name is sent along.
        let stream = trusting()?.connect(ServerName::IpAddress(choice.address.into()), stream).await?;
        pool.speak(counted(stream, down, up), open).await
    } else {
        pool.speak(counted(stream, down, up), open).await
    }
}

/// A stream to a server, counted as its clients see it.
fn counted<S>(stream: S, down: Arc<Traffic>, up: Arc<Traffic>) -> impl AsyncRead + AsyncWrite + Unpin + Send + 'static
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    Tap {
        stream,
        read: move |bytes: &[u8]| down.carry_out(bytes.len()),
        wrote: move |bytes: &[u8]| up.carry_in(bytes.len()),
    }
}

/// The name that a TLS client asks for.
pub(super) fn server_name(host: &str) -> io::Result<ServerName<'static>> {
    match host.parse::<IpAddr>() {
        Ok(address) => Ok(ServerName::IpAddress(address.into())),
        Err(_) => ServerName::try_from(host.to_owned()).map_err(io::Error::other),
    }
}
