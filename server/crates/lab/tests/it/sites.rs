//! A further cluster behind the same appliances: everything of its own, and nothing of it where nobody asked for one.

use lab::{ClockMode, Lab, Options, Seed, Site};
use serde_json::{Value, json};
use std::net::Ipv4Addr;

async fn with_hamburg(seed: Seed) -> Lab {
    let site = Site {
        fqdn: "mdm.example.org".into(),
        nodes: (11..=12).map(|last| Ipv4Addr::new(10, 20, 50, last)).collect(),
        gateway: Ipv4Addr::new(10, 20, 50, 40),
    };
    lab::start(Options { seed, clock: ClockMode::Manual, sites: vec![site], ..Options::default() }).await.unwrap()
}

/// One fact of each item.
fn each(list: &Value, fact: &str) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|item| item.pointer(fact).cloned().unwrap_or_default()).collect()
}

#[tokio::test]
async fn a_further_site_has_nodes_a_name_a_certificate_and_a_gateway_of_its_own() {
    let lab = with_hamburg(Seed::Empty).await;
    let state = lab.state();
    let names = each(&state["nodes"], "/xms/fqdn");
    assert_eq!(names, [vec![json!("xms.example.com"); 3], vec![json!("mdm.example.org"); 2]].concat());
    let databases = each(&state["nodes"], "/xms/database");
    assert_eq!(databases[2..4], [json!("xmsdb"), json!("xmsdb_example_org")]);
    let gateways = &state["appliances"][0]["gateways"];
    assert_eq!(each(gateways, "/name"), [json!("_XM_ag.example.com"), json!("_XM_ag.example.org")]);
    assert_eq!(each(gateways, "/state"), [json!("UP"), json!("UP")]);
    assert_eq!(each(gateways, "/certificates/0"), [json!("wildcard-example"), json!("wildcard-example-org")]);

    let site = &lab.sites()[0];
    assert_eq!(site.vips, [Ipv4Addr::new(10, 20, 50, 51), Ipv4Addr::new(10, 20, 50, 52)]);
    assert_eq!((site.fqdn.as_str(), site.nodes.len()), ("mdm.example.org", 2));
    let first = &lab.description().xms;
    assert_eq!((first.len(), lab.suggestions().nodes.len()), (3, 3), "the first site is described as ever");
    assert_ne!(first[0].fingerprint, site.nodes[0].fingerprint);
    assert_ne!(first[0].password, site.nodes[0].password);

    lab.reset(Seed::Empty).await.unwrap();
    assert_eq!(each(&lab.state()["nodes"], "/xms/fqdn"), names, "a reset keeps them apart");
}

#[tokio::test]
async fn a_seed_sets_up_the_first_site_alone() {
    let lab = with_hamburg(Seed::SetUp).await;
    let groups = lab.state()["appliances"][0]["groups"].clone();
    assert_eq!(each(&groups[0]["members"], "/address"), ["10.20.30.11", "10.20.30.12", "10.20.30.13"]);
}

#[tokio::test]
async fn without_one_a_lab_has_what_the_procedure_presupposes_and_no_more() {
    let lab = lab::start(Options { clock: ClockMode::Manual, ..Options::default() }).await.unwrap();
    assert!(lab.sites().is_empty());
    let state = lab.state();
    assert_eq!(state["appliances"][0]["gateways"].as_array().map(Vec::len), Some(1));
    assert_eq!(state["appliances"][0]["certkeys"].as_array().map(Vec::len), Some(4));
}
