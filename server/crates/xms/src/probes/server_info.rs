//! `getserverinfo`: how devices may enrol (`xenmobile.md` 2.7).

use super::xml;
use crate::{Error, response::Answer};
use wire::excerpt;

const WHAT: &str = "server information";

/// How devices may enrol; `None` where it was not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerInfo {
    /// Whether they may at all.
    pub enrolment_enabled: Option<bool>,
    /// Whether with a PIN.
    pub pin: Option<bool>,
    /// Whether with a password.
    pub password: Option<bool>,
    /// Whether with a user name.
    pub username: Option<bool>,
    /// As written.
    pub kind: Option<String>,
}

/// Reads the answer.
///
/// # Errors
/// [`Error::Http`], or [`Error::Decode`] when it is about something else.
pub fn read(answer: Answer<'_>) -> Result<ServerInfo, Error> {
    if !answer.success() {
        return Err(Error::Http { status: answer.status, what: WHAT.to_owned(), excerpt: excerpt(answer.body) });
    }
    let text = String::from_utf8_lossy(answer.body);
    if xml::text(&text, "serverInfo").is_none() {
        return Err(Error::decode(answer.status, WHAT, answer.body, "there is no serverInfo in it"));
    }
    let flag = |name: &str| match xml::text(&text, name)?.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    };
    Ok(ServerInfo {
        enrolment_enabled: flag("enrollmentEnabled"),
        pin: flag("enrollmentPIN"),
        password: flag("enrollmentPassword"),
        username: flag("enrollmentUsername"),
        kind: xml::text(&text, "enrollmentType").filter(|kind| !kind.is_empty()),
    })
}
