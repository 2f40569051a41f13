//! The SHA-256 of a certificate: what a person compares.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// SHA-256 of a certificate's DER bytes. Shown as upper-case hex pairs with colons, as browsers and OpenSSL do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// The fingerprint of a certificate in DER.
    pub fn of(der: &[u8]) -> Self {
        Self(Sha256::digest(der).into())
    }
}

/// The text is not a SHA-256 fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FingerprintError {
    /// Something else than hex digits, colons, hyphens and blanks.
    #[error("a fingerprint is made of hex digits, with or without colons")]
    NotHex,
    /// Another number of digits than 64; 40 would be SHA-1.
    #[error("a SHA-256 fingerprint has 64 hex digits, this has {0}")]
    Length(usize),
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // People paste what OpenSSL prints: "sha256 Fingerprint=AB:CD:…".
        let digits = text.rsplit_once('=').map_or(text, |(_, digits)| digits);
        let digits: String = digits.chars().filter(|c| !matches!(c, ':' | '-') && !c.is_whitespace()).collect();
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(FingerprintError::NotHex);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(&digits, &mut bytes).map_err(|_| FingerprintError::Length(digits.len()))?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, byte) in self.0.iter().enumerate() {
            let colon = if i == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_in_every_spelling_and_shown_in_one() {
        let shown = Fingerprint::of(b"x").to_string();
        assert_eq!(shown.len(), 95);
        let plain = shown.replace(':', "").to_lowercase();
        let openssl = format!("sha256 Fingerprint={shown}\n");
        let spaced = shown.replace(':', " ");
        for text in [&shown, &plain, &openssl, &spaced] {
            assert_eq!(text.parse::<Fingerprint>().unwrap().to_string(), shown, "{text}");
        }
        let json = serde_json::to_string(&Fingerprint::of(b"x")).unwrap();
        assert_eq!(json, format!("\"{shown}\""));
        assert_eq!(serde_json::from_str::<Fingerprint>(&json).unwrap(), Fingerprint::of(b"x"));
    }

    #[test]
    fn what_is_none_is_refused_with_the_reason() {
        assert_eq!("".parse::<Fingerprint>(), Err(FingerprintError::Length(0)));
        assert_eq!("AB:CD".parse::<Fingerprint>(), Err(FingerprintError::Length(4)));
        assert_eq!("é".repeat(64).parse::<Fingerprint>(), Err(FingerprintError::NotHex));
    }
}
