//! From a status and bytes to a [`Reply`] or an [`Error`] (`nitro.md` 1.2, 1.7, 1.8). No I/O, no panic on any input.
//!
//! Decided by `errorcode`; the status counts only where the body is not JSON.

use crate::{ApiError, Error, Item, Object, Resource, Severity, de, redact::redact};
use serde_json::Value;
use wire::{excerpt, json};

/// What came over the wire.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The HTTP status; 209 and 599 are normal.
    pub status: u16,
    /// The `Content-Type`, if any.
    pub content_type: Option<&'a str>,
    /// The `X-NITRO-WARNING` header, if any.
    pub warning: Option<&'a str>,
    /// The body, complete.
    pub body: &'a [u8],
}

/// What the request was for; a read without a body is an error, a write without one is the usual success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// A GET.
    Items,
    /// Anything else.
    Done,
}

/// A successful answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reply {
    /// The objects under the resource's key; none when the key is absent.
    pub items: Vec<Object>,
    /// What the appliance has to remark; only with [`Request::with_warnings`](crate::Request::with_warnings).
    pub warning: Option<Warning>,
    /// The whole body, but for what was read of it into `items`; `Null` when it was empty.
    pub raw: Value,
}

/// A remark on something that was done nevertheless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The code, where one was given: 1067 feature off, 1028 secondary node.
    pub code: Option<i64>,
    /// The appliance's words.
    pub message: String,
}

impl Warning {
    /// The write went to the secondary node and will be overwritten.
    pub fn not_primary(&self) -> bool {
        self.code == Some(1028)
    }

    /// The object was made, but its feature is off.
    pub fn feature_disabled(&self) -> bool {
        self.code == Some(1067)
    }

    /// `1067 - Feature(s) not enabled [LB]`; the separator is not told by any document.
    fn parse(header: &str) -> Self {
        let header = header.trim();
        let end = header.find(|c: char| !c.is_ascii_digit()).unwrap_or(header.len());
        let (digits, rest) = header.split_at(end);
        match digits.parse() {
            Ok(code) => {
                let message = rest.trim_start_matches([' ', '-', ':', ',']).to_owned();
                Self { code: Some(code), message }
            }
            Err(_) => Self { code: None, message: header.to_owned() },
        }
    }
}

impl Reply {
    /// The objects, typed.
    pub fn typed<T: Resource>(&self) -> Result<Vec<Item<T>>, Error> {
        self.items.iter().map(|raw| Item::read(raw.clone())).collect()
    }

    /// As [`typed`](Self::typed), without copying.
    pub fn into_typed<T: Resource>(self) -> Result<Vec<Item<T>>, Error> {
        self.items.into_iter().map(Item::read).collect()
    }

    /// The whole body with the values of secret attributes replaced by `***`: what may be kept and shown. `None`: it was
    /// empty, as usual.
    pub fn redacted(&self) -> Option<Value> {
        let mut shown = self.raw.clone();
        redact(&mut shown);
        (!shown.is_null()).then_some(shown)
    }

    /// The answer to [`Request::counted`](crate::Request::counted).
    pub fn count(&self) -> Option<u64> {
        self.items.first()?.get("__count").and_then(de::as_u64)
    }
}

/// Reads an answer about `resource`.
pub fn decode(answer: Answer<'_>, expect: Expect, resource: &str) -> Result<Reply, Error> {
    let unreadable = |reason: String| {
        // By status only here, where there is no NITRO body to decide by.
        match answer.status {
            503 => Error::NotReady,
            401 => Error::Session,
            status => Error::Decode { status, resource: resource.to_owned(), excerpt: excerpt(answer.body), reason },
        }
    };
    let success = (200..300).contains(&answer.status);
    if answer.body.trim_ascii().is_empty() {
        return if success && expect == Expect::Done {
            Ok(Reply { warning: answer.warning.map(Warning::parse), ..Reply::default() })
        } else {
            Err(unreadable(redirected(answer.status).unwrap_or("the body is empty").to_owned()))
        };
    }
    let mut raw = match json::parse(answer.body, "errorcode") {
        Ok(Value::Object(map)) => Value::Object(map),
        Ok(_) => return Err(unreadable("the body is JSON, but not an object".to_owned())),
        Err(error) => return Err(unreadable(not_json(answer, &error))),
    };
    if raw.get(format!("errorcode{}", json::AGAIN)).is_some() {
        return Err(unreadable("it has two different errorcodes".to_owned()));
    }
    if let Some(failure) = bulk(&raw, answer.status) {
        return Err(failure);
    }
    let mut warning = answer.warning.map(Warning::parse);
    match lookup(&raw, "errorcode").filter(|code| !code.is_null()).map(de::as_i64) {
        Some(Some(0)) if success => {
            let done = api_error(&raw, answer.status);
            if done.severity == Severity::Warning && warning.is_none() {
                warning = Some(Warning { code: None, message: done.message });
            }
        }
        Some(Some(0)) => return Err(unreadable("the status says failure, the body says done".to_owned())),
        Some(Some(code)) => {
            let error = api_error(&raw, answer.status);
            let failure = Error::Api(error.clone());
            if !success || error.severity != Severity::Warning || failure.session_expired() {
                return Err(failure);
            }
            warning = Some(Warning { code: Some(code), message: error.message });
        }
        Some(None) => return Err(unreadable("its errorcode is not a number".to_owned())),
        // Some answers have no frame; then the resource itself must be there to show that this is NITRO.
        None if success && (lookup(&raw, resource).is_some() || lookup(&raw, "sessionid").is_some()) => {}
        None => return Err(unreadable("there is no errorcode in it".to_owned())),
    }
    let objects = match expect {
        // Of thousands there is no second copy.
        Expect::Items => lookup_mut(&mut raw, resource).map(Value::take),
        Expect::Done => lookup(&raw, resource).cloned(),
    };
    let items = match objects {
        Some(value) => {
            de::one_or_many(value).ok_or_else(|| unreadable(format!("{resource} is not a list of objects")))?
        }
        None if expect == Expect::Items => match stranger(&raw) {
            // "Nothing there" must not be concluded from an answer about something else.
            Some(key) => return Err(unreadable(format!("it is about “{key}”"))),
            None => Vec::new(),
        },
        None => Vec::new(),
    };
    Ok(Reply { items, warning, raw })
}

/// Several objects were sent and not all were taken. Where the answer does not say which (no list, or none in it that
/// failed), there are no results: each may have taken effect.
fn bulk(raw: &Value, status: u16) -> Option<Error> {
    const FAILED: &[i64] = &[1241, 1242, 1243];
    let list = lookup(raw, "response").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut items: Vec<_> = list.iter().map(|result| item_result(result, status)).collect();
    let code = lookup(raw, "errorcode").and_then(de::as_i64);
    if !items.iter().any(Result::is_err) {
        if !code.is_some_and(|code| FAILED.contains(&code)) {
            return None;
        }
        items.clear();
    }
    let whole = api_error(raw, status);
    Some(Error::Bulk { code: whole.code, message: whole.message, items })
}

fn redirected(status: u16) -> Option<&'static str> {
    (300..400).contains(&status).then_some("the address sends us elsewhere (a redirect); https may be required")
}

fn not_json(answer: Answer<'_>, error: &serde_json::Error) -> String {
    let head = answer.body.trim_ascii_start();
    let html = head.starts_with(b"<") || answer.content_type.is_some_and(|kind| kind.contains("html"));
    if let Some(reason) = redirected(answer.status) {
        reason.to_owned()
    } else if head.starts_with(b"<?xml") {
        "it is XML, though JSON was asked for".to_owned()
    } else if head.starts_with(b"\x1F\x8B") {
        "it is compressed, though that was not asked for; a proxy may stand in between".to_owned()
    } else if html {
        "it is a web page, not JSON; is this the management address of a NetScaler?".to_owned()
    } else if error.is_eof() {
        "the JSON ends too early".to_owned()
    } else {
        format!("it is not JSON ({error})")
    }
}

/// The resource's value; keys may differ in case (`Interface`).
fn lookup<'a>(raw: &'a Value, resource: &str) -> Option<&'a Value> {
    raw.get(resource)
        .or_else(|| raw.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(resource)).map(|(_, value)| value))
}

fn lookup_mut<'a>(raw: &'a mut Value, resource: &str) -> Option<&'a mut Value> {
    let map = raw.as_object_mut()?;
    let exact = map.contains_key(resource);
    let mut all = map.iter_mut();
    all.find(|(key, _)| if exact { key.as_str() == resource } else { key.eq_ignore_ascii_case(resource) })
        .map(|(_, value)| value)
}

/// A key beside the frame that holds something.
fn stranger(raw: &Value) -> Option<&str> {
    const FRAME: &[&str] = &["errorcode", "message", "severity", "sessionid", "response"];
    let full = |value: &Value| match value {
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => false,
    };
    raw.as_object()?
        .iter()
        .find(|(key, value)| !FRAME.contains(&key.to_ascii_lowercase().as_str()) && full(value))
        .map(|(key, _)| key.as_str())
}

fn api_error(value: &Value, http: u16) -> ApiError {
    let severity = match lookup(value, "severity").and_then(Value::as_str) {
        None => Severity::None,
        Some(word) if word.eq_ignore_ascii_case("NONE") => Severity::None,
        Some(word) if word.eq_ignore_ascii_case("WARNING") => Severity::Warning,
        Some(word) if word.eq_ignore_ascii_case("ERROR") => Severity::Error,
        Some(_) => Severity::Other,
    };
    ApiError {
        http,
        // An entry without a code is not a success either.
        code: lookup(value, "errorcode").and_then(de::as_i64).unwrap_or(-1),
        severity,
        message: lookup(value, "message").map(words).unwrap_or_default(),
    }
}

/// A text, or whatever else stands in its place.
fn words(value: &Value) -> String {
    if value.is_null() { String::new() } else { de::as_text(value).unwrap_or_else(|| value.to_string()) }
}

fn item_result(value: &Value, http: u16) -> Result<(), ApiError> {
    let error = api_error(value, http);
    if error.code == 0 || error.severity == Severity::Warning { Ok(()) } else { Err(error) }
}
