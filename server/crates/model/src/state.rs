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
    pub const WORST_FIRST: [Self; 5] = [Self::Bad, Self::Unknown, Self::Warn, Self::Quiet, Self::Good];

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

    /// Wants to be looked at: something is wrong, or nobody knows whether.
    pub const fn is_trouble(self) -> bool {
        self.rank() >= Self::Warn.rank()
    }

    /// As an address and JSON have it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warn => "warn",
            Self::Quiet => "quiet",
            Self::Unknown => "unknown",
        }
    }

    /// What many have in common that are in this state.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "well",
            Self::Bad => "failing",
            Self::Warn => "with warnings",
            Self::Quiet => "not applied",
            Self::Unknown => "not known",
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
    fn the_worst_first_is_the_order_of_ranks_and_codes_are_those_of_json() {
        assert!(Tone::WORST_FIRST.windows(2).all(|pair| pair[0].rank() > pair[1].rank()));
        for tone in Tone::WORST_FIRST {
            assert_eq!(serde_json::to_value(tone).unwrap(), tone.code());
        }
        let calm: Vec<Tone> = Tone::WORST_FIRST.into_iter().filter(|tone| !tone.is_trouble()).collect();
        assert_eq!(calm, [Tone::Quiet, Tone::Good]);
    }

    #[test]
    fn an_unknown_word_is_never_green() {
        for word in ["", "NS_EMPTY_STR", "Unknown", "UPPISH", "up and away"] {
            assert_eq!(StateWord(word.into()).tone(), Tone::Unknown, "{word}");
        }
        assert!(StateWord("UP".into()).is_up());
    }
}
