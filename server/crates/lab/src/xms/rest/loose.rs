//! Loose typing: numbers and booleans may come as strings, and lists as strings that hold a list.

use serde_json::Value;

pub(super) fn number(value: &Value) -> Option<usize> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

pub(super) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// `"['a','b']"` or `"[\"a\"]"`: a *string*; a JSON array is not what the server knows.
pub(super) fn list(value: &Value) -> Option<Vec<String>> {
    let Value::String(text) = value else { return value.is_null().then(Vec::new) };
    let inner = text.trim();
    if inner.is_empty() {
        return Some(Vec::new());
    }
    let inner = inner.strip_prefix('[')?.strip_suffix(']')?;
    let words = inner.split(',').map(|word| word.trim().trim_matches(['\'', '"']).to_owned());
    Some(words.filter(|word| !word.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_spellings_are_read_and_nonsense_is_not() {
        assert_eq!((number(&json!("12")), number(&json!(12)), number(&json!(-1))), (Some(12), Some(12), None));
        assert_eq!(
            (boolean(&json!("False")), boolean(&json!(true)), boolean(&json!("x"))),
            (Some(false), Some(true), None)
        );
        assert_eq!(list(&json!("['a', 'b']")).unwrap(), ["a", "b"]);
        assert_eq!(list(&json!("[\"a\"]")).unwrap(), ["a"]);
        assert_eq!(list(&json!("[]")).unwrap().len(), 0);
        assert_eq!((list(&json!(["a"])), list(&json!("a"))), (None, None));
    }
}
