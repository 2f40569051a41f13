//! From bytes to certificates and keys, whatever the form and whichever of the two files they are in.

use crate::{
    certificate::Certificate,
    der::content,
    input::Input,
    key::PrivateKey,
    pem_file, pfx,
    problem::{Part, Problem},
};
use x509_parser::{certification_request::X509CertificationRequest, prelude::FromDer};

/// The largest file that is looked at.
pub const MAX_BYTES: usize = 256 * 1024;

/// `SEQUENCE { OBJECT IDENTIFIER signedData …`, after the sequence's length.
const SIGNED_DATA: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// Adds what is in one file. `part` is the field it came from; what is in it decides what it is.
pub(crate) fn add(input: &mut Input, bytes: &[u8], password: Option<&str>, part: Part) -> Result<(), Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(Problem::TooLarge(part));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::Empty(part));
    }
    let password = password.filter(|password| !password.is_empty());
    let before = (input.certificates.len(), input.keys.len());
    if pem_file::looks_like(bytes) {
        pem_file::add(input, bytes, password, part)?;
    } else {
        binary(input, bytes, password, part)?;
    }
    match part {
        _ if before != (input.certificates.len(), input.keys.len()) => Ok(()),
        Part::Certificate => Err(Problem::NotACertificate),
        Part::Key | Part::Password if input.keys.is_empty() => Err(Problem::NotAKey),
        Part::Key | Part::Password => Ok(()),
    }
}

fn binary(input: &mut Input, bytes: &[u8], password: Option<&str>, part: Part) -> Result<(), Problem> {
    if pfx::looks_like(bytes) {
        return pfx::add(input, bytes, password, part);
    }
    if let Some(certificate) = Certificate::from_der(bytes) {
        input.certificate(certificate);
    } else if X509CertificationRequest::from_der(bytes).is_ok() {
        return Err(Problem::Request(part));
    } else if content(bytes).is_some_and(|content| content.starts_with(&SIGNED_DATA)) {
        return Err(Problem::Pkcs7(part));
    } else if let Some(key) = PrivateKey::any(bytes, password, part) {
        input.key(key?);
    }
    Ok(())
}
