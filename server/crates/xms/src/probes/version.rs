//! The version (`xenmobile.md` 9.1, 10.2).

use super::xml;
use crate::{
    ApiError, Error, de,
    response::{self, Answer},
};
use serde_json::Value;
use std::{cmp::Ordering, fmt};
use wire::excerpt;

const WHAT: &str = "version";

/// A version as written; compared as dotted whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    text: String,
    parts: Vec<u32>,
}

impl Version {
    /// Reads dotted numbers; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let parts: Vec<u32> = text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        (digits && (2..=6).contains(&parts.len())).then(|| Self { text: text.to_owned(), parts })
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The numbers.
    pub fn parts(&self) -> &[u32] {
        &self.parts
    }

    /// `10.16`.
    pub fn release(&self) -> Option<(u32, u32)> {
        Some((*self.parts.first()?, *self.parts.get(1)?))
    }

    /// Whether this is the product that we are made for.
    pub fn is_ten(&self) -> bool {
        self.parts.first() == Some(&10)
    }

    /// The rolling patch, if the fourth number is "10" and two or three digits more: 10.16.0.10323 would be number 323.
    /// A guess that no document confirms; for display only.
    pub fn rolling_patch_guess(&self) -> Option<u32> {
        let number = self.parts.get(3)?;
        (10_000..11_000).contains(number).then(|| number - 10_000)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts.cmp(&other.parts).then_with(|| self.text.cmp(&other.text))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Reads the version probe's answer: JSON first, then XML.
///
/// # Errors
/// [`Error::Http`], [`Error::Api`] or [`Error::Decode`].
pub fn read(answer: Answer<'_>) -> Result<Version, Error> {
    if !answer.success() {
        return Err(Error::Http { status: answer.status, what: WHAT.to_owned(), excerpt: excerpt(answer.body) });
    }
    let (message, status) = if let Ok(body @ Value::Object(_)) = response::json(answer.body) {
        (body.get("message").and_then(de::as_text), body.get("status").and_then(de::as_i64))
    } else {
        let text = String::from_utf8_lossy(answer.body);
        (xml::text(&text, "message"), xml::text(&text, "status").and_then(|text| text.parse().ok()))
    };
    let unreadable = |reason: &str| Error::decode(answer.status, WHAT, answer.body, reason);
    let message = message.ok_or_else(|| unreadable("there is no message in it"))?;
    if let Some(status) = status.filter(|&status| status != 0) {
        let message = excerpt(message.as_bytes());
        return Err(Error::Api(ApiError { http: answer.status, status: Some(status), message }));
    }
    Version::parse(&message).or_else(|| within(&message)).ok_or_else(|| unreadable("its message is not a version"))
}

/// A version among words: `XenMobile 10.16.0.48 RP2`.
fn within(message: &str) -> Option<Version> {
    let mut words = message.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    words.find_map(|word| Version::parse(word).filter(|version| version.parts.len() > 2))
}
