//! The lab as clients see it: plain HTTP, SOCKS and SSH. Nothing here knows a client crate of ours.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail the test")]

mod certificates;
mod cli;
mod common;
mod control;
mod curl;
mod faults;
mod framing;
mod gateway;
mod golden;
mod nodes;
mod reading;
mod robust;
mod sessions;
mod socks;
mod ssl;
mod states;
mod statistics;
mod traffic;
