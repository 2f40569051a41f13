//! Tolerant reading of attributes (`nitro.md` 3.0): what any client of ours needs, and NITRO's own spellings.
//!
//! The raw text stays in [`Item::raw`](crate::Item::raw).

use crate::Object;
use serde_json::Value;
pub use wire::de::{as_bool, as_i64, as_text, as_u64, opt_bool, opt_i64, opt_text, opt_u16, opt_u64, opt_word, text};

/// A finite decimal number, quoted or not.
pub fn as_f64(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// The objects under a resource's key, as [`wire::de::one_or_many`]; a `null` within an array is nothing, too.
pub fn one_or_many(value: Value) -> Option<Vec<Object>> {
    match value {
        Value::Array(mut list) => {
            list.retain(|item| !item.is_null());
            wire::de::one_or_many(Value::Array(list))
        }
        other => wire::de::one_or_many(other),
    }
}

fn pair(value: &Value, yes: &str, no: &str) -> Option<bool> {
    match value {
        Value::String(text) if text.eq_ignore_ascii_case(yes) => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case(no) => Some(false),
        _ => None,
    }
}

wire::readers! {
    /// A decimal number in any spelling.
    opt_f64: Option<f64> = as_f64;
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
