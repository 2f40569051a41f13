//! A host key's fingerprint: what a person compares.

use russh::keys::{
    HashAlg, PublicKeyOrCertificate,
    ssh_key::{Fingerprint, PublicKey},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// A node's SSH host key: its kind and the SHA-256 of it. Shown as OpenSSH does: `ssh-ed25519 SHA256:…`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostKey {
    /// Such as `ssh-ed25519` or `ssh-rsa`; empty where a person gave the fingerprint alone.
    pub algorithm: String,
    /// The fingerprint.
    pub sha256: [u8; 32],
}

impl HostKey {
    pub(super) fn of(shown: &PublicKeyOrCertificate) -> Self {
        match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => Self::of_key(key),
            PublicKeyOrCertificate::Certificate(certificate) => {
                Self::of_key(&PublicKey::from(certificate.public_key().clone()))
            }
        }
    }

    fn of_key(key: &PublicKey) -> Self {
        let mut sha256 = [0; 32];
        if let Fingerprint::Sha256(bytes) = key.fingerprint(HashAlg::Sha256) {
            sha256 = bytes;
        }
        Self { algorithm: key.algorithm().as_str().to_owned(), sha256 }
    }

    /// Whether it is the same key. The kind does not matter: the fingerprint covers it.
    pub fn same(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }

    /// `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        Fingerprint::Sha256(self.sha256).to_string()
    }
}

/// The text is not a host key's fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a host key's fingerprint looks like SHA256:… with 43 letters and digits, as ssh-keygen -l shows it")]
pub struct HostKeyError;

impl FromStr for HostKey {
    type Err = HostKeyError;

    /// From `SHA256:…`, or from a line that holds it: `ssh-ed25519 SHA256:…`, or what `ssh-keygen -l` prints.
    fn from_str(text: &str) -> Result<Self, HostKeyError> {
        let words: Vec<_> = text.split_whitespace().collect();
        let print = words.iter().find(|word| word.starts_with("SHA256:")).ok_or(HostKeyError)?;
        let Ok(Fingerprint::Sha256(sha256)) = print.trim_end_matches('=').parse() else { return Err(HostKeyError) };
        let algorithm = words.iter().find(|word| word.starts_with("ssh-") || word.starts_with("ecdsa-"));
        Ok(Self { algorithm: algorithm.map_or(String::new(), |&word| word.to_owned()), sha256 })
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.algorithm.is_empty() {
            write!(f, "{} ", self.algorithm)?;
        }
        f.write_str(&self.fingerprint())
    }
}

impl Serialize for HostKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HostKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_ssh_keygen_prints_it_and_shown_the_same() {
        let key = HostKey { algorithm: "ssh-rsa".to_owned(), sha256: [7; 32] };
        let shown = key.to_string();
        assert_eq!(shown.parse(), Ok(key.clone()));
        let line = format!("2048 {} mdm.example.test (RSA)", key.fingerprint());
        assert!(line.parse::<HostKey>().unwrap().same(&key));
        for text in ["", "SHA256:", "SHA256:xyz", "MD5:aa:bb", "AB:CD"] {
            assert_eq!(text.parse::<HostKey>(), Err(HostKeyError), "{text}");
        }
    }
}
