//! The two management ports of an appliance, which close when it goes off and open again with the same numbers.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{net::TcpSocket, task::JoinHandle};
use tokio_rustls::TlsAcceptor;

use crate::{nitro::serve, shared::Shared};

pub(crate) struct Doors {
    pub http: SocketAddr,
    pub https: SocketAddr,
    acceptor: TlsAcceptor,
    state: Mutex<State>,
}

enum State {
    /// Bound, never listening: keeps the ports ours, so that nobody else can answer there.
    Closed([TcpSocket; 2]),
    Open(Vec<JoinHandle<()>>),
}

impl Doors {
    /// Two free ports on loopback, closed.
    pub fn reserve(acceptor: TlsAcceptor) -> io::Result<Self> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let sockets = [bound(any)?, bound(any)?];
        let (http, https) = (sockets[0].local_addr()?, sockets[1].local_addr()?);
        Ok(Self { http, https, acceptor, state: Mutex::new(State::Closed(sockets)) })
    }

    /// Serves NITRO for the appliance with this place in the lab.
    pub fn open(&self, shared: &Arc<Shared>, appliance: usize) -> io::Result<()> {
        let mut state = self.state();
        let sockets = match std::mem::replace(&mut *state, State::Open(Vec::new())) {
            State::Closed(sockets) => sockets,
            open @ State::Open(_) => {
                *state = open;
                return Ok(());
            }
        };
        let mut tasks = Vec::new();
        for (socket, tls) in sockets.into_iter().zip([None, Some(self.acceptor.clone())]) {
            tasks.push(tokio::spawn(serve::serve(Arc::clone(shared), appliance, socket.listen(1024)?, tls)));
        }
        *state = State::Open(tasks);
        Ok(())
    }

    /// Cuts every connection; when this returns, connects are refused.
    pub async fn close(&self) -> io::Result<()> {
        let tasks = match &mut *self.state() {
            State::Open(tasks) => std::mem::take(tasks),
            State::Closed(_) => return Ok(()),
        };
        for task in tasks {
            task.abort();
            // Cancelled is what it should be; either way the listener is gone now.
            let _ended = task.await;
        }
        let sockets = [bound(self.http)?, bound(self.https)?];
        *self.state() = State::Closed(sockets);
        Ok(())
    }

    /// For the end of the lab, where nobody can wait.
    pub fn abort(&self) {
        if let State::Open(tasks) = &*self.state() {
            tasks.iter().for_each(JoinHandle::abort);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
