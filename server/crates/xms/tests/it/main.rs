//! The crate from outside: one binary, so that it is linked once.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod client;
mod fixtures;
mod fuzz;
mod menus;
mod numbers;
mod probes;
mod properties;
mod routes;
mod shell;
mod support;
mod tls;
