//! Tolerant reading (`xenmobile.md` 1.6): what any client of ours needs, and lists and objects within objects.
//!
//! What was written stays in [`Item::raw`](crate::Item).

use crate::{Error, Item};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
pub use wire::de::{
    as_bool, as_i64, as_text, as_u64, one_or_many, opt_bool, opt_i64, opt_text, opt_u16, opt_u64, opt_word, text,
};

/// An object within an object; nothing when it is something else.
pub fn opt_object<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(if value.is_object() { serde_json::from_value(value).ok() } else { None })
}

/// A list of objects within an object; what cannot be read is left out.
pub fn objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let list = one_or_many(Value::deserialize(deserializer)?).unwrap_or_default();
    Ok(list.into_iter().filter_map(|item| serde_json::from_value(Value::Object(item)).ok()).collect())
}

/// The list under `key`, typed, each with its raw object. A missing key is an error: "nothing there" must not be
/// concluded from an answer about something else.
pub(crate) fn list<T: DeserializeOwned>(body: &Value, key: &str, what: &str) -> Result<Vec<Item<T>>, Error> {
    let bad = |reason: String| Error::decode(200, what, body.to_string().as_bytes(), reason);
    let value = body.get(key).ok_or_else(|| bad(format!("there is no {key} in it")))?;
    let objects = one_or_many(value.clone()).ok_or_else(|| bad(format!("{key} is not a list of objects")))?;
    objects.into_iter().map(|raw| Item::read(raw, what)).collect()
}
