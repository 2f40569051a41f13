//! Old and talkative fronts, and what is no XenMobile Server of version 10.

use super::{Desk, NODES};
use model::node::Door;

/// A first look at nodes, the first of which has this fault.
async fn meets(fault: &str) -> Desk {
    let desk = Desk::open().await;
    desk.save_accounts().await;
    desk.fault(NODES[0], fault).await;
    first_look(&desk).await;
    desk
}

async fn first_look(desk: &Desk) {
    for node in NODES {
        desk.fetch(node).await.unwrap();
        desk.accept(node).await.unwrap();
    }
    desk.read_ids().await;
    desk.look().await;
}

async fn trouble(desk: &Desk, door: Door) -> Option<String> {
    desk.facts().await[0].trouble(door).map(|(_, sentence)| sentence.to_owned())
}

#[tokio::test]
async fn what_does_not_stop_a_look_is_looked_through() {
    for fault in ["expired", "wrong_name", "incomplete_chain", "ssh_rsa_only", "banner", "early_banner"] {
        let desk = meets(fault).await;
        for door in [Door::Open, Door::Page, Door::Rest, Door::Ssh] {
            assert_eq!(trouble(&desk, door).await, None, "{fault}: {door}");
        }
        let facts = desk.facts().await;
        assert!(facts[0].reported_id().is_some() && facts[0].devices.is_some(), "{fault}");
    }
}

#[tokio::test]
async fn a_node_that_is_too_old_says_what_to_enable() {
    let desk = meets("tls10_only").await;
    assert!(trouble(&desk, Door::Open).await.unwrap().contains("Enable TLS 1.2 in the node's menu"));
    assert!(desk.facts().await[0].reported_id().is_some(), "its menu is read all the same");
}

#[tokio::test]
async fn a_node_whose_key_exchange_is_too_old_is_read_by_its_other_doors() {
    let desk = Desk::open().await;
    desk.save_accounts().await;
    desk.fault(NODES[0], "old_kex").await;
    desk.fetch(NODES[0]).await.unwrap();
    let offered = desk.view().await.nodes[0].keys.offered.clone().unwrap();
    assert!(offered.problems[0].contains("diffie-hellman-group14-sha1"), "{:?}", offered.problems);
    desk.accept(NODES[0]).await.unwrap();
    desk.look().await;
    assert!(desk.facts().await[0].devices.is_some(), "REST is read all the same");
}

#[tokio::test]
async fn what_is_not_xenmobile_10_is_named() {
    let desk = Desk::profiled(lab::fixtures::XENMOBILE_9).await;
    desk.save_accounts().await;
    first_look(&desk).await;
    for door in [Door::Open, Door::Rest] {
        assert!(trouble(&desk, door).await.unwrap().contains("no XenMobile Server of version 10"), "{door}");
    }
}
