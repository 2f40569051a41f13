//! How large the document of a cluster's page is. `cargo xtask bench members` counts the same for three thousand members.

use crate::support::{Browser, Console, lab, mdm_fields, until};
use scraper::Html;
use std::fmt::Write as _;

/// What a browser holds well (DESIGN 8), in elements.
const MOST: usize = 5_000;
/// Of one member in picture, tables and findings together; what each costs is multiplied by thousands.
const EACH: usize = 60;

/// Elements of the cluster's page with so many nodes, each in two groups, and none of them there.
async fn elements(nodes: usize) -> usize {
    let lab = lab().await;
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().unwrap()).await;
    browser.add_appliance(&lab).await;
    let fields = [("title", "Berlin"), ("fqdn", "xms.example.com"), ("appliance", "1")];
    browser.led("/rpc/add_cluster", &fields).await;
    let mut lines = String::new();
    for node in 1..=nodes {
        writeln!(lines, "10.20.60.{node} xms{node:02} {}", 169_090_560 + node).unwrap();
    }
    browser.led("/rpc/save_nodes", &[("cluster", "1"), ("intent", "save"), ("nodes", &lines)]).await;
    assert_eq!(browser.led("/rpc/save_mdm", &mdm_fields()).await, "/clusters/1/plans/1");
    let run = browser.led("/rpc/apply", &[("cluster", "1"), ("plan", "1")]).await;
    until("the run has succeeded", async || browser.page(&run).await.contains("data-status=\"succeeded\"")).await;
    let (last, mut page) = (format!("xms{nodes:02}"), String::new());
    until("all members were seen", async || {
        page = browser.page("/clusters/1").await;
        page.contains(&last) && page.contains(&format!("of {} members UP", 2 * nodes))
    })
    .await;
    Html::parse_document(&page).tree.nodes().filter(|node| node.value().is_element()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clusters_page_grows_by_little_with_each_member() {
    let (few, many) = (elements(3).await, elements(20).await);
    assert!(many < MOST, "{many} elements");
    let each = (many - few) / (2 * 17);
    assert!(each <= EACH, "{each} elements for each member: {few} with 6, {many} with 40");
}
