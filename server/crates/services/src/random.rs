//! Tokens that nobody can guess.

use crate::Failure;
use sha2::{Digest, Sha256};
use store::TokenHash;

/// 256 random bits as hexadecimal digits. The store keeps their hash only.
pub fn token() -> Result<String, Failure> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::Internal(format!("The system gave no random bytes ({error}).")))?;
    Ok(hex::encode(bytes))
}

pub fn hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}
