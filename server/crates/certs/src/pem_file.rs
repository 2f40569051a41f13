//! PEM: text blocks with labels, among whatever else `openssl` and people write around them.

use crate::{
    certificate::Certificate,
    input::Input,
    key::PrivateKey,
    problem::{Part, Problem},
};
use zeroize::Zeroizing;

const BEGIN: &[u8] = b"-----BEGIN ";

/// Whether the bytes are to be read as PEM.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    starts(bytes) > 0
}

fn starts(bytes: &[u8]) -> usize {
    bytes.windows(BEGIN.len()).filter(|window| *window == BEGIN).count()
}

/// Adds all blocks of a file.
pub(crate) fn add(input: &mut Input, bytes: &[u8], password: Option<&str>, part: Part) -> Result<(), Problem> {
    let damaged = || Problem::Damaged { part, what: "text" };
    let blocks = pem::parse_many(bytes).map_err(|_| damaged())?;
    // The library passes over a block without its last line.
    if blocks.len() != starts(bytes) {
        return Err(damaged());
    }
    for block in blocks {
        let encrypted = block.headers().get("DEK-Info").is_some();
        let label = block.tag().to_owned();
        let der = Zeroizing::new(block.into_contents());
        match label.as_str() {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
                let certificate = Certificate::from_der(&der).ok_or(Problem::Damaged { part, what: "certificate" })?;
                input.certificate(certificate);
            }
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => return Err(Problem::Request(part)),
            "PKCS7" => return Err(Problem::Pkcs7(part)),
            _ if encrypted => return Err(Problem::UnknownEncryption(part)),
            "PRIVATE KEY" => input.key(PrivateKey::pkcs8(&der, part)?),
            "ENCRYPTED PRIVATE KEY" => input.key(PrivateKey::encrypted(&der, password, part)?),
            "RSA PRIVATE KEY" => input.key(PrivateKey::pkcs1(&der, part)?),
            "EC PRIVATE KEY" => input.key(PrivateKey::sec1(&der, part)?),
            other if other.ends_with("PRIVATE KEY") => return Err(Problem::UnknownKey(part)),
            // Curve parameters before an EC key, revocation lists, public keys: no harm, no use.
            _ => {}
        }
    }
    Ok(())
}
