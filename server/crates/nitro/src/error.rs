//! One error for everything that can go wrong between us and an appliance.
//!
//! Nothing in it is secret: it may be logged, stored and shown. What a code means is asked with the predicates
//! (see `codes.rs`); what to tell a person is [`Error::sentence`].

use serde::{Deserialize, Serialize};
use std::time::Duration;
use wire::{ConnectCause, LoginError, Phase, TlsProblem};

/// What went wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// The request or the endpoint makes no sense; nothing was sent.
    #[error("cannot build the request: {0}")]
    Build(String),

    /// No connection was made; nothing was sent.
    #[error("cannot connect to {address}: {cause} ({detail})")]
    Connect {
        /// The appliance's address as configured, `host:port`.
        address: String,
        /// The SOCKS proxy or the mapped address that we went through, if any.
        via: Option<String>,
        /// Why, as far as it could be told.
        cause: ConnectCause,
        /// The library's words.
        detail: String,
    },

    /// The TLS handshake failed; nothing was sent.
    #[error("TLS with {} failed: {}", .0.address, .0.kind)]
    Tls(Box<TlsProblem>),

    /// A time limit passed.
    #[error("no answer from {address} within {} ms ({phase})", .after.as_millis())]
    Timeout {
        /// The appliance's address as configured.
        address: String,
        /// What we were waiting for.
        phase: Phase,
        /// The limit.
        after: Duration,
        /// It was to change something: what was sent may have taken effect.
        write: bool,
    },

    /// The connection broke after it had been made.
    #[error("the connection to {address} broke: {detail}")]
    Transport {
        /// The appliance's address as configured.
        address: String,
        /// The library's words.
        detail: String,
        /// It was to change something: what was sent may have taken effect.
        write: bool,
    },

    /// HTTP 503 without a NITRO body: the appliance is starting.
    #[error("NITRO is not ready (HTTP 503)")]
    NotReady,

    /// An answer that is not NITRO's.
    #[error("cannot read the answer about {resource} (HTTP {status}): {reason}")]
    Decode {
        /// The HTTP status.
        status: u16,
        /// The resource that was asked for.
        resource: String,
        /// The answer's beginning, at most 200 printable characters.
        excerpt: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The appliance answered with an error code.
    #[error(transparent)]
    Api(ApiError),

    /// Several objects were sent, and at least one was refused (HTTP 207).
    #[error("bulk request failed: {message} ({code})")]
    Bulk {
        /// 1243, or 1241 and 1242 when a rollback failed.
        code: i64,
        /// The appliance's words.
        message: String,
        /// One result per object in the order sent, or (with `X-NITRO-ONERROR: exit`) the refused one alone.
        items: Vec<Result<(), ApiError>>,
    },

    /// The account was refused. Not tried again until [`Client::retry_credentials`](crate::Client::retry_credentials).
    #[error("the appliance refused the account")]
    Credentials {
        /// What the appliance said, where it said anything.
        answer: Option<ApiError>,
        /// Whether this call asked the appliance, or an earlier refusal was remembered and nothing was sent.
        asked: bool,
    },

    /// Logging in failed in a way that leaves open what the appliance did; the request itself was not sent.
    #[error("cannot log in: {0}")]
    Login(Box<Error>),

    /// HTTP 401 without a NITRO body: there is no session.
    #[error("the session is not valid (HTTP 401)")]
    Session,

    /// One object was asked for, and the answer holds none (HTTP 200 without the key).
    #[error("there is no {resource} {}", .name.as_deref().unwrap_or_default())]
    Empty {
        /// The resource that was asked for.
        resource: String,
        /// The object's name, where one was given.
        name: Option<String>,
    },
}

impl Error {
    /// What went wrong below NITRO with a request about `resource`, which was to change something or was not.
    pub(crate) fn below(fault: wire::Fault, resource: &str, write: bool) -> Self {
        match fault {
            wire::Fault::Build(reason) => Self::Build(reason),
            wire::Fault::Connect { address, via, cause, detail } => Self::Connect { address, via, cause, detail },
            wire::Fault::Tls(problem) => Self::Tls(problem),
            wire::Fault::Timeout { address, phase, after } => Self::Timeout { address, phase, after, write },
            wire::Fault::Transport { address, detail } => Self::Transport { address, detail, write },
            wire::Fault::Answer { status, excerpt, reason } => {
                Self::Decode { status, resource: resource.to_owned(), excerpt, reason }
            }
        }
    }
}

impl From<wire::BadTrust> for Error {
    fn from(bad: wire::BadTrust) -> Self {
        Self::Build(bad.0)
    }
}

/// An appliance has one account and one door, so that its words are all there is to remember of a refusal.
impl LoginError for Error {
    type Refusal = Option<ApiError>;

    fn remembered(answer: Option<ApiError>) -> Self {
        Self::Credentials { answer, asked: false }
    }

    fn refusal(&self) -> Option<Option<ApiError>> {
        match self {
            Self::Credentials { answer, .. } => Some(answer.clone()),
            _ => None,
        }
    }
}

/// An error object as the appliance writes it (`nitro.md` 1.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message} ({code}, HTTP {http})")]
pub struct ApiError {
    /// The HTTP status; 599 is a normal one.
    pub http: u16,
    /// NITRO's `errorcode`.
    pub code: i64,
    /// NITRO's `severity`.
    pub severity: Severity,
    /// NITRO's `message`, bracket included.
    pub message: String,
}

impl ApiError {
    /// What stands in the brackets at the end of the message: the argument, or the command that was not allowed.
    pub fn bracket(&self) -> Option<&str> {
        let (_, rest) = self.message.split_once('[')?;
        Some(rest.rsplit_once(']').map_or(rest, |(inner, _)| inner).trim())
    }
}

/// NITRO's `severity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Severity {
    /// `NONE`, or none given.
    None,
    /// `WARNING`.
    Warning,
    /// `ERROR`.
    Error,
    /// A word that we do not know.
    Other,
}
