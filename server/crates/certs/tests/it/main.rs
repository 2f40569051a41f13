//! One test binary: it links once.

#![expect(clippy::unwrap_used, reason = "helpers outside of #[test] functions; a failure here is a failed test")]

mod finding;
mod form;
mod fuzz;
mod property;
mod support;
mod trouble;
