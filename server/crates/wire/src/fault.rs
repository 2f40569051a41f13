//! Sorts the HTTP library's errors: what matters is whether anything was sent, and what a person can do.

use crate::{BadTrust, ConnectCause, Limits, Phase, SeenLeaf, TlsKind, TlsProblem, problem::Refused};
use std::{error::Error as StdError, io, time::Duration};

/// What went wrong below the clients. Their errors have variants of the same names, but for the last.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The request makes no sense; nothing was sent. The library's words.
    Build(String),
    /// No connection was made; nothing was sent.
    Connect {
        /// The address as configured, `host:port`.
        address: String,
        /// The SOCKS proxy or the mapped address that we went through, if any.
        via: Option<String>,
        /// Why, as far as it could be told.
        cause: ConnectCause,
        /// The library's words.
        detail: String,
    },
    /// The TLS handshake failed; nothing was sent.
    Tls(Box<TlsProblem>),
    /// A time limit passed.
    Timeout {
        /// The address as configured.
        address: String,
        /// What we were waiting for.
        phase: Phase,
        /// The limit.
        after: Duration,
    },
    /// The connection broke after it had been made.
    Transport {
        /// The address as configured.
        address: String,
        /// The library's words.
        detail: String,
    },
    /// An answer came, but not one that is read to its end.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The answer's beginning, at most 200 printable characters.
        excerpt: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<BadTrust> for Fault {
    fn from(bad: BadTrust) -> Self {
        Self::Build(bad.0)
    }
}

/// What is known about a client's connections beside the error itself.
#[derive(Debug)]
pub(crate) struct Situation {
    /// The address as configured, `host:port`.
    pub(crate) address: String,
    /// The SOCKS proxy or the mapped address that we go through, if any.
    pub(crate) via: Option<String>,
    pub(crate) limits: Limits,
    /// What the connections of this client saw.
    pub(crate) seen: SeenLeaf,
}

/// Sorts one error of the library. `in_body`: the answer's head had already arrived.
pub(crate) fn classify(error: reqwest::Error, situation: &Situation, in_body: bool) -> Fault {
    let error = error.without_url();
    let detail = chain_text(&error);
    if error.is_builder() {
        return Fault::Build(detail);
    }
    let address = situation.address.clone();
    if !error.is_connect() {
        return if error.is_timeout() {
            let phase = if in_body { Phase::Body } else { Phase::Answer };
            Fault::Timeout { address, phase, after: situation.limits.read }
        } else {
            Fault::Transport { address, detail }
        };
    }
    if let Some(tls) = find(&error, |cause| cause.downcast_ref::<rustls::Error>()) {
        return Fault::Tls(Box::new(problem(tls, address, &situation.seen)));
    }
    if error.is_timeout() {
        return Fault::Timeout { address, phase: Phase::Connect, after: situation.limits.connect };
    }
    if detail.contains("handshake eof") {
        return Fault::Tls(Box::new(TlsProblem { address, kind: TlsKind::Closed, fingerprint: None, detail }));
    }
    let io = find(&error, |cause| cause.downcast_ref::<io::Error>());
    let cause = if detail.to_ascii_lowercase().contains("socks") {
        // Before the rest: the library resolves and connects to the proxy alone. Why that failed stands nowhere but in
        // the form for debugging.
        ConnectCause::of_socks_words(&format!("{detail} {error:?}"))
    } else if error.is_dns() || detail.contains("dns error") {
        ConnectCause::NameNotFound
    } else {
        io.map_or(ConnectCause::Other, ConnectCause::of)
    };
    Fault::Connect { address, via: situation.via.clone(), cause, detail }
}

fn problem(error: &rustls::Error, address: String, seen: &SeenLeaf) -> TlsProblem {
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
