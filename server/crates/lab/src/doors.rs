//! The two management ports of an appliance, which close when it goes off and open again with the same numbers.

use crate::{
    clock::LabTime,
    nitro::serve,
    shared::Shared,
    tls::{self, Front},
};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tokio::{net::TcpSocket, sync::Mutex, task::JoinHandle};

pub(crate) struct Doors {
    http: Door,
    https: Door,
    /// From the factory, so each appliance has another one.
    front: Arc<Front>,
    /// Whether the first one is ever opened.
    plain_http: bool,
}

struct Door {
    address: SocketAddr,
    /// Held while it opens or closes, so that one waits for the other.
    state: Mutex<State>,
}

enum State {
    /// Bound and not listening: connections are refused, and nobody else can have the port.
    Closed(TcpSocket),
    Open(JoinHandle<()>),
    /// Opening or closing failed, so that the port is lost.
    Lost,
}

impl Doors {
    /// Two free ports on loopback, closed. The host name is for the certificates that faults want to be shown.
    pub fn reserve(plain_http: bool, host: &str, now: LabTime) -> io::Result<Self> {
        let front = Arc::new(Front::new(tls::identity()?, &format!("{host}.example.com"), now));
        Ok(Self { http: Door::reserve()?, https: Door::reserve()?, front, plain_http })
    }

    /// SHA-256 of the certificate.
    pub fn fingerprint(&self) -> &str {
        self.front.fingerprint()
    }

    pub fn http(&self) -> SocketAddr {
        self.http.address
    }

    pub fn https(&self) -> SocketAddr {
        self.https.address
    }

    /// Serves NITRO for the appliance with this place in the lab.
    pub async fn open(&self, shared: &Arc<Shared>, appliance: usize) -> io::Result<()> {
        if self.plain_http {
            self.http.open(shared, appliance, None).await?;
        }
        self.https.open(shared, appliance, Some(Arc::clone(&self.front))).await
    }

    /// Cuts every connection; when this returns, connects are refused.
    pub async fn close(&self) -> io::Result<()> {
        self.http.close().await?;
        self.https.close().await
    }

    /// For the end of the lab, where nobody can wait.
    pub fn abort(&self) {
        for door in [&self.http, &self.https] {
            if let Ok(state) = door.state.try_lock()
                && let State::Open(task) = &*state
            {
                task.abort();
            }
        }
    }
}

impl Door {
    fn reserve() -> io::Result<Self> {
        let socket = bound(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        Ok(Self { address: socket.local_addr()?, state: Mutex::new(State::Closed(socket)) })
    }

    async fn open(&self, shared: &Arc<Shared>, appliance: usize, tls: Option<Arc<Front>>) -> io::Result<()> {
        let mut state = self.state.lock().await;
        *state = match std::mem::replace(&mut *state, State::Lost) {
            State::Closed(socket) => {
                State::Open(tokio::spawn(serve::serve(Arc::clone(shared), appliance, socket.listen(1024)?, tls)))
            }
            other => other,
        };
        Ok(())
    }

    async fn close(&self) -> io::Result<()> {
        let mut state = self.state.lock().await;
        *state = match std::mem::replace(&mut *state, State::Lost) {
            State::Open(task) => {
                task.abort();
                // Cancelled is what it should be; either way the listener is gone now.
                let _ended = task.await;
                State::Closed(bound(self.address)?)
            }
            other => other,
        };
        Ok(())
    }
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
