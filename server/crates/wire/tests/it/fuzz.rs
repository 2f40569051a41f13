//! Fuzz targets: each decoder, with a corpus in `corpus/`. See the crate `fuzz`.

use wire::{Fingerprint, Leaf, Tls, Trust, excerpt, json};

#[test]
fn fuzz_fingerprints() {
    fuzz::check!("fingerprints", 1000, |input: &[u8]| {
        match String::from_utf8_lossy(input).parse::<Fingerprint>() {
            Ok(print) => assert_eq!(print.to_string().parse(), Ok(print)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    });
}

#[test]
fn fuzz_roots() {
    fuzz::check!("roots", 300, |input: &[u8]| {
        let pem = String::from_utf8_lossy(input).into_owned();
        if let Err(bad) = Tls::trusting(&Trust::Roots(vec![pem.clone()]), "ns1.example.com") {
            assert!(!bad.to_string().is_empty());
        }
        let _ = Tls::trusting(&Trust::SystemRoots, pem.get(..40).unwrap_or(&pem)).is_ok();
        let _ = serde_json::from_slice::<Trust>(input).is_ok();
    });
}

#[test]
fn fuzz_leaves() {
    fuzz::check!("leaves", 1000, |input: &[u8]| {
        let leaf = Leaf { fingerprint: Fingerprint::of(input), der: input.to_vec(), chain_length: 1 };
        let _ = (leaf.subject(), leaf.weak_key());
    });
}

#[test]
fn fuzz_excerpts() {
    fuzz::check!("excerpts", 1000, |input: &[u8]| {
        let text = excerpt(input);
        assert!(text.chars().count() <= 200 && !text.chars().any(char::is_control));
    });
}

#[test]
fn fuzz_bodies() {
    fuzz::check!("bodies", 2000, |input: &[u8]| {
        if let Ok(value) = json::parse(input, "errorcode") {
            let written = value.to_string();
            assert_eq!(json::parse(written.as_bytes(), "errorcode").unwrap(), value, "what was read can be written");
        }
        // What any reader of JSON takes and is not mended, is read the same.
        if let Ok(plain) = serde_json::from_slice::<serde_json::Value>(input)
            && let Ok(value) = json::parse(input, "errorcode")
            && plain.to_string().len() == input.len()
            && serde_json::to_vec(&plain).unwrap() == input
        {
            assert!(value == plain || input.iter().filter(|byte| byte.is_ascii_digit()).count() > 15);
        }
    });
}
