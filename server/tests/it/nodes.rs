//! Nodes through the real routes, as a browser without script: keys, accounts, node IDs, one node.

use crate::support::{Browser, Console, SECRET, lab, place, until};
use lab::Lab;
use model::appliance::fingerprint_text;
use reqwest::StatusCode;

/// Planted in a form that fails: it must not come out again.
const PLANTED: &str = "node-SECRET-0815";
const PAGE: &str = "/clusters/1/nodes";

/// A cluster whose nodes are described and nothing else.
async fn described(browser: &Browser, lab: &Lab) {
    browser.add_appliance(lab).await;
    let fields = [("title", "Berlin"), ("fqdn", "xms.example.com"), ("appliance", "1")];
    browser.led("/rpc/add_cluster", &fields).await;
    let fields = [
        ("cluster", "1"),
        ("intent", "save"),
        ("nodes", "10.20.30.11 xms01\r\n10.20.30.12 xms02\r\n10.20.30.13 xms03"),
    ];
    assert_eq!(browser.led("/rpc/save_nodes", &fields).await, "/clusters/1/setup");
}

async fn save(browser: &Browser, rest: (&str, &str), ssh: (&str, &str)) {
    let fields = [
        ("cluster", "1"),
        ("rest_user", rest.0),
        ("rest_password", rest.1),
        ("ssh_user", ssh.0),
        ("ssh_password", ssh.1),
    ];
    assert_eq!(browser.led("/rpc/save_node_access", &fields).await, PAGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_strange_nodes_to_their_ids() {
    let lab = lab().await;
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().unwrap()).await;
    described(&browser, &lab).await;
    let nodes = lab.description().xms.clone();

    // A form that fails keeps the names, never the passwords.
    save(&browser, ("", PLANTED), ("admin", PLANTED)).await;
    let page = browser.page(PAGE).await;
    assert!(page.contains("To whom does this password belong?") && page.contains("value=\"admin\""), "{page}");
    save(&browser, (&nodes[0].user, &nodes[0].password), (&nodes[0].cli_user, &nodes[0].cli_password)).await;
    assert!(!browser.page(PAGE).await.contains("To whom does"));

    // The observer asks without an account, and nobody else's password goes out.
    until("the nodes were seen", async || browser.page(PAGE).await.matches("4443 answers").count() == 3).await;
    for node in &nodes {
        let (ip, tls) = (node.ip.to_string(), fingerprint_text(&node.fingerprint));
        let ssh = format!("ssh-ed25519 {}", node.ssh_fingerprint);
        let this = [("cluster", "1"), ("address", ip.as_str())];
        assert_eq!(browser.led("/rpc/fetch_node_keys", &this).await, PAGE);
        let page = browser.page(PAGE).await;
        assert!(page.contains(&tls) && page.contains(&ssh), "the keys in the form that people compare");
        let other = "ab".repeat(32);
        let wrong = [this[0], this[1], ("tls", other.as_str()), ("ssh", ssh.as_str())];
        browser.led("/rpc/accept_node_keys", &wrong).await;
        assert!(browser.page(PAGE).await.contains("Nothing was accepted"));
        let right = [this[0], this[1], ("tls", node.fingerprint.as_str()), ("ssh", ssh.as_str())];
        assert_eq!(browser.led("/rpc/accept_node_keys", &right).await, PAGE);
    }
    assert_eq!(browser.page(PAGE).await.matches("keys accepted").count(), 3);

    assert_eq!(browser.led("/rpc/read_node_ids", &[("cluster", "1")]).await, PAGE);
    let page = browser.page(PAGE).await;
    assert!(page.contains("Every node reports the ID that its address gives."), "{page}");
    assert!(nodes.iter().all(|node| page.contains(&node.node_id)));
    let node = browser.page("/clusters/1/nodes/10.20.30.13").await;
    assert!(node.contains("Joined: 10.20.30.1") && node.contains("Database already exists"), "{node}");

    let pasted = [("cluster", "1"), ("address", ""), ("text", "Current Node ID: 7")];
    assert_eq!(browser.led("/rpc/paste_node_status", &pasted).await, PAGE);
    let page = browser.page(PAGE).await;
    assert!(page.contains("Say on which node it was printed") && page.contains("Current Node ID: 7"), "kept as typed");
    let pasted = [("cluster", "1"), ("address", "10.20.30.12"), ("text", "Current Node ID: 7")];
    browser.led("/rpc/paste_node_status", &pasted).await;
    assert!(browser.page(PAGE).await.contains("but 7 by what was pasted"));

    for path in ["/live?page=/clusters/1/nodes", "/live?page=/clusters/1/nodes/10.20.30.13"] {
        assert_eq!(browser.get(path).await.status(), StatusCode::OK, "{path}");
    }
    assert_eq!(browser.get("/live?page=/clusters/1/nodes/10.9.9.9").await.status(), StatusCode::NO_CONTENT);
    for path in ["/clusters/1/nodes/10.9.9.9", "/clusters/1/nodes/xms01", "/clusters/9/nodes"] {
        assert_eq!(browser.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    no_secret(&browser, &console, folder.path(), &[PLANTED, &nodes[0].password, &nodes[0].cli_password]).await;
}

/// Each button leads back to where its result is seen, and the password of a form that is tried again is not asked again.
#[tokio::test(flavor = "multi_thread")]
async fn each_act_ends_where_its_result_is_seen() {
    let lab = lab().await;
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().unwrap()).await;
    let led = async |door: &str, fields: &[(&str, &str)]| place(&browser.send(door, fields).await);

    let socks = lab.description().socks.clone();
    let shown = fingerprint_text(&lab.description().netscaler[0].fingerprint);
    let appliance = |intent: &'static str, address: &'static str, password: &'static str| {
        vec![
            ("intent", intent),
            ("title", "Lab"),
            ("address", address),
            ("user", "nsroot"),
            ("password", password),
            ("connect", "socks5"),
            ("via", socks.as_str()),
            ("shown", shown.as_str()),
        ]
    };
    assert_eq!(led("/rpc/add_appliance", &appliance("add", "10.0.0", SECRET)).await, "/appliances/new#address");
    assert_eq!(led("/rpc/add_appliance", &appliance("add", "10.0.0.10", SECRET)).await, "/appliances/new#answer");
    let page = browser.page("/appliances/new").await;
    assert!(page.contains(&shown) && page.contains("is kept, encrypted, until") && !page.contains(SECRET), "{page}");
    assert!(!page.contains("field-error"), "nothing is wrong: {page}");
    assert_eq!(led("/rpc/add_appliance", &appliance("trust-add", "10.0.0.10", "")).await, "/appliances/1");
    let page = browser.page("/appliances/1").await;
    assert!(page.contains("answers") && page.contains("Add a cluster"), "whole at once: {page}");

    let fields = [("title", "Berlin"), ("fqdn", "xms.example.com"), ("appliance", "1")];
    led("/rpc/add_cluster", &fields).await;
    let nodes = [("cluster", "1"), ("intent", "next"), ("nodes", "10.20.30.11 xms01\r\n10.20.30.12 xms02")];
    assert_eq!(led("/rpc/save_nodes", &nodes).await, "/clusters/1/nodes#accounts", "to where the IDs are read");
    let cluster = ("cluster", "1");
    assert_eq!(led("/rpc/read_node_ids", &[cluster]).await, "/clusters/1/nodes#ids");
    assert!(browser.page(PAGE).await.contains("Nothing was asked. An SSH account is missing"));
    let node = lab.description().xms[0].clone();
    let accounts = [
        cluster,
        ("intent", "fetch"),
        ("rest_user", &node.user),
        ("rest_password", &node.password),
        ("ssh_user", &node.cli_user),
        ("ssh_password", &node.cli_password),
    ];
    assert_eq!(led("/rpc/save_node_access", &accounts).await, "/clusters/1/nodes#keys");
    let page = browser.page(PAGE).await;
    assert!(page.contains("All 2 nodes show the same certificate"), "{page}");
    let hidden: Vec<String> = page
        .split("name=\"shown[]\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let accept = [cluster, ("shown[0]", &hidden[0]), ("shown[1]", &hidden[1])];
    assert_eq!(led("/rpc/accept_all_node_keys", &accept).await, "/clusters/1/nodes#keys");
    let page = browser.page(PAGE).await;
    assert!(page.contains("2 of 2 accepted") && !page.contains("Nobody has accepted"), "{page}");
    assert!(page.contains("Use these IDs (2 new)"), "the first look with the accounts read them: {page}");
    assert_eq!(led("/rpc/take_node_ids", &[cluster, ("from", "nodes")]).await, "/clusters/1/nodes#ids");
    let page = browser.page(PAGE).await;
    assert!(page.contains("2 of 2 in the set-up") && page.contains("Next: MDM"), "{page}");
}

async fn no_secret(browser: &Browser, console: &Console, folder: &std::path::Path, secrets: &[&str]) {
    let mut pages = vec![PAGE.to_owned(), "/clusters/1/nodes/10.20.30.11".to_owned(), "/audit".to_owned()];
    pages.extend((1..40).map(|id| format!("/audit/{id}")));
    for page in pages {
        let text = browser.get(&page).await.text().await.unwrap();
        assert!(secrets.iter().all(|secret| !text.contains(secret)), "{page} shows a secret");
    }
    assert!(secrets.iter().all(|secret| !console.log().contains(secret)), "the log shows a secret");
    for entry in std::fs::read_dir(folder.join("data")).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            // The socket for sub-commands.
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{} holds a secret in the clear", path.display());
        }
    }
}
