//! The NITRO client: requests and answers as text, and the transport against servers that misbehave.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod answers;
mod client;
mod fixtures;
mod fuzz;
mod log;
mod loss;
mod numbers;
mod properties;
mod requests;
mod support;
mod tls;
mod transport;
