//! What a request says beside its verb.

use serde::{Deserialize, Serialize};

/// What a bulk request does after the first refusal (`X-NITRO-ONERROR`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// Stops; the answer holds the refused item alone.
    Exit,
    /// Goes on; the answer holds one result per item.
    Continue,
    /// Takes the earlier items back; for adds and bindings only.
    Rollback,
}

impl OnError {
    /// The word in the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exit => "exit",
            Self::Continue => "continue",
            Self::Rollback => "rollback",
        }
    }
}
