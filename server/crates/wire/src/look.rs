//! A look at a certificate, before anything is said.

use crate::{Destination, Fault, Http, Leaf, Limits, Method, Patience, Tls};

/// Connects with TLS only, says nothing, and returns the certificate that was shown; whether it is trusted does not
/// matter.
///
/// # Errors
/// [`Fault::Connect`], [`Fault::Tls`] and [`Fault::Timeout`] as usual; [`Fault::Build`] when none was shown.
pub async fn look(place: Destination, limits: Limits) -> Result<Leaf, Fault> {
    let http = Http::new(place, Tls::look()?, limits)?;
    // The handshake is broken off by our verifier, so this never becomes a request.
    let request = http.request(Method::Get, "/")?;
    let outcome = http.send(request, &Patience { piece: limits.read, whole: None, enough: None }).await;
    match (http.seen().leaf(), outcome) {
        (Some(leaf), _) => Ok(leaf),
        (None, Err(fault)) => Err(fault),
        (None, Ok(_)) => Err(Fault::Build(format!("{} showed no certificate", http.address()))),
    }
}
