//! What stands in a certificate that was shown.

use crate::Leaf;
use x509_parser::{extensions::GeneralName, prelude::X509Certificate, public_key::PublicKey};

/// The facts of one certificate, as they are written in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeafFacts {
    /// Whose it is, as people write it: `CN=mdm.example.test`.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// DNS names, lower case; `None`: it has no subject alternative names, so that its common name counts.
    pub names: Option<Vec<String>>,
    /// Seconds since 1970.
    pub not_before: i64,
    /// Seconds since 1970.
    pub not_after: i64,
    /// Of an RSA key; `None`: another kind.
    pub rsa_bits: Option<usize>,
}

impl Leaf {
    /// All of it; `None` where it cannot be read.
    pub fn facts(&self) -> Option<LeafFacts> {
        let (_, certificate) = x509_parser::parse_x509_certificate(&self.der).ok()?;
        let validity = certificate.validity();
        Some(LeafFacts {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            names: names(&certificate),
            not_before: validity.not_before.timestamp(),
            not_after: validity.not_after.timestamp(),
            rsa_bits: match certificate.public_key().parsed() {
                Ok(PublicKey::RSA(key)) => Some(key.key_size()),
                _ => None,
            },
        })
    }
}

fn names(certificate: &X509Certificate<'_>) -> Option<Vec<String>> {
    let extension = certificate.subject_alternative_name().ok()??;
    let names = extension.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
        _ => None,
    });
    Some(names.collect())
}
