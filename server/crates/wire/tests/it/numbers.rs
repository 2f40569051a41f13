//! The helpers for odd spellings, one test each (`nitro.md` 3.0, `xenmobile.md` 1.6).

use proptest::prelude::*;
use serde_json::{Value, json};
use wire::de;

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
    assert_eq!(de::as_i64(&json!(1e300)), None);
}

#[test]
fn booleans() {
    for value in [json!(true), json!("true"), json!("TRUE"), json!(" true "), json!(1), json!("1")] {
        assert_eq!(de::as_bool(&value), Some(true), "{value}");
    }
    for value in [json!(false), json!("false"), json!(0)] {
        assert_eq!(de::as_bool(&value), Some(false), "{value}");
    }
    for value in [json!("YES"), json!("ENABLED"), json!("x"), json!(2), json!(null)] {
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
    assert_eq!(de::one_or_many(json!([{"a": 1}, {"b": 2}])).unwrap().len(), 2);
    assert_eq!(de::one_or_many(json!({"a": 1})).unwrap().len(), 1);
    for nothing in [json!(null), json!([]), json!({}), json!("")] {
        assert_eq!(de::one_or_many(nothing).unwrap().len(), 0);
    }
    for other in [json!("x"), json!(1), json!([1]), json!([null])] {
        assert_eq!(de::one_or_many(other), None);
    }
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
        let _ = (de::as_i64(&value), de::as_u64(&value), de::as_bool(&value));
    }
}
