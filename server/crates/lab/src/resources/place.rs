//! Where a virtual server listens.

use std::net::IpAddr;

use crate::{
    model::{Config, Id},
    refusal::{Outcome, Refusal},
    schema::Fields,
};

/// An address needs a port, no address may have one (257), and nothing else may be there (273).
pub(super) fn check(config: &Config, own: Option<Id>, set: &Fields) -> Outcome {
    let port = set.number("port").and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0);
    let address = set.get("ipv46").and_then(|text| text.parse().ok());
    match (address.filter(|address: &IpAddr| !address.is_unspecified()), port) {
        (None, Some(_)) => Err(Refusal::new(257)),
        (Some(_), None) => Err(Refusal::about(1095, &["port"])),
        (Some(address), Some(port)) if config.is_taken(own, address, port) => Err(Refusal::new(273)),
        _ => Ok(()),
    }
}
