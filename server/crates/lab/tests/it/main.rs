//! The lab as clients see it: plain HTTP, SOCKS and SSH. Nothing here knows a client crate of ours.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail the test")]

mod boot;
mod certificates;
mod cli;
mod common;
mod control;
mod curl;
mod draining;
mod faults;
mod fleet;
mod framing;
mod gateway;
mod golden;
mod habits;
mod later;
mod lbgroups;
mod management;
mod monitors;
mod nodes;
mod objects;
mod pair;
mod proofs;
mod reading;
mod robust;
mod sessions;
mod sites;
mod socks;
mod ssl;
mod states;
mod statistics;
mod system;
mod traffic;
mod versions;
