//! Whatever comes over the wire, nothing panics, and whatever is asked for can be read back from the address.

use nitro::{
    Error, Request, Resource,
    resource::{HaNode, LbVserver, ServiceGroupMember},
    response::{Answer, Expect, decode},
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        Just("errorcode".to_owned()),
        Just("severity".to_owned()),
        Just("message".to_owned()),
        Just("response".to_owned()),
        Just("lbvserver".to_owned()),
        Just("name".to_owned()),
        Just("port".to_owned()),
        "[a-z]{1,6}",
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

fn check(status: u16, body: &[u8]) {
    for expect in [Expect::Items, Expect::Done] {
        let answer = Answer { status, content_type: None, warning: Some("x - y"), body };
        match decode(answer, expect, LbVserver::NAME) {
            Ok(reply) => {
                let _ = (reply.count(), reply.typed::<LbVserver>());
                let _ = (reply.typed::<HaNode>(), reply.typed::<ServiceGroupMember>());
            }
            Err(error) => {
                if let Error::Decode { excerpt, .. } = &error {
                    assert!(excerpt.chars().count() <= 200 && !excerpt.chars().any(char::is_control));
                }
                assert!(error.sentence().ends_with('.'));
                let _ = (error.maybe_sent(), error.is_absent(), error.to_string());
            }
        }
    }
}

proptest! {
    #[test]
    fn any_bytes(status in 100_u16..1000, body in prop::collection::vec(any::<u8>(), 0..400)) {
        check(status, &body);
    }

    #[test]
    fn any_json_value(status in 100_u16..1000, body in any_json()) {
        check(status, body.to_string().as_bytes());
    }

    #[test]
    fn any_truncation_of_a_real_answer(cut in 0_usize..3000) {
        let body = include_bytes!("fixtures/lbvserver.json");
        let body = &body[..cut.min(body.len() - 4)];
        let answer = Answer { status: 200, content_type: None, warning: None, body };
        prop_assert!(decode(answer, Expect::Items, LbVserver::NAME).is_err(), "half an answer is no answer");
    }

    #[test]
    fn names_and_values_can_be_read_back(name in ".{1,30}", key in "[a-z]{1,8}", value in ".{0,30}") {
        let request = Request::get("server").named(name.clone()).arg(key.clone(), value.clone());
        let text = request.path_and_query();
        let (path, query) = text.split_once('?').unwrap();
        let decode = |text: &str| {
            percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned()
        };
        let last = path.rsplit('/').next().unwrap();
        prop_assert_eq!(decode(&decode(last)), name);
        let (seen_key, seen_value) = query.strip_prefix("args=").unwrap().split_once(':').unwrap();
        prop_assert_eq!((seen_key, decode(seen_value)), (key.as_str(), value));
        prop_assert!(text.is_ascii() && !text.contains(' ') && !text.contains('#'));
    }

    #[test]
    fn requests_survive_being_stored(name in ".{1,20}", args in prop::collection::vec((".{0,5}", ".{0,5}"), 0..3)) {
        let request = Request::unbind("a_b_binding", name, args);
        let text = serde_json::to_string(&request).unwrap();
        prop_assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
    }
}
