//! Sorts the HTTP library's errors: what matters is whether anything was sent, and what a person can do.

use std::{error::Error as StdError, io};

use crate::{
    ConnectCause, Error, Phase, TlsKind, TlsProblem,
    node::Limits,
    tls::{Refused, Seen},
};

/// What is known about the connection beside the error itself.
pub(crate) struct Situation<'a> {
    pub(crate) address: &'a str,
    pub(crate) via: Option<&'a str>,
    pub(crate) limits: &'a Limits,
    pub(crate) seen: &'a Seen,
    /// Whether the answer's head had already arrived.
    pub(crate) in_body: bool,
}

pub(crate) fn classify(error: reqwest::Error, situation: &Situation<'_>) -> Error {
    let error = error.without_url();
    let detail = chain_text(&error);
    if error.is_builder() {
        return Error::Build(detail);
    }
    let address = situation.address.to_owned();
    if !error.is_connect() {
        return if error.is_timeout() {
            let phase = if situation.in_body { Phase::Body } else { Phase::Answer };
            Error::Timeout { address, phase, after: situation.limits.read }
        } else {
            Error::Transport { address, detail }
        };
    }
    if let Some(tls) = find(&error, |cause| cause.downcast_ref::<rustls::Error>()) {
        return Error::Tls(Box::new(problem(tls, address, situation.seen)));
    }
    if error.is_timeout() {
        return Error::Timeout { address, phase: Phase::Connect, after: situation.limits.connect };
    }
    let io = find(&error, |cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    if detail.contains("handshake eof") {
        let kind = TlsKind::Other("the connection was closed during the TLS handshake".to_owned());
        return Error::Tls(Box::new(TlsProblem { address, kind, fingerprint: None, detail }));
    }
    let cause = match io {
        // Before the rest: the library resolves and connects to the proxy alone, so its troubles are the proxy's.
        _ if detail.to_ascii_lowercase().contains("socks") => ConnectCause::Proxy,
        _ if error.is_dns() || detail.contains("dns error") => ConnectCause::NameNotFound,
        Some(io::ErrorKind::ConnectionRefused) => ConnectCause::Refused,
        Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => ConnectCause::Unreachable,
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof) => {
            ConnectCause::Reset
        }
        _ => ConnectCause::Other,
    };
    Error::Connect { address, via: situation.via.map(str::to_owned), cause, detail }
}

fn problem(error: &rustls::Error, address: String, seen: &Seen) -> TlsProblem {
    let fingerprint = match error {
        rustls::Error::InvalidCertificate(rustls::CertificateError::Other(other)) => {
            other.0.downcast_ref::<Refused>().map(|refused| refused.fingerprint)
        }
        _ => None,
    };
    // A bad handshake signature comes after the certificate was looked at: then the last one seen is it.
    let fingerprint = fingerprint.or_else(|| match error {
        rustls::Error::InvalidCertificate(_) => seen.get(),
        _ => None,
    });
    TlsProblem { address, kind: TlsKind::of(error), fingerprint, detail: error.to_string() }
}

/// Walks the chain of causes. `io::Error` hides what it wraps from `source()`, so it is opened.
fn find<'a, T>(
    error: &'a (dyn StdError + 'static),
    pick: impl Fn(&'a (dyn StdError + 'static)) -> Option<&'a T>,
) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = pick(cause) {
            return Some(found);
        }
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => cause.source(),
        };
    }
    None
}

fn chain_text(error: &(dyn StdError + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        let text = cause.to_string();
        // The outer layers only say that a request failed, which is known.
        let outer = text.starts_with("error sending request") || text.starts_with("client error (");
        let repeated = parts.last().is_some_and(|last| last.contains(&text));
        if !(repeated || outer && cause.source().is_some()) {
            parts.push(text);
        }
        next = cause.source();
    }
    parts.join(": ")
}
