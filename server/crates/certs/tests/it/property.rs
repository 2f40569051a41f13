//! Nothing that is uploaded makes the reader panic, and whatever it says is a sentence.

use crate::support::{FQDN, fixture};
use certs::{Bundle, judge};
use proptest::prelude::*;

fn check(bytes: &[u8], key: Option<&[u8]>) {
    match Bundle::read(bytes, key, Some("correct")) {
        Ok(bundle) => {
            for now in [i64::MIN, 0, 1_907_712_000, i64::MAX] {
                for finding in judge(&bundle, FQDN, now) {
                    assert!(finding.sentence.ends_with('.'));
                }
            }
            assert!(bundle.leaf_pem().starts_with("-----BEGIN CERTIFICATE-----"));
            let _ = (bundle.chain_pem(), bundle.key_pem());
        }
        Err(problem) => assert!(problem.sentence().ends_with('.'), "{problem}"),
    }
}

/// Bytes changed, taken out and put in.
fn mutated(original: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<prop::sample::Index>(), any::<u8>(), 0_u8..4);
    prop::collection::vec(edit, 1..6).prop_map(move |edits| {
        let mut bytes = original.to_vec();
        for (index, value, how) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = index.index(bytes.len());
            match how {
                0 => bytes[at] = value,
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, value),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

/// A PEM file's first block, DER changed and wrapped again: the text is right, what it says is not.
fn rewrapped(original: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let block = pem::parse(original).unwrap();
    let tag = block.tag().to_owned();
    let der: &'static [u8] = Box::leak(block.into_contents().into_boxed_slice());
    mutated(der).prop_map(move |der| pem::encode(&pem::Pem::new(tag.clone(), der)).into_bytes())
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600), key in prop::option::of(prop::collection::vec(any::<u8>(), 0..200))) {
        check(&bytes, key.as_deref());
    }

    #[test]
    fn bytes_that_begin_well(start in prop::sample::select(vec![
        b"-----BEGIN CERTIFICATE-----\n".to_vec(),
        b"-----BEGIN PRIVATE KEY-----\n".to_vec(),
        vec![0x30, 0x82, 0x01, 0x00, 0x02, 0x01, 0x03],
        vec![0x30, 0x80, 0x02, 0x01, 0x03, 0x30],
        vec![0x30, 0x82, 0x01, 0x00],
    ]), rest in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&[start, rest].concat(), None);
    }

    #[test]
    fn good_text_changed(certificate in mutated(fixture!("leaf.pem")), key in mutated(fixture!("rsa.key"))) {
        check(&certificate, Some(fixture!("rsa.key")));
        check(fixture!("leaf.pem"), Some(&key));
    }

    #[test]
    fn good_certificates_changed(leaf in rewrapped(fixture!("leaf.pem")), above in rewrapped(fixture!("int.pem"))) {
        check(&[leaf.as_slice(), fixture!("int.pem"), fixture!("root.pem")].concat(), Some(fixture!("rsa.key")));
        check(&[fixture!("leaf.pem"), above.as_slice(), fixture!("root.pem")].concat(), Some(fixture!("rsa.key")));
    }

    #[test]
    fn good_keys_changed(rsa in rewrapped(fixture!("rsa.key")), pkcs8 in rewrapped(fixture!("pkcs8.key")), ec in rewrapped(fixture!("p521.pem"))) {
        for key in [rsa, pkcs8, ec] {
            check(fixture!("leaf.pem"), Some(&key));
        }
    }
}

proptest! {
    // Deriving a key is slow on purpose.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn good_archives_changed(modern in mutated(fixture!("modern.pfx")), legacy in mutated(fixture!("legacy.pfx"))) {
        check(&modern, None);
        check(&legacy, None);
    }

    #[test]
    fn encrypted_keys_changed(key in rewrapped(fixture!("pkcs8_aes.key"))) {
        check(fixture!("leaf.pem"), Some(&key));
    }
}
