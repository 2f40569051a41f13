//! Shown, compared, accepted; and changed.

use super::{Desk, NODES};
use model::{node::Door, record::RecordKind};
use services::Failure;

#[tokio::test]
async fn keys_are_shown_without_a_password_and_pinned_as_they_were_shown() {
    let desk = Desk::open().await;
    desk.save_accounts().await;
    desk.fetch(NODES[0]).await.unwrap();
    let lab = desk.world.lab.description().xms[0].clone();
    let offered = desk.view().await.nodes[0].keys.offered.clone().unwrap();
    assert_eq!(offered.keys.tls.as_deref(), Some(lab.fingerprint.as_str()));
    assert_eq!(offered.keys.ssh.as_deref(), Some(format!("ssh-ed25519 {}", lab.ssh_fingerprint).as_str()));
    assert!(offered.subject.unwrap().starts_with("CN="), "the name in the certificate");
    // Shown is not accepted: no account is shown to anybody.
    desk.read_ids().await;
    desk.look().await;
    assert_eq!((desk.sum("attempts/rest"), desk.sum("attempts/cli")), (0, 0));
    let facts = desk.facts().await;
    assert!(facts[0].trouble(Door::Ssh).unwrap().1.contains("accept"), "{facts:?}");
    assert!(facts[0].trouble(Door::Rest).unwrap().1.contains("Nobody has accepted the certificate"), "{facts:?}");

    // Somebody saw other keys than are offered now.
    let writer = desk.writer();
    let other = "ab".repeat(32);
    let accept = desk.world.services.nodes().accept_keys(&writer, desk.id, NODES[0], Some(&other), None);
    assert!(
        matches!(accept.await, Err(Failure::Refused(refusal)) if refusal.sentence().contains("Nothing was accepted"))
    );
    assert!(desk.view().await.nodes[0].keys.accepted.is_none());

    desk.accept(NODES[0]).await.unwrap();
    let accepted = desk.view().await.nodes[0].keys.accepted.clone().unwrap();
    assert_eq!((accepted.keys, accepted.by_name.as_str()), (offered.keys, "ada"));
    let kinds: Vec<RecordKind> = desk.log().await.iter().map(|entry| entry.kind).collect();
    for kind in [RecordKind::NodeKeysBegun, RecordKind::NodeKeysEnded, RecordKind::NodeKeysAccepted] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
}

#[tokio::test]
async fn a_changed_host_key_stops_the_node_until_it_is_accepted() {
    let desk = Desk::ready().await;
    desk.fault(NODES[1], "new_host_key").await;
    desk.read_ids().await;
    let view = desk.view().await;
    assert!(view.nodes[1].keys.alarm("10.20.30.12").unwrap().contains("another SSH host key"));
    assert!(view.nodes[0].facts.reported_id().is_some() && view.nodes[1].facts.reported_id().is_none());
    assert_eq!(desk.sum("attempts/cli"), 2, "the password went to the other two alone");
    // REST is not used either, though its certificate is the same.
    desk.look().await;
    assert_eq!((desk.sum("attempts/rest"), desk.sum("attempts/cli")), (2, 4));
    let facts = desk.facts().await;
    for door in [Door::Ssh, Door::Page, Door::Rest] {
        assert!(facts[1].trouble(door).unwrap().1.contains("SSH host key"), "{door}: {facts:?}");
    }
    let changes = async || desk.log().await.iter().filter(|entry| entry.kind == RecordKind::NodeKeyChanged).count();
    assert_eq!(changes().await, 1, "said once");

    desk.fetch(NODES[1]).await.unwrap();
    assert_eq!((changes().await, desk.sum("attempts/cli")), (1, 4));
    desk.accept(NODES[1]).await.unwrap();
    desk.read_ids().await;
    let view = desk.view().await;
    assert!(view.nodes[1].keys.changed.is_none() && view.nodes[1].facts.reported_id().is_some());
}

#[tokio::test]
async fn a_changed_certificate_is_found_by_a_look_and_ends_all_use() {
    let desk = Desk::ready().await;
    desk.fault(NODES[2], "new_certificate").await;
    desk.look().await;
    let view = desk.view().await;
    assert!(view.nodes[2].keys.alarm("10.20.30.13").unwrap().contains("another certificate"));
    assert!(view.nodes[2].facts.version.is_none(), "whoever that is was asked nothing more");
    assert!(view.nodes[0].facts.version.is_some());
    assert_eq!((desk.sum("attempts/rest"), desk.sum("attempts/cli")), (2, 2));
    desk.read_ids().await;
    assert_eq!(desk.sum("attempts/cli"), 4);
    let facts = desk.facts().await;
    assert!(facts[2].trouble(Door::Ssh).unwrap().1.contains("another certificate"), "{facts:?}");
}

#[tokio::test]
async fn a_node_that_is_off_shows_nothing_and_strangers_have_no_keys() {
    let desk = Desk::open().await;
    desk.world.lab.power_off(NODES[0]).await.unwrap();
    assert!(
        matches!(desk.fetch(NODES[0]).await, Err(Failure::Refused(refusal)) if refusal.sentence().contains("10.20.30.11"))
    );
    assert!(desk.view().await.nodes[0].keys.offered.is_none());
    let ended = desk.log().await.into_iter().find(|entry| entry.kind == RecordKind::NodeKeysEnded).unwrap();
    assert_eq!(ended.outcome, Some(model::record::Outcome::Failed));
    let stranger = "10.20.30.99".parse().unwrap();
    assert!(matches!(desk.fetch(stranger).await, Err(Failure::NotFound(_))));
}
