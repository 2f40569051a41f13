//! Whom we trust, and why we did not (`xenmobile.md` 1.1). A node shows the cluster's certificate, whose name is the
//! FQDN and not the node's address; it is self-signed until replaced, so pinning is usual; there is no "accept any".
//!
//! A small copy of what `nitro` has: the two clients share nothing.

mod fingerprint;
mod problem;
mod verifier;

use serde::{Deserialize, Serialize};

pub use fingerprint::{Fingerprint, FingerprintError};
pub use problem::{TlsKind, TlsProblem};
pub use verifier::Leaf;
pub(crate) use verifier::{Refused, Seen, config, probe_config};

/// How a node proves who it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// A chain to a root of the operating system, and the name or address in the certificate.
    #[default]
    SystemRoots,
    /// A chain to one of these, PEM each, and the name. The node's own certificate among them is accepted as it
    /// is, without a name: people export what they see.
    Roots(Vec<String>),
    /// The certificate with this fingerprint and no other; names and dates are not looked at.
    Pinned(Fingerprint),
}
