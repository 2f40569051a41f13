//! The verbs of HTTP that the clients use.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The HTTP verb. What each of them does is a matter of the other side; see the clients' requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads, except where a vendor did otherwise; such operations are not offered here.
    Get,
    /// Adds; also actions, filters and tests.
    Post,
    /// Changes, and binds.
    Put,
    /// Removes, and unbinds; may carry a body.
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

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Delete => Self::DELETE,
        }
    }
}
