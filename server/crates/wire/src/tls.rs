//! What a client does about TLS, and what it saw of the other side.

use crate::{
    BadTrust, Seen, Trust,
    verifier::{config, probe_config},
};

/// A client's half of TLS. Made before anything else of a client, so that what is wrong with trust is said first.
pub struct Tls {
    pub(crate) config: rustls::ClientConfig,
    pub(crate) seen: Seen,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
}

impl Tls {
    /// Plain HTTP.
    ///
    /// # Errors
    /// When the library cannot be set up.
    pub fn none() -> Result<Self, BadTrust> {
        // The configuration is never used, but without one the library would look for a process-wide provider.
        Ok(Self { scheme: "http", ..Self::look()? })
    }

    /// For another side that is called `name` in its certificate.
    ///
    /// # Errors
    /// When a trusted certificate is not PEM, or the name is none.
    pub fn trusting(trust: &Trust, name: &str) -> Result<Self, BadTrust> {
        let seen = Seen::default();
        Ok(Self { config: config(trust, name, seen.clone())?, seen, scheme: "https" })
    }

    /// For a look at the certificate: the handshake is broken off, so that nothing is ever said.
    ///
    /// # Errors
    /// When the library cannot be set up.
    pub fn look() -> Result<Self, BadTrust> {
        let seen = Seen::default();
        Ok(Self { config: probe_config(seen.clone())?, seen, scheme: "https" })
    }
}
