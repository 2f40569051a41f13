//! The two small enums of a request.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The HTTP verb. NITRO's own verbs (enable, save, unset) are a `Post` with an [`action`](crate::Request::action).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Adds, and every action.
    Post,
    /// Changes, and binds.
    Put,
    /// Removes, and unbinds.
    Delete,
}

impl Method {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

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
