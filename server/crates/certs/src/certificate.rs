//! One certificate: what people ask about, and what the checks need.

use crate::public_key::{Algorithm, PublicKey};
use sha2::{Digest, Sha256};
use x509_parser::{
    certificate::X509Certificate,
    error::X509Error,
    extensions::GeneralName,
    oid_registry::OID_HASH_SHA1,
    prelude::FromDer,
    signature_algorithm::{RsaSsaPssParams, SignatureAlgorithm},
};

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The whole subject, as in `C=US, O=Example, CN=xm.example.com`.
    pub subject: String,
    /// The subject's common name, where it has one.
    pub common_name: Option<String>,
    /// The DNS names of the subject alternative names, as written.
    pub dns_names: Vec<String>,
    /// The whole issuer.
    pub issuer: String,
    /// First second of validity, unix seconds.
    pub not_before: i64,
    /// Last second of validity, unix seconds.
    pub not_after: i64,
    /// In hexadecimal, upper case, without a leading zero byte, as NITRO writes it.
    pub serial: String,
    /// SHA-256 of the DER, lower-case hexadecimal.
    pub fingerprint: String,
    /// Its public key.
    pub key: PublicKey,
    pub(crate) der: Vec<u8>,
    /// May sign certificates.
    pub(crate) authority: bool,
    /// It has alternative names of any kind; then the common name does not count.
    pub(crate) has_alternative_names: bool,
    /// `None` where the extended key usage says nothing.
    pub(crate) for_servers: Option<bool>,
    /// Signed with SHA-1 or MD5.
    pub(crate) weak_signature: bool,
    raw_subject: Vec<u8>,
    raw_issuer: Vec<u8>,
}

/// Whether a signature is its issuer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signature {
    Good,
    Bad,
    /// Made with an algorithm that is not verified here.
    Unknown,
}

impl Certificate {
    /// Reads one; what follows it in the bytes is left away.
    pub(crate) fn from_der(bytes: &[u8]) -> Option<Self> {
        let (rest, parsed) = X509Certificate::from_der(bytes).ok()?;
        let der = bytes.get(..bytes.len() - rest.len())?.to_vec();
        let names = parsed.subject_alternative_name().ok().flatten();
        let dns_names = names.as_ref().map_or(Vec::new(), |names| {
            let dns = names.value.general_names.iter().filter_map(|name| match name {
                GeneralName::DNSName(name) => Some((*name).to_owned()),
                _ => None,
            });
            dns.collect()
        });
        let serial = hex::encode_upper(parsed.raw_serial());
        let serial = serial.strip_prefix("00").filter(|rest| !rest.is_empty()).unwrap_or(&serial).to_owned();
        let usage = parsed.extended_key_usage().ok().flatten();
        Some(Self {
            subject: parsed.subject().to_string(),
            common_name: parsed.subject().iter_common_name().find_map(|name| Some(name.as_str().ok()?.to_owned())),
            has_alternative_names: names.is_some(),
            dns_names,
            issuer: parsed.issuer().to_string(),
            not_before: parsed.validity().not_before.timestamp(),
            not_after: parsed.validity().not_after.timestamp(),
            serial,
            fingerprint: hex::encode(Sha256::digest(&der)),
            key: PublicKey::of(parsed.public_key()),
            authority: parsed.is_ca(),
            for_servers: usage.map(|usage| usage.value.server_auth || usage.value.any),
            weak_signature: weak(&parsed),
            raw_subject: parsed.subject().as_raw().to_vec(),
            raw_issuer: parsed.issuer().as_raw().to_vec(),
            der,
        })
    }

    /// What to call it in a sentence: its common name, else its first DNS name, else the whole subject.
    pub fn name(&self) -> &str {
        let name = self.common_name.as_deref().or(self.dns_names.first().map(String::as_str));
        name.filter(|name| !name.trim().is_empty()).unwrap_or(&self.subject)
    }

    /// Subject and issuer are the same name.
    pub(crate) fn self_issued(&self) -> bool {
        self.raw_subject == self.raw_issuer
    }

    /// Whether it names the other as its issuer.
    pub(crate) fn names_as_issuer(&self, other: &Self) -> bool {
        self.raw_issuer == other.raw_subject
    }

    /// Whether the other's key made its signature.
    pub(crate) fn signature_by(&self, issuer: &Self) -> Signature {
        // The library refuses RSA keys outside of these lengths in the same words as a wrong signature.
        if issuer.key.algorithm == Algorithm::Rsa && !(2048..=8192).contains(&issuer.key.bits) {
            return Signature::Unknown;
        }
        let (Ok((_, own)), Ok((_, other))) =
            (X509Certificate::from_der(&self.der), X509Certificate::from_der(&issuer.der))
        else {
            return Signature::Unknown;
        };
        match own.verify_signature(Some(other.public_key())) {
            Ok(()) => Signature::Good,
            Err(X509Error::SignatureVerificationError) => Signature::Bad,
            Err(_) => Signature::Unknown,
        }
    }

    /// Signed with its own key.
    pub(crate) fn self_signed(&self) -> bool {
        self.self_issued() && self.signature_by(self) != Signature::Bad
    }

    /// As text, for a file on the appliance.
    pub fn pem(&self) -> String {
        let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
        pem::encode_config(&pem::Pem::new("CERTIFICATE", self.der.as_slice()), config)
    }
}

/// SHA-1 or MD5, with whatever kind of key.
fn weak(certificate: &X509Certificate<'_>) -> bool {
    const WEAK: [&str; 6] = [
        "1.2.840.113549.1.1.2",
        "1.2.840.113549.1.1.4",
        "1.2.840.113549.1.1.5",
        "1.3.14.3.2.29",
        "1.2.840.10045.4.1",
        "1.2.840.10040.4.3",
    ];
    let pss = |params: &RsaSsaPssParams<'_>| *params.hash_algorithm_oid() == OID_HASH_SHA1;
    WEAK.contains(&certificate.signature_algorithm.algorithm.to_id_string().as_str())
        || matches!(
            SignatureAlgorithm::try_from(&certificate.signature_algorithm),
            Ok(SignatureAlgorithm::RSASSA_PSS(params)) if pss(&params)
        )
}
