//! A typed, tolerant client for NITRO, the REST interface of the NetScaler.
//!
//! Two halves. The first does no I/O and is tested as text: [`Request`] becomes a method, a path and a body;
//! [`response::decode`] turns a status and bytes into a [`Reply`] or an [`Error`]. The second talks: the transport owns
//! one HTTP client per appliance with its trust, route and time limits; [`Client`] keeps one session on it.
//!
//! What is odd about the wire (numbers as strings, a missing key for an empty list, status 599) is dealt with in
//! [`de`] and [`response`], never in callers. Callers ask an [`Error`] what it means (`is_absent()`, `maybe_sent()`);
//! they never compare numbers.
//!
//! Of our crates this one depends on `wire` alone, and shares nothing with the lab: one mistake must not pass twice.
//!
//! To add a resource: one file in `resource/`, a struct with `#[serde(default)]` whose numbers go through [`de`], an
//! `impl Resource`, and a fixture test with an answer as the appliance writes it.

pub mod audit;
mod client;
mod codes;
pub mod de;
mod encode;
mod endpoint;
mod error;
mod greeting;
mod probe;
mod redact;
mod request;
pub mod resource;
pub mod response;
mod sentence;
mod session;
mod transport;
mod verb;

pub use client::Client;
pub use endpoint::{Base, Endpoint, Limits, Scheme};
pub use error::{ApiError, Error, Severity};
pub use greeting::{Greeting, Peer};
pub use probe::probe_certificate;
pub use request::Request;
pub use resource::{Item, Resource};
pub use response::{Reply, Warning};
pub use verb::OnError;
pub use wire::{
    ConnectBy, ConnectCause, Credentials, Fingerprint, FingerprintError, Method, Object, Phase, TlsKind, TlsProblem,
    Trust,
};
