//! One table for all fault switches: a fault changes exactly the facts that it names, and they come back with its end.

use crate::nodes::{
    cluster::sees,
    shell::Shell,
    support::{Desk, NODES, VERSION, builder},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, time::Duration};
use tokio::time::timeout;

/// How long a node may be silent; generous, because a healthy one must never be taken for a silent one.
const PATIENCE: Duration = Duration::from_millis(2500);

type Facts = BTreeMap<&'static str, String>;

/// What clients see of the first node, and the second node of it.
async fn facts(desk: &Desk, token: &str) -> Facts {
    let mut facts = Facts::new();
    let client = builder().timeout(PATIENCE).tls_info(true).build().unwrap();
    let node = desk.node(0);
    let web = |url: String| client.get(url).header("Accept", "application/json").header("Referer", "x");
    let version = web(format!("{}{VERSION}", node.management)).send().await;
    let Ok(version) = version else {
        facts.insert("web", "silent".to_owned());
        facts.insert("shell", shell(desk).await.map_or_else(|| "silent".to_owned(), |found| found.0));
        facts.insert("seen", format!("{:?}", sees(desk, 1).await));
        return facts;
    };
    facts.insert("web", "talks".to_owned());
    facts.insert("date", version.headers()["date"].to_str().unwrap().to_owned());
    let leaf = version.extensions().get::<reqwest::tls::TlsInfo>().unwrap().peer_certificate().unwrap().to_vec();
    facts.insert("certificate", hex::encode(Sha256::digest(leaf)));
    facts.insert("version", format!("{} {}", version.status().as_u16(), version.text().await.unwrap()));
    let page = desk.send(desk.page(0, "/zdm/login_xdm_uc.jsp")).await;
    facts.insert("page", page.status.to_string());
    for (name, user) in [("login", "administrator"), ("directory login", "console-svc@example.com")] {
        facts.insert(name, desk.try_login(0, user, &node.password).await.status.to_string());
    }
    let get = async |path: &str| desk.call(0, Some(token), "GET", path, None).await;
    let reply = get("certificates").await;
    facts.insert("api", reply.status.to_string());
    if reply.status == 200 {
        facts.insert("apns", reply.json()["apnsCheckObj"]["certExpired"].to_string());
        let licences = get("licenses").await.json()["cpLicenseServer"]["licenseList"][0].clone();
        facts.insert("licences", format!("{}/{}", licences["licensesInUse"], licences["licensesAvailable"]));
    }
    let at = desk.state(0)["ports"]["443"]["at"].as_str().unwrap().to_owned();
    let check_in = desk.send(desk.http.put(format!("https://{at}/zdm/ios/mdm/checkin")).body("<plist/>")).await;
    facts.insert("check-in", check_in.status.to_string());
    let (id, key) = shell(desk).await.unwrap();
    facts.insert("shell", id);
    facts.insert("host key", key);
    facts.insert("seen", format!("{:?}", sees(desk, 1).await));
    facts
}

/// What it says its ID is, and its host key; nothing when it says nothing.
async fn shell(desk: &Desk) -> Option<(String, String)> {
    let talk = async {
        let mut shell = Shell::open(desk, 0, false).await;
        shell.until("[0 - 5] ").await;
        shell.ask("1", "[0 - 5] ").await;
        let status = shell.ask("1", "[0 - 5] ").await;
        (status.lines().next().unwrap().to_owned(), shell.fingerprint)
    };
    timeout(PATIENCE, talk).await.ok()
}

/// What each fault changes. Silence takes away all facts that need a word.
const TABLE: &[(&str, u64, &[&str])] = &[
    ("db_down", 1, &["login", "directory login", "api", "apns", "licences"]),
    ("db_rights", 0, &[]),
    ("clock_skew", 61_000, &["date", "seen"]),
    ("clock_behind", 61_000, &["date", "seen"]),
    ("port80_block", 0, &["seen"]),
    ("port80_flap", 60_000, &["seen"]),
    ("cluster_flag_off", 0, &["seen"]),
    ("clone_ip", 0, &["shell", "seen"]),
    ("moved_ip", 0, &["shell", "seen"]),
    ("wrong_version", 0, &["version"]),
    ("cert_old", 0, &["certificate"]),
    ("cert_chain_missing", 0, &["certificate"]),
    ("new_certificate", 0, &["certificate"]),
    ("expired", 0, &["certificate"]),
    ("wrong_name", 0, &["certificate"]),
    ("apns_expired", 0, &["apns"]),
    ("licence_out", 0, &["licences"]),
    ("ldap_down", 0, &["directory login"]),
    ("web_dead_tcp_up", 0, SILENT_WEB),
    ("slow_ms", 60_000, SILENT_WEB),
    ("tls10_only", 0, SILENT_WEB),
    ("hang", 0, SILENT),
    ("token_early_expiry", 0, &["api", "apns", "licences"]),
    ("html_errors", 0, &["version", "page", "login", "directory login", "api", "apns", "licences", "check-in"]),
    ("checkin_401", 0, &["check-in"]),
    ("checkin_412", 0, &["check-in"]),
    (
        "recovery_mode",
        0,
        &["version", "page", "login", "directory login", "api", "apns", "licences", "check-in", "seen"],
    ),
    ("legacy_node_id", 0, &["shell"]),
    ("signed_node_id", 0, &["shell"]),
    ("new_host_key", 0, &["host key"]),
    ("clone_host_key", 0, &["host key"]),
];

const SILENT_WEB: &[&str] = &[
    "web",
    "date",
    "certificate",
    "version",
    "page",
    "login",
    "directory login",
    "api",
    "apns",
    "licences",
    "check-in",
    "host key",
];

const SILENT: &[&str] = &[
    "web",
    "date",
    "certificate",
    "version",
    "page",
    "login",
    "directory login",
    "api",
    "apns",
    "licences",
    "check-in",
    "shell",
    "host key",
    "seen",
];

#[tokio::test]
async fn a_fault_changes_what_it_names_and_nothing_else() {
    // Some labs side by side: what takes time is waiting for those that are silent.
    futures::future::join_all(TABLE.chunks(4).map(strike_each)).await;
}

/// Each of these faults in turn, in a lab of its own.
async fn strike_each(faults: &[(&str, u64, &[&str])]) {
    // Above 127.x, where signed and unsigned numbers differ.
    let nodes = vec![[192, 168, 30, 11].into(), NODES[1], NODES[2]];
    let profile = "[site]\nnetmask = \"255.0.0.0\"".to_owned();
    let desk = Desk::with(lab::Options { nodes, profile: Some(profile), ..lab::Options::default() }).await;
    for (word, ms, named) in faults {
        // The one before may have ended it.
        let token = desk.login(0).await;
        let before = facts(&desk, &token).await;
        let spec = lab::FaultSpec {
            target: "192.168.30.11".to_owned(),
            fault: (*word).to_owned(),
            ms: *ms,
            ..lab::FaultSpec::default()
        };
        desk.lab.fault(spec).await.unwrap();
        let during = facts(&desk, &token).await;
        desk.lab.clear_faults().await.unwrap();
        let token = desk.login(0).await;
        assert_eq!(facts(&desk, &token).await, before, "{word}: not as before");
        let mut changed: Vec<_> = before.keys().chain(during.keys()).copied().collect();
        changed.sort_unstable();
        changed.dedup();
        changed.retain(|name| before.get(name) != during.get(name));
        let mut named = named.to_vec();
        named.sort_unstable();
        assert_eq!(changed, named, "{word}: {before:#?} {during:#?}");
    }
}

#[tokio::test]
async fn without_rights_to_the_schema_the_next_start_ends_in_recovery() {
    let desk = Desk::open().await;
    let restart = async || {
        let mut shell = Shell::open(&desk, 0, false).await;
        let greeting = shell.until("[0 - 5] ").await;
        shell.walk(&[("2", "[0 - 10] "), ("8", "[y/n] ")]).await;
        shell.type_in("y\n").await;
        shell.rest().await;
        while desk.state(0)["power"] != "restarting" {
            tokio::task::yield_now().await;
        }
        desk.minutes(3).await;
        greeting
    };
    desk.fault(0, "db_rights", 0).await;
    assert_eq!(desk.version(0).await.status, 200, "as long as nobody restarts it");
    restart().await;
    assert_eq!(desk.version(0).await.status, 503);
    assert_eq!(sees(&desk, 1).await, [12, 13]);
    desk.lab.clear_faults().await.unwrap();
    assert_eq!(desk.version(0).await.status, 503, "granted rights need a restart");
    assert!(restart().await.contains("recovery mode"));
    assert_eq!(desk.version(0).await.status, 200);
    assert_eq!(desk.state(0)["xms"]["recovery"], Value::from(false));
}

#[tokio::test]
async fn offload_serves_port_80_in_the_clear_and_reads_the_certificates_header() {
    let desk = Desk::open().await;
    let base = format!("http://{}", desk.state(0)["ports"]["80"]["at"].as_str().unwrap());
    let client = builder().timeout(PATIENCE).build().unwrap();
    client.get(format!("{base}/zdm/login_xdm_uc.jsp")).send().await.unwrap_err();
    let mut shell = Shell::open(&desk, 0, false).await;
    shell.until("[0 - 5] ").await;
    shell.ask("1", "[0 - 5] ").await;
    assert!(shell.ask("4", "[y/n] ").await.contains("white list"));
    assert!(shell.ask("y", "[0 - 5] ").await.contains("SSL offload is enabled"));
    for path in ["/zdm/login_xdm_uc.jsp", "/zdm/cxf/public/getserverinfo"] {
        assert_eq!(desk.send(desk.http.get(format!("{base}{path}"))).await.status, 200, "{path}");
    }
    let store = desk.send(desk.http.get(format!("{base}/Citrix/StoreWeb/"))).await;
    assert_eq!(store.cookie("ACNODEID").unwrap(), "169090571");
    let check_in = desk.http.put(format!("{base}/zdm/ios/mdm/checkin")).header("NSClientCert", "CN=device-7").body("x");
    assert_eq!(desk.send(check_in).await.status, 200);
    shell.walk(&[("0", "[0 - 5] "), ("3", "[0 - 3] "), ("2", "[0 - 1] ")]).await;
    let log = shell.ask("1", "[0 - 1] ").await;
    assert!(log.contains("NS offloaded certificate found in the request: CN=device-7"), "{log}");
    assert_eq!(desk.call(0, None, "GET", "netscaler", None).await.status, 401);
    let api = desk.http.get(format!("{base}/xenmobile/api/v1/netscaler"));
    desk.send(api).await.is_page(404);
}

#[tokio::test]
async fn port_443_asks_for_a_certificate_and_takes_any() {
    let desk = Desk::open().await;
    let pair = rcgen::generate_simple_self_signed(vec!["device-8".to_owned()]).unwrap();
    let pem = format!("{}{}", pair.cert.pem(), pair.signing_key.serialize_pem());
    let identity = reqwest::Identity::from_pem(pem.as_bytes()).unwrap();
    let client = builder().identity(identity).build().unwrap();
    let at = desk.state(0)["ports"]["443"]["at"].as_str().unwrap().to_owned();
    let check_in = |client: &reqwest::Client| client.put(format!("https://{at}/zdm/ios/mdm/checkin")).body("x");
    assert_eq!(desk.send(check_in(&desk.http)).await.status, 200, "none will do too");
    assert_eq!(desk.send(check_in(&client)).await.status, 200);
    let mut shell = Shell::open(&desk, 0, false).await;
    shell.until("[0 - 5] ").await;
    shell.walk(&[("3", "[0 - 3] "), ("2", "[0 - 1] ")]).await;
    let log = shell.ask("1", "[0 - 1] ").await;
    assert_eq!(log.matches("client certificate: ").count(), 1, "{log}");
}

#[tokio::test]
async fn a_directory_locks_an_account_when_its_rule_says_so() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let password = desk.node(0).password.clone();
    let user = "console-svc@example.com";
    let status = async |user: &str, password: &str| desk.try_login(0, user, password).await.status;
    for _ in 0..5 {
        assert_eq!(status(user, "wrong").await, 401);
    }
    assert_eq!(status(user, &password).await, 200, "the built-in rule is never");
    let rule = json!({ "lockoutLimit": "3", "lockoutTime": 2 });
    let path = "ldap/msactivedirectory/example.com";
    assert_eq!(desk.call(0, Some(&token), "PUT", path, Some(rule)).await.status, 200);
    for _ in 0..3 {
        assert_eq!(status(user, "wrong").await, 401);
        assert_eq!(status("administrator", "wrong").await, 401);
    }
    assert_eq!(status(user, &password).await, 401, "locked");
    assert_eq!(desk.try_login(1, user, &password).await.status, 401, "on every node");
    assert_eq!(status("administrator", &password).await, 200, "local ones never");
    desk.minutes(2).await;
    assert_eq!(status(user, &password).await, 200);
}
