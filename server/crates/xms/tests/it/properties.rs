//! Whatever comes over the wire, nothing panics.

use crate::{
    fixtures::file,
    menus::{CLUSTERING, MAIN, STATUS, account},
    support::profile,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use xms::{
    HostKey, NodeId, Profile,
    cli::{Driver, DriverStep, Menu, Task, answers},
    node_id::{self, IdForm},
    probes::{Version, read},
    response::{Answer, decode},
    rest::{certificates, devices, gateways, ldap, licences, properties},
};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "status",
        "message",
        "agList",
        "certificate",
        "apnsCheckObj",
        "certDetails",
        "issuerName",
        "cpLicenseServer",
        "licenseList",
        "licenseNotification",
        "adList",
        "allEwProperties",
        "totalCount",
        "currentFilter",
        "detail",
        "nodes",
        "name",
        "value",
        "callback",
        "port",
        "id",
        "deviceActionMessages",
        "devicesActionParameters",
        "messageList",
        "auth_token",
        "x",
    ]);
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..8).prop_map(|map| json!(map)),
        ]
    })
}

fn all_readers(body: &Value) {
    let _ = (gateways::read(body).is_ok(), certificates::read(body).is_ok(), ldap::read(body).is_ok());
    let _ = (licences::read(body).is_ok(), licences::read_expiry(body).is_ok(), licences::read_test(body));
    let _ = (devices::read(body).is_ok(), properties::read(body).is_ok());
}

fn check(status: u16, body: &[u8]) {
    let probes = profile().probes;
    let answer = Answer { status, content_type: None, body };
    let mut errors = Vec::new();
    match decode(answer, "x") {
        Ok(body) => all_readers(&body),
        Err(error) => errors.push(error),
    }
    errors.extend(read::version(answer).err());
    errors.extend(read::server_info(answer).err());
    errors.extend(read::login_page(answer, &probes).err());
    for error in errors {
        assert!(error.sentence().ends_with('.'), "{error:?}");
        let _ = (error.maybe_sent(), error.is_auth(), error.server_down(), error.to_string());
    }
}

/// Feeds a text cut into three; whatever it is, the driver answers or waits.
fn drive(bytes: &[u8], cuts: (usize, usize)) {
    let mut driver = Driver::new(profile(), &account(), &[Task::ClusterStatus, Task::Hazelcast, Task::Date]);
    let first = cuts.0.min(bytes.len());
    let second = cuts.1.clamp(first, bytes.len());
    for piece in [&bytes[..first], &bytes[first..second], &bytes[second..]] {
        if let DriverStep::Send(reply) = driver.receive(piece) {
            assert!(!format!("{reply:?}").contains("geheim"));
        }
    }
    let _ = driver.closed();
    let transcript = driver.finish();
    assert_eq!(transcript.visits.len(), 3, "every task has an outcome");
    assert!(!format!("{transcript:?}").contains("geheim"));
}

const FILES: &[&str] = &[
    "login.json",
    "login_10_3.json",
    "logout.json",
    "device_action_failed.json",
    "serverproperties.json",
    "netscaler.json",
    "certificates.json",
    "licenses.json",
    "getexpirationdate.json",
    "testserver.json",
    "ldap.json",
    "device_filter.json",
    "version.json",
    "version.xml",
    "getserverinfo.xml",
    "login_page.html",
    "tomcat_404.html",
];

#[test]
fn a_real_answer_cut_at_every_place_is_no_answer() {
    for name in FILES {
        let body = file(name);
        for at in 0..body.len() {
            check(200, &body[..at]);
            if name.ends_with("json") && at < body.trim_ascii().len() {
                let answer = Answer { status: 200, content_type: None, body: &body[..at] };
                assert!(decode(answer, name).is_err(), "{name} at {at}: half an answer is no answer");
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
    fn any_json_value(status in prop::sample::select(vec![200_u16, 207, 401, 403, 500]), body in any_json()) {
        check(status, body.to_string().as_bytes());
        all_readers(&body);
    }

    #[test]
    fn any_markup(body in "(<|>|/|result|message|serverInfo|status|&amp;|10\\.1|[a-z ]){0,40}") {
        check(200, body.as_bytes());
    }

    #[test]
    fn any_terminal_output(bytes in prop::collection::vec(any::<u8>(), 0..600), a in 0_usize..600, b in 0_usize..600) {
        drive(&bytes, (a, b));
        let cli = profile().cli;
        let text = String::from_utf8_lossy(&bytes);
        let _ = (Menu::find(&text, &cli), answers::cluster_status(&text, &cli), answers::hazelcast(&text, &cli));
    }

    #[test]
    fn any_mixture_of_menus(parts in prop::collection::vec(prop::sample::select(vec![
        MAIN, CLUSTERING, STATUS, "1\r\n", "mdm login: ", "Password: ", "[y/n]: ", "Press any key", "\x1B[2J", "\x1B]0;",
        "Choice: [0 - 5] ", "[0] Back\n", "\r", "é", "geheim",
    ]), 0..12), a in 0_usize..900, b in 0_usize..900) {
        drive(parts.concat().as_bytes(), (a, b));
    }

    #[test]
    fn every_address_and_its_number_agree(bits in any::<u32>()) {
        let address = Ipv4Addr::from_bits(bits);
        let id = NodeId::from_ipv4(address);
        prop_assert_eq!(id.ipv4(), Some(address));
        let signed: NodeId = id.signed().unwrap().to_string().parse().unwrap();
        prop_assert_eq!(&signed, &id, "both forms are the same node");
        prop_assert_eq!(id.form(), IdForm::Unsigned);
        prop_assert_eq!(serde_json::from_str::<NodeId>(&serde_json::to_string(&signed).unwrap()).unwrap(), signed);
    }

    #[test]
    fn any_pasted_text(text in "(Node ID|node id|:|=|-|[0-9]{1,22}|\\.| |\n|é|İ|ACNODEID){0,12}") {
        if let Err(error) = node_id::paste(&text) {
            prop_assert!(error.to_string().ends_with('.'));
        }
        let _ = (text.parse::<HostKey>(), Version::parse(&text), Profile::parse(&text).is_err());
    }
}
