//! State words as a NetScaler says them (`nitro.md` 3.0). A word that we do not know is kept and is never green.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How a state word is to be drawn: always with its word and an icon, never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    Good,
    Bad,
    Warn,
    Quiet,
    Unknown,
}

impl Tone {
    /// The worse, the higher; what is not known is worse than what is merely odd.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Quiet => 1,
            Self::Warn => 2,
            Self::Unknown => 3,
            Self::Bad => 4,
        }
    }
}

/// One state word, raw.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StateWord(pub String);

impl StateWord {
    pub fn tone(&self) -> Tone {
        match self.0.to_ascii_uppercase().as_str() {
            "UP" => Tone::Good,
            "DOWN" | "DOWN WHEN GOING OUT OF SERVICE" | "TROFS_DOWN" => Tone::Bad,
            "PARTIAL-UP" | "PARTIAL-DOWN" | "GOING OUT OF SERVICE" | "TROFS" | "BUSY" => Tone::Warn,
            "OUT OF SERVICE" | "OFS" | "DISABLED" => Tone::Quiet,
            _ => Tone::Unknown,
        }
    }

    pub fn is_up(&self) -> bool {
        self.tone() == Tone::Good
    }
}

impl fmt::Display for StateWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_word_is_never_green() {
        for word in ["", "NS_EMPTY_STR", "Unknown", "UPPISH", "up and away"] {
            assert_eq!(StateWord(word.into()).tone(), Tone::Unknown, "{word}");
        }
        assert!(StateWord("UP".into()).is_up());
    }
}
