//! Fuzz targets: each decoder, with a corpus in `corpus/`. See the crate `fuzz`.

use crate::{menus::account, support::profile};
use serde_json::Value;
use std::sync::LazyLock;
use xms::{
    Error, HostKey, Node, NodeId, Port, Profile,
    cli::{Driver, DriverStep, Menu, Screen, Task, answers},
    node_id,
    probes::{Version, read},
    response::{Answer, decode},
    rest::{ServerProperty, certificates, devices, gateways, ldap, licences, properties},
};

static PROFILE: LazyLock<Profile> = LazyLock::new(profile);

fn said(error: &Error) {
    assert!(!error.sentence().is_empty() && !error.to_string().is_empty());
    let _ = (error.maybe_sent(), error.is_auth(), error.server_down(), error.is_foreign(), error.is_absent());
}

fn outcome<T>(read: Result<T, Error>) -> Option<T> {
    read.inspect_err(said).ok()
}

/// Whatever a list's reader gives, what was written is beside it.
fn all_readers(body: &Value) {
    let written = |key: &str| match body.get(key) {
        Some(Value::Array(list)) => list.clone(),
        Some(one @ Value::Object(map)) if !map.is_empty() => vec![one.clone()],
        _ => Vec::new(),
    };
    let kept = |raws: Vec<&xms::Object>, key: &str| {
        assert!(raws.into_iter().cloned().map(Value::Object).eq(written(key)), "{key}: nothing is left out");
    };
    if let Some(found) = outcome(gateways::read(body)) {
        kept(found.iter().map(|item| &item.raw).collect(), "agList");
    }
    if let Some(found) = outcome(certificates::read(body)) {
        kept(found.list.iter().map(|item| &item.raw).collect(), "certificate");
    }
    if let Some(found) = outcome(ldap::read(body)) {
        kept(found.iter().map(|item| &item.raw).collect(), "adList");
    }
    if let Some(found) = outcome(properties::read(body)) {
        kept(found.iter().map(|item| &item.raw).collect(), "allEwProperties");
        let _ = xms::rest::Lifetime::of(found.iter().map(|item| &item.value as &ServerProperty));
    }
    let _ = (outcome(licences::read(body)), outcome(licences::read_expiry(body)), licences::read_test(body));
    let _ = outcome(devices::read(body));
}

#[test]
fn fuzz_answers() {
    fuzz::check!("answers", 1500, |input: &[u8]| {
        let end = input.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
        let (head, body) = input.split_at(end);
        let head = String::from_utf8_lossy(head);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(200);
        let answer = Answer { status, content_type: None, body };
        if let Some(body) = outcome(decode(answer, "this")) {
            all_readers(&body);
        }
        let _ = (outcome(read::version(answer)), outcome(read::server_info(answer)));
        let _ = outcome(read::login_page(answer, &PROFILE.probes));
    });
}

/// Feeds a text in two pieces: whatever it is, the driver answers or waits, and every task has an outcome.
#[test]
fn fuzz_terminals() {
    const TASKS: &[Task] = &[Task::ClusterStatus, Task::Hazelcast, Task::Date];
    fuzz::check!("terminals", 300, |input: &[u8]| {
        let cut = input.first().map_or(0, |byte| usize::from(*byte) * input.len() / 256);
        let (first, second) = input.split_at(cut);
        let mut driver = Driver::new(PROFILE.clone(), &account(), TASKS);
        for piece in [first, second] {
            if let DriverStep::Send(reply) = driver.receive(piece) {
                assert!(!format!("{reply:?}").contains("geheim"));
            }
        }
        let _ = driver.closed();
        let transcript = driver.finish();
        assert_eq!(transcript.visits.len(), TASKS.len());
        assert!(!format!("{transcript:?}").contains("geheim"));
        let mut screen = Screen::default();
        screen.write(input);
        let text = screen.text();
        if let Some(menu) = Menu::find(&text, &PROFILE.cli) {
            assert!(!menu.entries.is_empty());
        }
        let _ = (answers::cluster_status(&text, &PROFILE.cli), answers::hazelcast(&text, &PROFILE.cli));
    });
}

#[test]
fn fuzz_ids() {
    fuzz::check!("ids", 1500, |input: &[u8]| {
        let text = String::from_utf8_lossy(input);
        match node_id::paste(&text) {
            Ok(id) => assert_eq!(id.to_string().parse::<NodeId>().as_ref(), Ok(&id)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        let _ = Version::parse(&text);
    });
}

#[test]
fn fuzz_host_keys() {
    fuzz::check!("host_keys", 1000, |input: &[u8]| {
        if let Ok(key) = String::from_utf8_lossy(input).parse::<HostKey>() {
            assert!(key.to_string().parse::<HostKey>().is_ok_and(|again| again.same(&key)));
        }
    });
}

#[test]
fn fuzz_profiles() {
    fuzz::check!("profiles", 60, |input: &[u8]| {
        if let Some(profile) = outcome(Profile::parse(&String::from_utf8_lossy(input))) {
            let _ = profile.unverified();
        }
    });
}

#[test]
fn fuzz_nodes() {
    fuzz::check!("nodes", 800, |input: &[u8]| {
        let Ok(node) = serde_json::from_slice::<Node>(input) else { return };
        let _ = (node.address(Port::Management), node.name(), node.to_string());
        let stored = serde_json::to_string(&node).unwrap();
        assert_eq!(serde_json::from_str::<Node>(&stored).unwrap(), node);
    });
}
