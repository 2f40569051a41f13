//! Why a node could not be asked: a kind that rules go by, and a sentence for people.

use serde::{Deserialize, Serialize};

/// What stood in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// Nobody took the connection: off, refused, no way there.
    Unreachable,
    /// The connection was taken, and then nothing came in time or it broke off.
    Silent,
    /// The two sides have no TLS or SSH in common, or the key is one that no library takes.
    Handshake,
    /// The web server's page for an error instead of an answer; 503 is that of recovery mode.
    Http { status: u16 },
    /// The server itself answered that it cannot work, as it does without its database.
    Database,
    /// The account was refused, or is not shown any more because it was.
    Account,
    /// The account may not read this.
    Forbidden,
    /// Nobody has accepted the node's key, so that no password is sent to it.
    Unaccepted,
    /// Another key than the accepted one was shown.
    KeyChanged,
    /// What answers is no XenMobile Server of version 10.
    Foreign,
    /// It answered, and what it said could not be read.
    Unreadable,
    /// A mistake or a lack of our own.
    Ours,
}

impl TroubleKind {
    /// A healthy node behind a firewall or with a lost password has it as well: it says nothing of how the node does.
    pub const fn is_about_us(self) -> bool {
        matches!(self, Self::Account | Self::Forbidden | Self::Unaccepted | Self::Ours)
    }
}

/// One failed try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Trouble {
    pub kind: TroubleKind,
    pub sentence: String,
}

impl Trouble {
    pub fn new(kind: TroubleKind, sentence: impl Into<String>) -> Self {
        Self { kind, sentence: sentence.into() }
    }
}

/// Earlier programs wrote the sentence alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Sentence(String),
    Whole { kind: TroubleKind, sentence: String },
}

impl From<Written> for Trouble {
    fn from(written: Written) -> Self {
        match written {
            Written::Sentence(sentence) => Self { kind: TroubleKind::Unreadable, sentence },
            Written::Whole { kind, sentence } => Self { kind, sentence },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_earlier_programs_wrote_can_be_read() {
        let read = |text: &str| serde_json::from_str::<Trouble>(text).unwrap();
        assert_eq!(read("\"No route.\"").sentence, "No route.");
        let trouble = Trouble::new(TroubleKind::Http { status: 503 }, "Busy.");
        assert_eq!(read(&serde_json::to_string(&trouble).unwrap()), trouble);
    }
}
