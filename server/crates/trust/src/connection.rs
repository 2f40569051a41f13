//! How far a connection came.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What we were waiting for when the time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The connection: TCP, proxy, TLS or SSH. Nothing was sent.
    Connect,
    /// The first byte of the answer. The request was sent.
    Answer,
    /// The rest of the answer.
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Answer => "waiting for the answer",
            Self::Body => "reading the answer",
        })
    }
}

/// Why no connection was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConnectCause {
    /// The host is there; nothing listens on the port.
    Refused,
    /// No route.
    Unreachable,
    /// The name has no address.
    NameNotFound,
    /// Accepted, then closed before anything was said.
    Reset,
    /// The SOCKS proxy could not or would not connect.
    Proxy,
    /// Something else; the detail says what.
    Other,
}

impl fmt::Display for ConnectCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => "connection refused",
            Self::Unreachable => "no route to the host",
            Self::NameNotFound => "the name has no address",
            Self::Reset => "connection closed at once",
            Self::Proxy => "the SOCKS proxy did not connect",
            Self::Other => "connection failed",
        })
    }
}
