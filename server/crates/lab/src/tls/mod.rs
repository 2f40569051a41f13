//! The certificates that listeners show: as from the factory, as imported, or as a fault wants them.

use crate::clock::LabTime;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    sign::{CertifiedKey, SigningKey, SingleCertAndKey},
};
use sha2::{Digest, Sha256};
use std::{io, sync::Arc};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

mod anyone;
mod guise;
mod old;
mod rsa;
mod trusting;

pub(crate) use guise::{Front, GUISES, Guise, Wardrobe};
pub(crate) use old::answer_as_tls10;
pub(crate) use trusting::{connector, trusting};

/// A chain with its key, ready to be shown.
pub(crate) struct Identity {
    pub acceptor: TlsAcceptor,
    /// Asks for a client certificate, and takes any or none.
    pub asking: TlsAcceptor,
    /// SHA-256 of the leaf, in lower-case hexadecimal digits.
    pub fingerprint: String,
    chain: Vec<CertificateDer<'static>>,
    key: Arc<dyn SigningKey>,
}

impl Identity {
    pub fn new(chain: Vec<CertificateDer<'static>>, key: Arc<dyn SigningKey>) -> io::Result<Self> {
        let leaf = chain.first().ok_or_else(|| io::Error::other("a chain needs a certificate"))?;
        let fingerprint = hex::encode(Sha256::digest(leaf));
        // The provider is named here: a library must not install a process-wide default for its host.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let shown = Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain.clone(), Arc::clone(&key))));
        let config = |asks: bool| {
            let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
                .with_safe_default_protocol_versions()
                .map_err(io::Error::other)?;
            let builder = if asks {
                builder.with_client_cert_verifier(anyone::verifier(&provider))
            } else {
                builder.with_no_client_auth()
            };
            let config = builder.with_cert_resolver(Arc::clone(&shown) as Arc<_>);
            Ok::<_, io::Error>(TlsAcceptor::from(Arc::new(config)))
        };
        Ok(Self { acceptor: config(false)?, asking: config(true)?, fingerprint, chain, key })
    }

    /// With a key in one of the usual forms.
    pub fn with_key(chain: Vec<CertificateDer<'static>>, key: &PrivateKeyDer<'static>) -> io::Result<Self> {
        Self::new(chain, rustls::crypto::ring::sign::any_supported_type(key).map_err(io::Error::other)?)
    }

    /// The same leaf alone; nothing when it stands alone already.
    pub fn without_chain(&self) -> Option<io::Result<Self>> {
        let leaf = self.chain.first().filter(|_| self.chain.len() > 1)?;
        Some(Self::new(vec![leaf.clone()], Arc::clone(&self.key)))
    }

    /// The leaf first.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }
}

/// Makes a new key and certificate, as a box has it from the factory.
pub(crate) fn identity() -> io::Result<Identity> {
    let mut name = DistinguishedName::new();
    for (kind, value) in [
        (DnType::CountryName, "US"),
        (DnType::StateOrProvinceName, "California"),
        (DnType::LocalityName, "San Jose"),
        (DnType::OrganizationName, "Citrix ANG"),
        (DnType::OrganizationalUnitName, "NS Internal"),
    ] {
        name.push(kind, value);
    }
    name.push(DnType::CommonName, format!("default {}", crate::random::hex(3)?));
    let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    params.distinguished_name = name;
    self_signed(&params)
}

/// A certificate on one name and nothing else, as nodes have it from the factory.
pub(crate) fn factory(common_name: &str, from: LabTime, to: LabTime) -> io::Result<Identity> {
    self_signed(&params(common_name, from, to)?)
}

fn params(common_name: &str, from: LabTime, to: LabTime) -> io::Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    let ((from_year, from_month, from_day), (to_year, to_month, to_day)) = (from.day(), to.day());
    params.not_before = rcgen::date_time_ymd(from_year, from_month, from_day);
    params.not_after = rcgen::date_time_ymd(to_year, to_month, to_day);
    Ok(params)
}

fn self_signed(params: &CertificateParams) -> io::Result<Identity> {
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = params.self_signed(&key).map_err(io::Error::other)?;
    Identity::with_key(vec![certificate.der().clone()], &private(&key))
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()))
}

/// The subject of the certificate that a client has shown.
pub(crate) fn shown_by(stream: &TlsStream<TcpStream>) -> Option<String> {
    let leaf = stream.get_ref().1.peer_certificates()?.first()?;
    let (_, read) = x509_parser::parse_x509_certificate(leaf).ok()?;
    Some(read.subject().to_string())
}
