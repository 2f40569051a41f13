//! One error for everything that can go wrong between us and a node.
//!
//! Nothing in it is secret: it may be logged, stored and shown. What it means is asked with the predicates; what to
//! tell a person is [`Error::sentence`].

use crate::HostKey;
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};
use wire::{ConnectCause, LoginError, Phase, TlsProblem, excerpt};

/// What went wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// The request, the node's description or the profile makes no sense; nothing was sent.
    #[error("cannot build the request: {0}")]
    Build(String),

    /// No connection was made; nothing was sent.
    #[error("cannot connect to {address}: {cause} ({detail})")]
    Connect {
        /// The node's address as configured, `host:port`.
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
        /// The node's address as configured.
        address: String,
        /// What we were waiting for.
        phase: Phase,
        /// The limit.
        after: Duration,
    },

    /// The connection broke after it had been made.
    #[error("the connection to {address} broke: {detail}")]
    Transport {
        /// The node's address as configured.
        address: String,
        /// The library's words.
        detail: String,
    },

    /// An error status without the server's JSON: its web server's page, a proxy's, or none.
    #[error("HTTP {status} to the request for {what}, without an answer of the server's own")]
    Http {
        /// The HTTP status.
        status: u16,
        /// What was asked for.
        what: String,
        /// The answer's beginning, at most 200 printable characters.
        excerpt: String,
    },

    /// An answer that cannot be read.
    #[error("cannot read the answer about {what} (HTTP {status}): {reason}")]
    Decode {
        /// The HTTP status.
        status: u16,
        /// What was asked for.
        what: String,
        /// The answer's beginning, at most 200 printable characters.
        excerpt: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The server answered with a `status` other than 0, or with an error code and JSON.
    #[error(transparent)]
    Api(ApiError),

    /// The account may not do this (HTTP 403 with a token that has just been issued).
    #[error("the account may not read {what} (HTTP 403)")]
    Forbidden {
        /// What was asked for.
        what: String,
    },

    /// The account was refused. Not tried again until a person says so.
    #[error("the node refused the account ({door})")]
    Credentials {
        /// Where it was shown.
        door: Door,
        /// What the node said, where it said anything.
        answer: Option<String>,
        /// Whether this call asked the node, or an earlier refusal was remembered and nothing was sent.
        asked: bool,
    },

    /// Logging in failed, and not because of the account; the request itself was not sent.
    #[error("cannot log in: {0}")]
    Login(Box<Error>),

    /// The token was refused, even a new one.
    #[error("the session is not valid (HTTP {status})")]
    Session {
        /// The HTTP status.
        status: u16,
    },

    /// SSH did not get as far as the menu program.
    #[error("SSH with {address} failed: {problem}")]
    Ssh {
        /// The node's address as configured.
        address: String,
        /// Why.
        problem: SshProblem,
    },

    /// The menu program did something else than expected.
    #[error("the menu program of {address}: {problem}")]
    Cli {
        /// The node's address as configured.
        address: String,
        /// Why.
        problem: CliProblem,
    },
}

impl From<wire::BadTrust> for Error {
    fn from(bad: wire::BadTrust) -> Self {
        Self::Build(bad.0)
    }
}

/// A cluster's account is refused at one of its doors; that is remembered for all nodes.
impl LoginError for Error {
    type Refusal = (Door, Option<String>);

    fn remembered((door, answer): Self::Refusal) -> Self {
        Self::Credentials { door, answer, asked: false }
    }

    fn refusal(&self) -> Option<Self::Refusal> {
        match self {
            Self::Credentials { door, answer, .. } => Some((*door, answer.clone())),
            // The password was shown and did not suffice: the next try would fare the same.
            Self::Ssh { problem: problem @ SshProblem::MoreAsked { .. }, .. } => {
                Some((Door::Ssh, Some(problem.to_string())))
            }
            _ => None,
        }
    }
}

impl Error {
    /// What went wrong below the server's own answers, with a request for `what`.
    pub(crate) fn below(fault: wire::Fault, what: &str) -> Self {
        match fault {
            wire::Fault::Build(reason) => Self::Build(reason),
            wire::Fault::Connect { address, via, cause, detail } => Self::Connect { address, via, cause, detail },
            wire::Fault::Tls(problem) => Self::Tls(problem),
            wire::Fault::Timeout { address, phase, after } => Self::Timeout { address, phase, after },
            wire::Fault::Transport { address, detail } => Self::Transport { address, detail },
            wire::Fault::Answer { status, excerpt, reason } => {
                Self::Decode { status, what: what.to_owned(), excerpt, reason }
            }
        }
    }

    pub(crate) fn decode(status: u16, what: &str, body: &[u8], reason: impl Into<String>) -> Self {
        Self::Decode { status, what: what.to_owned(), excerpt: excerpt(body), reason: reason.into() }
    }
}

/// `status` and `message` as the server writes them (`xenmobile.md` 1.5). There is no public list of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message} (status {}, HTTP {http})", .status.map_or_else(|| "none".to_owned(), |status| status.to_string()))]
pub struct ApiError {
    /// The HTTP status.
    pub http: u16,
    /// The server's `status`; `None` when there was none in the JSON.
    pub status: Option<i64>,
    /// The server's `message`, or the first of a device action's messages.
    pub message: String,
}

/// Where an account was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Door {
    /// The REST interface.
    Rest,
    /// SSH.
    Ssh,
    /// The menu program's own login prompt.
    Menu,
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rest => "REST interface",
            Self::Ssh => "SSH",
            Self::Menu => "menu program",
        })
    }
}

/// Why SSH failed, by remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SshProblem {
    /// Another host key than the pinned one.
    #[error("the host key is not the pinned one")]
    KeyChanged {
        /// The pinned key's fingerprint.
        pinned: String,
        /// The key shown.
        shown: HostKey,
    },
    /// The two sides have no algorithm in common.
    #[error("no common {kind}")]
    Algorithm {
        /// Key exchange, host key, cipher or MAC.
        kind: String,
        /// What the node offers.
        offered: Vec<String>,
    },
    /// The node takes neither passwords nor questions; keys only, for instance.
    #[error("the node does not take passwords")]
    NoPassword {
        /// What it takes.
        offered: Vec<String>,
    },
    /// It wants more than a password: a second factor, a new password.
    #[error("the node asks for more than a password")]
    MoreAsked {
        /// Its question.
        question: String,
    },
    /// Something answered, but not SSH.
    #[error("the port does not speak SSH")]
    NotSsh,
    /// The node proves its key wrongly, or breaks the protocol.
    #[error("protocol error: {0}")]
    Protocol(String),
    /// Logged in, but no terminal or no menu program was given.
    #[error("the node opened no terminal: {0}")]
    NoShell(String),
}

/// Why the menu program could not be driven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CliProblem {
    /// Neither a menu nor a known prompt within the time.
    #[error("no menu while waiting for {waiting_for}")]
    Silent {
        /// What we were waiting for.
        waiting_for: String,
        /// The last printable text.
        tail: String,
    },
    /// The menu has no entry of that text.
    #[error("no entry {wanted} in {menu}")]
    NoEntry {
        /// What we looked for.
        wanted: String,
        /// The menu's title.
        menu: String,
        /// What it has.
        entries: Vec<String>,
    },
    /// It asked something that we do not answer: a restart, a change.
    #[error("an unexpected question")]
    Question {
        /// The question.
        text: String,
    },
    /// The first-time wizard: the node has not been set up.
    #[error("the node is not set up yet")]
    FirstUse {
        /// The prompt that shows it.
        text: String,
    },
    /// Menus without end, or text without end.
    #[error("lost in the menus")]
    Lost {
        /// The last printable text.
        tail: String,
    },
    /// The node closed the connection.
    #[error("closed while waiting for {waiting_for}")]
    Closed {
        /// What we were waiting for.
        waiting_for: String,
        /// The last printable text.
        tail: String,
    },
    /// An answer came, but not what we look for in it.
    #[error("the answer of {entry} holds no {missing}")]
    Unreadable {
        /// The entry that was chosen.
        entry: String,
        /// What is missing.
        missing: String,
        /// The beginning of the answer.
        excerpt: String,
    },
}
