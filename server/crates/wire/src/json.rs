//! From bytes to JSON, forgiving what appliances, and what stands before them, do to it: a byte order mark, text in
//! Latin-1, raw control characters in texts, notices around the object, keys given twice, numbers that no machine number
//! holds. Nothing of it is lost on the way.
//!
//! Half a body is never mended into a whole one.

use serde::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Error, Map, Value};
use std::{borrow::Cow, fmt};

/// Reads a body. An object that has something before or behind it counts only where it has the key `sign`, without which
/// it would be no answer of the appliance's own.
pub fn parse(body: &[u8], sign: &str) -> Result<Value, Error> {
    let text = text(body);
    // Some builds end a body with a NUL.
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\0'));
    let mended = if needs_mending(text) { Cow::Owned(mend(text)) } else { Cow::Borrowed(text) };
    match read(&mended) {
        Ok(value) => Ok(value),
        Err(error) => within(&mended, sign).ok_or(error),
    }
}

/// The text; bytes that are not UTF-8 are taken for Latin-1, in which old consoles saved comments.
fn text(body: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(body) {
        return Cow::Borrowed(text);
    }
    let mut all = String::with_capacity(body.len() + 16);
    for chunk in body.utf8_chunks() {
        all.push_str(chunk.valid());
        all.extend(chunk.invalid().iter().map(|&byte| char::from(byte)));
    }
    Cow::Owned(all)
}

fn read(text: &str) -> Result<Value, Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = Tree.deserialize(&mut json)?;
    json.end().map(|()| value)
}

/// An answer with something before or behind it, such as an interpreter's notices. It must be the text's first object,
/// and there must be no second one: an object inside of half an answer is no answer.
fn within(text: &str, sign: &str) -> Option<Value> {
    let start = text.match_indices('{').map(|(at, _)| at).find(|&at| {
        let rest = text.get(at + 1..).unwrap_or_default().trim_start();
        rest.starts_with('"')
    })?;
    let rest = text.get(start..)?;
    let mut json = serde_json::Deserializer::from_str(rest).into_iter::<serde::de::IgnoredAny>();
    json.next()?.ok()?;
    let (object, behind) = rest.split_at_checked(json.byte_offset())?;
    // Once more: a quote before it turned texts and numbers round.
    let value = read(&mend(object)).ok()?;
    let whole = value.as_object()?.keys().any(|key| key.eq_ignore_ascii_case(sign));
    (whole && !behind.contains(sign)).then_some(value)
}

/// A control character that must not stand in a text, or digits enough to lose some.
fn needs_mending(text: &str) -> bool {
    let mut digits = 0;
    text.bytes().any(|byte| {
        digits = if byte.is_ascii_digit() || matches!(byte, b'.') { digits + 1 } else { 0 };
        digits > EXACT || (byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t'))
    }) || text.contains('\n') && raw_break(text)
}

/// So many digits survive a machine number whatever they are.
const EXACT: usize = 15;

/// A line break or tab inside of a text.
fn raw_break(text: &str) -> bool {
    let mut inside = false;
    let mut escaped = false;
    text.bytes().any(|byte| {
        let plain = !std::mem::take(&mut escaped);
        match byte {
            b'"' if plain => inside = !inside,
            b'\\' if inside && plain => escaped = true,
            _ => {}
        }
        inside && byte < b' '
    })
}

/// Escapes control characters in texts, and turns numbers that would lose digits into texts, which are read as well.
fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' => string(rest, &mut out),
            '-' | '0'..='9' => number(rest, &mut out),
            // Between texts it means nothing; but what stands on its two sides does not belong together.
            '\0' => {
                out.push(' ');
                1
            }
            _ => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Copies a text with its quotes; how long it was.
fn string(rest: &str, out: &mut String) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        let plain = !std::mem::take(&mut escaped);
        match c {
            '"' if at > 0 && plain => {
                out.push('"');
                return at + 1;
            }
            '\\' if plain => {
                escaped = true;
                out.push(c);
            }
            c if c < ' ' => {
                // A backslash before it escaped nothing that JSON knows.
                let digits = format!("{}u{:04x}", if plain { "\\" } else { "" }, u32::from(c));
                out.push_str(&digits);
            }
            c => out.push(c),
        }
    }
    rest.len()
}

/// Copies a number; how long it was.
fn number(rest: &str, out: &mut String) -> usize {
    let end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+' | 'e' | 'E')).unwrap_or(rest.len());
    let token = rest.get(..end).unwrap_or_default();
    let whole = token.parse::<u64>().is_ok() || token.parse::<i64>().is_ok();
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    // What is no number at all stays as it is, to be refused.
    if whole || digits <= EXACT || serde_json::from_str::<f64>(token).is_err() {
        out.push_str(token);
    } else {
        out.push('"');
        out.push_str(token);
        out.push('"');
    }
    end
}

/// Builds a [`Value`] that keeps what stands under a key a second time: lists are joined, anything else that differs
/// goes into a list beside the first.
struct Tree;

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Self)? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(Self)?;
            keep(&mut object, key, value);
        }
        Ok(object.into())
    }
}

/// Where the other values of a key are kept: `state#again`.
pub const AGAIN: &str = "#again";

fn keep(object: &mut Map<String, Value>, key: String, value: Value) {
    match (object.get_mut(&key), value) {
        (None, value) => drop(object.insert(key, value)),
        (Some(first), value) if *first == value => {}
        (Some(Value::Array(list)), Value::Array(more)) => list.extend(more),
        (Some(_), value) => match object.entry(key + AGAIN).or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(others) => others.push(value),
            other => *other = Value::Array(vec![other.take(), value]),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_stands_around_an_answer_is_passed_over() {
        let answer = json!({"errorcode": 0, "message": "Done"});
        for body in [
            "\u{FEFF} {\"errorcode\":0,\"message\":\"Done\"}",
            "\r\n\u{FEFF}{\"errorcode\":0,\"message\":\"Done\"}\r\n\0\0",
            "<br />\n<b>Notice</b>: x in {y} on line 3<br />\n{\"errorcode\":0,\"message\":\"Done\"}",
            "{ \"errorcode\": 0, \"message\": \"Done\" }\n<!-- served by a proxy -->",
        ] {
            assert_eq!(parse(body.as_bytes(), "errorcode").unwrap(), answer, "{body}");
        }
        for body in [
            "<html>{}</html>",
            "<script>var x = {\"a\": 1};</script>",
            "{\"errorcode\":0}{\"errorcode\":258}",
            "{\"errorcode\":1243,\"response\":[{\"errorcode\":273}",
            "x {\"errorcode\":1243,\"response\":[{\"errorcode\":273}",
        ] {
            assert!(parse(body.as_bytes(), "errorcode").is_err(), "{body}");
        }
    }

    #[test]
    fn a_quote_before_an_answer_takes_no_digits_from_it() {
        let body = b"\"{\"errorcode\":0,\"a\":18446744073709551616}";
        assert_eq!(parse(body, "errorcode").unwrap(), json!({"errorcode": 0, "a": "18446744073709551616"}));
    }

    #[test]
    fn keys_given_twice_lose_nothing() {
        let twice = br#"{"a":1,"a":1,"b":[1],"b":[2],"c":"x","c":"y","c":"z"}"#;
        assert_eq!(parse(twice, "errorcode").unwrap(), json!({"a": 1, "b": [1, 2], "c": "x", "c#again": ["y", "z"]}));
    }

    #[test]
    fn texts_may_hold_what_json_forbids() {
        assert_eq!(parse(b"{\"a\":\"f\xFCr\r\nzwei\tx\0y\"}", "errorcode").unwrap(), json!({"a": "für\r\nzwei\tx\0y"}));
        assert_eq!(parse(b"{\n\t\"a\":\"\\\"\n\",\0\"b\":1}", "errorcode").unwrap(), json!({"a": "\"\n", "b": 1}));
        assert_eq!(parse("{\"a\":\"日本\u{e9}\"}".as_bytes(), "errorcode").unwrap(), json!({"a": "日本é"}));
    }

    #[test]
    fn no_digit_is_lost() {
        let body = b"{\"a\":18446744073709551615,\"b\":-9223372036854775808,\"c\":18446744073709551616,\
            \"d\":0.1234567890123456789,\"e\":1.0,\"f\":\"12345678901234567890123\",\"g\":4294967294,\"h\":-1}";
        assert_eq!(
            parse(body, "errorcode").unwrap(),
            json!({"a": u64::MAX, "b": i64::MIN, "c": "18446744073709551616", "d": "0.1234567890123456789", "e": 1.0,
                "f": "12345678901234567890123", "g": 4_294_967_294_u32, "h": -1})
        );
        assert!(parse(b"{\"a\":1234567890123456789012-3}", "errorcode").is_err());
        assert!(
            parse(b"{\"a\":1844674\x004073709551616}", "errorcode").is_err(),
            "two halves of a number are no number"
        );
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1_000_000_i32..1_000_000, 0_i32..6).prop_map(|(n, e)| Value::from(f64::from(n) / 10_f64.powi(e))),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map(".{0,6}", inner, 0..6).prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #[test]
        fn json_is_read_as_it_is(value in any_json()) {
            prop_assert_eq!(parse(value.to_string().as_bytes(), "errorcode").unwrap(), value.clone());
            prop_assert_eq!(parse(serde_json::to_string_pretty(&value).unwrap().as_bytes(), "errorcode").unwrap(), value.clone());
            // Mending what is whole changes nothing but numbers of many digits.
            prop_assert_eq!(read(&mend(&json!({"a": "x\ny"}).to_string())).unwrap(), json!({"a": "x\ny"}));
        }

        #[test]
        fn half_an_object_is_none(value in any_json(), cut in 1_usize..400) {
            let text = json!({"errorcode": 0, "response": [{"errorcode": 1}], "x": value}).to_string();
            let cut = text.len().saturating_sub(cut).max(1);
            prop_assert!(parse(&text.as_bytes()[..cut], "errorcode").is_err());
        }
    }
}
