//! A REST request as plain data (`xenmobile.md` 1.1, 1.6, 1.7).

use crate::Method;
use serde_json::Value;
use std::fmt;

/// One REST request. Made by the modules of [`rest`](crate::rest).
#[derive(Clone, PartialEq)]
pub struct Request {
    /// The HTTP verb.
    pub method: Method,
    /// Below `/xenmobile/api/v1`, beginning with a slash.
    pub path: String,
    /// For people: what is asked for.
    pub what: &'static str,
    /// The body.
    pub body: Option<Value>,
    /// Whether it changes the cluster. A POST may well be a read (filters), so it is said here.
    pub write: bool,
}

/// Where the public REST interface begins.
pub const ROOT: &str = "/xenmobile/api/v1";

impl Request {
    /// Reads.
    pub fn get(path: impl Into<String>, what: &'static str) -> Self {
        Self { method: Method::Get, path: path.into(), what, body: None, write: false }
    }

    /// Reads with a question in the body.
    pub fn query(path: impl Into<String>, what: &'static str, body: Value) -> Self {
        Self { method: Method::Post, body: Some(body), ..Self::get(path, what) }
    }

    /// Changes something.
    pub fn write(method: Method, path: impl Into<String>, what: &'static str, body: Option<Value>) -> Self {
        Self { method, path: path.into(), what, body, write: true }
    }

    /// The whole path.
    pub fn full_path(&self) -> String {
        format!("{ROOT}{}", self.path)
    }

    /// One piece of a path, with everything encoded that could end it.
    pub(crate) fn segment(text: &str) -> String {
        use std::fmt::Write as _;
        let mut out = String::new();
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.full_path())
    }
}

/// Without the body: it may hold a password.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
