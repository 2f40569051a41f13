//! Fuzz targets: each kind of upload, with a corpus in `corpus/`. See the crate `fuzz`.

use crate::support::{FQDN, NOW, fixture};
use certs::{Bundle, judge};

fn check(certificate: &[u8], key: Option<&[u8]>) {
    match Bundle::read(certificate, key, Some("correct")) {
        Ok(bundle) => {
            for now in [i64::MIN, NOW, i64::MAX] {
                assert!(judge(&bundle, FQDN, now).iter().all(|finding| finding.sentence.ends_with('.')));
            }
            assert!(bundle.leaf_pem().starts_with("-----BEGIN CERTIFICATE-----"));
            let _ = (bundle.chain_pem(), bundle.key_pem());
        }
        Err(problem) => assert!(problem.sentence().ends_with('.'), "{problem}"),
    }
}

#[test]
fn fuzz_files() {
    fuzz::check!("files", 200, |input: &[u8]| check(input, None));
}

#[test]
fn fuzz_der() {
    fuzz::check!("der", 200, |input: &[u8]| {
        check(input, Some(fixture!("rsa.key")));
        check(fixture!("leaf.pem"), Some(input));
    });
}

#[test]
fn fuzz_keys() {
    fuzz::check!("keys", 100, |input: &[u8]| check(fixture!("leaf.pem"), Some(input)));
}

/// Few: deriving a key is slow on purpose.
#[test]
fn fuzz_encrypted() {
    fuzz::check!("encrypted", 5, |input: &[u8]| check(fixture!("leaf.pem"), Some(input)));
}

/// Few: deriving a key is slow on purpose.
#[test]
fn fuzz_archives() {
    fuzz::check!("archives", 5, |input: &[u8]| check(input, None));
}
