//! The other side of both clients' tests, on the loopback. Their test programs take this in by its path, so that it is
//! written once and no part of any crate.

pub mod identity;
pub mod server;
pub mod socks;
