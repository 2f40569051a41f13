//! One accept loop for all that listens: every connection is a task that ends with its listener's.

use std::{
    future::Future,
    io,
    net::{Ipv4Addr, SocketAddr},
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// A free port on loopback; the lab binds nothing else.
pub(crate) async fn loopback() -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
}

/// Hands every connection to `connection` until the task that awaits this is ended.
pub(crate) async fn each<F>(listener: TcpListener, mut connection: impl FnMut(TcpStream) -> F)
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(ended) = connections.join_next() => {
                if let Ok(Err(error)) = ended {
                    tracing::debug!(%error, "a connection ended early");
                }
                continue;
            }
        };
        if let Ok((stream, _)) = accepted {
            connections.spawn(connection(stream));
        }
    }
}
