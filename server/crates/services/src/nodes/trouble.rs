//! What an error of the client means for the rules, beside its sentence for people.

use crate::Failure;
use model::node::{Trouble, TroubleKind};
use xms::{Error, SshProblem, TlsKind};

/// The kind and the sentence.
pub(super) fn trouble(error: &Error) -> Trouble {
    Trouble::new(kind(error), error.sentence())
}

/// What we ourselves could not do.
pub(super) fn ours(failure: &Failure) -> Trouble {
    Trouble::new(TroubleKind::Ours, failure.to_string())
}

pub(super) fn kind(error: &Error) -> TroubleKind {
    match error {
        Error::Build(_) => TroubleKind::Ours,
        Error::Connect { .. } => TroubleKind::Unreachable,
        Error::Tls(problem) => match problem.kind {
            TlsKind::PinMismatch { .. } => TroubleKind::KeyChanged,
            TlsKind::NotTls => TroubleKind::Foreign,
            _ => TroubleKind::Handshake,
        },
        Error::Timeout { .. } | Error::Transport { .. } => TroubleKind::Silent,
        Error::Http { status, .. } => TroubleKind::Http { status: *status },
        Error::Api(_) if error.server_down() => TroubleKind::Database,
        Error::Decode { .. } => TroubleKind::Foreign,
        Error::Api(_) | Error::Cli { .. } => TroubleKind::Unreadable,
        Error::Forbidden { .. } => TroubleKind::Forbidden,
        Error::Credentials { .. } | Error::Session { .. } => TroubleKind::Account,
        Error::Login(inner) => kind(inner),
        Error::Ssh { problem, .. } => match problem {
            SshProblem::KeyChanged { .. } => TroubleKind::KeyChanged,
            SshProblem::Algorithm { .. } | SshProblem::Protocol(_) => TroubleKind::Handshake,
            SshProblem::NoPassword { .. } | SshProblem::MoreAsked { .. } => TroubleKind::Account,
            SshProblem::NotSsh => TroubleKind::Foreign,
            SshProblem::NoShell(_) => TroubleKind::Unreadable,
        },
    }
}
