//! How long, how many and how much.

use std::time::Duration;

/// The limits of a client for HTTP; each client has more of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For TCP, proxy and TLS together.
    pub connect: Duration,
    /// For the first byte of an answer, and again for each later piece, where a [`Patience`] does not say otherwise.
    pub read: Duration,
    /// How long an idle connection is kept.
    pub idle: Duration,
    /// Requests at a time.
    pub in_flight: usize,
    /// Largest answer in bytes.
    pub body: usize,
}

/// How long, and for how much of it, we wait for one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the first byte of the answer, counted from the start, and again for each later piece.
    pub piece: Duration,
    /// For all of the answer, however steadily it comes. `None`: as long as pieces come.
    pub whole: Option<Duration>,
    /// Of a success (HTTP 200) no more is read than this, in bytes; the connection ends with it. `None`: all of it.
    pub enough: Option<usize>,
}
