//! The helpers for odd spellings, one test each (`nitro.md` 3.0).

use nitro::de;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

#[test]
fn whole_numbers() {
    for value in [json!(443), json!("443"), json!(443.0), json!(" 443 "), json!("443.0"), json!("4.43e2")] {
        assert_eq!(de::as_i64(&value), Some(443), "{value}");
        assert_eq!(de::as_u64(&value), Some(443), "{value}");
    }
    for value in [json!("*"), json!(""), json!(null), json!(1.5), json!("1.5"), json!(true), json!([]), json!("1e300")]
    {
        assert_eq!(de::as_i64(&value), None, "{value}");
        assert_eq!(de::as_u64(&value), None, "{value}");
    }
    assert_eq!((de::as_i64(&json!("-1")), de::as_u64(&json!(-1))), (Some(-1), None));
}

#[test]
fn decimal_numbers() {
    assert_eq!(de::as_f64(&json!("66.5")), Some(66.5));
    assert_eq!(de::as_f64(&json!(66)), Some(66.0));
    for value in [json!("NaN"), json!("inf"), json!("x"), json!(null)] {
        assert_eq!(de::as_f64(&value), None, "{value}");
    }
}

#[test]
fn booleans() {
    for value in [json!(true), json!("true"), json!("TRUE"), json!(1), json!("1")] {
        assert_eq!(de::as_bool(&value), Some(true), "{value}");
    }
    for value in [json!(false), json!("false"), json!(0)] {
        assert_eq!(de::as_bool(&value), Some(false), "{value}");
    }
    for value in [json!("YES"), json!("ENABLED"), json!(2), json!(null)] {
        assert_eq!(de::as_bool(&value), None, "{value}");
    }
}

#[test]
fn texts() {
    assert_eq!(de::as_text(&json!("a")), Some("a".to_owned()));
    assert_eq!(de::as_text(&json!(7)), Some("7".to_owned()));
    assert_eq!(de::as_text(&json!(null)), None);
}

#[test]
fn one_or_many() {
    assert_eq!(de::one_or_many(&json!([{"a": 1}, {"b": 2}])).unwrap().len(), 2);
    assert_eq!(de::one_or_many(&json!({"a": 1})).unwrap().len(), 1);
    for nothing in [json!(null), json!([]), json!({}), json!("")] {
        assert_eq!(de::one_or_many(&nothing).unwrap().len(), 0);
    }
    for other in [json!("x"), json!(1), json!([1])] {
        assert_eq!(de::one_or_many(&other), None);
    }
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
    fn a_number_is_the_same_in_every_spelling(number in -900_719_925_474_099_i64..=900_719_925_474_099) {
        prop_assert_eq!(de::as_i64(&json!(number)), Some(number));
        prop_assert_eq!(de::as_i64(&json!(number.to_string())), Some(number));
        prop_assert_eq!(de::as_i64(&json!(format!("{number}.0"))), Some(number));
        let float: Value = serde_json::from_str(&format!("{number}.0")).unwrap();
        prop_assert_eq!(de::as_i64(&float), Some(number));
    }

    #[test]
    fn counters_may_be_as_large_as_they_like(number in any::<u64>()) {
        prop_assert_eq!(de::as_u64(&json!(number)), Some(number));
        prop_assert_eq!(de::as_u64(&json!(number.to_string())), Some(number));
    }

    #[test]
    fn no_text_makes_it_panic(text in ".*") {
        let value = json!(text);
        let _ = (de::as_i64(&value), de::as_u64(&value), de::as_f64(&value), de::as_bool(&value));
    }
}
