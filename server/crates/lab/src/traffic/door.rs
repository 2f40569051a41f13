//! Ending TLS as a virtual server does: with the certificates that are bound to it.

use crate::model::{CertKey, Config, SslSide};
use rustls::{
    ServerConfig, SupportedProtocolVersion,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
    version::{TLS12, TLS13},
};
use std::{io, sync::Arc};
use tokio_rustls::TlsAcceptor;

/// As many certificates as may be linked into one chain.
const LONGEST_CHAIN: usize = 10;

/// What clients are shown.
#[derive(Debug)]
struct Shown {
    usual: Option<Arc<CertifiedKey>>,
    /// By the names in the certificates, while SNI is enabled.
    named: Vec<(Vec<String>, Arc<CertifiedKey>)>,
}

/// The TLS side of a virtual server as it is configured now. It lets nobody in when nothing fits.
pub(super) fn acceptor(config: &Config, side: &SslSide) -> io::Result<TlsAcceptor> {
    // Older versions are switched as well, and no library here speaks them.
    let on = |name: &str, usual: &str| side.set.get(name).unwrap_or(usual) == "ENABLED";
    let offered = [(on("tls12", "ENABLED"), &TLS12), (on("tls13", "DISABLED"), &TLS13)];
    let versions: Vec<&SupportedProtocolVersion> =
        offered.into_iter().filter_map(|(on, version)| on.then_some(version)).collect();
    let server = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&versions)
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Shown::new(config, side)));
    Ok(TlsAcceptor::from(Arc::new(server)))
}

impl Shown {
    fn new(config: &Config, side: &SslSide) -> Self {
        let certkey = |bound: &crate::model::BoundCert| config.certkey(bound.certkey);
        let usual = side.server_certificate().and_then(|at| certkey(&side.bound[at]));
        let sni = side.set.get("snienable") == Some("ENABLED");
        let named = side.bound.iter().filter(|bound| sni && bound.sni && !bound.ca).filter_map(certkey);
        Self {
            usual: usual.and_then(|certkey| pair(config, certkey)),
            named: named.filter_map(|certkey| Some((certkey.facts.names(), pair(config, certkey)?))).collect(),
        }
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let wanted = hello.server_name();
        let fits = |names: &[String]| wanted.is_some_and(|wanted| names.iter().any(|name| covers(name, wanted)));
        let named = self.named.iter().find(|(names, _)| fits(names)).map(|(_, pair)| pair);
        named.or(self.usual.as_ref()).cloned()
    }
}

/// The certificate, those that it is linked to, and its key.
fn pair(config: &Config, certkey: &CertKey) -> Option<Arc<CertifiedKey>> {
    let signer = Arc::clone(certkey.signer.as_ref()?);
    let links = std::iter::successors(Some(certkey), |certkey| config.certkey(certkey.link?));
    let chain = links.take(LONGEST_CHAIN).map(|certkey| certkey.facts.der.clone()).collect();
    Some(Arc::new(CertifiedKey::new(chain, signer)))
}

/// Whether a name in a certificate, perhaps with a star for its first label, means a host.
pub(super) fn covers(name: &str, host: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(domain) => host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain)),
        None => name.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_label() {
        for (name, host, fits) in [
            ("xms.example.com", "XMS.example.com", true),
            ("*.example.com", "xms.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "a.b.example.com", false),
        ] {
            assert_eq!(covers(name, host), fits, "{name} {host}");
        }
    }
}
