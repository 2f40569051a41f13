//! A look at an appliance's certificate.

use crate::{Endpoint, Error, Fingerprint, Limits, Request, Scheme, transport::Transport};
use wire::Tls;

/// Connects with TLS only, says nothing, and returns the fingerprint of the certificate that was shown; whether it is
/// trusted does not matter. For "Test connection", before anything secret is sent.
///
/// # Errors
/// [`Error::Build`] for a plain HTTP address; [`Error::Connect`], [`Error::Tls`] and [`Error::Timeout`] as usual.
pub async fn probe_certificate(endpoint: &Endpoint, limits: Limits) -> Result<Fingerprint, Error> {
    if endpoint.base.scheme == Scheme::Http {
        return Err(Error::Build("plain HTTP has no certificate".to_owned()));
    }
    let transport = Transport::with_tls(endpoint, limits, Tls::look()?)?;
    // The handshake is broken off by our verifier, so this never becomes a request.
    let outcome = transport.bare(&Request::get("nsversion")).await;
    match (transport.seen().get(), outcome) {
        (Some(fingerprint), _) => Ok(fingerprint),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(Error::Build(format!("{} showed no certificate", endpoint.base.authority()))),
    }
}
