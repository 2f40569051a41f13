//! The management ports themselves (`nitro.md` 1.6, 6 item 16).

use crate::common::{builder, options};
use lab::{Options, Pair};
use reqwest::tls::TlsInfo;
use sha2::{Digest, Sha256};
use x509_parser::prelude::parse_x509_certificate;

#[tokio::test]
async fn the_certificate_is_self_signed_and_is_the_one_that_was_described() {
    let lab = lab::start(Options { pair: Some(Pair::default()), ..options() }).await.unwrap();
    let [first, second] = lab.description().netscaler.as_slice() else { panic!("a pair") };
    assert_ne!(first.fingerprint, second.fingerprint);
    for appliance in &lab.description().netscaler {
        let http = builder().tls_info(true).build().unwrap();
        let reply = http.get(&appliance.https).send().await.unwrap();
        let certificate = reply.extensions().get::<TlsInfo>().unwrap().peer_certificate().unwrap().to_vec();
        assert_eq!(hex::encode(Sha256::digest(&certificate)), appliance.fingerprint);
        let (_, certificate) = parse_x509_certificate(&certificate).unwrap();
        assert_eq!(certificate.issuer(), certificate.subject());
        let name = certificate.subject().iter_common_name().next().unwrap().as_str().unwrap();
        assert!(name.starts_with("default "), "{name}");
    }
}

#[tokio::test]
async fn nothing_may_be_said_in_the_clear_if_so_configured() {
    let lab = lab::start(Options { plain_http: false, ..options() }).await.unwrap();
    let appliance = &lab.description().netscaler[0];
    let http = builder().build().unwrap();
    assert!(http.get(&appliance.http).send().await.unwrap_err().is_connect());
    assert_eq!(http.get(&appliance.https).send().await.unwrap().status(), 404);
}
