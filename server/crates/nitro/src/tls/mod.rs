//! Whom we trust, and why we did not (`nitro.md` 1.6). The factory certificate is self-signed, so pinning is the
//! normal case; there is no "accept any".

mod fingerprint;
mod problem;
mod verifier;

use serde::{Deserialize, Serialize};

pub use fingerprint::{Fingerprint, FingerprintError};
pub use problem::{TlsKind, TlsProblem};
pub(crate) use verifier::{Refused, Seen, config, probe_config};

/// How an appliance proves who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// A chain to a root of the operating system, and the name or address in the certificate.
    SystemRoots,
    /// A chain to one of these, PEM each, and the name. The appliance's own certificate among them is accepted as it
    /// is, without a name: people export what they see.
    Roots(Vec<String>),
    /// The certificate with this fingerprint and no other; names and dates are not looked at.
    Pinned(Fingerprint),
}
