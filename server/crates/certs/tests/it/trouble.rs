//! What cannot be used, and beside which part of the form that is said.

use crate::support::{FQDN, fixture, line, read, self_signed, server};
use certs::{Bundle, MAX_BYTES, Part, Problem};

fn file(bytes: &[u8]) -> Problem {
    Bundle::read(bytes, None, None).unwrap_err()
}

fn with_key(key: &[u8], password: Option<&str>) -> Problem {
    Bundle::read(fixture!("leaf.pem"), Some(key), password).unwrap_err()
}

#[test]
fn not_what_it_should_be() {
    let key = fixture!("rsa.key");
    for (problem, expected, part) in [
        (file(b"hello"), Problem::NotACertificate, Part::Certificate),
        (file(&[0x30, 0x82]), Problem::NotACertificate, Part::Certificate),
        (file(b" \n"), Problem::Empty(Part::Certificate), Part::Certificate),
        (file(&vec![b'x'; MAX_BYTES + 1]), Problem::TooLarge(Part::Certificate), Part::Certificate),
        (file(fixture!("leaf.csr")), Problem::Request(Part::Certificate), Part::Certificate),
        (
            file(&pem::parse(fixture!("leaf.csr")).unwrap().into_contents()),
            Problem::Request(Part::Certificate),
            Part::Certificate,
        ),
        (file(fixture!("leaf.p7b")), Problem::Pkcs7(Part::Certificate), Part::Certificate),
        (file(fixture!("leaf_pem.p7b")), Problem::Pkcs7(Part::Certificate), Part::Certificate),
        (file(key), Problem::NotACertificate, Part::Certificate),
        (file(fixture!("leaf.pem")), Problem::KeyMissing, Part::Key),
        (with_key(fixture!("leaf.pem"), None), Problem::NotAKey, Part::Key),
        (with_key(b"hello", None), Problem::NotAKey, Part::Key),
        (with_key(b"", None), Problem::Empty(Part::Key), Part::Key),
        (with_key(&vec![b'x'; MAX_BYTES + 1], None), Problem::TooLarge(Part::Key), Part::Key),
        (with_key(fixture!("short.key"), None), Problem::OtherKey(FQDN.to_owned()), Part::Key),
        (with_key(fixture!("ec.key"), None), Problem::OtherKey(FQDN.to_owned()), Part::Key),
        (with_key(&[key, fixture!("ec.key")].concat(), None), Problem::SeveralKeys(2), Part::Key),
    ] {
        assert_eq!(problem, expected);
        assert_eq!(problem.part(), part, "{problem}");
        assert!(problem.sentence().ends_with('.') && problem.sentence().contains(' '), "{problem}");
    }
}

#[test]
fn torn_files() {
    let leaf = fixture!("leaf.pem");
    let half = &leaf[..leaf.len() / 2];
    let noise = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let key = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (problem, part, what) in [
        (file(half), Part::Certificate, "text"),
        (file(noise), Part::Certificate, "certificate"),
        (with_key(key, None), Part::Key, "private key"),
    ] {
        assert_eq!(problem, Problem::Damaged { part, what });
    }
}

#[test]
fn passwords() {
    for archive in [fixture!("modern.pfx"), fixture!("legacy.pfx")] {
        let read = |password| Bundle::read(archive, None, password).unwrap_err();
        assert_eq!(read(Some("wrong")), Problem::WrongPassword("PFX archive"));
        assert_eq!(read(None), Problem::PasswordNeeded("PFX archive"));
        assert_eq!(read(Some("")), Problem::PasswordNeeded("PFX archive"));
    }
    for key in [fixture!("pkcs8_aes.key"), fixture!("pkcs8_3des.key"), fixture!("pkcs8_scrypt.key")] {
        assert_eq!(with_key(key, Some("wrong")), Problem::WrongPassword("private key"));
        assert_eq!(with_key(key, None), Problem::PasswordNeeded("private key"));
        assert_eq!(with_key(key, None).part(), Part::Password);
    }
    for key in [fixture!("pkcs8_v1.key"), fixture!("traditional_encrypted.key")] {
        assert_eq!(with_key(key, Some("correct")), Problem::UnknownEncryption(Part::Key));
    }
}

#[test]
fn keys_that_the_appliance_does_not_take() {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    assert_eq!(with_key(key.serialize_pem().as_bytes(), None), Problem::UnknownKey(Part::Key));
    let openssh = b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
    assert_eq!(with_key(openssh, None), Problem::UnknownKey(Part::Key));
}

#[test]
fn which_certificate_is_meant() {
    let line = line();
    let other = line.middle.signs(server("xm2.example.com"));
    let problem = read(&[&line.leaf.pem, &other.pem, &line.middle.pem, &line.leaf.key_pem()]).unwrap_err();
    assert_eq!(problem, Problem::TwoLeaves(FQDN.to_owned(), "xm2.example.com".to_owned()));
    let problem = read(&[&line.middle.pem, &self_signed(crate::support::authority("Else")).pem, &line.leaf.key_pem()]);
    assert_eq!(problem.unwrap_err(), Problem::NoLeaf);
    let problem = read(&[&line.leaf.pem, &line.middle.pem, &line.middle.key_pem()]).unwrap_err();
    assert_eq!(problem, Problem::OtherKey(FQDN.to_owned()), "the authority's key is no better than any other");
}

/// DER of less than 256 bytes.
fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u8::try_from(content.len()).unwrap();
    let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
    [head, content].concat()
}

/// An archive whose scrypt cost is `cost`, without a check sum.
fn scrypt_archive(cost: u8) -> Vec<u8> {
    let oid = |bytes: &[u8]| tlv(0x06, &[bytes]);
    let scrypt = tlv(
        0x30,
        &[
            &oid(&[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b]),
            &tlv(0x30, &[&tlv(0x04, &[&[7; 8]]), &tlv(0x02, &[&[cost]]), &tlv(0x02, &[&[1]]), &tlv(0x02, &[&[1]])]),
        ],
    );
    let aes = tlv(0x30, &[&oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a]), &tlv(0x04, &[&[7; 16]])]);
    let pbes2 =
        tlv(0x30, &[&oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d]), &tlv(0x30, &[&scrypt, &aes])]);
    let data = oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]);
    let encrypted = oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06]);
    let content = tlv(0x30, &[&data, &pbes2, &tlv(0x80, &[&[7; 16]])]);
    let safe = tlv(0x30, &[&encrypted, &tlv(0xa0, &[&tlv(0x30, &[&tlv(0x02, &[&[0]]), &content])])]);
    let safes = tlv(0x04, &[&tlv(0x30, &[&safe])]);
    tlv(0x30, &[&tlv(0x02, &[&[3]]), &tlv(0x30, &[&data, &tlv(0xa0, &[&safes])])])
}

#[test]
fn an_archive_made_to_panic_is_a_problem() {
    let read = |cost| Bundle::read(&scrypt_archive(cost), None, Some("x")).unwrap_err();
    assert_eq!(read(2), Problem::WrongPassword("PFX archive"), "the archive itself is as the reader expects it");
    assert_eq!(read(0), Problem::UnknownPfx(Part::Certificate));
}
