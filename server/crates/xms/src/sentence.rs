//! Errors for people: what, where, the likely cause, what to do next.

use crate::{ApiError, CliProblem, Door, Error, SshProblem, TlsKind};
use wire::sentence::{self, TlsAdvice, bare};

impl Error {
    /// A few full sentences for somebody who is tired and not to blame. Holds nothing secret.
    pub fn sentence(&self) -> String {
        match self {
            Self::Build(reason) => {
                format!("The request could not be made: {}. Nothing was sent. Check what was entered.", bare(reason))
            }
            Self::Connect { address, via, cause, detail } => {
                sentence::connect(address, via.as_deref(), (*cause, detail), ITS_DOOR)
            }
            Self::Tls(problem) => sentence::tls(problem, remedy(&problem.kind)),
            Self::Timeout { address, phase, after } => sentence::late(address, *phase, *after, "node", SLOW),
            Self::Transport { address, .. } => format!(
                "The connection to {address} broke off before the answer was complete. The node may be restarting, or \
                 a firewall cut the connection. Nothing was changed. Try again."
            ),
            Self::Http { status, what, .. } => http(*status, what),
            Self::Decode { status, what, reason, .. } => format!(
                "The answer to the request for {what} cannot be understood (HTTP {status}): {}. Check that the \
                 address is the node's own and not the load balancer's, and that no proxy stands in between.",
                bare(reason)
            ),
            Self::Api(answer) => format!(
                "The XenMobile Server refused the request: {}. Nothing says what this number means in public; look \
                 into the node's debug log if the text does not say enough.",
                said(answer)
            ),
            Self::Forbidden { what } => format!(
                "The account may not read {what} (HTTP 403). Its role needs the permission \"Public API access\" and \
                 the one for this part of the console. Extend the role, or use another account."
            ),
            Self::Credentials { door, answer, asked } => refused(*door, answer.as_deref(), *asked),
            Self::Login(error) => {
                let hint = if error.server_down() {
                    " Logging in reads the database, so look whether the node reaches it."
                } else {
                    ""
                };
                format!("Logging in did not work, so the request was not sent. {}{hint}", error.sentence())
            }
            Self::Session { status } => format!(
                "The node says that we are not logged in (HTTP {status}), even after a new login. Tokens are valid on \
                 the node that issued them: check that the address is the node's own, not the load balancer's, and \
                 the server properties xms.publicapi.*."
            ),
            Self::Ssh { address, problem } => ssh(address, problem),
            Self::Cli { address, problem } => cli(address, problem),
        }
    }
}

fn said(answer: &ApiError) -> String {
    let number = answer.status.map_or_else(|| format!("HTTP {}", answer.http), |status| format!("status {status}"));
    let message = bare(&answer.message);
    if message.is_empty() { number } else { format!("{message} ({number})") }
}

fn http(status: u16, what: &str) -> String {
    let next = match status {
        404 => {
            "The page is not there: this is no XenMobile Server of version 10, or its release does not have it. Check address and port"
        }
        300..400 => "The address sends us elsewhere. Check address and port",
        502..=504 => {
            "The node's web server runs, but its application does not: it is starting, or in recovery mode (see its \
             console). If a load balancer or proxy stands in between, it may have answered instead"
        }
        500.. => {
            "The node's web server runs, but what is behind it failed; often the database. Look into the node's debug log"
        }
        _ => "The node's web server refused it. Check the address, and the account's role",
    };
    format!("The request for {what} was answered with HTTP {status} and no data. {next}.")
}

/// What to do where the node refuses a connection, and where it closes one at once.
const ITS_DOOR: (&str, &str) = (
    "Check address and port, and the node's own firewall menu (Configuration, Firewall); the node may be starting",
    "The node's access white list or a firewall may forbid this machine",
);

const SLOW: &str = "The node may wait for its database. Look at the node's load and at the database, then try again.";

const fn remedy(kind: &TlsKind) -> TlsAdvice {
    match kind {
        TlsKind::UnknownIssuer => TlsAdvice {
            aside: ", which is normal until the listener certificate is replaced",
            next: "Compare the fingerprint with the node's own, then pin it.",
        },
        TlsKind::NameMismatch { .. } => {
            TlsAdvice::new("Nodes carry the cluster's name: enter that as the FQDN, or pin the certificate.")
        }
        TlsKind::Expired => TlsAdvice::new(
            "Import a new listener certificate and restart each node, or pin it after comparing the fingerprint.",
        ),
        TlsKind::NotYetValid => TlsAdvice::new("Compare the clocks of the node and of this machine."),
        TlsKind::PinMismatch { .. } => TlsAdvice::new(
            "If the listener certificate was renewed, compare the new fingerprint and trust it; if not, somebody may be \
             in between.",
        ),
        TlsKind::ProtocolVersion => {
            TlsAdvice::new("Enable TLS 1.2 in the node's menu (System, Advanced Settings), or update it.")
        }
        TlsKind::NoCommonCipher => TlsAdvice::new(
            "Allow ECDHE ciphers with AES-GCM in the node's menu (System, Advanced Settings), or update it.",
        ),
        TlsKind::NotTls => TlsAdvice::new("Check the port: REST is on 4443 unless it was changed."),
        TlsKind::Closed | TlsKind::Other(_) => TlsAdvice::new("Check what listens there."),
    }
}

fn refused(door: Door, answer: Option<&str>, asked: bool) -> String {
    let said = answer.map(bare).filter(|text| !text.is_empty()).map_or(String::new(), |text| format!(": {text}"));
    let asked = if asked { "" } else { " earlier; it was not asked again" };
    let whose = match door {
        Door::Rest => {
            "This is an account of the web console or of the directory, not the one of the menu program; it needs the \
             permission \"Public API access\"."
        }
        Door::Ssh | Door::Menu => {
            "This is the account of the menu program (usually admin), which is not the one of the web console."
        }
    };
    format!(
        "The node's {door} refused the account{asked}{said}. {whose} So that the account is not locked, it is not tried \
         again by itself. Correct the user name or password, then choose \"try again\"."
    )
}

fn ssh(address: &str, problem: &SshProblem) -> String {
    match problem {
        SshProblem::KeyChanged { pinned, shown } => format!(
            "{address} shows another SSH host key than the one you trusted. Trusted: {pinned}. Shown now: {shown}. If \
             the node was reinstalled or its address given to another, compare the key on its console and trust it; if \
             not, somebody may be in between. No password was sent."
        ),
        SshProblem::Algorithm { kind, offered } => format!(
            "{address} and this program have no {kind} for SSH in common; it offers {}. Nothing was sent. Update the \
             node, or paste the output of its console instead.",
            listed(offered)
        ),
        SshProblem::NoPassword { offered } => format!(
            "{address} does not take passwords over SSH; it takes {}. No password was sent. Check that this is the \
             node's own SSH service and not another machine's.",
            listed(offered)
        ),
        SshProblem::MoreAsked { question } => format!(
            "{address} asks for more than a password: \"{question}\". Nothing was answered to that. Log on once by hand, \
             answer it there, and try again."
        ),
        SshProblem::NotSsh => format!(
            "{address} answers, but not with SSH. Nothing was sent. Check the port; SSH is on 22 once it is allowed in \
             the node's firewall menu."
        ),
        SshProblem::Protocol(text) => format!(
            "The SSH connection to {address} was broken off: {}. A firewall that looks into SSH may be the cause. Try \
             again, and with another SSH program from this machine.",
            bare(text)
        ),
        SshProblem::NoShell(text) => format!(
            "{address} accepted the account, but opened no menu: {}. Somebody may be logged on at the console. Log on \
             by hand to see what it says.",
            bare(text)
        ),
    }
}

fn listed(words: &[String]) -> String {
    if words.is_empty() { "nothing that it names".to_owned() } else { words.join(", ") }
}

fn quoted(tail: &str) -> String {
    if tail.is_empty() { "It wrote nothing".to_owned() } else { format!("The last it wrote was \"{tail}\"") }
}

fn cli(address: &str, problem: &CliProblem) -> String {
    const PASTE: &str = "Log on by hand, and paste the output here if it looks different from what we know";
    match problem {
        CliProblem::Silent { waiting_for, tail } => format!(
            "The menu program of {address} did not show {waiting_for} in time. {}. The node may be waiting for its \
             database or for other nodes; try again later. {PASTE}.",
            quoted(tail)
        ),
        CliProblem::NoEntry { wanted, menu, entries } => format!(
            "{menu} of {address} has no entry like \"{wanted}\"; it has {}. This release words its menus differently. \
             {PASTE}.",
            listed(entries)
        ),
        CliProblem::Question { text } => format!(
            "The menu program of {address} asked \"{text}\", which we do not answer because it may change the node. \
             Nothing was changed. {PASTE}."
        ),
        CliProblem::FirstUse { text } => format!(
            "{address} is in its first-time wizard (\"{text}\"): it is not set up yet. Nothing was answered. Finish the \
             wizard on its console first."
        ),
        CliProblem::Lost { tail } => format!(
            "The menus of {address} did not lead where they should. {}. Nothing was changed. {PASTE}.",
            quoted(tail)
        ),
        CliProblem::Closed { waiting_for, tail } => format!(
            "{address} closed the connection before it showed {waiting_for}. {}. The node may be restarting; try again \
             in some minutes.",
            quoted(tail)
        ),
        CliProblem::Unreadable { entry, missing, .. } => format!(
            "The menu program of {address} answered to \"{entry}\", but we found no {missing} in it. The wording of \
             that page is not documented and may differ in this release. {PASTE}."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConnectCause, Fingerprint, HostKey, Phase, TlsProblem};
    use std::time::Duration;

    fn tls_samples() -> Vec<Error> {
        let print = Fingerprint([7; 32]);
        [
            TlsKind::UnknownIssuer,
            TlsKind::NameMismatch { expected: "mdm".to_owned(), presented: vec!["x".to_owned()] },
            TlsKind::Expired,
            TlsKind::NotYetValid,
            TlsKind::PinMismatch { expected: print, seen: print },
            TlsKind::ProtocolVersion,
            TlsKind::NoCommonCipher,
            TlsKind::Closed,
            TlsKind::NotTls,
            TlsKind::Other("bad signature".to_owned()),
        ]
        .into_iter()
        .map(|kind| {
            let address = "10.20.30.11:4443".to_owned();
            Error::Tls(Box::new(TlsProblem { address, kind, fingerprint: Some(print), detail: String::new() }))
        })
        .collect()
    }

    fn plain_samples() -> Vec<Error> {
        let api = |status, message: &str| ApiError { http: 500, status, message: message.to_owned() };
        let mut all = vec![
            Error::Build("the port is 0".to_owned()),
            Error::Transport { address: "a:1".to_owned(), detail: String::new() },
            Error::decode(200, "certificates", b"x", "it is not JSON"),
            Error::Api(api(Some(1001), "Invalid device id.")),
            Error::Api(api(None, "")),
            Error::Forbidden { what: "certificates".to_owned() },
            Error::Login(Box::new(Error::Api(api(Some(1), "x")))),
            Error::Session { status: 401 },
        ];
        for door in [Door::Rest, Door::Ssh, Door::Menu] {
            all.push(Error::Credentials { door, answer: Some("No.".to_owned()), asked: true });
            all.push(Error::Credentials { door, answer: None, asked: false });
        }
        for status in [302, 404, 403, 500, 503] {
            all.push(Error::Http { status, what: "version".to_owned(), excerpt: String::new() });
        }
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
            let via = Some("a map".to_owned());
            all.push(Error::Connect { address: "a:1".to_owned(), via, cause, detail: "d".to_owned() });
        }
        for phase in [Phase::Connect, Phase::Answer, Phase::Body] {
            all.push(Error::Timeout { address: "a:1".to_owned(), phase, after: Duration::from_secs(5) });
        }
        all
    }

    fn terminal_samples() -> Vec<Error> {
        let text = || "text".to_owned();
        let shown = HostKey { algorithm: "ssh-ed25519".to_owned(), sha256: [7; 32] };
        let ssh = [
            SshProblem::KeyChanged { pinned: text(), shown },
            SshProblem::Algorithm { kind: text(), offered: Vec::new() },
            SshProblem::NoPassword { offered: vec!["publickey".to_owned()] },
            SshProblem::MoreAsked { question: text() },
            SshProblem::NotSsh,
            SshProblem::Protocol(text()),
            SshProblem::NoShell(text()),
        ]
        .map(|problem| Error::Ssh { address: "a:22".to_owned(), problem });
        let cli = [
            CliProblem::Silent { waiting_for: text(), tail: String::new() },
            CliProblem::NoEntry { wanted: text(), menu: text(), entries: Vec::new() },
            CliProblem::Question { text: text() },
            CliProblem::FirstUse { text: text() },
            CliProblem::Lost { tail: text() },
            CliProblem::Closed { waiting_for: text(), tail: text() },
            CliProblem::Unreadable { entry: text(), missing: text(), excerpt: text() },
        ]
        .map(|problem| Error::Cli { address: "a:22".to_owned(), problem });
        ssh.into_iter().chain(cli).collect()
    }

    #[test]
    fn every_error_has_whole_sentences() {
        for error in [tls_samples(), plain_samples(), terminal_samples()].concat() {
            let text = error.sentence();
            assert!(text.ends_with('.'), "{text}");
            assert!(text.matches(". ").count() >= 1, "says what, and what next: {text}");
            assert!(!text.contains("  ") && !text.contains("..") && !text.contains("Some("), "{text}");
        }
    }

    #[test]
    fn what_was_not_sent_says_so() {
        for error in [tls_samples(), plain_samples()].concat() {
            if matches!(error, Error::Connect { .. } | Error::Tls(_) | Error::Build(_)) {
                assert!(!error.maybe_sent());
                assert!(error.sentence().contains("Nothing was sent"), "{}", error.sentence());
            }
        }
    }
}
