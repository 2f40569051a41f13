//! Which half of a pair an appliance is (`nitro.md` 3.4).

use serde::{Deserialize, Serialize};
use std::fmt;

/// Stored and shown in the appliance's own words. One that stands alone calls itself primary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum PairRole {
    Primary,
    Secondary,
    /// It says itself that it does not know.
    Unknown,
    /// It says nothing of it.
    #[default]
    NotTold,
    /// A word that nobody here knows.
    Other(String),
}

impl PairRole {
    /// Writes are for the primary only; whatever else the appliance calls itself, it is not one (`nitro.md` 5.5).
    pub fn is_primary(&self) -> bool {
        *self == Self::Primary
    }

    /// The half of a pair that serves nobody, and whose copy may be empty.
    pub fn is_secondary(&self) -> bool {
        *self == Self::Secondary
    }

    /// Beside other words about an appliance.
    pub fn short(&self) -> &str {
        match self {
            Self::Unknown | Self::NotTold => "role unknown",
            _ => self.word(),
        }
    }

    /// The beginning of a sentence about the appliance.
    pub fn said(&self) -> String {
        match self {
            Self::Unknown | Self::NotTold => "The appliance does not say which half of a pair it is".into(),
            _ => format!("The appliance says that it is {self}"),
        }
    }

    fn word(&self) -> &str {
        match self {
            Self::Primary => "Primary",
            Self::Secondary => "Secondary",
            Self::Unknown => "UNKNOWN",
            Self::NotTold => "",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for PairRole {
    fn from(word: &str) -> Self {
        let word = word.trim();
        let known = [Self::Primary, Self::Secondary, Self::Unknown, Self::NotTold];
        let known = known.into_iter().find(|role| role.word().eq_ignore_ascii_case(word));
        known.unwrap_or_else(|| Self::Other(word.to_owned()))
    }
}

impl From<String> for PairRole {
    fn from(word: String) -> Self {
        word.as_str().into()
    }
}

impl From<PairRole> for String {
    fn from(role: PairRole) -> Self {
        role.word().to_owned()
    }
}

impl fmt::Display for PairRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::NotTold { "not told" } else { self.word() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_primary_may_be_written_to_however_it_is_spelt() {
        for word in ["Primary", "PRIMARY", " primary "] {
            assert!(PairRole::from(word).is_primary(), "{word}");
        }
        for word in ["Secondary", "UNKNOWN", "unknown", "", "CLAIMING", "Primary?", "STAYPRIMARY"] {
            assert!(!PairRole::from(word).is_primary(), "{word}");
        }
        assert!(PairRole::from("secondary").is_secondary() && !PairRole::from("STAYSECONDARY").is_secondary());
    }

    #[test]
    fn words_are_stored_as_they_were_said() {
        for word in ["Primary", "Secondary", "UNKNOWN", "", "CLAIMING", "Forced"] {
            let json = serde_json::Value::from(word);
            let role: PairRole = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&role).unwrap(), json);
        }
        assert_eq!(PairRole::from("unknown"), PairRole::Unknown, "as an older program wrote what was not told");
    }

    #[test]
    fn nothing_that_is_not_told_is_put_into_its_mouth() {
        for role in [PairRole::Unknown, PairRole::NotTold] {
            assert_eq!(role.short(), "role unknown");
            assert!(!role.said().contains(role.to_string().as_str()), "{}", role.said());
        }
        assert_eq!(PairRole::from("CLAIMING").said(), "The appliance says that it is CLAIMING");
    }
}
