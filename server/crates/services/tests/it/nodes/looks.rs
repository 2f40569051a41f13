//! What looks find out, and how often each door is tried.

use super::{Desk, NODES};
use model::{Freshness, node::Door};

#[tokio::test]
async fn a_look_finds_ports_certificates_version_and_clock_without_an_account() {
    let desk = Desk::open().await;
    desk.look().await;
    let facts = desk.facts().await;
    let lab = desk.world.lab.description();
    for facts in &facts {
        assert_eq!(facts.ports.keys().copied().collect::<Vec<_>>(), [443, 4443, 8443]);
        for told in facts.ports.values() {
            assert_eq!(told.value.sha256.as_deref(), Some(lab.xms[0].fingerprint.as_str()));
            assert!(told.value.answers() && told.value.subject.is_some());
        }
        assert!(facts.version.as_ref().unwrap().value.starts_with("10."), "{facts:?}");
        assert!(facts.clock.is_some() && facts.trouble(Door::Open).is_none());
        assert!(facts.devices.is_none() && !facts.tries.contains_key(&Door::Ssh), "there is no account");
    }
    assert_eq!((desk.sum("attempts/rest"), desk.sum("attempts/cli")), (0, 0));
}

#[tokio::test]
async fn each_door_is_tried_at_its_own_pace() {
    let desk = Desk::ready().await;
    for round in 1..=10 {
        desk.world.services.observe_nodes(desk.id, round).await;
        let (rest, ssh) = (desk.sum("attempts/rest"), desk.sum("attempts/cli"));
        assert_eq!((rest, ssh), (if round < 5 { 0 } else { 3 }, if round < 10 { 0 } else { 3 }), "round {round}");
    }
    let facts = desk.facts().await;
    assert!(facts.iter().all(|facts| facts.devices.as_ref().is_some_and(|told| told.value == 1310)), "{facts:?}");
    assert!(facts.iter().all(|facts| facts.members.is_some()));
    let view = desk.view().await;
    let at = view.nodes[0].facts.members.as_ref().unwrap().at;
    assert_eq!(Door::Ssh.freshness(at, view.now, view.interval), Freshness::Fresh);
}

#[tokio::test]
async fn what_a_dead_node_said_stays_with_its_time_and_why_it_says_nothing() {
    let desk = Desk::ready().await;
    desk.look().await;
    let before = desk.facts().await;
    desk.world.lab.power_off(NODES[1]).await.unwrap();
    desk.world.lab.advance(std::time::Duration::from_secs(1)).await;
    desk.look().await;
    let after = desk.facts().await;
    assert_eq!(after[1].version, before[1].version, "with its old time");
    assert!(!after[1].ports[&4443].value.answers() && after[1].ports[&8443].value.problem.is_some());
    for door in [Door::Open, Door::Rest, Door::Ssh] {
        assert!(after[1].trouble(door).unwrap().1.ends_with('.'), "{door}");
    }
    assert!(after[0].trouble(Door::Open).is_none() && after[2].version != before[2].version, "the others go on");
}

#[tokio::test]
async fn a_node_without_its_database_is_no_refusal() {
    let desk = Desk::ready().await;
    let spec =
        lab::FaultSpec { target: NODES[0].to_string(), fault: "db_down".into(), ms: 1, ..lab::FaultSpec::default() };
    desk.world.lab.fault(spec).await.unwrap();
    desk.look().await;
    let view = desk.view().await;
    assert!(view.access.refused.is_empty());
    assert!(view.nodes[0].facts.trouble(Door::Rest).unwrap().1.contains("database"));
    assert!(view.nodes[0].facts.version.is_some() && view.nodes[1].facts.devices.is_some());
}
