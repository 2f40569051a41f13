//! Errors for people: what, where, the likely cause, what to do next.

use crate::{ApiError, Error, TlsKind};
use wire::sentence::{self, TlsAdvice};

impl Error {
    /// A few full sentences for somebody who is tired and not to blame. Holds nothing secret.
    pub fn sentence(&self) -> String {
        match self {
            Self::Build(reason) => {
                format!("The request could not be made: {reason}. Nothing was sent. Check what was entered.")
            }
            Self::Connect { address, via, cause, detail } => {
                sentence::connect(address, via.as_deref(), (*cause, detail), ITS_DOOR)
            }
            Self::Tls(problem) => sentence::tls(problem, remedy(&problem.kind)),
            Self::Timeout { address, phase, after, write } => {
                let next = format!("It may be overloaded or hang. {}", unanswered(*write));
                sentence::late(address, *phase, *after, "appliance", &next)
            }
            Self::Transport { address, write, .. } => format!(
                "The connection to {address} broke off before the answer was complete. The appliance may have restarted \
                 or a firewall may have cut the connection. {}",
                unanswered(*write)
            ),
            Self::NotReady => "The NetScaler answers, but its NITRO interface is not ready yet (HTTP 503). That is \
                 normal for some minutes after a restart; wait and try again."
                .to_owned(),
            Self::Decode { status, resource, reason, .. } => format!(
                "The answer to the request for {resource} cannot be understood (HTTP {status}): {reason}. Check that \
                 the address is a NetScaler's management address (NSIP), not that of an SDX or of a NetScaler Console, and \
                 that no proxy stands in between."
            ),
            Self::Api(error) => api(self, error),
            Self::Bulk { items, code, message } => {
                let failed = items.iter().filter(|item| item.is_err()).count();
                let first = items.iter().find_map(|item| item.as_ref().err());
                let first = first.map_or(String::new(), |error| format!(" The first refusal: {}.", said(error)));
                format!(
                    "The NetScaler did not carry out the whole list of changes ({message}, code {code}); {failed} of \
                     {} answers are refusals.{first} The others may have taken effect; read again before you repeat.",
                    items.len()
                )
            }
            Self::Credentials { answer, asked } => {
                let said = answer.as_ref().map_or(String::new(), |error| format!(": {}", said(error)));
                let asked = if *asked { "" } else { " earlier; it was not asked again" };
                format!(
                    "The NetScaler refused the account{asked}{said}. So that the account is not locked, it is not tried \
                     again by itself. Correct the user name or password, then choose \"try again\"."
                )
            }
            Self::Login(error) => format!("Logging in did not work, so the request was not sent. {}", error.sentence()),
            Self::Session => "The NetScaler says that we are not logged in (HTTP 401), even after a new login. Check \
                 the account's session timeout and whether somebody ends its sessions."
                .to_owned(),
            Self::Empty { resource, name } => {
                let name = name.as_deref().map_or(String::new(), |name| format!(" named {name}"));
                format!("The NetScaler has no {resource}{name}. It may have been renamed or removed; read it again.")
            }
        }
    }
}

/// What to do where the appliance refuses a connection, and where it closes one at once.
const ITS_DOOR: (&str, &str) = (
    "Check address and port, and that management access is enabled on this address",
    "A firewall may forbid it, or the appliance may allow management from certain addresses only",
);

/// What is left after a request without an answer: a read has changed nothing.
const fn unanswered(write: bool) -> &'static str {
    if write {
        "What was sent may have taken effect; read it again before you repeat it."
    } else {
        "Only a question was asked, so nothing was changed. Try again."
    }
}

const fn remedy(kind: &TlsKind) -> TlsAdvice {
    match kind {
        TlsKind::UnknownIssuer => TlsAdvice {
            aside: ", which is normal for a NetScaler's factory certificate",
            next: "Compare the fingerprint with the appliance's own, then pin it.",
        },
        TlsKind::NameMismatch { .. } => {
            TlsAdvice::new("Use the name in the certificate as the address, or pin the certificate.")
        }
        TlsKind::Expired => TlsAdvice::new("Renew it on the appliance, or pin it after comparing the fingerprint."),
        TlsKind::NotYetValid => TlsAdvice::new("Compare the clocks of the appliance and of this machine."),
        TlsKind::PinMismatch { .. } => TlsAdvice::new(
            "If the certificate was renewed, compare the new fingerprint on the appliance and trust it; if not, \
             somebody may be in between.",
        ),
        TlsKind::ProtocolVersion => TlsAdvice {
            aside: "; old firmware has 1.0 and 1.1 only",
            next: "Enable TLS 1.2 on its internal services (nshttps), or update the firmware.",
        },
        TlsKind::NoCommonCipher => TlsAdvice::new(
            "Bind ECDHE ciphers with AES-GCM to the appliance's internal services (nshttps), or update the firmware.",
        ),
        TlsKind::NotTls => TlsAdvice::new("The port may be the plain HTTP one: use http:// or another port."),
        TlsKind::Closed | TlsKind::Other(_) => TlsAdvice::new(""),
    }
}

fn said(error: &ApiError) -> String {
    let message = error.message.trim().trim_end_matches('.');
    if message.is_empty() { format!("code {}", error.code) } else { format!("{message} (code {})", error.code) }
}

fn api(error: &Error, answer: &ApiError) -> String {
    let next = if error.is_another_product() {
        "This is not a NetScaler's own NITRO: an SDX or a NetScaler Console answers so. Give the NSIP of the NetScaler \
         itself, the one of the instance that has the virtual servers."
    } else if error.is_auth() {
        "The account was refused. Correct the user name or password."
    } else if error.session_expired() {
        "The session has ended. Try again; a new one is opened."
    } else if error.not_permitted() {
        "The account lacks a right; the words in brackets name the command. Extend its command policy."
    } else if error.not_primary() {
        "This is the secondary node of the pair. Use the address of the primary."
    } else if error.busy() {
        "Something else is running on the appliance. Wait some seconds and try again."
    } else if error.not_ready() {
        "The appliance is not up yet. Wait some minutes and try again."
    } else if error.sessions_exhausted() {
        "All management sessions are taken. End old ones (show and kill system session), or wait for their timeout."
    } else if error.done_here_only() {
        "It took effect on this node, but not on its peer. Check the pair's synchronisation before you go on."
    } else if error.already_exists() {
        "Something with this name, address or binding is there already. Read again and decide whether to adopt it."
    } else if error.is_absent() {
        "It is not there, or no longer. Read again."
    } else if error.in_use() {
        "Something still uses it. Remove the bindings first."
    } else if error.unsupported() {
        "This firmware or node does not know that. Look at the version and at the licence."
    } else {
        hint(answer.code)
    };
    format!("The NetScaler refused the request: {}. {next}", said(answer)).trim_end().to_owned()
}

/// For codes whose text alone leaves people puzzled.
fn hint(code: i64) -> &'static str {
    match code {
        257 => "What was asked for contradicts itself; a virtual server without an address must have port 0.",
        304 => "Something has this address already: the same address record, or another virtual server. Read again.",
        278 | 1090 => "An attribute is not known here or cannot be changed; the bracket names it. Nothing was changed.",
        356 => "The licence does not cover this feature.",
        1067 => "A feature is off. Enable it first.",
        1044 | 1065 | 1203 => "This is a cluster. Use the cluster's address (CLIP).",
        1092 => "Two of the attributes exclude each other; the bracket names them.",
        1093..=1095 => "An attribute is missing; the bracket names it.",
        1097 | 1106..=1112 | 1161 => "A value is outside of what is allowed; the bracket names it.",
        1304 | 478 => "Service group and virtual server have different protocols. Use the same for both.",
        1332 | 2307 => "This kind of persistence does not go with this protocol.",
        1647 => "The certificate file is not on the appliance, or has not reached this node yet.",
        2306 => "The virtual server is in a persistency group. Change the group instead.",
        2128 => "The monitor's interval must be longer than its response timeout.",
        _ => "Nothing was changed. Look the code up in the NITRO documentation if the text does not say enough.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConnectCause, Fingerprint, Phase, Severity, TlsProblem};
    use std::time::Duration;

    fn samples() -> Vec<Error> {
        let api =
            |code, message: &str| ApiError { http: 599, code, severity: Severity::Error, message: message.to_owned() };
        let address = || "10.0.0.10:443".to_owned();
        let print = Fingerprint([7; 32]);
        let tls = |kind| {
            Error::Tls(Box::new(TlsProblem {
                address: address(),
                kind,
                fingerprint: Some(print),
                detail: String::new(),
            }))
        };
        let mut all = vec![
            Error::Build("the name of the server is empty".to_owned()),
            Error::Transport { address: address(), detail: String::new(), write: true },
            Error::NotReady,
            Error::Decode {
                status: 200,
                resource: "lbvserver".to_owned(),
                excerpt: String::new(),
                reason: "the JSON ends too early".to_owned(),
            },
            Error::Bulk {
                code: 1243,
                message: "Bulk operation failed".to_owned(),
                items: vec![Ok(()), Err(api(273, "x"))],
            },
            Error::Credentials { answer: Some(api(354, "Invalid username or password")), asked: true },
            Error::Credentials { answer: None, asked: false },
            Error::Login(Box::new(Error::NotReady)),
            Error::Session,
            Error::Empty { resource: "server".to_owned(), name: Some("xms01".to_owned()) },
            tls(TlsKind::UnknownIssuer),
            tls(TlsKind::NameMismatch { expected: "ns1".to_owned(), presented: vec!["ns2".to_owned()] }),
            tls(TlsKind::Expired),
            tls(TlsKind::NotYetValid),
            tls(TlsKind::PinMismatch { expected: print, seen: print }),
            tls(TlsKind::ProtocolVersion),
            tls(TlsKind::NoCommonCipher),
            tls(TlsKind::NotTls),
            tls(TlsKind::Closed),
            tls(TlsKind::Other("bad signature".to_owned())),
        ];
        for cause in [
            ConnectCause::Refused,
            ConnectCause::Unreachable,
            ConnectCause::NameNotFound,
            ConnectCause::Reset,
            ConnectCause::Proxy,
            ConnectCause::ProxyForbids,
            ConnectCause::ProxyFailed,
            ConnectCause::FilesFull,
            ConnectCause::Other,
        ] {
            all.push(Error::Connect {
                address: address(),
                via: Some("a map".to_owned()),
                cause,
                detail: String::new(),
            });
        }
        for phase in [Phase::Connect, Phase::Answer, Phase::Body] {
            for write in [false, true] {
                all.push(Error::Timeout { address: address(), phase, after: Duration::from_secs(5), write });
            }
        }
        for code in [258, 273, 278, 293, 315, 349, 354, 368, 444, 445, 256, 1232, 1647, 2138, 4711] {
            all.push(Error::Api(api(code, "Words [x]")));
        }
        all
    }

    #[test]
    fn every_error_has_whole_sentences() {
        for error in samples() {
            let text = error.sentence();
            assert!(text.ends_with('.'), "{text}");
            assert!(text.matches(". ").count() >= 1, "says what, and what next: {text}");
            assert!(!text.contains("  ") && !text.contains("..") && !text.contains("Some("), "{text}");
        }
    }

    #[test]
    fn a_read_without_an_answer_says_nothing_of_changes() {
        let late = |write| {
            let after = Duration::from_secs(5);
            Error::Timeout { address: "a:1".to_owned(), phase: Phase::Answer, after, write }.sentence()
        };
        let broken = |write| Error::Transport { address: "a:1".to_owned(), detail: String::new(), write }.sentence();
        for (read, write) in [(late(false), late(true)), (broken(false), broken(true))] {
            assert!(read.contains("nothing was changed") && !read.contains("taken effect"), "{read}");
            assert!(write.contains("may have taken effect"), "{write}");
        }
    }

    #[test]
    fn an_sdx_or_a_console_is_told_from_a_netscaler() {
        for (code, message) in [(10005, "Invalid Resource"), (-1, "Version not supported")] {
            let answer = ApiError { http: 200, code, severity: Severity::Error, message: message.to_owned() };
            let sentence = Error::Api(answer).sentence();
            assert!(sentence.contains("Give the NSIP"), "{sentence}");
        }
        let other = ApiError { http: 200, code: -1, severity: Severity::Error, message: "Oops".to_owned() };
        assert!(!Error::Api(other).sentence().contains("NSIP"));
    }

    #[test]
    fn who_refused_is_named() {
        let says = |cause| {
            let (address, via) = ("10.0.0.10:443".to_owned(), Some("SOCKS5 proxy 127.0.0.1:1080".to_owned()));
            Error::Connect { address, via, cause, detail: String::new() }.sentence()
        };
        assert!(says(ConnectCause::Refused).contains("refused the connection: nothing listens"));
        assert!(says(ConnectCause::Proxy).contains("Check that the proxy runs"));
        for cause in [ConnectCause::Refused, ConnectCause::Unreachable, ConnectCause::FilesFull] {
            assert!(!says(cause).contains("Check that the proxy runs"), "{}", says(cause));
        }
    }

    #[test]
    fn what_was_not_sent_says_so() {
        for error in samples() {
            if matches!(error, Error::Connect { .. } | Error::Tls(_) | Error::Build(_)) {
                assert!(!error.maybe_sent());
                assert!(error.sentence().contains("Nothing was sent"), "{}", error.sentence());
            }
        }
    }
}
