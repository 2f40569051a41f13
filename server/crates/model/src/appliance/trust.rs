//! Whose word is taken for an appliance's identity.

use serde::{Deserialize, Serialize};

/// Whose word we take for the appliance's identity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Trust {
    /// This machine's certificate authorities.
    #[default]
    System,
    /// SHA-256 of its certificate, shown to and accepted by a person.
    Pinned { sha256: String },
}

/// SHA-256 as 64 hexadecimal digits in lower case, from any of the usual spellings.
pub fn fingerprint(typed: &str) -> Result<String, String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    if digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        Ok(digits.to_ascii_lowercase())
    } else {
        Err("A SHA-256 fingerprint has 64 hexadecimal digits. Copy it whole.".into())
    }
}

/// A fingerprint as people compare it: `AB:CD:…`.
pub fn fingerprint_text(sha256: &str) -> String {
    let digits: Vec<char> = sha256.to_ascii_uppercase().chars().collect();
    digits.chunks(2).map(|pair| pair.iter().collect::<String>()).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_taken_as_it_is_shown() {
        let shown = fingerprint_text(&"0a".repeat(32));
        assert!(shown.starts_with("0A:0A"));
        assert_eq!(fingerprint(&shown).unwrap(), "0a".repeat(32));
        assert!(fingerprint("0A:0B").is_err());
    }
}
