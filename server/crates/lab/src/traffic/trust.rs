//! Whom the appliance trusts when it is a TLS client itself.

use super::door::covers;
use crate::{
    certificate::{Facts, Form, certificate},
    clock::LabTime,
    model::Config,
    tls::connector,
};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::ring,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::{io, net::IpAddr, sync::Arc, time::Duration};
use tokio_rustls::TlsConnector;

/// Behind a gateway: name, dates by the lab's clock, and a chain to a CA that is on the appliance. A certificate that
/// signed itself is a chain of one.
#[derive(Debug)]
struct Known {
    chain: Arc<WebPkiServerVerifier>,
    alone: Vec<Facts>,
    now: LabTime,
}

/// For the way from a gateway to what its URLs name.
pub(super) fn known(config: &Config, now: LabTime) -> io::Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    let authorities = config.certkeys.iter().filter(|certkey| certkey.facts.is_authority());
    roots.add_parsable_certificates(authorities.map(|certkey| certkey.facts.der.clone()));
    let provider = Arc::new(ring::default_provider());
    let chain =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().map_err(io::Error::other)?;
    let alone = config.certkeys.iter().map(|certkey| &certkey.facts).filter(|facts| facts.issuer == facts.subject);
    connector(Arc::new(Known { chain, alone: alone.cloned().collect(), now }))
}

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        ocsp: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(alone) = self.alone.iter().find(|alone| alone.der == *leaf) {
            return match (is_called(alone, host), alone.not_before <= self.now && self.now <= alone.not_after) {
                (true, true) => Ok(ServerCertVerified::assertion()),
                (false, _) => Err(CertificateError::NotValidForName.into()),
                (true, false) => Err(CertificateError::Expired.into()),
            };
        }
        let now = UnixTime::since_unix_epoch(Duration::from_secs(self.now.seconds().unsigned_abs()));
        match self.chain.verify_server_cert(leaf, others, host, ocsp, now) {
            // The chain was fine. A certificate without alternative names has its common name.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if certificate(leaf, Form::Der).is_ok_and(|facts| is_called(&facts, host)) => {
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}

fn is_called(facts: &Facts, host: &ServerName<'_>) -> bool {
    match host {
        ServerName::DnsName(host) => facts.names().iter().any(|name| covers(name, host.as_ref())),
        ServerName::IpAddress(address) => facts.addresses.contains(&IpAddr::from(*address)),
        _ => false,
    }
}
