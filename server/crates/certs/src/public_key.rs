//! Public keys, in a form in which two can be compared.

use pkcs1::RsaPublicKey;
use pkcs8::ObjectIdentifier;
use std::fmt;
use x509_parser::x509::SubjectPublicKeyInfo;

/// Kind of a public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA.
    Rsa,
    /// ECDSA on P-256, P-384 or P-521.
    Ecdsa,
    /// Anything else, by its object identifier.
    Other(String),
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rsa => "RSA",
            Self::Ecdsa => "ECDSA",
            Self::Other(oid) => oid,
        })
    }
}

/// A certificate's public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its kind.
    pub algorithm: Algorithm,
    /// Its length; 0 where the algorithm is not known here.
    pub bits: usize,
    pub(crate) material: Material,
}

/// What makes a key this key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Material {
    /// Both without leading zeros.
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// The point uncompressed.
    Ec {
        curve: Curve,
        point: Vec<u8>,
    },
    Unknown,
}

/// The curves that a NetScaler takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    pub(crate) fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::P256 => "1.2.840.10045.3.1.7",
            Self::P384 => "1.3.132.0.34",
            Self::P521 => "1.3.132.0.35",
        })
    }

    /// By its object identifier.
    pub(crate) fn of(oid: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.oid().to_string() == oid)
    }

    fn bits(self) -> usize {
        match self {
            Self::P256 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
        }
    }

    /// The point uncompressed; `None` where it is not on the curve.
    fn point(self, bytes: &[u8]) -> Option<Vec<u8>> {
        Some(match self {
            Self::P256 => p256::PublicKey::from_sec1_bytes(bytes).ok()?.to_sec1_bytes().into_vec(),
            Self::P384 => p384::PublicKey::from_sec1_bytes(bytes).ok()?.to_sec1_bytes().into_vec(),
            Self::P521 => p521::PublicKey::from_sec1_bytes(bytes).ok()?.to_sec1_bytes().into_vec(),
        })
    }

    /// The point that belongs to a private scalar, computed: what a key file says of its public half may be wrong.
    pub(crate) fn point_of(self, scalar: &[u8]) -> Option<Vec<u8>> {
        Some(match self {
            Self::P256 => p256::SecretKey::from_slice(scalar).ok()?.public_key().to_sec1_bytes().into_vec(),
            Self::P384 => p384::SecretKey::from_slice(scalar).ok()?.public_key().to_sec1_bytes().into_vec(),
            Self::P521 => p521::SecretKey::from_slice(scalar).ok()?.public_key().to_sec1_bytes().into_vec(),
        })
    }
}

impl Material {
    pub(crate) fn rsa(key: &RsaPublicKey<'_>) -> Self {
        Self::Rsa { modulus: key.modulus.as_bytes().to_vec(), exponent: key.public_exponent.as_bytes().to_vec() }
    }
}

impl PublicKey {
    pub(crate) fn of(info: &SubjectPublicKeyInfo<'_>) -> Self {
        let oid = info.algorithm.algorithm.to_id_string();
        let bytes = info.subject_public_key.data.as_ref();
        let known = match oid.as_str() {
            "1.2.840.113549.1.1.1" => RsaPublicKey::try_from(bytes).ok().map(|key| Self {
                algorithm: Algorithm::Rsa,
                bits: bits(key.modulus.as_bytes()),
                material: Material::rsa(&key),
            }),
            "1.2.840.10045.2.1" => info
                .algorithm
                .parameters
                .as_ref()
                .and_then(|any| any.as_oid().ok())
                .and_then(|oid| Curve::of(&oid.to_id_string()))
                .and_then(|curve| Some((curve, curve.point(bytes)?)))
                .map(|(curve, point)| Self {
                    algorithm: Algorithm::Ecdsa,
                    bits: curve.bits(),
                    material: Material::Ec { curve, point },
                }),
            _ => None,
        };
        known.unwrap_or(Self { algorithm: Algorithm::Other(oid), bits: 0, material: Material::Unknown })
    }
}

/// Length of a number without leading zeros.
fn bits(number: &[u8]) -> usize {
    match number.iter().position(|byte| *byte != 0) {
        Some(first) => {
            let rest = &number[first..];
            rest.len() * 8 - rest.first().map_or(0, |byte| byte.leading_zeros() as usize)
        }
        None => 0,
    }
}
