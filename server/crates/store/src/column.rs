//! Values as columns hold them.

use crate::Error;
use model::{At, clock::TOLERANCE};
use serde::{Serialize, de::DeserializeOwned};

/// The latest time that can have been: what is later was noted by a clock that was set back since.
pub(crate) fn latest(now: At) -> i64 {
    let tolerance = i64::try_from(TOLERANCE.as_millis()).unwrap_or_default();
    now.as_millisecond().saturating_add(tolerance)
}

/// JSON text.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::mistake(format!("a value has no JSON form ({error})")))
}

/// Back from JSON text; `what` names the place, in the beginning of a sentence.
pub(crate) fn parse<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::unreadable(what, error))
}

/// The bare word that serde writes for a plain enum.
pub(crate) fn code<T: Serialize>(value: &T) -> Result<String, Error> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(Error::mistake("a value that should be one word is not")),
    }
}

/// Back from the bare word.
pub(crate) fn from_code<T: DeserializeOwned>(word: &str, what: &str) -> Result<T, Error> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|_| Error::unreadable(what, format!("“{word}” is unknown")))
}
