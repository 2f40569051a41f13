//! From a status and bytes to JSON or an [`Error`] (`xenmobile.md` 1.5, 1.6). No I/O, no panic on any input.
//!
//! `Content-Type` is not trusted: JSON comes as `text/html` and pages come as JSON.

use crate::{ApiError, Error, de};
use serde_json::Value;
use wire::{Received, excerpt, json};

/// What came over the wire.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`, if any.
    pub content_type: Option<&'a str>,
    /// The body, complete.
    pub body: &'a [u8],
}

impl<'a> Answer<'a> {
    pub(crate) fn of(received: &'a Received) -> Self {
        Self { status: received.status, content_type: received.content_type.as_deref(), body: &received.body }
    }

    /// Whether the HTTP status says that it went well.
    pub fn success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Keys that only App Controller 9 answers with.
const PREDECESSOR: &[&str] = &["ncglogin", "errorcode"];

/// Reads an answer about `what`: the whole JSON object when the HTTP status is a good one and `status`, where there is
/// one, is 0.
pub fn decode(answer: Answer<'_>, what: &str) -> Result<Value, Error> {
    let body = match json(answer.body) {
        Ok(Value::Object(map)) => Value::Object(map),
        Ok(_) if answer.success() => return Err(unreadable(answer, what, "it is JSON, but not an object")),
        Err(reason) if answer.success() => return Err(unreadable(answer, what, &not_json(answer, &reason))),
        Ok(_) | Err(_) => {
            return Err(Error::Http { status: answer.status, what: what.to_owned(), excerpt: excerpt(answer.body) });
        }
    };
    if PREDECESSOR.iter().any(|key| body.get(key).is_some()) {
        return Err(unreadable(answer, what, "it is an answer of XenMobile 9, which is not XenMobile Server 10"));
    }
    // `Status` with a capital is the text that a logout answers; only the lower-case one is a number, or a word for 0.
    let status = match body.get("status") {
        None | Some(Value::Null) => None,
        Some(Value::String(word)) if ["ok", "success"].contains(&word.trim().to_ascii_lowercase().as_str()) => Some(0),
        Some(value) => match de::as_i64(value) {
            Some(number) => Some(number),
            None => return Err(unreadable(answer, what, "its status is not a number")),
        },
    };
    if answer.success() && status.unwrap_or(0) == 0 {
        return Ok(body);
    }
    Err(Error::Api(ApiError { http: answer.status, status, message: message(&body) }))
}

fn unreadable(answer: Answer<'_>, what: &str, reason: &str) -> Error {
    Error::decode(answer.status, what, answer.body, reason)
}

/// JSON, whatever surrounds it.
pub(crate) fn json(body: &[u8]) -> Result<Value, serde_json::Error> {
    json::parse(body, "status")
}

fn not_json(answer: Answer<'_>, error: &serde_json::Error) -> String {
    let head = answer.body.trim_ascii_start();
    if head.is_empty() {
        "it is empty".to_owned()
    } else if head.starts_with(b"<") {
        "it is a web page, not JSON; is this the management port of a XenMobile Server?".to_owned()
    } else if error.is_eof() {
        "the JSON ends too early".to_owned()
    } else {
        format!("it is not JSON ({error})")
    }
}

/// The message of an envelope, or the first one of a failed device action.
fn message(body: &Value) -> String {
    let action = || {
        let parameters = body.get("deviceActionMessages")?.get("devicesActionParameters")?;
        let first = parameters.get("messageList").and_then(|list| list.get(0)).and_then(|first| first.get("message"));
        first.or_else(|| parameters.get("description")).and_then(de::as_text)
    };
    let text = body.get("message").and_then(de::as_text).or_else(action).unwrap_or_default();
    excerpt(text.as_bytes())
}
