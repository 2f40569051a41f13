//! The helpers for NITRO's own spellings, one test each (`nitro.md` 3.0); the common ones are tested in `wire`.

use nitro::de;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

#[test]
fn decimal_numbers() {
    assert_eq!(de::as_f64(&json!("66.5")), Some(66.5));
    assert_eq!(de::as_f64(&json!(66)), Some(66.0));
    for value in [json!("NaN"), json!("inf"), json!("x"), json!(null)] {
        assert_eq!(de::as_f64(&value), None, "{value}");
    }
}

#[test]
fn one_or_many() {
    assert_eq!(de::one_or_many(json!([{"a": 1}, null, {"b": 2}])).unwrap().len(), 2);
    for nothing in [json!(null), json!([]), json!([null]), json!("")] {
        assert_eq!(de::one_or_many(nothing).unwrap().len(), 0);
    }
    assert_eq!(de::one_or_many(json!([1])), None);
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Switches {
    #[serde(deserialize_with = "de::opt_yes_no")]
    yes_no: Option<bool>,
    #[serde(deserialize_with = "de::opt_on_off")]
    on_off: Option<bool>,
    #[serde(deserialize_with = "de::opt_enabled")]
    enabled: Option<bool>,
    #[serde(deserialize_with = "de::opt_u16")]
    port: Option<u16>,
    #[serde(deserialize_with = "de::texts")]
    texts: Vec<String>,
    #[serde(deserialize_with = "de::text")]
    text: String,
}

fn switches(value: Value) -> Switches {
    serde_json::from_value(value).unwrap()
}

#[test]
fn switches_have_their_own_words() {
    let on = switches(json!({"yes_no": "YES", "on_off": "on", "enabled": "ENABLED", "port": "8443", "texts": "a"}));
    assert_eq!((on.yes_no, on.on_off, on.enabled, on.port), (Some(true), Some(true), Some(true), Some(8443)));
    assert_eq!(on.texts, ["a"]);
    let odd = switches(json!({"yes_no": "ENABLED", "on_off": true, "enabled": 1, "port": 70000, "texts": ["a", 1]}));
    assert_eq!((odd.yes_no, odd.on_off, odd.enabled, odd.port), (None, None, None, None));
    assert_eq!(odd.texts, ["a", "1"]);
}

#[test]
fn what_is_absent_is_none() {
    assert_eq!(switches(json!({})), Switches::default());
    assert_eq!(switches(json!({"text": null, "texts": null})), Switches::default());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".*") {
        let _ = de::as_f64(&json!(text));
    }
}
