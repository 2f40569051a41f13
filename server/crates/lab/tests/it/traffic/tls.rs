//! Which certificate an SSL virtual server shows, and which versions it speaks.

use crate::{
    common::{Bench, CERT, upload},
    traffic::{
        bridge::through_proxy,
        support::{IDS, MAM, STORE},
    },
};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme, SupportedProtocolVersion,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use serde_json::json;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// Looks at nothing.
#[derive(Debug)]
pub struct Anything(pub Arc<CryptoProvider>);

impl ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

const VIP: [u8; 4] = [10, 20, 40, 52];

async fn handshake(
    bench: &Bench,
    address: [u8; 4],
    name: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<TlsStream<TcpStream>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    config.dangerous().set_certificate_verifier(Arc::new(Anything(provider)));
    let socket = through_proxy(bench, address, 8443).await;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, socket).await
}

async fn chain(bench: &Bench, name: &str) -> Vec<CertificateDer<'static>> {
    shown(bench, VIP, name).await
}

/// What a client is shown at an address, port 8443.
pub async fn shown(bench: &Bench, address: [u8; 4], name: &str) -> Vec<CertificateDer<'static>> {
    let stream = handshake(bench, address, name, rustls::DEFAULT_VERSIONS).await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap().iter().map(|one| one.clone().into_owned()).collect()
}

async fn file(bench: &Bench, name: &str) -> CertificateDer<'static> {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let content = bench.word(&format!("systemfile/{name}?{}", crate::common::WHERE), "filecontent").await;
    let pem = BASE64_STANDARD.decode(content.as_str().unwrap()).unwrap();
    CertificateDer::from_pem_slice(&pem).unwrap()
}

#[tokio::test]
async fn clients_see_the_bound_certificate_with_those_that_it_is_linked_to() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let (leaf, ca) = (file(&bench, "wildcard-example.cer").await, file(&bench, "Example-Issuing-CA.cer").await);
    assert_eq!(chain(&bench, "xms.example.com").await, [leaf.clone(), ca.clone()]);

    bench.post("sslcertkey?action=unlink", json!({ "certkey": "wildcard-example" })).await.ok(200);
    assert_eq!(chain(&bench, "xms.example.com").await, [leaf], "as F20 has it: incomplete");

    bench.put(CERT, json!({ "vservername": "mam", "certkeyname": "expired-example" })).await.ok(201);
    let expired = file(&bench, "expired-example.cer").await;
    assert_eq!(chain(&bench, "xms.example.com").await, [expired, ca], "the new one, from the next handshake on");
}

#[tokio::test]
async fn a_client_that_checks_is_content() {
    let bench = Bench::start(lab::Options { clock: lab::ClockMode::Real, ..crate::common::options() }).await;
    bench.mam_of(&IDS).await;
    let ca = reqwest::Certificate::from_der(&file(&bench, "Example-Issuing-CA.cer").await).unwrap();
    let proxy = reqwest::Proxy::all(format!("socks5://{}", bench.lab.description().socks)).unwrap();
    let to = "10.20.40.52:8443".parse().unwrap();
    let careful =
        reqwest::Client::builder().tls_certs_only([ca]).resolve("xms.example.com", to).proxy(proxy).build().unwrap();
    let answer = careful.get(format!("https://xms.example.com:8443{STORE}")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn with_sni_the_name_chooses() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let other = json!({ "vservername": "mam", "certkeyname": "wrong-name-example", "snicert": true });
    bench.put(CERT, other).await.ok(201);
    let (usual, named) = (file(&bench, "wildcard-example.cer").await, file(&bench, "wrong-name-example.cer").await);
    assert_eq!(chain(&bench, "www.example.net").await[0], usual, "SNI is off by default");
    bench.put("sslvserver", json!({ "vservername": "mam", "snienable": "ENABLED" })).await.ok(200);
    assert_eq!(chain(&bench, "www.example.net").await[0], named);
    assert_eq!(chain(&bench, "xms.example.com").await[0], usual);
}

#[tokio::test]
async fn versions_are_as_they_are_switched() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let (old, new) = ([&rustls::version::TLS12], [&rustls::version::TLS13]);
    handshake(&bench, VIP, "x.example.com", &old).await.unwrap();
    handshake(&bench, VIP, "x.example.com", &new).await.unwrap_err();
    bench.put("sslvserver", json!({ "vservername": "mam", "tls13": "ENABLED", "tls12": "DISABLED" })).await.ok(200);
    handshake(&bench, VIP, "x.example.com", &new).await.unwrap();
    handshake(&bench, VIP, "x.example.com", &old).await.unwrap_err();
}

#[tokio::test]
async fn an_updated_certificate_is_shown_at_once() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let (pem, key) = crate::common::pair("xms.example.com");
    upload(&bench, "new.cer", pem.as_bytes()).await;
    upload(&bench, "new.key", key.serialize_pem().as_bytes()).await;
    let body = json!({ "certkey": "wildcard-example", "cert": "new.cer", "key": "new.key" });
    bench.post("sslcertkey?action=update", body).await.ok(200);
    let shown = chain(&bench, "xms.example.com").await;
    assert_eq!(shown[0], CertificateDer::from_pem_slice(pem.as_bytes()).unwrap());
    assert_eq!(
        crate::traffic::support::Device::at(&bench, "198.51.100.9").get(&format!("{MAM}{STORE}")).await.status,
        200
    );
}
