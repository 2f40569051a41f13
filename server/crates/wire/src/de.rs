//! Tolerant reading: the same number comes as `443`, `"443"` or `443.0`, by type, version and exception.
//!
//! Rule: a value that cannot be read is `None`, not an error; one odd attribute must not hide a whole answer. Clients
//! keep what was written beside what they understood.

use crate::Object;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A whole number from a number, a quoted number or a float without a fraction.
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

/// As [`as_i64`], up to `u64::MAX` and never below zero.
pub fn as_u64(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) if number.is_u64() => number.as_u64(),
        Value::String(text) => {
            text.trim().parse().ok().or_else(|| as_i64(value).and_then(|number| number.try_into().ok()))
        }
        _ => as_i64(value)?.try_into().ok(),
    }
}

/// `true`, `"true"`, and 0 or 1, quoted or not; not YES or ENABLED.
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
pub fn one_or_many(value: Value) -> Option<Vec<Object>> {
    let object = |item| if let Value::Object(map) = item { Some(map) } else { None };
    match value {
        Value::Null => Some(Vec::new()),
        Value::String(text) if text.is_empty() => Some(Vec::new()),
        Value::Object(map) if map.is_empty() => Some(Vec::new()),
        Value::Object(map) => Some(vec![map]),
        Value::Array(list) => list.into_iter().map(object).collect(),
        _ => None,
    }
}

fn whole(number: f64) -> Option<i64> {
    // 2^53 / 10. Beyond it a float, read by way of its digits with one decimal, may not be the integer that was meant.
    const EXACT: f64 = 900_719_925_474_099.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked: no fraction, and within the exact range")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// Makes functions for `deserialize_with` of functions that read a value.
#[macro_export]
macro_rules! readers {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $read:expr;)*) => {
        $(
            $(#[$doc])*
            pub fn $name<'de, D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                let read: fn(&::serde_json::Value) -> $type = $read;
                Ok(read(&value))
            }
        )*
    };
}

readers! {
    /// A text that is always there; empty when it is not.
    text: String = |value| as_text(value).unwrap_or_default();
    /// A text that may be absent.
    opt_text: Option<String> = as_text;
    /// A whole number in any spelling.
    opt_i64: Option<i64> = as_i64;
    /// A whole number in any spelling, not negative.
    opt_u64: Option<u64> = as_u64;
    /// A port or another number up to 65535, in any spelling.
    opt_u16: Option<u16> = |value| as_u64(value)?.try_into().ok();
    /// A boolean in any spelling of true and false.
    opt_bool: Option<bool> = as_bool;
}

/// A word of an enum that keeps the words which it does not know.
pub fn opt_word<'de, D: Deserializer<'de>, W: From<String>>(deserializer: D) -> Result<Option<W>, D::Error> {
    Ok(as_text(&Value::deserialize(deserializer)?).map(W::from))
}
