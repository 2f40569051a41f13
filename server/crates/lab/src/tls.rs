//! The management certificate: self-signed, made at start, as a box has it from the factory.

use std::{io, sync::Arc};

use crate::clock::LabTime;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;

/// An acceptor and the SHA-256 of its leaf, in lower-case hexadecimal digits.
pub(crate) struct Identity {
    pub acceptor: TlsAcceptor,
    pub fingerprint: String,
}

/// Makes a new key and certificate.
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
    present(&params)
}

/// A certificate on one name and nothing else, as nodes have it from the factory.
pub(crate) fn factory(common_name: &str, from: LabTime, to: LabTime) -> io::Result<Identity> {
    let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    let ((from_year, from_month, from_day), (to_year, to_month, to_day)) = (from.day(), to.day());
    params.not_before = rcgen::date_time_ymd(from_year, from_month, from_day);
    params.not_after = rcgen::date_time_ymd(to_year, to_month, to_day);
    present(&params)
}

fn present(params: &CertificateParams) -> io::Result<Identity> {
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = params.self_signed(&key).map_err(io::Error::other)?;

    let fingerprint = hex::encode(Sha256::digest(certificate.der()));
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    // The provider is named here: a library must not install a process-wide default for its host.
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .map_err(io::Error::other)?;
    Ok(Identity { acceptor: TlsAcceptor::from(Arc::new(config)), fingerprint })
}
