//! What clients of the virtual servers see: plain TLS and HTTP through the proxy.

mod bridge;
mod draining;
mod gateway;
mod mam;
mod methods;
mod persistence;
pub mod support;
mod tls;
