//! PFX (PKCS#12): certificates and key in one archive with a password.

use crate::{
    certificate::Certificate,
    der::content,
    input::Input,
    key::PrivateKey,
    problem::{Part, Problem},
};
use p12_keystore::{Pkcs12Archive, error::Error};
use std::panic::catch_unwind;

/// `INTEGER 3`, the version that every archive begins with.
const VERSION: [u8; 3] = [0x02, 0x01, 0x03];

/// Whether the bytes are to be read as an archive.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    content(bytes).is_some_and(|content| content.starts_with(&VERSION))
}

/// Adds what the archive holds. May take a second: deriving its keys is slow on purpose.
pub(crate) fn add(input: &mut Input, bytes: &[u8], password: Option<&str>, part: Part) -> Result<(), Problem> {
    // pkcs5 0.8.1 panics where the scrypt cost is 0; an upload must not be able to do that to a request. The cost may
    // stand inside an encrypted part, so looking beforehand would mean to read the archive twice.
    let archive = catch_unwind(|| Pkcs12Archive::from_pkcs12(bytes, password.unwrap_or_default()))
        .map_err(|_| Problem::UnknownPfx(part))?
        .map_err(|error| problem(&error, password.is_some(), part))?;
    for bag in &archive.certs {
        let certificate =
            Certificate::from_der(bag.cert.as_der()).ok_or(Problem::Damaged { part, what: "certificate" })?;
        input.certificate(certificate);
    }
    for bag in &archive.keys {
        input.key(PrivateKey::pkcs8(bag.key.as_der(), part)?);
    }
    Ok(())
}

fn problem(error: &Error, password_given: bool, part: Part) -> Problem {
    match error {
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) if password_given => {
            Problem::WrongPassword("PFX archive")
        }
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => Problem::PasswordNeeded("PFX archive"),
        Error::X509Error(_) => Problem::Damaged { part, what: "certificate" },
        Error::InvalidPrivateKey => Problem::UnknownKey(part),
        Error::InvalidLength | Error::InvalidData | Error::IoError(_) => Problem::Damaged { part, what: "PFX archive" },
        // A DER error may be a torn file as well as BER, which older programs write.
        _ => Problem::UnknownPfx(part),
    }
}
