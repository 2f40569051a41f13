//! A look at an appliance's certificate.

use crate::{Endpoint, Error, Fingerprint, Limits, Scheme, transport::place};

/// Connects with TLS only, says nothing, and returns the fingerprint of the certificate that was shown; whether it is
/// trusted does not matter. For "Test connection", before anything secret is sent.
///
/// # Errors
/// [`Error::Build`] for a plain HTTP address; [`Error::Connect`], [`Error::Tls`] and [`Error::Timeout`] as usual.
pub async fn probe_certificate(endpoint: &Endpoint, limits: Limits) -> Result<Fingerprint, Error> {
    if endpoint.base.scheme == Scheme::Http {
        return Err(Error::Build("plain HTTP has no certificate".to_owned()));
    }
    let leaf = wire::look(place(endpoint)?, limits.of_http()).await;
    leaf.map(|leaf| leaf.fingerprint).map_err(|fault| Error::below(fault, "", false))
}
