//! What an error of the client means, beside its sentence for people.

use crate::{Failure, Refusal};
use model::read_error::{ReadError, ReadErrorKind};
use nitro::{Error, Phase, TlsKind};

/// The kind and the sentence.
pub fn read_error(error: &Error) -> ReadError {
    ReadError::new(kind(error), error.sentence())
}

/// The appliance was not asked, or not any more.
pub fn not_asked(failure: &Failure) -> ReadError {
    let kind = match failure {
        Failure::Refused(Refusal::CredentialRefused { .. }) => ReadErrorKind::Account,
        Failure::Refused(Refusal::NotRead(error)) => error.kind,
        _ => ReadErrorKind::Ours,
    };
    ReadError::new(kind, failure.to_string())
}

fn kind(error: &Error) -> ReadErrorKind {
    match error {
        Error::Build(_) => ReadErrorKind::Ours,
        Error::Connect { .. } | Error::Timeout { phase: Phase::Connect, .. } => ReadErrorKind::Unreachable,
        Error::Timeout { phase: Phase::Answer | Phase::Body, .. } | Error::Transport { .. } => ReadErrorKind::Silent,
        Error::Tls(problem) => match problem.kind {
            TlsKind::PinMismatch { .. } => ReadErrorKind::KeyChanged,
            TlsKind::UnknownIssuer | TlsKind::NameMismatch { .. } | TlsKind::Expired | TlsKind::NotYetValid => {
                ReadErrorKind::Untrusted
            }
            TlsKind::NotTls => ReadErrorKind::Foreign,
            // No word of the other side, as where a proxy takes every connection and what lies behind it is gone.
            TlsKind::Closed => ReadErrorKind::Silent,
            TlsKind::ProtocolVersion | TlsKind::NoCommonCipher | TlsKind::Other(_) => ReadErrorKind::Handshake,
        },
        Error::Login(inner) => kind(inner),
        Error::NotReady => ReadErrorKind::NotReady,
        Error::Credentials { .. } | Error::Session => ReadErrorKind::Account,
        Error::Decode { .. } | Error::Empty { .. } => ReadErrorKind::Unreadable,
        Error::Api(_) if error.is_another_product() => ReadErrorKind::Foreign,
        Error::Api(_) if error.is_auth() => ReadErrorKind::Account,
        Error::Api(_) if error.not_permitted() => ReadErrorKind::Forbidden,
        Error::Api(_) if error.not_ready() => ReadErrorKind::NotReady,
        Error::Api(answer) => ReadErrorKind::Refused { code: answer.code },
        Error::Bulk { code, .. } => ReadErrorKind::Refused { code: *code },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::clock::from_millis;
    use nitro::{ApiError, ConnectCause, Severity, TlsProblem};
    use std::time::Duration;

    fn api(code: i64, message: &str) -> Error {
        Error::Api(ApiError { http: 599, code, severity: Severity::Error, message: message.into() })
    }

    fn late(phase: Phase) -> Error {
        Error::Timeout { address: "a:1".into(), phase, after: Duration::from_secs(5), write: false }
    }

    fn connect(cause: ConnectCause) -> Error {
        Error::Connect { address: "a:1".into(), via: None, cause, detail: String::new() }
    }

    fn tls(kind: TlsKind) -> Error {
        Error::Tls(Box::new(TlsProblem { address: "a:1".into(), kind, fingerprint: None, detail: String::new() }))
    }

    #[test]
    fn what_the_client_says_is_one_reason_each() {
        let broken = Error::Transport { address: "a:1".into(), detail: String::new(), write: false };
        let odd = Error::Decode { status: 200, resource: "x".into(), excerpt: String::new(), reason: "x".into() };
        for (error, expected) in [
            (connect(ConnectCause::Refused), ReadErrorKind::Unreachable),
            (connect(ConnectCause::FilesFull), ReadErrorKind::Unreachable),
            (late(Phase::Connect), ReadErrorKind::Unreachable),
            (late(Phase::Answer), ReadErrorKind::Silent),
            (broken, ReadErrorKind::Silent),
            (tls(TlsKind::UnknownIssuer), ReadErrorKind::Untrusted),
            (tls(TlsKind::Expired), ReadErrorKind::Untrusted),
            (tls(TlsKind::Closed), ReadErrorKind::Silent),
            (tls(TlsKind::NotTls), ReadErrorKind::Foreign),
            (tls(TlsKind::NoCommonCipher), ReadErrorKind::Handshake),
            (Error::Credentials { answer: None, asked: false }, ReadErrorKind::Account),
            (Error::Login(Box::new(late(Phase::Answer))), ReadErrorKind::Silent),
            (Error::NotReady, ReadErrorKind::NotReady),
            (odd, ReadErrorKind::Unreadable),
            (api(10_005, "Invalid Resource"), ReadErrorKind::Foreign),
            (api(354, "Invalid username or password"), ReadErrorKind::Account),
            (api(2138, "Not authorized"), ReadErrorKind::Forbidden),
            (api(256, "Down"), ReadErrorKind::NotReady),
            (api(446, "Connection limit"), ReadErrorKind::Refused { code: 446 }),
            (Error::Build("x".into()), ReadErrorKind::Ours),
        ] {
            let told = read_error(&error);
            assert_eq!((told.kind, told.sentence()), (expected, error.sentence().as_str()), "{error}");
        }
    }

    #[test]
    fn an_account_that_is_not_shown_any_more_is_a_refused_one() {
        let at = from_millis(0);
        let refused = Refusal::CredentialRefused { appliance: "ns1".into(), user: "ada".into(), at };
        assert_eq!(not_asked(&refused.into()).kind, ReadErrorKind::Account);
        assert_eq!(not_asked(&Refusal::Stopping.into()).kind, ReadErrorKind::Ours);
    }
}
