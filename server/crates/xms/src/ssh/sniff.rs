//! A connection that remembers how the other side began: the SSH library does not say that it was something else.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// The first bytes that came.
#[derive(Clone, Default)]
pub(super) struct Beginning(Arc<Mutex<Vec<u8>>>);

impl Beginning {
    const ENOUGH: usize = 6;

    fn add(&self, bytes: &[u8]) {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = Self::ENOUGH.saturating_sub(first.len());
        first.extend(bytes.iter().take(missing));
    }

    /// Something came, and it is not the beginning of SSH 2. For use after a failure only: a server may write lines
    /// before its version, which the library skips.
    pub(super) fn is_not_ssh(&self) -> bool {
        let first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !first.is_empty() && !first.starts_with(b"SSH-2") && !first.starts_with(b"SSH-1.9")
    }
}

/// A TCP connection that fills a [`Beginning`].
pub(super) struct Sniffed(pub(super) TcpStream, pub(super) Beginning);

impl AsyncRead for Sniffed {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let outcome = Pin::new(&mut self.0).poll_read(cx, buf);
        self.1.add(buf.filled().get(before..).unwrap_or_default());
        outcome
    }
}

impl AsyncWrite for Sniffed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
