//! Tolerant reading of attributes (`nitro.md` 3.0): the appliance writes the same number as `443`, `"443"` or `443.0`,
//! by type, version and exception.
//!
//! Rule: a value that cannot be read is `None`, not an error; one odd attribute must not hide a whole collection. The
//! raw text stays in [`Item::raw`](crate::Item::raw).

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

/// A finite decimal number, quoted or not.
pub fn as_f64(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// `true`, `"true"`, and 0 or 1; not YES or ENABLED, which have helpers of their own.
pub fn as_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
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

/// The objects under a resource's key: an array, a single object, or nothing (`null`, `""`, `[]`, `{}`, also within an
/// array). `None` when there is something else in it.
pub fn one_or_many(value: &Value) -> Option<Vec<Object>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::String(text) if text.is_empty() => Some(Vec::new()),
        Value::Object(map) if map.is_empty() => Some(Vec::new()),
        Value::Object(map) => Some(vec![map.clone()]),
        Value::Array(list) => {
            list.iter().filter(|item| !item.is_null()).map(|item| item.as_object().cloned()).collect()
        }
        _ => None,
    }
}

fn whole(number: f64) -> Option<i64> {
    // 2^53 / 10. Beyond it a float, read by way of its digits with one decimal, may not be the integer that was meant.
    const EXACT: f64 = 900_719_925_474_099.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked: no fraction, and within the exact range")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

fn pair(value: &Value, yes: &str, no: &str) -> Option<bool> {
    match value {
        Value::String(text) if text.eq_ignore_ascii_case(yes) => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case(no) => Some(false),
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
    /// A decimal number in any spelling.
    opt_f64: Option<f64> = as_f64;
    /// A boolean in any spelling of true and false.
    opt_bool: Option<bool> = as_bool;
    /// `YES` or `NO`.
    opt_yes_no: Option<bool> = |value| pair(value, "YES", "NO");
    /// `ON` or `OFF`.
    opt_on_off: Option<bool> = |value| pair(value, "ON", "OFF");
    /// `ENABLED` or `DISABLED`.
    opt_enabled: Option<bool> = |value| pair(value, "ENABLED", "DISABLED");
    /// A list of texts; a single text is a list of one.
    texts: Vec<String> = |value| match value {
        Value::Array(list) => list.iter().filter_map(as_text).collect(),
        other => as_text(other).filter(|text| !text.is_empty()).into_iter().collect(),
    };
}

/// A word of one of the enums in [`resource`](crate::resource); unknown words are kept.
pub fn opt_word<'de, D: Deserializer<'de>, W: From<String>>(deserializer: D) -> Result<Option<W>, D::Error> {
    Ok(as_text(&Value::deserialize(deserializer)?).map(W::from))
}
