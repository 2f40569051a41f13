//! What an error means, asked as questions.

use crate::{Error, Phase, SshProblem};

impl Error {
    /// The account was refused (invariant 14: do not try it again). Not an expired session.
    pub fn is_auth(&self) -> bool {
        match self {
            Self::Credentials { .. } => true,
            Self::Login(error) => error.is_auth(),
            _ => false,
        }
    }

    /// The session has ended and a new one did not help.
    pub fn session_expired(&self) -> bool {
        matches!(self, Self::Session { .. })
    }

    /// The account lacks a right; another account would help, another try would not.
    pub fn not_permitted(&self) -> bool {
        matches!(self, Self::Forbidden { .. })
    }

    /// Nothing was reached: says nothing about the node's health beyond this port.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::Timeout { phase: Phase::Connect, .. })
    }

    /// We do not believe that it is the node: certificate or host key.
    pub fn not_trusted(&self) -> bool {
        matches!(self, Self::Tls(_) | Self::Ssh { problem: SshProblem::KeyChanged { .. }, .. })
    }

    /// There is no such page or operation on this server.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Http { status: 404, .. })
    }

    /// The server itself is in trouble, typically its database.
    pub fn server_down(&self) -> bool {
        match self {
            Self::Http { status, .. } => *status >= 500,
            Self::Api(answer) => answer.http >= 500,
            Self::Login(error) => error.server_down(),
            _ => false,
        }
    }

    /// What answers is not what we talk to: a page of something else, JSON of something else.
    pub fn is_foreign(&self) -> bool {
        matches!(self, Self::Decode { .. } | Self::Ssh { problem: SshProblem::NotSsh, .. })
    }

    /// For a write: whether it may have taken effect, so that it must be read before anything is repeated.
    pub fn maybe_sent(&self) -> bool {
        match self {
            Self::Transport { .. } | Self::Decode { .. } => true,
            Self::Timeout { phase, .. } => *phase != Phase::Connect,
            Self::Http { status, .. } => *status >= 500,
            Self::Api(answer) => answer.http >= 500 && answer.status.is_none(),
            _ => false,
        }
    }
}
