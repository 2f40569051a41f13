//! What of an appliance could not be read.

use crate::object::Kind;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A kind of object that was not listed, or one object of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Unread {
    /// All of this kind; `None`: only something is missing, or an older program did not say.
    pub kind: Option<Kind>,
    /// Which resource, and why.
    pub sentence: String,
}

/// It was a sentence once, and still is one where there is nothing more to say.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    Sentence(String),
    Value { kind: Kind, sentence: String },
}

impl From<Stored> for Unread {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Sentence(sentence) => Self { kind: None, sentence },
            Stored::Value { kind, sentence } => Self { kind: Some(kind), sentence },
        }
    }
}

impl From<Unread> for Stored {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread { kind: None, sentence } => Self::Sentence(sentence),
            Unread { kind: Some(kind), sentence } => Self::Value { kind, sentence },
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}
