//! Private keys: read from their three encodings, decrypted, and written again without a password.

use crate::{
    problem::{Part, Problem},
    public_key::{Curve, Material},
};
use pkcs8::{
    EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef, SecretDocument,
    der::pem::LineEnding,
    pkcs5::{EncryptionScheme, pbes2::Kdf},
};
use sec1::{EcParameters, EcPrivateKey};
use secrecy::SecretString;
use std::fmt;
use zeroize::Zeroizing;

const RSA: &str = "1.2.840.113549.1.1.1";
const EC: &str = "1.2.840.10045.2.1";

/// Derivations that cost more than these are not computed: somebody's file would keep a processor busy for minutes.
const MAX_ITERATIONS: u32 = 2_000_000;
const MAX_SCRYPT_BYTES: u64 = 256 << 20;

/// A private key in the traditional form of its kind (PKCS#1, SEC1): every firmware reads those.
pub(crate) struct PrivateKey {
    label: &'static str,
    document: SecretDocument,
    /// Its public half.
    pub(crate) public: Material,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// PKCS#8, unencrypted.
    pub(crate) fn pkcs8(der: &[u8], part: Part) -> Result<Self, Problem> {
        let info = PrivateKeyInfoRef::try_from(der).map_err(|_| damaged(part))?;
        match info.algorithm.oid.to_string().as_str() {
            RSA => Self::pkcs1(info.private_key.as_bytes(), part),
            EC => {
                let curve = info.algorithm.parameters_oid().ok().and_then(|oid| Curve::of(&oid.to_string()));
                Self::ec(info.private_key.as_bytes(), curve, part)
            }
            _ => Err(Problem::UnknownKey(part)),
        }
    }

    /// `RSA PRIVATE KEY`.
    pub(crate) fn pkcs1(der: &[u8], part: Part) -> Result<Self, Problem> {
        let key = pkcs1::RsaPrivateKey::try_from(der).map_err(|_| damaged(part))?;
        let public = Material::rsa(&key.public_key());
        let document = SecretDocument::try_from(der).map_err(|_| damaged(part))?;
        Ok(Self { label: "RSA PRIVATE KEY", document, public })
    }

    /// `EC PRIVATE KEY`, which names its curve itself.
    pub(crate) fn sec1(der: &[u8], part: Part) -> Result<Self, Problem> {
        Self::ec(der, None, part)
    }

    fn ec(der: &[u8], curve: Option<Curve>, part: Part) -> Result<Self, Problem> {
        let key = EcPrivateKey::try_from(der).map_err(|_| damaged(part))?;
        let named = || key.parameters.and_then(EcParameters::named_curve).and_then(|oid| Curve::of(&oid.to_string()));
        let curve = curve.or_else(named).ok_or(Problem::UnknownKey(part))?;
        let point = curve.point_of(key.private_key).ok_or_else(|| damaged(part))?;
        // Inside PKCS#8 the curve is usually named outside, and would be lost.
        let whole = EcPrivateKey {
            private_key: key.private_key,
            parameters: Some(EcParameters::NamedCurve(curve.oid())),
            public_key: Some(&point),
        };
        let document = SecretDocument::try_from(whole).map_err(|_| damaged(part))?;
        Ok(Self { label: "EC PRIVATE KEY", document, public: Material::Ec { curve, point } })
    }

    /// `ENCRYPTED PRIVATE KEY`. May take a second: deriving the key is slow on purpose.
    pub(crate) fn encrypted(der: &[u8], password: Option<&str>, part: Part) -> Result<Self, Problem> {
        let info = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| Problem::UnknownEncryption(part))?;
        if !affordable(&info.encryption_algorithm) {
            return Err(Problem::UnknownEncryption(part));
        }
        let password = password.ok_or(Problem::PasswordNeeded("private key"))?;
        match info.decrypt(password) {
            // With a wrong password the padding is right once in 256 times, and what comes out is noise.
            Ok(document) => Self::pkcs8(document.as_bytes(), part).map_err(|problem| match problem {
                Problem::Damaged { .. } => Problem::WrongPassword("private key"),
                other => other,
            }),
            Err(pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. })) => {
                Err(Problem::UnknownEncryption(part))
            }
            Err(_) => Err(Problem::WrongPassword("private key")),
        }
    }

    /// Any of the four, without a word about which.
    pub(crate) fn any(der: &[u8], password: Option<&str>, part: Part) -> Option<Result<Self, Problem>> {
        if EncryptedPrivateKeyInfoRef::try_from(der).is_ok() {
            return Some(Self::encrypted(der, password, part));
        }
        if PrivateKeyInfoRef::try_from(der).is_ok() {
            return Some(Self::pkcs8(der, part));
        }
        if EcPrivateKey::try_from(der).is_ok() {
            return Some(Self::sec1(der, part));
        }
        pkcs1::RsaPrivateKey::try_from(der).is_ok().then(|| Self::pkcs1(der, part))
    }

    /// Whether two are the same key.
    pub(crate) fn same_as(&self, other: &Self) -> bool {
        self.public == other.public
    }

    /// PEM without a password.
    pub(crate) fn pem(&self) -> SecretString {
        let text: Zeroizing<String> = self.document.to_pem(self.label, LineEnding::LF).unwrap_or_default();
        SecretString::from(text.as_str())
    }
}

fn damaged(part: Part) -> Problem {
    Problem::Damaged { part, what: "private key" }
}

fn affordable(scheme: &EncryptionScheme) -> bool {
    match scheme {
        EncryptionScheme::Pbes2(parameters) => match &parameters.kdf {
            Kdf::Pbkdf2(pbkdf2) => pbkdf2.iteration_count <= MAX_ITERATIONS,
            Kdf::Scrypt(scrypt) => {
                let memory = scrypt.cost_parameter.saturating_mul(u64::from(scrypt.block_size)).saturating_mul(128);
                // Below 2 the library panics.
                scrypt.cost_parameter >= 2 && memory <= MAX_SCRYPT_BYTES && scrypt.parallelization <= 16
            }
            _ => false,
        },
        // PBES1, which the library reads and does not decrypt.
        _ => false,
    }
}
