//! How far a connection came.

use serde::{Deserialize, Serialize};
use std::{fmt, io};

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
    /// The SOCKS proxy itself was not reached, or is none. What it says of the host behind it is one of the others.
    Proxy,
    /// The SOCKS proxy is there and would not: its rules forbid it, or it wants an account.
    ProxyForbids,
    /// The SOCKS proxy could not connect, and did not say why.
    ProxyFailed,
    /// This machine has no room for one more connection: its table of open files is full.
    FilesFull,
    /// Something else; the detail says what.
    Other,
}

/// `EMFILE` and `ENFILE`: the process's table of open files is full, or the whole machine's.
const FULL: [i32; 2] = [24, 23];

impl ConnectCause {
    /// From what the operating system said to a connection that we made ourselves.
    pub fn of(error: &io::Error) -> Self {
        if error.raw_os_error().is_some_and(|code| FULL.contains(&code)) {
            return Self::FilesFull;
        }
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Self::Unreachable,
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof => {
                Self::Reset
            }
            // The resolver's failures have no kind of their own.
            _ if error.raw_os_error().is_none() && error.to_string().contains("lookup") => Self::NameNotFound,
            _ => Self::Other,
        }
    }

    /// From the reply of a SOCKS5 proxy that is there (RFC 1928, 6).
    pub const fn of_socks_reply(reply: u8) -> Self {
        match reply {
            3 | 4 | 6 => Self::Unreachable,
            5 => Self::Refused,
            2 | 7 | 8 => Self::ProxyForbids,
            _ => Self::ProxyFailed,
        }
    }

    /// From the HTTP library's words about a SOCKS5 proxy, which is all that it lets out.
    pub(crate) fn of_socks_words(words: &str) -> Self {
        let words = words.to_ascii_lowercase();
        let said = |part: &str| words.contains(part);
        if said("failed to create underlying connection") {
            let full = FULL.iter().any(|code| said(&format!("os {{ code: {code},")));
            return if full { Self::FilesFull } else { Self::Proxy };
        }
        let replies = [
            ("general server failure", 1),
            ("connection not allowed", 2),
            ("network unreachable", 3),
            ("host unreachable", 4),
            ("connection refused", 5),
            ("ttl expired", 6),
            ("command not supported", 7),
            ("address type not supported", 8),
        ];
        match replies.iter().find(|(part, _)| said(part)) {
            Some((_, reply)) => Self::of_socks_reply(*reply),
            None if said("authentication") || said("credentials") => Self::ProxyForbids,
            None => Self::Proxy,
        }
    }

    /// Where the other side was not even asked: what happened to its address, and what to do. The same for whatever lies
    /// at the end of the way.
    pub(crate) const fn on_the_way(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Proxy => Some((
                "was not asked, because the SOCKS proxy on the way to it cannot be reached or is none",
                "Check that the proxy runs, and its address and port",
            )),
            Self::ProxyForbids => Some((
                "was not asked, because the SOCKS proxy on the way to it does not allow it",
                "Check the rules of the proxy for this address; a proxy that wants an account cannot be used",
            )),
            Self::ProxyFailed => Some((
                "was not reached: the SOCKS proxy runs, but could not connect to it and does not say why",
                "Check address and port, and whether the proxy's own network leads there",
            )),
            Self::FilesFull => Some((
                "was not asked, because this machine has no room for one more connection: too many files are open",
                "Raise the limit of open files for Gatehouse (ulimit -n, LimitNOFILE), and look what holds them",
            )),
            Self::Refused | Self::Unreachable | Self::NameNotFound | Self::Reset | Self::Other => None,
        }
    }

    /// The way is to blame, not what lies at its end.
    pub const fn blames_the_proxy(self) -> bool {
        matches!(self, Self::Proxy | Self::ProxyForbids | Self::ProxyFailed)
    }
}

impl fmt::Display for ConnectCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => "connection refused",
            Self::Unreachable => "no route to the host",
            Self::NameNotFound => "the name has no address",
            Self::Reset => "connection closed at once",
            Self::Proxy => "the SOCKS proxy cannot be reached",
            Self::ProxyForbids => "the SOCKS proxy does not allow it",
            Self::ProxyFailed => "the SOCKS proxy could not connect",
            Self::FilesFull => "too many open files on this machine",
            Self::Other => "connection failed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_speaks_for_a_host_is_not_to_blame() {
        for (words, cause) in [
            ("error connecting to socks proxy: SOCKS error: connection refused", ConnectCause::Refused),
            ("SOCKS error: host unreachable", ConnectCause::Unreachable),
            ("SOCKS error: network unreachable", ConnectCause::Unreachable),
            ("SOCKS error: ttl expired", ConnectCause::Unreachable),
            ("SOCKS error: general server failure", ConnectCause::ProxyFailed),
            ("SOCKS error: connection not allowed", ConnectCause::ProxyForbids),
            ("SOCKS error: server does not support user/pass authentication", ConnectCause::ProxyForbids),
            ("SOCKS error: io error during SOCKS handshake", ConnectCause::Proxy),
            ("SOCKS error: failed parsing server response", ConnectCause::Proxy),
            // The reason inside is the way to the proxy, not the proxy's answer.
            (
                "SOCKS error: failed to create underlying connection Inner(ConnectError(\"tcp connect error\", Os { code: \
                 111, kind: ConnectionRefused, message: \"Connection refused\" }))",
                ConnectCause::Proxy,
            ),
            (
                "SOCKS error: failed to create underlying connection Inner(ConnectError(\"tcp open error\", Os { code: 24, \
                 kind: Uncategorized, message: \"Too many open files\" }))",
                ConnectCause::FilesFull,
            ),
        ] {
            assert_eq!(ConnectCause::of_socks_words(words), cause, "{words}");
        }
    }

    #[test]
    fn a_full_table_of_open_files_is_nobody_elses_fault() {
        assert_eq!(ConnectCause::of(&io::Error::from_raw_os_error(24)), ConnectCause::FilesFull);
        assert_eq!(ConnectCause::of(&io::Error::from_raw_os_error(23)), ConnectCause::FilesFull);
        assert_eq!(ConnectCause::of(&io::ErrorKind::ConnectionRefused.into()), ConnectCause::Refused);
    }
}
