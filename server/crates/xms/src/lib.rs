//! A typed, tolerant client for `XenMobile` Server nodes: REST, unauthenticated probes, and the menu program over SSH.
//!
//! Halves as in every client of ours: [`Request`], [`response`], [`rest`], [`probes`]' readers, [`node_id`] and
//! [`cli`] do no I/O and are tested as text; [`Client`], [`Prober`] and [`Shell`] talk.
//!
//! What no document vouches for (`xenmobile.md` 0) stands in a [`Profile`], a data file that one capture from a real
//! server replaces; results that depend on it say whether it is verified.
//!
//! Of our crates this one depends on `wire` alone, and shares nothing with the lab: one mistake must not pass twice.

mod account;
pub mod cli;
mod client;
pub mod de;
mod dial;
mod error;
mod item;
mod node;
pub mod node_id;
mod predicates;
pub mod probes;
mod profile;
mod request;
pub mod response;
pub mod rest;
mod sentence;
mod session;
pub mod ssh;
mod transport;

pub use account::Account;
pub use client::Client;
pub use error::{ApiError, CliProblem, Door, Error, SshProblem};
pub use item::Item;
pub use node::{Limits, Node, Port, Ports};
pub use node_id::NodeId;
pub use probes::Prober;
pub use profile::Profile;
pub use request::Request;
pub use ssh::{HostKey, Shell};
pub use wire::{
    ConnectBy, ConnectCause, Credentials, Fingerprint, FingerprintError, Leaf, LeafFacts, Method, Object, Phase,
    TlsKind, TlsProblem, Trust,
};
