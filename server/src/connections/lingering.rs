//! A body that nobody reads to its end. Closing at once would throw away the answer as well: whoever still sends sees a
//! broken connection and never the page that says why. So the rest is taken in for a while, a bounded one, and forgotten.

use super::{Limits, connection::Busy};
use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::runtime::Handle;

pub struct Lingering {
    /// `None` once it has ended.
    rest: Option<Rest>,
    limits: Limits,
}

struct Rest {
    body: Incoming,
    _busy: Busy,
}

impl Lingering {
    pub fn new(body: Incoming, busy: Busy, limits: Limits) -> Self {
        let rest = (!body.is_end_stream()).then_some(Rest { body, _busy: busy });
        Self { rest, limits }
    }
}

impl Body for Lingering {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
        let frame = Pin::new(&mut rest.body).poll_frame(cx);
        if !matches!(frame, Poll::Pending | Poll::Ready(Some(Ok(_)))) {
            self.rest = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.rest.as_ref().is_none_or(|rest| rest.body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.rest.as_ref().map_or_else(|| SizeHint::with_exact(0), |rest| rest.body.size_hint())
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        let Some(rest) = self.rest.take().filter(|rest| !rest.body.is_end_stream()) else { return };
        let Ok(runtime) = Handle::try_current() else { return };
        let Limits { linger, linger_bytes, .. } = self.limits;
        runtime.spawn(async move {
            let _ = tokio::time::timeout(linger, thrown_away(rest, linger_bytes)).await;
        });
    }
}

async fn thrown_away(mut rest: Rest, most: u64) {
    let mut seen = 0;
    while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut rest.body).poll_frame(cx)).await {
        seen += frame.data_ref().map_or(0, |data| data.len() as u64);
        if seen > most {
            return;
        }
    }
}
