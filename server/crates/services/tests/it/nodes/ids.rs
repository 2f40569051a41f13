//! Node IDs by each source.

use super::{Desk, NODES};
use model::{
    node::{Lists, Source, id_remarks},
    record::{Outcome, RecordKind},
    state::Tone,
};
use services::Failure;
use std::net::Ipv4Addr;

async fn paste(desk: &Desk, node: Option<Ipv4Addr>, text: &str) -> Result<(), Failure> {
    desk.world.services.nodes().paste_status(&desk.writer(), desk.id, node, text).await
}

fn tones(facts: &[model::node::NodeFacts]) -> Vec<Tone> {
    id_remarks(facts).into_iter().map(|remark| remark.tone).collect()
}

#[tokio::test]
async fn all_three_nodes_tell_their_ids_members_and_roles() {
    let desk = Desk::ready().await;
    assert_eq!(tones(&desk.facts().await), [Tone::Unknown], "computed only");
    desk.read_ids().await;
    let facts = desk.facts().await;
    for (node, facts) in desk.world.lab.description().xms.iter().zip(&facts) {
        let id = facts.id(Source::Ssh).unwrap();
        assert_eq!((&id.id, facts.address, id.is_verified()), (&node.node_id, node.ip, false));
        assert_eq!(facts.members.as_ref().unwrap().value.list.len(), 3);
        assert_eq!(facts.own_line().unwrap().value.status, "ACTIVE");
        assert_eq!(Lists::of(&desk.facts().await, 5).joined(facts.address).tone, Tone::Good);
    }
    assert_eq!(facts[0].own_line().unwrap().value.role, "OLDEST");
    assert_eq!(tones(&facts), [Tone::Good]);
    let ended = desk.log().await.into_iter().find(|entry| entry.kind == RecordKind::NodeIdsEnded).unwrap();
    assert_eq!(
        (ended.outcome, ended.summary.as_str()),
        (Some(Outcome::Succeeded), "3 of 3 nodes of Berlin told their node ID.")
    );
}

#[tokio::test]
async fn a_node_that_is_off_does_not_keep_the_others_from_answering() {
    let desk = Desk::ready().await;
    desk.world.lab.power_off(NODES[0]).await.unwrap();
    desk.read_ids().await;
    let facts = desk.facts().await;
    let told: Vec<bool> = facts.iter().map(|facts| facts.id(Source::Ssh).is_some()).collect();
    assert_eq!(told, [false, true, true]);
    assert_eq!(Lists::of(&facts, 5).joined(NODES[0]).tone, Tone::Bad, "the others list it as dead, or not at all");
    let ended = desk.log().await.into_iter().find(|entry| entry.kind == RecordKind::NodeIdsEnded).unwrap();
    assert_eq!(ended.outcome, Some(Outcome::Failed));
}

#[tokio::test]
async fn a_page_may_tell_the_id_without_an_account() {
    let desk = Desk::profiled("[mam]\npaths = [\"/zdm/login\"]\n").await;
    desk.read_ids().await;
    let facts = desk.facts().await;
    for (node, facts) in desk.world.lab.description().xms.iter().zip(&facts) {
        let id = facts.id(Source::ConsolePage).unwrap();
        assert_eq!((&id.id, id.is_verified()), (&node.node_id, false));
        assert!(facts.id(Source::Ssh).is_none());
    }
    assert_eq!(tones(&facts), [Tone::Good]);
}

#[tokio::test]
async fn an_id_in_another_form_is_another_id_or_the_same() {
    let desk = Desk::ready().await;
    desk.fault(NODES[0], "legacy_node_id").await;
    desk.fault(NODES[1], "signed_node_id").await;
    desk.read_ids().await;
    let facts = desk.facts().await;
    assert_eq!(facts[0].reported_id().unwrap().id.len(), 19);
    let remarks = id_remarks(&facts);
    assert_eq!((remarks.len(), remarks[0].tone), (1, Tone::Warn), "{remarks:?}");
    assert!(remarks[0].sentence.starts_with("10.20.30.11"));
}

#[tokio::test]
async fn pasted_text_is_read_like_the_nodes_own() {
    let desk = Desk::open().await;
    let text = "Current Node ID: 169090572\r\n\r\nCluster Members:\r\n\
                node: 10.20.30.11 status: ACTIVE role: OLDEST\r\nnode: 10.20.30.12 status: ACTIVE role: NONE\r\n";
    paste(&desk, None, text).await.unwrap();
    let facts = desk.facts().await;
    assert_eq!(facts[1].id(Source::Pasted).unwrap().id, "169090572");
    assert_eq!(facts[1].own_line().unwrap().value.status, "ACTIVE");
    assert_eq!(Lists::of(&facts, 5).joined(NODES[0]).tone, Tone::Good);
    assert_eq!(Lists::of(&facts, 5).joined(NODES[2]).tone, Tone::Bad);
    paste(&desk, Some(NODES[2]), " 169090573 ").await.unwrap();
    assert_eq!(desk.facts().await[2].reported_id().unwrap().id, "169090573");
    assert_eq!((desk.sum("attempts/rest"), desk.sum("attempts/cli")), (0, 0));

    let field = async |node, text: &str| match paste(&desk, node, text).await {
        Err(Failure::Fields(errors)) => errors.0.into_keys().next().unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(field(None, "  ").await, "text");
    assert_eq!(field(None, "Login incorrect").await, "text");
    assert_eq!(field(None, "Node ID: 7").await, "address", "no node's address gives it");
    assert_eq!(field(None, "node: 10.20.30.11 status: ACTIVE role: NONE").await, "address");
    assert!(matches!(paste(&desk, Some(Ipv4Addr::new(10, 9, 9, 9)), "Node ID: 7").await, Err(Failure::NotFound(_))));
}

#[tokio::test]
async fn twins_and_swapped_nodes_are_named() {
    let desk = Desk::open().await;
    let id = |node: Ipv4Addr| format!("Current Node ID: {}", node.to_bits());
    paste(&desk, Some(NODES[0]), &id(NODES[1])).await.unwrap();
    paste(&desk, Some(NODES[1]), &id(NODES[0])).await.unwrap();
    let remarks = id_remarks(&desk.facts().await);
    assert!(remarks[0].sentence.contains("each other's"), "{remarks:?}");
    paste(&desk, Some(NODES[1]), &id(NODES[1])).await.unwrap();
    let remarks = id_remarks(&desk.facts().await);
    assert!(remarks[0].sentence.contains("the same node ID"), "{remarks:?}");
    assert_eq!(remarks[0].tone, Tone::Bad);
}

#[tokio::test]
async fn a_cluster_without_nodes_has_nothing_to_ask() {
    let desk = Desk::open().await;
    let form =
        model::cluster::ClusterForm { title: "Empty".into(), fqdn: "x.example.com".into(), appliance: "1".into() };
    let admin = desk.world.cx.admin().unwrap();
    let id = desk.world.services.clusters().add(&admin, &form).await.unwrap();
    assert!(matches!(desk.world.services.nodes().read_ids(&desk.writer(), id).await, Err(Failure::Refused(_))));
    assert!(desk.world.services.nodes().facts(&desk.world.cx, id).await.unwrap().is_empty());
    desk.world.services.nodes().observe(id, 0).await;
}
