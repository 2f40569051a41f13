//! Wrong fronts: what TLS and SSH show when they are old, cheap, expired or cloned, on nodes and on the appliance.

use crate::nodes::{
    shell::Shell,
    support::{Desk, builder},
};
use lab::FaultSpec;
use russh::{Preferred, client, kex, keys::Algorithm};
use std::{borrow::Cow, sync::Arc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use x509_parser::{parse_x509_certificate, public_key::PublicKey};

/// The certificate that a new client is shown: subject, issuer, last day, bits of an RSA key.
async fn shown(url: &str) -> Result<(String, String, i64, usize), reqwest::Error> {
    let response = builder().tls_info(true).build().unwrap().get(url).send().await?;
    let der = response.extensions().get::<reqwest::tls::TlsInfo>().unwrap().peer_certificate().unwrap().to_vec();
    let (_, read) = parse_x509_certificate(&der).unwrap();
    let bits = if let Ok(PublicKey::RSA(key)) = read.public_key().parsed() { key.key_size() } else { 0 };
    Ok((read.subject().to_string(), read.issuer().to_string(), read.validity().not_after.timestamp(), bits))
}

async fn shows(desk: &Desk, url: &str, target: &str, now: i64) {
    let usual = shown(url).await.unwrap();
    let fault = async |word: &str| {
        let spec = FaultSpec { target: target.to_owned(), fault: word.to_owned(), ..FaultSpec::default() };
        desk.lab.fault(spec).await.unwrap();
        let seen = shown(url).await;
        desk.lab.clear_faults().await.unwrap();
        seen
    };
    assert_eq!(fault("rsa1024").await.unwrap().3, 1024);
    assert!(usual.2 > now && fault("expired").await.unwrap().2 < now);
    assert_eq!(fault("wrong_name").await.unwrap().0, "CN=www.example.net");
    let alone = fault("incomplete_chain").await.unwrap();
    assert_ne!(alone.0, alone.1, "somebody signed it who is not there");
    let error = fault("tls10_only").await.unwrap_err();
    assert!(format!("{error:?}").contains("ServerDoesNotSupportTls12Or13"), "{error:?}");
    assert_eq!(shown(url).await.unwrap(), usual, "as before");
}

#[tokio::test]
async fn a_node_can_show_wrong_certificates() {
    let desk = Desk::open().await;
    shows(&desk, &desk.node(0).management, "10.20.30.11", 1_767_600_000).await;
    let usual = shown(&desk.node(0).management).await.unwrap();
    desk.fault(0, "cert_old", 0).await;
    let old = shown(&desk.node(0).management).await.unwrap();
    assert_eq!((&old.0, old.2 < usual.2), (&usual.0, true));
    assert_eq!(shown(&desk.node(1).management).await.unwrap(), usual, "one node only");
}

#[tokio::test]
async fn the_appliance_can_show_wrong_certificates() {
    let desk = Desk::open().await;
    let url = desk.lab.description().netscaler[0].https.clone();
    shows(&desk, &url, "netscaler", 1_767_600_000).await;
    let matched = FaultSpec {
        target: "netscaler".to_owned(),
        fault: "expired".to_owned(),
        method: Some("GET".to_owned()),
        ..FaultSpec::default()
    };
    assert!(desk.lab.fault(matched).await.unwrap_err().to_string().contains("connections"));
}

#[tokio::test]
async fn tls_1_0_is_a_server_hello_and_no_more() {
    let desk = Desk::open().await;
    desk.fault(0, "tls10_only", 0).await;
    let mut stream = TcpStream::connect(desk.node(0).management.strip_prefix("https://").unwrap()).await.unwrap();
    stream.write_all(&[22, 3, 1, 0, 4, 1, 0, 0, 0]).await.unwrap();
    let mut hello = [0; 47];
    stream.read_exact(&mut hello).await.unwrap();
    assert_eq!(hello[..11], [22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1]);
    stream.shutdown().await.unwrap();
    assert_eq!(stream.read(&mut [0; 1]).await.unwrap(), 0);
}

/// Remembers what the server calls itself and its key.
#[derive(Clone, Default)]
struct Watching(Arc<std::sync::Mutex<(String, String)>>);

impl client::Handler for Watching {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &russh::keys::PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        self.0.lock().unwrap().0 = key.public_key().algorithm().to_string();
        Ok(true)
    }

    async fn auth_banner(&mut self, banner: &str, _: &mut client::Session) -> Result<(), Self::Error> {
        banner.clone_into(&mut self.0.lock().unwrap().1);
        Ok(())
    }
}

async fn meets(desk: &Desk, preferred: Preferred) -> Result<(String, String), russh::Error> {
    let watching = Watching::default();
    let config = Arc::new(client::Config { preferred, ..client::Config::default() });
    let address = desk.node(0).ssh.clone().unwrap();
    let mut handle = client::connect(config, address, watching.clone()).await?;
    handle.authenticate_password("admin", "wrong").await?;
    let seen = watching.0.lock().unwrap().clone();
    Ok(seen)
}

#[tokio::test]
async fn ssh_can_be_old_and_talkative() {
    let desk = Desk::open().await;
    let usual = Preferred::default;
    let without_sha1 = || Preferred {
        key: Cow::Borrowed(&[Algorithm::Ed25519, Algorithm::Rsa { hash: Some(russh::keys::HashAlg::Sha256) }]),
        ..Preferred::default()
    };
    assert_eq!(meets(&desk, usual()).await.unwrap(), ("ssh-ed25519".to_owned(), String::new()));
    desk.fault(0, "ssh_rsa_only", 0).await;
    assert_eq!(meets(&desk, usual()).await.unwrap().0, "ssh-rsa");
    meets(&desk, without_sha1()).await.unwrap_err();
    desk.lab.clear_faults().await.unwrap();

    desk.fault(0, "banner", 0).await;
    assert_eq!(meets(&desk, usual()).await.unwrap().1, "Authorized use only.\n");
    desk.lab.clear_faults().await.unwrap();

    desk.fault(0, "old_kex", 0).await;
    meets(&desk, usual()).await.unwrap_err();
    let old = Preferred { kex: Cow::Borrowed(&[kex::DH_G1_SHA1]), ..Preferred::default() };
    assert_eq!(meets(&desk, old).await.unwrap().0, "ssh-ed25519");
    desk.lab.clear_faults().await.unwrap();

    desk.fault(0, "early_banner", 0).await;
    let mut stream = TcpStream::connect(desk.node(0).ssh.clone().unwrap()).await.unwrap();
    let mut line = vec![0; 35];
    stream.read_exact(&mut line).await.unwrap();
    assert_eq!(String::from_utf8(line).unwrap(), "This system is monitored.\r\nSSH-2.0-");
}

#[tokio::test]
async fn a_cloned_machine_has_the_others_host_key() {
    let desk = Desk::open().await;
    desk.fault(1, "clone_host_key", 0).await;
    assert_eq!(Shell::open(&desk, 1, false).await.fingerprint, desk.node(0).ssh_fingerprint);
    desk.lab.clear_faults().await.unwrap();
    assert_eq!(Shell::open(&desk, 1, false).await.fingerprint, desk.node(1).ssh_fingerprint);
}
