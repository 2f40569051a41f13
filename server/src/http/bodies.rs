//! What comes in behind the head of a request: all of it or nothing, and never more than a form of ours can hold. Only here
//! are bodies read from a connection; what is behind this has them whole.

use crate::http::{said::Told, site::Site};
use app::visitor::Visitor;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures::StreamExt;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How large and how slow a body may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub most: usize,
    pub within: Duration,
}

/// A name, a password and two tokens.
pub const STRANGERS: Bounds = Bounds { most: 16 * 1024, within: Duration::from_secs(10) };
/// What somebody typed whose session has ended meanwhile: it is kept until they have signed in again.
pub const RETURNING: Bounds = Bounds { most: 64 * 1024, within: Duration::from_secs(10) };
/// Two files of a certificate, or the longest text that somebody pastes.
pub const PEOPLE: Bounds = Bounds { most: 1024 * 1024, within: Duration::from_mins(1) };

/// Why a body is not taken.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    TooLarge,
    TooSlow,
    BrokenOff,
}

pub async fn whole(State(site): State<Site>, request: Request, next: Next) -> Response {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method()) {
        // Theirs say nothing that anybody would read.
        return next.run(request).await;
    }
    let bounds = match request.extensions().get::<Visitor>() {
        Some(visitor) if visitor.cx.is_some() => PEOPLE,
        Some(visitor) if visitor.lapsed.is_some() => RETURNING,
        _ => STRANGERS,
    };
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let told = Told::of(&request);
    let (parts, body) = request.into_parts();
    match read(body, declared, bounds).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(Refusal::TooLarge) => {
            let sentence = format!(
                "What was sent is larger than {} KB, which no form of Gatehouse is. Nothing was changed. If it was a file, \
                 choose the certificate or the key alone: both are text of a few KB.",
                bounds.most / 1024
            );
            site.said_of(&told, StatusCode::PAYLOAD_TOO_LARGE, "Too large", &sentence)
        }
        Err(Refusal::TooSlow) => {
            let sentence = format!(
                "The form did not arrive within {} seconds, so nothing was changed. Go back and send it again; if that \
                 happens again, the way between here and Gatehouse is slow.",
                bounds.within.as_secs()
            );
            site.said_of(&told, StatusCode::REQUEST_TIMEOUT, "Too slow", &sentence)
        }
        Err(Refusal::BrokenOff) => {
            let sentence = "The form broke off on its way. Nothing was changed; go back and send it again.";
            site.said_of(&told, StatusCode::BAD_REQUEST, "Broken off", sentence)
        }
    }
}

async fn read(body: Body, declared: Option<u64>, bounds: Bounds) -> Result<Bytes, Refusal> {
    if declared.is_some_and(|length| length > bounds.most as u64) {
        return Err(Refusal::TooLarge);
    }
    let deadline = Instant::now() + bounds.within;
    let mut parts = body.into_data_stream();
    let mut whole = Vec::new();
    loop {
        match timeout_at(deadline, parts.next()).await {
            Err(_) => return Err(Refusal::TooSlow),
            Ok(None) => return Ok(whole.into()),
            Ok(Some(Err(_))) => return Err(Refusal::BrokenOff),
            Ok(Some(Ok(part))) if whole.len() + part.len() > bounds.most => return Err(Refusal::TooLarge),
            Ok(Some(Ok(part))) => whole.extend_from_slice(&part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;
    use std::{
        io,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    const BOUNDS: Bounds = Bounds { most: 100, within: Duration::from_secs(10) };

    #[tokio::test(start_paused = true)]
    async fn a_body_is_taken_whole_or_not_at_all() {
        let body = |parts: usize| {
            Body::from_stream(stream::iter((0..parts).map(|_| Ok::<_, io::Error>(Bytes::from_static(b"0123456789")))))
        };
        assert_eq!(read(body(10), Some(100), BOUNDS).await.map(|bytes| bytes.len()), Ok(100));
        assert_eq!(read(body(11), None, BOUNDS).await, Err(Refusal::TooLarge));
        let broken = Body::from_stream(stream::iter([Ok(Bytes::from_static(b"01")), Err(io::Error::other("gone"))]));
        assert_eq!(read(broken, None, BOUNDS).await, Err(Refusal::BrokenOff));
        let begun = Instant::now();
        let silent = Body::from_stream(stream::pending::<Result<Bytes, io::Error>>());
        assert_eq!(read(silent, Some(3), BOUNDS).await, Err(Refusal::TooSlow));
        assert_eq!(begun.elapsed(), BOUNDS.within);
    }

    #[tokio::test]
    async fn what_says_that_it_is_too_large_is_not_read_and_what_lies_is_read_no_further_than_it_may() {
        let counted = |seen: Arc<AtomicUsize>| {
            Body::from_stream(stream::repeat_with(move || {
                seen.fetch_add(1, Ordering::Relaxed);
                Ok::<_, io::Error>(Bytes::from_static(b"0123456789"))
            }))
        };
        for (declared, most) in [(Some(101), 0), (Some(100), 11), (None, 11)] {
            let seen = Arc::new(AtomicUsize::new(0));
            assert_eq!(read(counted(seen.clone()), declared, BOUNDS).await, Err(Refusal::TooLarge));
            assert!(seen.load(Ordering::Relaxed) <= most, "{declared:?}: {seen:?} parts");
        }
    }
}
