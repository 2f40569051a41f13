//! Whom the clients trust, why they did not, and why a connection was not made. What `nitro` and `xms` have in common,
//! and no more: what happened to a connection is said in [`sentence`], what a person should do about it by each client,
//! because the remedies differ.
//!
//! The certificates of appliances and nodes are self-signed from the factory, so pinning is the normal case; there is
//! no "accept any".
//!
//! This crate depends on no crate of ours, and shares nothing with the lab: one mistake must not pass twice.

mod connection;
pub mod de;
mod excerpt;
mod fault;
mod fingerprint;
pub mod json;
mod leaf;
mod problem;
pub mod sentence;
mod verifier;

pub use connection::{ConnectCause, Phase};
pub use excerpt::excerpt;
pub use fault::{Fault, Situation, classify};
pub use fingerprint::{Fingerprint, FingerprintError};
pub use leaf::LeafFacts;
pub use problem::{TlsKind, TlsProblem};
use serde::{Deserialize, Serialize};
pub use verifier::{BadTrust, Leaf, Seen, config, probe_config};

/// A JSON object as the other side wrote it.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// How the other side proves who it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// A chain to a root of the operating system, and the name or address in the certificate.
    #[default]
    SystemRoots,
    /// A chain to one of these, PEM each, and the name. The other side's own certificate among them is accepted as it
    /// is, without a name: people export what they see.
    Roots(Vec<String>),
    /// The certificate with this fingerprint and no other; names and dates are not looked at.
    Pinned(Fingerprint),
}
