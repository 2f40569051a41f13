//! Every form a certificate and a key come in, and every order.

use crate::support::{FQDN, fixture, line, read};
use certs::{Algorithm, Bundle};
use secrecy::ExposeSecret;

fn names(bundle: &Bundle) -> Vec<&str> {
    bundle.chain.iter().map(certs::Certificate::name).collect()
}

#[test]
fn any_order_in_one_file() {
    let line = line();
    let (leaf, middle, root, key) = (&line.leaf.pem, &line.middle.pem, &line.root.pem, &line.leaf.key_pem());
    for parts in
        [[leaf, middle, root, key], [key, root, middle, leaf], [middle, key, leaf, root], [root, leaf, key, middle]]
    {
        let bundle = read(&parts.map(String::as_str)).unwrap();
        assert_eq!(bundle.leaf.common_name.as_deref(), Some(FQDN));
        assert_eq!(names(&bundle), ["Example Issuing"]);
        assert_eq!(bundle.root.as_ref().unwrap().name(), "Example Root");
        assert!(bundle.strays.is_empty());
        assert_eq!(bundle.leaf_pem().replace("\r\n", "\n"), leaf.replace("\r\n", "\n"));
        assert_eq!(bundle.chain_pem().replace("\r\n", "\n"), middle.replace("\r\n", "\n"), "the root stays at home");
    }
}

#[test]
fn two_files_in_either_field_and_the_same_key_twice() {
    let line = line();
    let certificates = format!("some words\n{}\r\nmore words\n{}", line.middle.pem, line.leaf.pem);
    let key = line.leaf.key_pem();
    for (one, two) in [(&certificates, &key), (&key, &certificates), (&format!("{certificates}{key}"), &key)] {
        let bundle = Bundle::read(one.as_bytes(), Some(two.as_bytes()), None).unwrap();
        assert_eq!((bundle.leaf.name(), names(&bundle)), (FQDN, vec!["Example Issuing"]));
    }
}

#[test]
fn binary_files() {
    let line = line();
    let bundle = Bundle::read(&line.leaf.der, Some(&line.leaf.key.serialize_der()), None).unwrap();
    assert_eq!(bundle.leaf.name(), FQDN);
    assert_eq!((bundle.leaf.key.algorithm.clone(), bundle.leaf.key.bits), (Algorithm::Ecdsa, 256));
}

#[test]
fn facts_of_a_certificate() {
    let bundle = Bundle::read(fixture!("leaf.pem"), Some(fixture!("pkcs8.key")), None).unwrap();
    let leaf = &bundle.leaf;
    assert_eq!(leaf.subject, "C=US, O=Example, CN=xm.example.com");
    assert_eq!(leaf.issuer, "C=US, O=Example, CN=Example Issuing CA");
    assert_eq!(leaf.dns_names, [FQDN]);
    assert_eq!(leaf.serial, "0A1B2C");
    assert_eq!((leaf.key.algorithm.clone(), leaf.key.bits), (Algorithm::Rsa, 2048));
    assert_eq!(leaf.not_after - leaf.not_before, 7300 * 86_400);
    // openssl x509 -fingerprint -sha256 -noout -in leaf.pem
    assert_eq!(leaf.fingerprint, "4cf9850763ac4a75113296bcca75b45c1b01238c80ea774542e6162068bfed12");
}

#[test]
fn both_kinds_of_pfx() {
    for archive in [fixture!("modern.pfx"), fixture!("legacy.pfx")] {
        let bundle = Bundle::read(archive, None, Some("correct")).unwrap();
        assert_eq!((bundle.leaf.name(), names(&bundle)), (FQDN, vec!["Example Issuing CA"]));
        assert_eq!(bundle.root.as_ref().unwrap().name(), "Example Root CA");
        assert_eq!(bundle.leaf_pem().as_bytes(), fixture!("leaf.pem"));
        assert_eq!(bundle.key_pem().expose_secret().as_bytes(), fixture!("rsa.key"));
    }
}

#[test]
fn every_encoding_of_a_key_comes_out_as_the_traditional_one() {
    for key in [
        fixture!("pkcs8.key"),
        fixture!("rsa.key"),
        fixture!("pkcs8_aes.key"),
        fixture!("pkcs8_3des.key"),
        fixture!("pkcs8_scrypt.key"),
    ] {
        let bundle = Bundle::read(fixture!("leaf.pem"), Some(key), Some("correct")).unwrap();
        assert_eq!(bundle.key_pem().expose_secret().as_bytes(), fixture!("rsa.key"));
    }
}

#[test]
fn a_curve_survives_the_way_out_of_pkcs8() {
    let bundle = Bundle::read(fixture!("ec.pem"), Some(fixture!("ec.key")), None).unwrap();
    let written = bundle.key_pem().expose_secret().to_owned();
    assert!(written.starts_with("-----BEGIN EC PRIVATE KEY-----"), "parameters before the key are left away");

    let line = line();
    let bundle = read(&[&line.leaf.pem, &line.leaf.key_pem()]).unwrap();
    let written = bundle.key_pem().expose_secret().to_owned();
    let again = Bundle::read(bundle.leaf_pem().as_bytes(), Some(written.as_bytes()), None).unwrap();
    assert_eq!(again.key_pem().expose_secret(), written);
}

#[test]
fn every_curve_fits_its_certificate() {
    for (algorithm, bits) in [(&rcgen::PKCS_ECDSA_P256_SHA256, 256), (&rcgen::PKCS_ECDSA_P384_SHA384, 384)] {
        let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
        let pem = crate::support::server(FQDN).self_signed(&key).unwrap().pem();
        assert_eq!(read(&[&pem, &key.serialize_pem()]).unwrap().leaf.key.bits, bits);
    }
    let bundle = Bundle::read(fixture!("p521.pem"), None, None).unwrap();
    assert_eq!(bundle.leaf.key.bits, 521);
}

#[test]
fn the_key_is_not_shown() {
    let line = line();
    let bundle = read(&[&line.leaf.pem, &line.leaf.key_pem()]).unwrap();
    let scalar = line.leaf.key.serialize_der();
    let shown = format!("{bundle:?} {:?}", bundle.key_pem());
    let secret = format!("{:?}", &scalar[40..56]);
    assert!(!shown.contains(secret.trim_matches(['[', ']'])) && !shown.contains("BEGIN EC"), "{shown}");
}
