//! What clients of the virtual servers see: plain TLS and HTTP through the proxy.

mod bridge;
mod crowd;
mod draining;
mod gateway;
mod groups;
mod mam;
mod methods;
mod persistence;
mod roles;
mod services;
pub mod support;
mod tls;
