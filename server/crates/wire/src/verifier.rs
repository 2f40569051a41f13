//! Our certificate verifier: system roots, given roots, or a pin; it remembers what it saw.

use crate::{Fingerprint, TlsKind, problem::Refused};
use rustls::{
    CertificateError, DigitallySignedStruct, OtherError, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::sync::{Arc, Mutex, PoisonError};
use x509_parser::public_key::PublicKey;

/// What the other side shows of itself in a handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// SHA-256 of the certificate.
    pub fingerprint: Fingerprint,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// Certificates shown, the leaf included. One alone is a chain that is not linked (CTX266985), or self-signed.
    pub chain_length: usize,
}

impl Leaf {
    /// Whose name is in it, as people write it: `CN=mdm.example.test`. `None` where it cannot be read or holds no name.
    pub fn subject(&self) -> Option<String> {
        let (_, certificate) = x509_parser::parse_x509_certificate(&self.der).ok()?;
        let subject = certificate.subject().to_string();
        (!subject.is_empty()).then_some(subject)
    }

    /// The bits of an RSA key with fewer than 2048, which no library accepts any more.
    pub fn weak_key(&self) -> Option<usize> {
        let (_, certificate) = x509_parser::parse_x509_certificate(&self.der).ok()?;
        match certificate.public_key().parsed().ok()? {
            PublicKey::RSA(key) => Some(key.key_size()).filter(|bits| *bits < 2048),
            _ => None,
        }
    }
}

/// The last certificate that was shown, trusted or not.
#[derive(Debug, Clone, Default)]
pub struct SeenLeaf(Arc<Mutex<Option<Leaf>>>);

impl SeenLeaf {
    /// The fingerprint alone.
    pub fn get(&self) -> Option<Fingerprint> {
        self.leaf().map(|leaf| leaf.fingerprint)
    }

    /// All that was shown.
    pub fn leaf(&self) -> Option<Leaf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, leaf: Leaf) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(leaf);
    }
}

#[derive(Debug)]
pub(crate) enum Policy {
    /// A chain to a root; one of `exact` is accepted as it is. Without any root there is nothing to build a chain to.
    Chain {
        verifier: Option<Arc<WebPkiServerVerifier>>,
        exact: Vec<CertificateDer<'static>>,
    },
    Pin(Fingerprint),
    /// Refuses everything: for a look at the certificate before anything is said.
    Look,
}

#[derive(Debug)]
pub(crate) struct Verifier {
    pub(crate) policy: Policy,
    /// The name to check: the configured one, even where the connection goes to a mapped address. None for pins.
    pub(crate) name: Option<ServerName<'static>>,
    pub(crate) provider: Arc<CryptoProvider>,
    pub(crate) seen: SeenLeaf,
}

impl Verifier {
    fn judge(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        asked: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
        seen: Fingerprint,
    ) -> Result<(), TlsKind> {
        match &self.policy {
            Policy::Pin(expected) if *expected == seen => Ok(()),
            Policy::Pin(expected) => Err(TlsKind::PinMismatch { expected: *expected, seen }),
            Policy::Look => Err(TlsKind::Other("only looking".to_owned())),
            Policy::Chain { exact, .. } if exact.iter().any(|given| given.as_ref() == leaf.as_ref()) => Ok(()),
            Policy::Chain { verifier: None, .. } => Err(TlsKind::UnknownIssuer),
            Policy::Chain { verifier: Some(verifier), .. } => {
                let name = self.name.as_ref().unwrap_or(asked);
                match verifier.verify_server_cert(leaf, intermediates, name, ocsp, now) {
                    Ok(_) => Ok(()),
                    // An issuer of the same name with another key, as factory certificates of two appliances are.
                    Err(rustls::Error::InvalidCertificate(CertificateError::BadSignature)) => {
                        Err(TlsKind::UnknownIssuer)
                    }
                    Err(error) => Err(match TlsKind::of(&error) {
                        TlsKind::NameMismatch { presented, .. } => {
                            TlsKind::NameMismatch { expected: name.to_str().into_owned(), presented }
                        }
                        kind => kind,
                    }),
                }
            }
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let fingerprint = Fingerprint::of(end_entity);
        self.seen.set(Leaf { fingerprint, der: end_entity.to_vec(), chain_length: intermediates.len() + 1 });
        match self.judge(end_entity, intermediates, server_name, ocsp_response, now, fingerprint) {
            Ok(()) => Ok(ServerCertVerified::assertion()),
            Err(kind) => {
                let refused = OtherError(Arc::new(Refused { fingerprint, kind }));
                Err(rustls::Error::InvalidCertificate(CertificateError::Other(refused)))
            }
        }
    }

    // Also for a pin: whoever only copied the certificate does not have its key.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
