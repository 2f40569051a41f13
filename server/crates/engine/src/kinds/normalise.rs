//! One spelling for every value, so that comparing is comparing (`nitro.md` 3.0, 5.3).

use super::{Attribute, ValueForm, of};
use model::object::{Attrs, Kind, Value};
use std::net::IpAddr;

/// The configuration in `attrs` as it is compared: managed attributes only, numbers as numbers, enumerations in upper
/// case, addresses as their parser prints them; what is empty or at its documented default is left out.
pub fn normalise(kind: Kind, attrs: &Attrs) -> Attrs {
    of(kind)
        .attributes
        .iter()
        .filter(|attribute| !attribute.is_write_only())
        .filter_map(|attribute| {
            let value = settled(attribute, attrs.get(attribute.name)?)?;
            Some((attribute.name.to_owned(), value))
        })
        .collect()
}

/// [`normalise`] for an object as an appliance sends it: numbers may be floats, switches may be booleans.
pub fn normalise_json(kind: Kind, object: &serde_json::Map<String, serde_json::Value>) -> Attrs {
    let raw = of(kind)
        .attributes
        .iter()
        .filter_map(|attribute| Some((attribute.name.to_owned(), plain(object.get(attribute.name)?)?)))
        .collect();
    normalise(kind, &raw)
}

/// Do these two values mean the same? Absent, empty and the documented default do.
pub fn equal(attribute: &Attribute, one: Option<&Value>, other: Option<&Value>) -> bool {
    one.and_then(|value| settled(attribute, value)) == other.and_then(|value| settled(attribute, value))
}

fn plain(value: &serde_json::Value) -> Option<Value> {
    match value {
        serde_json::Value::String(text) => Some(Value::Text(text.clone())),
        serde_json::Value::Number(number) => Some(match number.as_i64() {
            Some(whole) => Value::Number(whole),
            None => Value::Text(number.to_string()),
        }),
        serde_json::Value::Bool(yes) => Some(if *yes { "YES" } else { "NO" }.into()),
        _ => None,
    }
}

fn settled(attribute: &Attribute, value: &Value) -> Option<Value> {
    let value = match (attribute.form, value) {
        (ValueForm::Number, Value::Text(text)) => number(text),
        (ValueForm::Word, Value::Text(text)) => spelled(ValueForm::Word, text).into(),
        (ValueForm::Address | ValueForm::Host | ValueForm::File | ValueForm::Text, Value::Text(text)) => {
            spelled(attribute.form, text).into()
        }
        // A custom server ID may look like a number; the attribute stays text.
        (ValueForm::Text | ValueForm::Host | ValueForm::File, Value::Number(number)) => number.to_string().into(),
        (_, Value::Number(number)) => Value::Number(*number),
    };
    let empty = matches!(&value, Value::Text(text) if text.is_empty());
    (!empty && !at_preset(attribute, &value)).then_some(value)
}

/// One spelling for a text of this form, in an attribute or in a key.
pub fn spelled(form: ValueForm, text: &str) -> String {
    let text = text.trim();
    match form {
        ValueForm::Address => text.parse::<IpAddr>().map_or_else(|_| text.to_owned(), |address| address.to_string()),
        ValueForm::Host => text.trim_end_matches(|end: char| end == '.' || end.is_whitespace()).to_ascii_lowercase(),
        ValueForm::File => text.rsplit('/').next().unwrap_or(text).trim().to_owned(),
        ValueForm::Word => text.to_ascii_uppercase(),
        ValueForm::Number | ValueForm::Text => text.to_owned(),
    }
}

/// `"20"`, `20.0` and ` 20 ` are 20. What is no number stays as it was said.
fn number(text: &str) -> Value {
    let text = text.trim();
    let whole = match text.split_once('.') {
        Some((whole, rest)) if !rest.is_empty() && rest.bytes().all(|digit| digit == b'0') => whole,
        _ => text,
    };
    whole.parse::<i64>().map_or_else(|_| text.into(), Value::Number)
}

fn at_preset(attribute: &Attribute, value: &Value) -> bool {
    match (attribute.preset.value(), value) {
        // Defaults are echoed as `None`, `none` and, by older builds, in literal quotes (3.8).
        (Some(Value::Text(preset)), Value::Text(text)) => text.trim_matches('"').eq_ignore_ascii_case(&preset),
        (Some(preset), value) => preset == *value,
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(kind: Kind, object: &serde_json::Value) -> Attrs {
        normalise_json(kind, object.as_object().unwrap())
    }

    #[test]
    fn the_captured_virtual_server_becomes_what_we_compare() {
        let attrs = read(
            Kind::LbVserver,
            &json!({ "name": "v", "ipv46": "10.0.10.51", "port": 443, "servicetype": "ssl_bridge", "td": "0",
                     "persistencetype": "SSLSESSION", "timeout": "20.0", "persistmask": "255.255.255.255",
                     "lbmethod": "LEASTCONNECTION", "rule": "None", "curstate": "UP", "health": "100" }),
        );
        let text: Vec<String> = attrs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            text,
            ["ipv46=10.0.10.51", "persistencetype=SSLSESSION", "port=443", "servicetype=SSL_BRIDGE", "timeout=20"]
        );
        assert_eq!(attrs["timeout"], Value::Number(20));
    }

    #[test]
    fn defaults_empty_and_absent_are_the_same() {
        for member in [
            json!({ "weight": "1", "customserverid": "None", "hashid": "0" }),
            json!({ "weight": 1.0, "customserverid": "\"None\"", "hashid": 0 }),
            json!({ "weight": null, "customserverid": "" }),
            json!({}),
        ] {
            assert!(read(Kind::Member, &member).is_empty(), "{member}");
        }
        let id = read(Kind::Member, &json!({ "customserverid": 167_777_291, "weight": "5" }));
        assert_eq!(id["customserverid"], Value::from("167777291"));
        assert_eq!(id["weight"], Value::Number(5));
    }

    #[test]
    fn what_is_no_number_is_not_lost() {
        assert_eq!(number("twenty"), Value::from("twenty"));
        assert_eq!(number("20.5"), Value::from("20.5"));
        assert_eq!(number("1."), Value::from("1."));
    }

    #[test]
    fn twice_is_once() {
        let attrs = read(Kind::LbVserver, &json!({ "servicetype": "ssl", "timeout": "7", "rule": " X " }));
        assert_eq!(normalise(Kind::LbVserver, &attrs), attrs);
        for (form, text, once) in
            [(ValueForm::File, "/nsconfig/ssl/ a.cer", "a.cer"), (ValueForm::Host, " A.example. . ", "a.example")]
        {
            assert_eq!(spelled(form, text), once);
            assert_eq!(spelled(form, once), once);
        }
    }
}
