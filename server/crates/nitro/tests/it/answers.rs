//! Statuses and bytes to replies and errors (`nitro.md` 1.2, 1.7, 1.8).

use nitro::{
    Error, Reply, Severity,
    resource::LbVserver,
    response::{Answer, Expect, decode},
};

fn read(status: u16, body: &str) -> Result<Reply, Error> {
    decode(answer(status, body), Expect::Items, "lbvserver")
}

fn write(status: u16, body: &str) -> Result<Reply, Error> {
    decode(answer(status, body), Expect::Done, "lbvserver")
}

fn answer(status: u16, body: &str) -> Answer<'_> {
    Answer { status, content_type: Some("application/json; charset=utf-8"), warning: None, body: body.as_bytes() }
}

fn reason(error: Error) -> String {
    match error {
        Error::Decode { reason, excerpt, .. } => {
            assert!(excerpt.chars().count() <= 200);
            reason
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_collection_has_no_key() {
    let reply = read(200, r#"{ "errorcode": 0, "message": "Done", "severity": "NONE" }"#).unwrap();
    assert!(reply.items.is_empty());
    for empty in ["[]", "{}", "null", "\"\""] {
        let body = format!(r#"{{"errorcode":0,"message":"Done","lbvserver":{empty}}}"#);
        assert!(read(200, &body).unwrap().items.is_empty(), "{empty}");
    }
}

#[test]
fn array_object_and_other_case_are_the_same() {
    for value in [r#""lbvserver":[{"name":"a"}]"#, r#""lbvserver":{"name":"a"}"#, r#""LBVserver":[{"name":"a"}]"#] {
        let reply = read(200, &format!(r#"{{"errorcode":0,{value}}}"#)).unwrap();
        assert_eq!(reply.items.len(), 1, "{value}");
        assert_eq!(reply.items[0]["name"], "a");
    }
}

#[test]
fn a_write_is_answered_by_nothing_or_by_done() {
    for body in ["", " \r\n", r#"{ "errorcode": 0, "message": "Done", "severity": "NONE" }"#] {
        assert!(write(201, body).is_ok());
        assert!(write(200, body).is_ok());
    }
    assert_eq!(reason(read(200, "").unwrap_err()), "the body is empty");
}

#[test]
fn the_errorcode_decides_whatever_its_spelling() {
    for code in ["258", "\"258\"", "258.0"] {
        let body = format!(r#"{{"errorcode":{code},"message":"No such resource [name, x]","severity":"ERROR"}}"#);
        for status in [404, 599, 200] {
            let error = read(status, &body).unwrap_err();
            assert!(error.is_absent(), "{error:?}");
            assert_eq!(error.code(), Some(258));
            let api = error.api().unwrap();
            assert_eq!((api.http, api.severity, api.bracket()), (status, Severity::Error, Some("name, x")));
        }
    }
}

#[test]
fn every_listed_refusal_is_understood() {
    let error = |status, code: i64| {
        let body = format!(r#"{{ "errorcode": {code}, "message": "x", "severity": "ERROR" }}"#);
        write(status, &body).unwrap_err()
    };
    assert!(error(409, 273).already_exists());
    assert!(error(404, 344).is_absent());
    assert!(error(599, 278).code() == Some(278));
    assert!(error(401, 354).is_auth());
    assert!(error(401, 444).session_expired() && error(200, 444).session_expired());
    assert!(error(401, 1027).session_expired());
    assert!(error(403, 2138).not_permitted());
    assert!(error(599, 368).not_primary());
    assert!(error(599, 293).busy() && error(599, 1461).busy());
    assert!(error(599, 1070).in_use() && error(599, 1541).in_use());
    assert!(error(503, 256).not_ready());
    assert!(error(599, 445).sessions_exhausted());
    assert!(!error(599, 1537).maybe_sent());
    assert!(error(599, 349).maybe_sent());
}

#[test]
fn warnings_come_in_a_header_or_in_the_body() {
    let header =
        Answer { status: 209, content_type: None, warning: Some("1067 - Feature(s) not enabled [LB]"), body: b"" };
    let warning = decode(header, Expect::Done, "lbvserver").unwrap().warning.unwrap();
    assert!(warning.feature_disabled());
    assert_eq!(warning.message, "Feature(s) not enabled [LB]");

    let body = r#"{"errorcode":1028,"message":"You are connected to a secondary node; …","severity":"WARNING"}"#;
    assert!(write(209, body).unwrap().warning.unwrap().not_primary());
    assert!(write(599, body).unwrap_err().not_primary());
}

#[test]
fn a_bulk_failure_has_one_result_per_item() {
    let body = r#"{ "errorcode": 1243, "message": "Bulk operation failed", "severity": "ERROR",
        "response": [ { "errorcode": 273, "message": "Resource already exists", "severity": "ERROR" },
                      { "errorcode": 0, "message": "Done", "severity": "NONE" } ] }"#;
    let error = write(207, body).unwrap_err();
    assert!(error.maybe_sent());
    let Error::Bulk { code, items, .. } = error else { panic!() };
    assert_eq!(code, 1243);
    assert_eq!(items[0].as_ref().unwrap_err().code, 273);
    assert_eq!(items[1], Ok(()));
}

#[test]
fn what_is_not_nitro_is_said_to_be_so() {
    assert_eq!(read(503, "<html>Service Unavailable</html>"), Err(Error::NotReady));
    assert_eq!(read(503, ""), Err(Error::NotReady));
    assert_eq!(read(401, "<html>Unauthorized</html>"), Err(Error::Session));
    assert!(reason(read(404, "<html><h1>Not Found</h1></html>").unwrap_err()).contains("web page"));
    assert!(reason(read(302, "").unwrap_err()).contains("redirect"));
    assert!(reason(read(302, "<html>moved</html>").unwrap_err()).contains("redirect"));
    assert!(reason(read(200, r#"{ "errorcode": 0, "lbvserver": [ { "name""#).unwrap_err()).contains("ends too early"));
    assert!(reason(read(200, "[]").unwrap_err()).contains("not an object"));
    assert!(reason(read(200, r#"{"hello":"world"}"#).unwrap_err()).contains("no errorcode"));
    assert!(reason(read(200, r#"{"errorcode":0,"lbvserver":["x"]}"#).unwrap_err()).contains("not a list of objects"));
    assert!(reason(read(200, r#"{"errorcode":true}"#).unwrap_err()).contains("not a number"));
}

#[test]
fn nothing_is_concluded_from_an_answer_about_something_else() {
    assert!(reason(read(200, r#"{"errorcode":0,"csvserver":[{"name":"a"}]}"#).unwrap_err()).contains("csvserver"));
    assert!(reason(read(500, r#"{"errorcode":0,"message":"Done"}"#).unwrap_err()).contains("status says failure"));
}

#[test]
fn comments_in_latin_1_hide_nothing() {
    let body = b"{\"errorcode\":0,\"lbvserver\":[{\"name\":\"a\",\"comment\":\"f\xFCr MDM\"}]}";
    let answer = Answer { status: 200, content_type: None, warning: None, body };
    let reply = decode(answer, Expect::Items, "lbvserver").unwrap();
    assert_eq!(reply.items[0]["comment"], "für MDM");
}

#[test]
fn counts_are_strings() {
    assert_eq!(read(200, r#"{"errorcode":0,"lbvserver":[{"__count":"12"}]}"#).unwrap().count(), Some(12));
    assert_eq!(read(200, r#"{"errorcode":0,"lbvserver":[{"__count":12}]}"#).unwrap().count(), Some(12));
}

#[test]
fn a_failed_list_of_changes_is_in_doubt_even_where_it_does_not_say_which() {
    for body in [
        r#"{"errorcode":1243,"message":"Bulk operation failed","severity":"ERROR"}"#,
        r#"{"errorcode":"1243","message":"Bulk operation failed","response":[]}"#,
        r#"{"errorcode":1241,"message":"Rollback failed.","response":[{"errorcode":0,"message":"Done"}]}"#,
    ] {
        let error = write(207, body).unwrap_err();
        assert!(error.maybe_sent(), "{body}");
        assert!(matches!(&error, Error::Bulk { items, .. } if items.is_empty()), "{error:?}");
    }
    // Entries of other shapes: with keys of their own, a warning, one without a code.
    let body = r#"{"errorcode":1243,"message":"Bulk operation failed","response":[
        {"errorcode":0,"message":"Done","name":"a"}, {"errorcode":1067,"message":"w","severity":"WARNING"},
        {"errorcode":"273","message":"x","server":{"name":"b"}}, {"name":"c"}, 7]}"#;
    let Error::Bulk { items, .. } = write(207, body).unwrap_err() else { panic!() };
    let codes: Vec<_> = items.iter().map(|item| item.as_ref().err().map(|error| error.code)).collect();
    assert_eq!(codes, [None, None, Some(273), Some(-1), Some(-1)]);
    assert!(write(207, r#"{"errorcode":0,"message":"Done","response":[{"errorcode":0,"message":"Done"}]}"#).is_ok());
}

#[test]
fn a_frame_may_lack_parts_or_write_them_otherwise() {
    for body in [
        r#"{"errorCode":0,"Message":"Done","lbvserver":[{"name":"a"}]}"#,
        r#"{"errorcode":null,"lbvserver":[{"name":"a"}]}"#,
        r#"{"lbvserver":[{"name":"a"},null]}"#,
        r#"{"errorcode":0,"severity":null,"message":null,"lbvserver":{"name":"a"}}"#,
    ] {
        assert_eq!(read(200, body).unwrap().items.len(), 1, "{body}");
    }
    let error = write(599, r#"{"ErrorCode":"278","Message":{"text":"Invalid argument"}}"#).unwrap_err();
    assert_eq!(error.code(), Some(278));
    assert!(error.sentence().contains("Invalid argument"));
    assert!(reason(read(200, r#"{"errorcode":0,"errorcode":258}"#).unwrap_err()).contains("two different"));
}

#[test]
fn a_warning_may_have_any_separator_or_stand_in_the_body_with_code_0() {
    for header in [
        "1067 - Feature(s) not enabled [LB]",
        "1067: Feature(s) not enabled [LB]",
        " 1067 Feature(s) not enabled [LB] ",
    ] {
        let answer = Answer { status: 209, content_type: None, warning: Some(header), body: b"" };
        let warning = decode(answer, Expect::Done, "lbvserver").unwrap().warning.unwrap();
        assert!(warning.feature_disabled(), "{header}");
        assert_eq!(warning.message, "Feature(s) not enabled [LB]");
    }
    let words = Answer { status: 209, content_type: None, warning: Some("something"), body: b"" };
    let warning = decode(words, Expect::Done, "lbvserver").unwrap().warning.unwrap();
    assert_eq!((warning.code, warning.message.as_str()), (None, "something"));
    let body = r#"{"errorcode":0,"message":"The running configuration is not saved","severity":"WARNING"}"#;
    assert_eq!(write(209, body).unwrap().warning.unwrap().message, "The running configuration is not saved");
}

#[test]
fn json_hidden_behind_something_else_is_found() {
    let php = "<br />\n<b>Warning</b>: Unknown: x in <b>Unknown</b> on line <b>0</b><br />\n{ \"errorcode\": 0, \"message\": \"Done\", \"lbvserver\": [ { \"name\": \"a\" } ] }";
    let answer = Answer {
        status: 200,
        content_type: Some("text/html; charset=iso-8859-1"),
        warning: None,
        body: php.as_bytes(),
    };
    assert_eq!(decode(answer, Expect::Items, "lbvserver").unwrap().items[0]["name"], "a");
    let empty = Answer { body: "\u{FEFF}\r\n{\"errorcode\":0,\"message\":\"Done\"}\0".as_bytes(), ..answer };
    assert!(decode(empty, Expect::Items, "lbvserver").unwrap().items.is_empty());
}

#[test]
fn other_things_than_json_are_named() {
    assert!(reason(read(200, "<?xml version=\"1.0\"?><nitroResponse/>").unwrap_err()).contains("XML"));
    assert!(reason(read(599, "").unwrap_err()).contains("empty"));
    assert!(reason(read(599, "<html>Netscaler specific error</html>").unwrap_err()).contains("web page"));
    let gzip = Answer { status: 200, content_type: None, warning: None, body: b"\x1F\x8B\x08\0\0\0\0\0" };
    assert!(reason(decode(gzip, Expect::Items, "lbvserver").unwrap_err()).contains("compressed"));
    let deep = format!("{{\"errorcode\":0,\"lbvserver\":{}", "[".repeat(100_000));
    assert!(reason(read(200, &deep).unwrap_err()).contains("not JSON"));
}

#[test]
fn large_counters_and_long_numbers_keep_their_digits() {
    let body = r#"{"errorcode":0,"lbvserver":[{"name":"a","tickssincelaststatechange":18446744073709551615,
        "totalservices":"4294967294","x":18446744073709551616,"y":0.12345678901234567890,"z":1.0}]}"#;
    let item = read(200, body).unwrap().into_typed::<LbVserver>().unwrap().remove(0);
    assert_eq!((item.tickssincelaststatechange, item.totalservices), (Some(u64::MAX), Some(4_294_967_294)));
    assert_eq!(item.raw["x"], "18446744073709551616");
    assert_eq!(item.raw["y"], "0.12345678901234567890");
    assert_eq!(item.raw["z"], 1.0);
}
