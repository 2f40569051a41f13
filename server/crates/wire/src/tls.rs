//! A client's half of TLS, from what it is to trust.

use crate::{
    SeenLeaf, Trust,
    verifier::{Policy, Verifier},
};
use rustls::{
    ClientConfig, RootCertStore,
    client::{Resumption, WebPkiServerVerifier},
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::sync::{Arc, OnceLock};

/// Tickets of TLS 1.3 that a server gives at once, as the library counts them: room for one server.
const SESSIONS: usize = 8;

/// What was configured cannot be used: a trusted certificate is not PEM, or a name is none. `Display` says which.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadTrust(pub String);

/// A client's half of TLS. Made before anything else of a client, so that what is wrong with trust is said first.
pub struct Tls {
    pub(crate) config: ClientConfig,
    pub(crate) seen: SeenLeaf,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
}

impl Tls {
    /// Plain HTTP.
    ///
    /// # Errors
    /// When the library cannot be set up.
    pub fn none() -> Result<Self, BadTrust> {
        // Never used, but without one the library would look for a process-wide provider.
        Ok(Self { scheme: "http", ..Self::look()? })
    }

    /// For a server called `host` in its certificate.
    ///
    /// # Errors
    /// When a trusted certificate is not PEM, or `host` is none.
    pub fn trusting(trust: &Trust, host: &str) -> Result<Self, BadTrust> {
        let provider = Arc::new(ring::default_provider());
        let policy = match trust {
            Trust::SystemRoots => Policy::Chain { verifier: chain(system_roots(), &provider)?, exact: Vec::new() },
            Trust::Roots(pems) => {
                let exact = certificates(pems)?;
                let mut roots = RootCertStore::empty();
                roots.add_parsable_certificates(exact.iter().cloned());
                Policy::Chain { verifier: chain(Arc::new(roots), &provider)?, exact }
            }
            Trust::Pinned(fingerprint) => Policy::Pin(*fingerprint),
        };
        let name = match policy {
            Policy::Chain { .. } => Some(
                ServerName::try_from(host.to_owned())
                    .map_err(|_| BadTrust(format!("“{host}” is neither a host name nor an address")))?,
            ),
            Policy::Pin(_) | Policy::Look => None,
        };
        Self::new(policy, name, provider)
    }

    /// Never gets past the handshake: it records the certificate and breaks off.
    pub(crate) fn look() -> Result<Self, BadTrust> {
        Self::new(Policy::Look, None, Arc::new(ring::default_provider()))
    }

    fn new(policy: Policy, name: Option<ServerName<'static>>, provider: Arc<CryptoProvider>) -> Result<Self, BadTrust> {
        let seen = SeenLeaf::default();
        let verifier = Verifier { policy, name, provider: Arc::clone(&provider), seen: seen.clone() };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| BadTrust(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        // A client has one place to go to; room for the usual thirty-two others is 100 KB in each of thousands of clients.
        config.resumption = Resumption::in_memory_sessions(SESSIONS);
        Ok(Self { config, seen, scheme: "https" })
    }
}

fn chain(
    roots: Arc<RootCertStore>,
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<WebPkiServerVerifier>>, BadTrust> {
    if roots.is_empty() {
        return Ok(None);
    }
    WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(provider))
        .build()
        .map(Some)
        .map_err(|error| BadTrust(error.to_string()))
}

/// The operating system's roots, read once: it means parsing some 150 certificates.
fn system_roots() -> Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    Arc::clone(ROOTS.get_or_init(|| {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "a system root certificate could not be read");
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(found.certs);
        Arc::new(roots)
    }))
}

fn certificates(pems: &[String]) -> Result<Vec<CertificateDer<'static>>, BadTrust> {
    let mut all = Vec::new();
    for pem in pems {
        let before = all.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            all.push(certificate.map_err(|error| BadTrust(format!("a trusted certificate is not PEM: {error}")))?);
        }
        if all.len() == before {
            return Err(BadTrust("a trusted certificate is not PEM: it has no CERTIFICATE part".to_owned()));
        }
    }
    Ok(all)
}
