//! Secrets at rest: XChaCha20-Poly1305 under a key that lies in a file of its own beside the database.

use crate::Failure;
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hmac::{Hmac, Mac};
use secrecy::SecretString;
use sha2::Sha256;
use std::{fs, io::Write, path::Path};

const NONCE: usize = 24;

/// Encrypts and decrypts, and puts marks on what comes back to us; the key never leaves it.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    marks: Hmac<Sha256>,
}

impl Vault {
    /// Opens the key file, or makes one that only its owner can read.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let say = |what: &str| Failure::Internal(format!("The key file {} {what}.", path.display()));
        let bytes = match fs::read(path) {
            Ok(bytes) => {
                private(path)?;
                bytes
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path)?,
            Err(error) => return Err(say(&format!("cannot be read ({error})"))),
        };
        let cipher = XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| say("does not hold 32 bytes"))?;
        let marks = Hmac::new_from_slice(&bytes).map_err(|_| say("does not hold 32 bytes"))?;
        Ok(Self { cipher, marks })
    }

    /// A mark (HMAC-SHA256) that nobody else can put on `parts`, for one purpose. No part has a line break in it.
    pub fn mark(&self, purpose: &str, parts: &[&str]) -> [u8; 32] {
        let mut mark = self.marks.clone();
        mark.update(format!("gatehouse {purpose}\n{}", parts.join("\n")).as_bytes());
        mark.finalize().into_bytes().into()
    }

    /// The first half of a mark, in hexadecimal digits.
    pub fn short_mark(&self, purpose: &str, parts: &[&str]) -> String {
        hex::encode(&self.mark(purpose, parts)[..16])
    }

    /// `about` is bound in: a secret stored for one appliance does not open as another's.
    pub fn seal(&self, secret: &str, about: &str) -> Result<Vec<u8>, Failure> {
        let mut nonce = [0u8; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| Failure::Internal(format!("No random bytes ({error}).")))?;
        let payload = Payload { msg: secret.as_bytes(), aad: about.as_bytes() };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Failure::Internal("The secret could not be encrypted.".into()))?;
        Ok([&nonce[..], &sealed].concat())
    }

    pub fn unseal(&self, sealed: &[u8], about: &str) -> Result<SecretString, Failure> {
        let lost = || {
            Failure::Internal(
                "The stored password cannot be decrypted: the key file is not the one it was stored with. \
                 Restore the key file, or enter the password again."
                    .into(),
            )
        };
        let (nonce, body) = sealed.split_first_chunk::<NONCE>().ok_or_else(lost)?;
        let payload = Payload { msg: body, aad: about.as_bytes() };
        let plain = self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| lost())?;
        String::from_utf8(plain).map(SecretString::from).map_err(|_| lost())
    }
}

fn make(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut key = vec![0u8; 32];
    getrandom::fill(&mut key).map_err(|error| Failure::Internal(format!("No random bytes ({error}).")))?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let written = options.open(path).and_then(|mut file| {
        file.write_all(&key)?;
        file.sync_all()
    });
    written.map_err(|error| Failure::Internal(format!("The key file {} cannot be made ({error}).", path.display())))?;
    Ok(key)
}

/// A key that others can read is no key.
fn private(path: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_or(0, |meta| meta.permissions().mode());
        if mode & 0o077 != 0 {
            return Err(Failure::Internal(format!(
                "The key file {} can be read by others (mode {:o}). Run `chmod 600` on it, and consider the appliances' \
                 passwords known.",
                path.display(),
                mode & 0o777
            )));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_sealed_secret_opens_with_its_key_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let vault = Vault::open(&path).unwrap();
        let sealed = vault.seal("hunter2-hunter2", "appliance:a").unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"hunter2"));
        let again = Vault::open(&path).unwrap();
        assert_eq!(again.unseal(&sealed, "appliance:a").unwrap().expose_secret(), "hunter2-hunter2");
        assert!(again.unseal(&sealed, "appliance:b").is_err());
        let other = Vault::open(&folder.path().join("other")).unwrap();
        assert!(other.unseal(&sealed, "appliance:a").is_err());
        let mark = vault.short_mark("form", &["a", "b"]);
        assert_eq!(again.short_mark("form", &["a", "b"]), mark, "it outlives a start");
        for another in [
            vault.short_mark("device", &["a", "b"]),
            vault.short_mark("form", &["a", "c"]),
            other.short_mark("form", &["a", "b"]),
        ] {
            assert_ne!(another, mark);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        Vault::open(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Vault::open(&path).is_err());
    }
}
