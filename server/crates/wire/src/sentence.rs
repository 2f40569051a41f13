//! What happened to a connection, in full sentences. What to do about it is each client's to say: the remedies differ.

use crate::{ConnectCause, Phase, TlsKind, TlsProblem};
use std::time::Duration;

/// No connection was made. `refused` and `reset`: what to do where the other side refused it, or closed it at once;
/// without a full stop.
pub fn connect(
    address: &str,
    via: Option<&str>,
    (cause, detail): (ConnectCause, &str),
    (refused, reset): (&str, &str),
) -> String {
    let through = via.map_or(String::new(), |via| format!(" (through {via})"));
    let (what, next) = match cause {
        ConnectCause::Refused => ("refused the connection: nothing listens on that port", refused),
        ConnectCause::Unreachable => {
            ("cannot be reached: there is no route to it", "Check the network and the address")
        }
        ConnectCause::NameNotFound => ("has no address in the DNS", "Check the spelling, or use the IP address"),
        ConnectCause::Reset => ("closed the connection at once", reset),
        other => other.on_the_way().unwrap_or(("cannot be connected to", "Check address, port and network")),
    };
    // The library's words only where ours say little.
    let detail = match cause {
        ConnectCause::Other if !detail.is_empty() => format!(" ({detail})"),
        _ => String::new(),
    };
    format!("{address}{through} {what}{detail}. Nothing was sent. {next}.")
}

/// A time limit passed. `thing` is what the other side is called, a "node" for instance; `next` is said about an answer
/// that did not come in time.
pub fn late(address: &str, phase: Phase, after: Duration, thing: &str, next: &str) -> String {
    let seconds = after.as_secs_f64();
    match phase {
        Phase::Connect => format!(
            "{address} did not answer within {seconds} seconds. Nothing was sent. The {thing} may be off, or a firewall \
             drops the connection; check address, port and network."
        ),
        Phase::Answer | Phase::Body => format!(
            "{address} accepted the connection, but its answer was not complete after {seconds} seconds. {next}"
        ),
    }
}

/// What a client has to say about a TLS problem.
#[derive(Debug, Clone, Copy, Default)]
pub struct TlsAdvice {
    /// Goes on where our sentence would end, with its comma or semicolon; most have none.
    pub aside: &'static str,
    /// What to do, in full sentences; empty where nothing helps.
    pub next: &'static str,
}

impl TlsAdvice {
    /// Without an aside.
    pub const fn new(next: &'static str) -> Self {
        Self { aside: "", next }
    }
}

/// The TLS handshake failed.
pub fn tls(problem: &TlsProblem, TlsAdvice { aside, next }: TlsAdvice) -> String {
    let address = &problem.address;
    let shown = problem.fingerprint.map_or(String::new(), |seen| format!(" Its SHA-256 fingerprint is {seen}."));
    let what = match &problem.kind {
        TlsKind::UnknownIssuer => {
            format!("{address} shows a certificate that no trusted authority has signed{aside}.{shown}")
        }
        TlsKind::NameMismatch { expected, presented } => {
            let names = if presented.is_empty() { "no name".to_owned() } else { presented.join(", ") };
            format!("{address} shows a certificate for {names}, not for {expected}{aside}.{shown}")
        }
        TlsKind::Expired => format!("{address} shows a certificate that has expired{aside}.{shown}"),
        TlsKind::NotYetValid => format!("{address} shows a certificate whose time has not come yet{aside}.{shown}"),
        TlsKind::PinMismatch { expected, seen } => format!(
            "{address} shows another certificate than the one you trusted. Trusted: {expected}. Shown now: {seen}{aside}."
        ),
        TlsKind::ProtocolVersion => format!("{address} offers no TLS version that is still safe{aside}."),
        TlsKind::NoCommonCipher => format!("{address} and this program have no cipher in common{aside}."),
        TlsKind::NotTls => format!("{address} answers, but not with TLS{aside}."),
        TlsKind::Closed => {
            format!("A secure connection to {address} was not possible: {}{aside}.{shown}", problem.kind)
        }
        TlsKind::Other(text) => {
            format!("A secure connection to {address} was not possible: {}{aside}.{shown}", bare(text))
        }
    };
    let gap = if next.is_empty() { "" } else { " " };
    format!("{what}{gap}{next} Nothing was sent.")
}

/// A text without the full stop that it may have, to stand in the middle of a sentence.
pub fn bare(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}
