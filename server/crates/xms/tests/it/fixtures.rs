//! Answers as `xenmobile.md` 1.x prints them, with the quirks of 1.6.

use serde_json::Value;
use xms::{
    Error,
    probes::{Product, Version, read},
    response::{Answer, decode},
    rest::{
        CertificateKind, Lifetime, LogonType, SearchBy, ServerType, certificates, devices, gateways, ldap, licences,
        properties,
    },
};

pub fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/it/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn answer(status: u16, body: &[u8]) -> Answer<'_> {
    Answer { status, content_type: Some("text/plain"), body }
}

fn json(name: &str) -> Value {
    decode(answer(200, &file(name)), name).unwrap()
}

#[test]
fn server_properties_and_the_lifetime_in_them() {
    let found = properties::read(&json("serverproperties.json")).unwrap();
    assert_eq!((found.len(), found[0].id, found[1].id), (3, Some(311), Some(312)));
    assert_eq!(found[1].value.value.as_deref(), Some("30"), "a number is read as its text");
    assert_eq!(found[1].raw["futureKey"]["a"], 1, "what we do not know is kept");
    let values: Vec<_> = found.iter().map(|item| item.value.clone()).collect();
    assert_eq!(Lifetime::of(&values), Some(Lifetime::Inactivity(30)));
    assert_eq!(Lifetime::of(&values[1..]), None, "no type, no lifetime: there is no documented default");
}

#[test]
fn gateways_keep_words_that_we_do_not_know() {
    let found = gateways::read(&json("netscaler.json")).unwrap();
    assert_eq!(found[0].logon_type, Some(LogonType::Domain));
    assert_eq!(found[0].callback[0].ip, "198.51.100.21");
    assert_eq!((found[0].default, found[0].password_required), (Some(true), Some(false)));
    assert_eq!(found[1].logon_type, Some(LogonType::Other("smartcard-and-luck".to_owned())));
    assert_eq!((found[1].id.as_deref(), found[1].password_required), (Some("2"), Some(true)));
    assert!(found[1].callback.is_empty() && found[1].default.is_none());
}

#[test]
fn certificates_with_flags_in_both_spellings() {
    let found = certificates::read(&json("certificates.json")).unwrap();
    let listener = &found.list[0];
    assert_eq!((listener.is_active, listener.private_key, listener.remaining_days), (Some(true), Some(true), Some(40)));
    let details = listener.cert_details.as_ref().unwrap();
    assert_eq!(details.subject_name.as_ref().unwrap().common_name.as_deref(), Some("mdm.example.test"));
    assert_eq!((&found.list[1].kind, found.list[1].remaining_days), (&Some(CertificateKind::Chain), Some(-3)));
    assert_eq!(found.list[2].kind, Some(CertificateKind::Other("hologram".to_owned())));
    assert_eq!(found.apns.unwrap().cert_expired, Some(true));
}

#[test]
fn licences_with_the_misspelt_key() {
    let server = licences::read(&json("licenses.json")).unwrap();
    assert_eq!((server.remote_port, server.server_port), (Some(27000), Some(8083)));
    assert_eq!(server.server_type, Some(ServerType::Remote));
    let licence = &server.license_list[0];
    assert_eq!((licence.licenses_in_use, licence.licenses_available), (Some(812), Some(188)));
    assert_eq!((licence.sadate.as_deref(), licence.product.as_deref()), (Some("2027.1201"), Some("CXM_ENTU_UD")));
    assert_eq!(server.license_notification.as_ref().unwrap().recipients.as_deref(), Some("ops@example.test"));
    let expiry = licences::read_expiry(&json("getexpirationdate.json")).unwrap();
    assert_eq!(
        (expiry.expired_date, expiry.days_before_expire, expiry.days_in_poc),
        (Some(1_827_619_200_000), Some(47), Some(0))
    );
    assert_eq!(licences::read_test(&json("testserver.json")), Some(true));
}

#[test]
fn directories_never_show_a_password() {
    let found = ldap::read(&json("ldap.json")).unwrap();
    let one = &found[0].value;
    assert_eq!((one.port, one.global_catalog_port, one.use_secure), (Some(389), Some(3268), Some(false)));
    assert_eq!((&one.user_search_by, one.lockout_limit), (&Some(SearchBy::Upn), Some(0)));
    assert!(!format!("{one:?}").contains("password"));
}

#[test]
fn device_counts_come_with_a_page_of_one() {
    let count = devices::read(&json("device_filter.json")).unwrap();
    assert_eq!((count.total, count.matched), (Some(1310), Some(1204)));
    assert_eq!(count.by_filter.get("device.platform.ios"), Some(&900));
    assert!(!count.by_filter.contains_key("device.platform"), "-1 means not counted");
    let request = devices::count(&["device.mode.enterprise.managed", "it's"], true);
    let body = request.body.as_ref().unwrap();
    assert_eq!(body["filterIds"], "['device.mode.enterprise.managed','its']");
    assert_eq!((body["limit"].as_i64(), body["enableCount"].as_str()), (Some(1), Some("true")));
    assert!(!request.write && !devices::count(&[], false).body.unwrap().as_object().unwrap().contains_key("filterIds"));
}

#[test]
fn errors_of_every_envelope() {
    let error = decode(answer(200, &file("device_action_failed.json")), "x").unwrap_err();
    assert!(matches!(&error, Error::Api(api) if api.status == Some(-1) && api.message == "Device is not reachable"));
    let error = decode(answer(500, br#"{"status": "1001", "message": "Invalid device id"}"#), "x").unwrap_err();
    assert!(matches!(&error, Error::Api(api) if api.http == 500 && api.status == Some(1001)));
    assert!(error.server_down());
    let error = decode(answer(404, &file("tomcat_404.html")), "x").unwrap_err();
    assert!(error.is_absent() && error.sentence().contains("HTTP 404"), "{error:?}");
    let error = decode(answer(403, b""), "x").unwrap_err();
    assert!(matches!(error, Error::Http { status: 403, .. }));
    for (body, part) in [
        (&b"<html>hello"[..], "web page"),
        (b"", "empty"),
        (b"{\"a\":", "too early"),
        (b"[1]", "object"),
        (b"{\"status\":{}}", "status"),
    ] {
        let error = decode(answer(200, body), "x").unwrap_err();
        assert!(matches!(&error, Error::Decode { reason, .. } if reason.contains(part)), "{error:?}");
    }
    assert!(decode(answer(200, &file("logout.json")), "logout").is_ok(), "a capital Status is a text");
}

#[test]
fn an_answer_about_something_else_is_no_empty_list() {
    let body = json("ldap.json");
    assert!(gateways::read(&body).is_err() && certificates::read(&body).is_err() && properties::read(&body).is_err());
    assert!(licences::read(&body).is_err() && licences::read_expiry(&body).is_err() && devices::read(&body).is_err());
    assert!(gateways::read(&serde_json::json!({"status": 0, "agList": []})).unwrap().is_empty());
}

#[test]
fn versions_in_json_and_xml_and_their_order() {
    let json = read::version(answer(200, &file("version.json"))).unwrap();
    let xml = read::version(answer(200, &file("version.xml"))).unwrap();
    assert_eq!((json.as_str(), xml.as_str()), ("10.16.0.48", "10.10.0.7"));
    assert!(xml < json && json.is_ten());
    let patched = Version::parse("10.16.0.10323").unwrap();
    assert!(json < patched);
    assert_eq!(
        (patched.release(), patched.rolling_patch_guess(), json.rolling_patch_guess()),
        (Some((10, 16)), Some(323), None)
    );
    let refused = read::version(answer(200, br#"{"status": "1", "message": "no"}"#)).unwrap_err();
    assert!(matches!(&refused, Error::Api(api) if api.status == Some(1)), "{refused:?}");
    assert!(read::version(answer(200, &file("login_page.html"))).is_err());
    assert!(read::version(answer(404, &file("tomcat_404.html"))).unwrap_err().is_absent());
    for text in ["", "10", "10.x", "+10.1", "10..1", "1.2.3.4.5.6.7", "99999999999.1"] {
        assert_eq!(Version::parse(text), None, "{text}");
    }
}

#[test]
fn login_pages_are_told_apart() {
    let probes = crate::support::profile().probes;
    let page = |status, body: &[u8]| read::login_page(answer(status, body), &probes);
    assert_eq!(page(200, &file("login_page.html")).unwrap().product, Product::Ten);
    let nine = b"<html><script>post('/ControlPoint/rest/newlogin')</script>";
    assert_eq!(page(404, nine).unwrap().product, Product::Nine);
    assert_eq!(page(200, b"<title>Welcome to nginx</title>").unwrap().product, Product::Unknown);
    assert!(page(404, &file("tomcat_404.html")).unwrap_err().is_absent());
}

#[test]
fn server_information_says_how_devices_enrol() {
    let info = read::server_info(answer(200, &file("getserverinfo.xml"))).unwrap();
    assert_eq!((info.enrolment_enabled, info.pin, info.password), (Some(true), Some(false), Some(true)));
    assert_eq!(info.kind.as_deref(), Some("USERNAME_PASSWORD"));
    assert!(read::server_info(answer(200, &file("login_page.html"))).unwrap_err().is_foreign());
}

#[test]
fn the_predecessors_answers_are_named() {
    let nine = br#"{"errorcode":"0","message":"Done","ncglogin":{"sessionid":"x"}}"#;
    let error = decode(answer(200, nine), "login").unwrap_err();
    assert!(error.sentence().contains("XenMobile 9"), "{}", error.sentence());
    let version = read::version(answer(200, br#"{"status":0,"message":"9.0.1.8"}"#)).unwrap();
    assert!(!version.is_ten());
}

#[test]
fn answers_in_other_spellings_are_read() {
    for body in [
        r#"{"status":"0","agList":{"name":"gw"}}"#,
        r#"{"status":"OK","agList":[{"name":"gw","port":"x"}]}"#,
        "\u{FEFF}\r\n{\"status\":0.0,\"agList\":[{\"name\":\"gw\"}]}\0",
        "<!-- proxy -->{\"status\":0,\"agList\":[{\"name\":\"gw\"}]}",
        r#"{"agList":[{"name":"gw"}]}"#,
    ] {
        let body = decode(answer(200, body.as_bytes()), "gateways").unwrap();
        assert_eq!(gateways::read(&body).unwrap()[0].name, "gw");
    }
    let latin = decode(answer(200, b"{\"status\":0,\"agList\":[{\"name\":\"B\xFCro\"}]}"), "gateways").unwrap();
    assert_eq!(gateways::read(&latin).unwrap()[0].name, "Büro");
    for text in ["XenMobile 10.16.0.48 RP2", "Version: 10.16.0.48"] {
        let body = format!("<result><message><![CDATA[{text}]]></message><status>0</status></result>");
        assert_eq!(read::version(answer(200, body.as_bytes())).unwrap().as_str(), "10.16.0.48");
    }
}
