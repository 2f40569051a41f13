//! From TCP to a logged-in SSH session: the host key first, then one try with the password.

use super::{
    HostKey,
    sniff::{Beginning, Sniffed},
};
use crate::{ConnectCause, Credentials, Door, Error, Limits, Node, Phase, Port, SshProblem, dial::dial};
use russh::{
    MethodKind, MethodSet, Preferred,
    client::{self, AuthResult, Config, Handle, KeyboardInteractiveAuthResponse},
    keys::PublicKeyOrCertificate,
};
use secrecy::ExposeSecret;
use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::time::timeout;
use wire::excerpt;

/// Checks the host key against the pin, and remembers what was shown. Without a pin it refuses: that is a look.
pub(super) struct Guard {
    pin: Option<HostKey>,
    shown: Arc<Mutex<Option<HostKey>>>,
}

impl client::Handler for Guard {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let key = HostKey::of(key);
        let fits = self.pin.as_ref().is_some_and(|pin| pin.same(&key));
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(key);
        Ok(fits)
    }
}

/// A handshake's outcome: a session when the key is the pinned one, and the key in any case where one was shown.
pub(super) async fn handshake(
    node: &Node,
    pin: Option<&HostKey>,
    limits: &Limits,
) -> (Result<Handle<Guard>, Error>, Option<HostKey>) {
    let shown = Arc::new(Mutex::new(None));
    let outcome = try_handshake(node, pin, limits, Arc::clone(&shown)).await;
    let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let outcome = match (outcome, pin, &shown) {
        (Err(_), Some(pin), Some(key)) if !pin.same(key) => {
            let problem = SshProblem::KeyChanged { pinned: pin.to_string(), shown: key.clone() };
            Err(Error::Ssh { address: node.address(Port::Ssh), problem })
        }
        (outcome, ..) => outcome,
    };
    (outcome, shown)
}

async fn try_handshake(
    node: &Node,
    pin: Option<&HostKey>,
    limits: &Limits,
    shown: Arc<Mutex<Option<HostKey>>>,
) -> Result<Handle<Guard>, Error> {
    let tcp = dial(node, Port::Ssh, limits).await?;
    let mut preferred = Preferred::default();
    if let Some(pin) = pin {
        // A node with several keys must go on showing the one that was pinned.
        let mut keys = preferred.key.into_owned();
        keys.sort_by_key(|algorithm| !same_family(algorithm.as_str(), &pin.algorithm));
        preferred.key = Cow::Owned(keys);
    }
    let config = Arc::new(Config { preferred, ..Config::default() });
    let guard = Guard { pin: pin.cloned(), shown };
    let address = node.address(Port::Ssh);
    let beginning = Beginning::default();
    let stream = Sniffed(tcp, beginning.clone());
    let error = match timeout(limits.connect, client::connect_stream(config, stream, guard)).await {
        Ok(Ok(session)) => return Ok(session),
        Ok(Err(error)) => sort(address.clone(), error),
        Err(_) => Error::Timeout { address: address.clone(), phase: Phase::Connect, after: limits.connect },
    };
    Err(if beginning.is_not_ssh() { Error::Ssh { address, problem: SshProblem::NotSsh } } else { error })
}

/// RSA has one key and three names for its signatures.
fn same_family(algorithm: &str, pinned: &str) -> bool {
    let rsa = |name: &str| name == "ssh-rsa" || name.starts_with("rsa-sha2-");
    algorithm == pinned || rsa(algorithm) && rsa(pinned)
}

fn sort(address: String, error: russh::Error) -> Error {
    let problem = match error {
        russh::Error::NoCommonAlgo { kind, theirs, .. } => {
            SshProblem::Algorithm { kind: kind_name(&kind).to_owned(), offered: theirs }
        }
        russh::Error::Version => SshProblem::NotSsh,
        russh::Error::IO(_) | russh::Error::Disconnect | russh::Error::HUP => {
            let detail = error.to_string();
            return Error::Connect { address, via: None, cause: ConnectCause::Reset, detail };
        }
        other => SshProblem::Protocol(excerpt(other.to_string().as_bytes())),
    };
    Error::Ssh { address, problem }
}

fn kind_name(kind: &russh::AlgorithmKind) -> &'static str {
    match kind {
        russh::AlgorithmKind::Kex => "key exchange",
        russh::AlgorithmKind::Key => "kind of host key",
        russh::AlgorithmKind::Cipher => "cipher",
        russh::AlgorithmKind::Compression => "compression",
        russh::AlgorithmKind::Mac => "message authentication code",
    }
}

/// Shows the password once, by one of the two methods; never a second time by the other (invariant 14).
pub(super) async fn log_in(
    session: &mut Handle<Guard>,
    account: &Credentials,
    address: &str,
    limits: &Limits,
) -> Result<(), Error> {
    let after = limits.read;
    match timeout(after, try_log_in(session, account, address)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::Timeout { address: address.to_owned(), phase: Phase::Answer, after }),
    }
}

async fn try_log_in(session: &mut Handle<Guard>, account: &Credentials, address: &str) -> Result<(), Error> {
    let broken = |error: russh::Error| Error::Transport { address: address.to_owned(), detail: error.to_string() };
    let offered = match session.authenticate_none(&account.user).await.map_err(broken)? {
        // The menu program then asks by itself.
        AuthResult::Success => return Ok(()),
        AuthResult::Failure { remaining_methods, .. } => remaining_methods,
    };
    if offered.is_empty() && session.is_closed() {
        let detail = "closed before a password was shown".to_owned();
        return Err(Error::Transport { address: address.to_owned(), detail });
    }
    if offered.contains(&MethodKind::Password) {
        let secret = account.secret.expose_secret();
        return match session.authenticate_password(&account.user, secret).await.map_err(broken)? {
            AuthResult::Success => Ok(()),
            AuthResult::Failure { partial_success: true, remaining_methods } => Err(more(address, &remaining_methods)),
            AuthResult::Failure { .. } => Err(refused(session)),
        };
    }
    if offered.contains(&MethodKind::KeyboardInteractive) {
        return questions(session, account, address).await;
    }
    Err(Error::Ssh { address: address.to_owned(), problem: SshProblem::NoPassword { offered: names(&offered) } })
}

async fn questions(session: &mut Handle<Guard>, account: &Credentials, address: &str) -> Result<(), Error> {
    let mut answered = false;
    let mut reply = session.authenticate_keyboard_interactive_start(&account.user, None).await;
    for _ in 0..8 {
        let prompts = match reply {
            Ok(KeyboardInteractiveAuthResponse::Success) => return Ok(()),
            Ok(KeyboardInteractiveAuthResponse::Failure { partial_success: true, remaining_methods }) => {
                return Err(more(address, &remaining_methods));
            }
            Ok(KeyboardInteractiveAuthResponse::Failure { .. }) | Err(russh::Error::RecvError) if answered => {
                return Err(refused(session));
            }
            Ok(KeyboardInteractiveAuthResponse::Failure { remaining_methods, .. }) => {
                let problem = SshProblem::NoPassword { offered: names(&remaining_methods) };
                return Err(Error::Ssh { address: address.to_owned(), problem });
            }
            Err(error) => {
                return Err(Error::Transport { address: address.to_owned(), detail: error.to_string() });
            }
            Ok(KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. }) => prompts,
        };
        let responses = match prompts.as_slice() {
            // Some servers send an empty round at the end.
            [] => Vec::new(),
            [one] if !one.echo && !answered => {
                answered = true;
                vec![account.secret.expose_secret().to_owned()]
            }
            [first, ..] => {
                let question = excerpt(first.prompt.as_bytes());
                return Err(Error::Ssh { address: address.to_owned(), problem: SshProblem::MoreAsked { question } });
            }
        };
        reply = session.authenticate_keyboard_interactive_respond(responses).await;
    }
    Err(Error::Ssh { address: address.to_owned(), problem: SshProblem::Protocol("too many questions".to_owned()) })
}

/// A connection that is closed instead of an answer counts as a refusal: the password was shown.
fn refused(session: &Handle<Guard>) -> Error {
    let answer = session.is_closed().then(|| "it closed the connection".to_owned());
    Error::Credentials { door: Door::Ssh, answer, asked: true }
}

fn more(address: &str, methods: &MethodSet) -> Error {
    let question = format!("next: {}", names(methods).join(", "));
    Error::Ssh { address: address.to_owned(), problem: SshProblem::MoreAsked { question } }
}

fn names(methods: &MethodSet) -> Vec<String> {
    methods.iter().map(String::from).collect()
}
