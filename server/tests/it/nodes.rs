//! Nodes through the real routes, as a browser without script: keys, accounts, node IDs, one node.

use crate::support::{Browser, Console, lab, mdm_fields, until};
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
    let fields = mdm_fields().map(|(name, value)| (name, if name == "intent" { "save" } else { value }));
    assert_eq!(browser.led("/rpc/save_mdm", &fields).await, "/clusters/1");
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
        let bytes = std::fs::read(&path).unwrap();
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{} holds a secret in the clear", path.display());
        }
    }
}
