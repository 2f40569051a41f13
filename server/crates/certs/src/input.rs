//! From bytes to certificates and keys, whatever the form and whichever of the two files they are in.

use crate::{
    certificate::Certificate,
    key::PrivateKey,
    pem_file, pfx,
    problem::{Part, Problem},
};
use x509_parser::{certification_request::X509CertificationRequest, prelude::FromDer};

/// The largest file that is looked at.
pub const MAX_BYTES: usize = 256 * 1024;

/// `SEQUENCE { OBJECT IDENTIFIER signedData …`, after the sequence's length.
const SIGNED_DATA: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// What files held; each thing once.
#[derive(Debug, Default)]
pub(crate) struct Input {
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) keys: Vec<PrivateKey>,
}

impl Input {
    /// Adds what is in one file. `part` is the field it came from; what is in it decides what it is.
    pub(crate) fn add(&mut self, bytes: &[u8], password: Option<&str>, part: Part) -> Result<(), Problem> {
        if bytes.len() > MAX_BYTES {
            return Err(Problem::TooLarge(part));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Problem::Empty(part));
        }
        let password = password.filter(|password| !password.is_empty());
        let before = (self.certificates.len(), self.keys.len());
        if pem_file::looks_like(bytes) {
            pem_file::add(self, bytes, password, part)?;
        } else {
            self.binary(bytes, password, part)?;
        }
        match part {
            _ if before != (self.certificates.len(), self.keys.len()) => Ok(()),
            Part::Certificate => Err(Problem::NotACertificate),
            Part::Key | Part::Password if self.keys.is_empty() => Err(Problem::NotAKey),
            Part::Key | Part::Password => Ok(()),
        }
    }

    fn binary(&mut self, bytes: &[u8], password: Option<&str>, part: Part) -> Result<(), Problem> {
        if pfx::looks_like(bytes) {
            return pfx::add(self, bytes, password, part);
        }
        if let Some(certificate) = Certificate::from_der(bytes) {
            self.certificate(certificate);
        } else if X509CertificationRequest::from_der(bytes).is_ok() {
            return Err(Problem::Request(part));
        } else if content(bytes).is_some_and(|content| content.starts_with(&SIGNED_DATA)) {
            return Err(Problem::Pkcs7(part));
        } else if let Some(key) = PrivateKey::any(bytes, password, part) {
            self.key(key?);
        }
        Ok(())
    }

    pub(crate) fn certificate(&mut self, certificate: Certificate) {
        if !self.certificates.iter().any(|known| known.fingerprint == certificate.fingerprint) {
            self.certificates.push(certificate);
        }
    }

    pub(crate) fn key(&mut self, key: PrivateKey) {
        if !self.keys.iter().any(|known| known.same_as(&key)) {
            self.keys.push(key);
        }
    }
}

/// What follows the header of a DER or BER sequence.
pub(crate) fn content(bytes: &[u8]) -> Option<&[u8]> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    // Long forms say in their low bits how many bytes of length follow; 0x80 is BER's "until the end".
    let skip = if *length > 0x80 { usize::from(length & 0x7f) } else { 0 };
    (*tag == 0x30).then(|| rest.get(skip..)).flatten()
}
