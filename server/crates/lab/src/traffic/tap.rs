//! A stream that somebody listens to while bytes go through.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Calls `read` with what is read and `wrote` with what is written.
pub(super) struct Tap<S, R, W> {
    pub stream: S,
    pub read: R,
    pub wrote: W,
}

impl<S, R, W> AsyncRead for Tap<S, R, W>
where
    S: AsyncRead + Unpin,
    R: FnMut(&[u8]) + Unpin,
    W: Unpin,
{
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let this = &mut *self;
        ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
        if let Some(new) = buffer.filled().get(before..).filter(|new| !new.is_empty()) {
            (this.read)(new);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S, R, W> AsyncWrite for Tap<S, R, W>
where
    S: AsyncWrite + Unpin,
    R: Unpin,
    W: FnMut(&[u8]) + Unpin,
{
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let count = ready!(Pin::new(&mut this.stream).poll_write(cx, bytes))?;
        (this.wrote)(bytes.get(..count).unwrap_or_default());
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
