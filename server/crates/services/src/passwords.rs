//! Passwords: hashed when they are set, compared when they are typed, never kept.

use crate::Failure;
use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use std::sync::OnceLock;

/// Argon2id with the crate's recommended cost, away from the threads that serve pages.
pub(crate) async fn hash_password(password: String) -> Result<String, Failure> {
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    hashed
        .await
        .map_err(|error| Failure::Internal(format!("Hashing was cut off ({error}).")))?
        .map_err(|error| Failure::Internal(format!("The password could not be hashed ({error}).")))
}

pub(crate) async fn verify_password(password: String, hash: String) -> Result<bool, Failure> {
    let verified = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    verified.await.map_err(|error| Failure::Internal(format!("Checking was cut off ({error}).")))
}

/// A hash that no password has, so that a name that does not exist takes as long as one that does.
pub(crate) fn nobodys_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        Argon2::default().hash_password(b"nobody has this password").map(|hash| hash.to_string()).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_is_argon2id_with_a_salt_of_its_own() {
        let (one, two) = (hash_password("a password".into()).await.unwrap(), hash_password("a password".into()).await);
        assert!(one.starts_with("$argon2id$"), "{one}");
        assert_ne!(one, two.unwrap());
        assert!(verify_password("a password".into(), one.clone()).await.unwrap());
        assert!(!verify_password("another".into(), one).await.unwrap());
        assert!(!verify_password("a password".into(), nobodys_hash().to_owned()).await.unwrap());
        assert!(nobodys_hash().starts_with("$argon2id$"), "it costs as much as a real one");
    }
}
