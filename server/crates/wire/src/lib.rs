//! How the clients talk: what `nitro` and `xms` have in common, and no more. Whom they trust, and why they did not; how
//! a request is sent within its limits, and why it was not; how they log in; how they read what was written oddly.
//!
//! Each client says in its own words what a person should do about an error, because the remedies differ; what happened
//! to a connection is said here, in [`sentence`].
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
mod limits;
mod login;
mod look;
mod method;
mod problem;
pub mod sentence;
mod tls;
mod transport;
mod verifier;
mod way;
mod words;

pub use connection::{ConnectCause, Phase};
pub use excerpt::excerpt;
pub use fault::Fault;
pub use fingerprint::{Fingerprint, FingerprintError};
pub use leaf::LeafFacts;
pub use limits::{Limits, Patience};
pub use login::{Credentials, LoginError, Session, Turn, Turns};
pub use look::look;
pub use method::Method;
pub use problem::{TlsKind, TlsProblem};
use serde::{Deserialize, Serialize};
pub use tls::{BadTrust, Tls};
pub use transport::{Destination, Http, HttpRequest, Received};
pub use verifier::{Leaf, SeenLeaf};
pub use way::{ConnectBy, Way};

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
