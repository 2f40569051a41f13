//! Tolerant reading (`xenmobile.md` 1.6): numbers and booleans come as such or as texts, keys are sometimes misspelt.
//!
//! Rule: a value that cannot be read is `None`, not an error; one odd field must not hide a whole answer. What was
//! written stays in [`Item::raw`](crate::Item).

use crate::{Error, Item, Object};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// A whole number from a number, a quoted number, or a float without a fraction.
pub fn as_i64(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| whole(text.parse().ok()?))
        }
        _ => None,
    }
}

fn whole(number: f64) -> Option<i64> {
    // 2^53 / 10: beyond it the float may not be the integer that was meant.
    const EXACT: f64 = 900_719_925_474_099.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked: no fraction, and within the exact range")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// As [`as_i64`], never below zero.
pub fn as_u64(value: &Value) -> Option<u64> {
    as_i64(value)?.try_into().ok()
}

/// `true`, `"true"`, and 0 or 1, quoted or not.
pub fn as_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => match as_i64(value) {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
    }
}

/// The text of a string, a number or a boolean.
pub fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The objects under a key: an array, a single object, or nothing (`null`, `""`, `[]`, `{}`). `None` when there is
/// something else in it.
pub fn one_or_many(value: &Value) -> Option<Vec<Object>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::String(text) if text.is_empty() => Some(Vec::new()),
        Value::Object(map) if map.is_empty() => Some(Vec::new()),
        Value::Object(map) => Some(vec![map.clone()]),
        Value::Array(list) => list.iter().map(|item| item.as_object().cloned()).collect(),
        _ => None,
    }
}

macro_rules! helpers {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $read:expr;)*) => {
        $(
            $(#[$doc])*
            pub fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let value = Value::deserialize(deserializer)?;
                let read: fn(&Value) -> $type = $read;
                Ok(read(&value))
            }
        )*
    };
}

helpers! {
    /// A text; empty when it is not there.
    text: String = |value| as_text(value).unwrap_or_default();
    /// A text that may be absent.
    opt_text: Option<String> = as_text;
    /// A whole number in any spelling.
    opt_i64: Option<i64> = as_i64;
    /// A whole number in any spelling, not negative.
    opt_u64: Option<u64> = as_u64;
    /// A port, in any spelling.
    opt_u16: Option<u16> = |value| as_u64(value)?.try_into().ok();
    /// A boolean in any spelling.
    opt_bool: Option<bool> = as_bool;
}

/// A word of one of our enums; unknown words are kept in it.
pub fn opt_word<'de, D: Deserializer<'de>, W: From<String>>(deserializer: D) -> Result<Option<W>, D::Error> {
    Ok(as_text(&Value::deserialize(deserializer)?).map(W::from))
}

/// An object within an object; nothing when it is something else.
pub fn opt_object<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(if value.is_object() { serde_json::from_value(value).ok() } else { None })
}

/// A list of objects within an object; what cannot be read is left out.
pub fn objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let list = one_or_many(&Value::deserialize(deserializer)?).unwrap_or_default();
    Ok(list.into_iter().filter_map(|item| serde_json::from_value(Value::Object(item)).ok()).collect())
}

/// The list under `key`, typed, each with its raw object. A missing key is an error: "nothing there" must not be
/// concluded from an answer about something else.
pub(crate) fn list<T: DeserializeOwned>(body: &Value, key: &str, what: &str) -> Result<Vec<Item<T>>, Error> {
    let bad = |reason: String| Error::decode(200, what, body.to_string().as_bytes(), reason);
    let value = body.get(key).ok_or_else(|| bad(format!("there is no {key} in it")))?;
    let objects = one_or_many(value).ok_or_else(|| bad(format!("{key} is not a list of objects")))?;
    objects.into_iter().map(|raw| Item::read(raw, what)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_and_booleans_come_in_every_spelling() {
        for value in [json!(17), json!("17"), json!(" 17 "), json!(17.0)] {
            assert_eq!(as_i64(&value), Some(17), "{value}");
        }
        assert_eq!((as_i64(&json!("1.5")), as_i64(&json!(1e300)), as_u64(&json!(-1))), (None, None, None));
        for (value, expected) in
            [(json!("TRUE"), Some(true)), (json!(0), Some(false)), (json!("1"), Some(true)), (json!("x"), None)]
        {
            assert_eq!(as_bool(&value), expected, "{value}");
        }
    }
}
