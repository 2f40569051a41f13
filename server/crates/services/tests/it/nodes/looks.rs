//! What looks find out, and how often each door is tried.

use super::{Desk, NODES};
use model::{
    Freshness,
    node::{Door, TroubleKind, Web},
};

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
        desk.world.services.nodes().observe(desk.id, round).await;
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

#[tokio::test]
async fn what_the_database_holds_is_asked_of_one_node_in_a_round() {
    let desk = Desk::ready().await;
    desk.look().await;
    let facts = desk.facts().await;
    assert_eq!(facts.iter().filter(|facts| facts.apns.is_some()).count(), 1);
    let told = facts.iter().find(|facts| facts.apns.is_some()).unwrap();
    let (now, apns) = (desk.view().await.now, &told.apns.as_ref().unwrap().value);
    assert!(apns.days_left(now).is_some_and(|days| (198..=200).contains(&days)), "{apns:?}");
    assert_eq!((apns.expired, apns.topic_mismatch), (Some(false), Some(false)));
    let licences = &told.licences.as_ref().unwrap().value;
    assert_eq!((licences.list[0].in_use, licences.list[0].is_used_up()), (Some(812), false));
    let directories = &told.directories.as_ref().unwrap().value;
    assert_eq!(directories[0].servers, ["10.20.30.6:389", "10.20.30.7:389"]);
    for fault in ["apns_expired", "licence_out"] {
        desk.fault(NODES[1], fault).await;
    }
    desk.look().await;
    // What it holds is the same whoever tells it.
    let facts = desk.facts().await;
    let newest = facts
        .iter()
        .filter(|facts| facts.apns.is_some())
        .max_by_key(|facts| facts.licences.as_ref().map(|told| told.at));
    let told = newest.unwrap();
    let holds = |facts: &model::node::NodeFacts| {
        let apns = facts.apns.as_ref().is_some_and(|told| told.value.expired == Some(true));
        apns && facts.licences.as_ref().is_some_and(|told| told.value.list[0].is_used_up())
    };
    assert!(facts.iter().any(holds), "{told:?}");
}

#[tokio::test]
async fn a_page_behind_each_port_is_asked_for_and_the_certificate_is_read() {
    let desk = Desk::open().await;
    desk.fault(NODES[0], "recovery_mode").await;
    desk.fault(NODES[1], "wrong_name").await;
    desk.look().await;
    let facts = desk.facts().await;
    assert!([443, 8443, 4443].iter().all(|port| facts[0].ports[port].value.is_in_recovery()), "{:?}", facts[0].ports);
    assert_eq!(facts[0].trouble_kind(Door::Open), Some(TroubleKind::Http { status: 503 }));
    let shown = facts[1].ports[&443].value.certificate.as_ref().unwrap();
    assert_eq!(shown.covers("xms.example.com"), Some(false));
    let healthy = &facts[2].ports;
    assert_eq!(healthy[&8443].value.web, Some(Web::Serves { enrolment: Some(true) }));
    for told in healthy.values() {
        let certificate = told.value.certificate.as_ref().unwrap();
        assert_eq!((told.value.chain, certificate.covers("xms.example.com")), (1, Some(true)));
        assert!(told.value.serves() && certificate.days_left(desk.view().await.now).is_some_and(|days| days > 30));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_silent_node_makes_nobody_elses_facts_old() {
    for fault in ["hang", "web_dead_tcp_up"] {
        let desk = Desk::ready().await;
        desk.fault(NODES[1], fault).await;
        let mut heard = desk.world.services.listen();
        let (services, id) = (desk.world.services.clone(), desk.id);
        let look = tokio::spawn(async move { services.nodes().observe(id, 0).await });
        let stored = |facts: &model::node::NodeFacts| {
            [Door::Open, Door::Rest, Door::Ssh]
                .iter()
                .all(|door| facts.tries.get(door).is_some_and(|told| told.value.is_none()))
        };
        loop {
            let facts = desk.facts().await;
            if stored(&facts[0]) && stored(&facts[2]) {
                assert!(!facts[1].tries.contains_key(&Door::Open), "{fault}: the silent one is still being waited for");
                break;
            }
            heard.recv().await.unwrap();
        }
        assert!(!look.is_finished(), "{fault}");
        look.await.unwrap();
        let facts = desk.facts().await;
        assert_eq!(facts[1].trouble_kind(Door::Open), Some(TroubleKind::Silent), "{fault}");
        assert_eq!(facts[1].trouble_kind(Door::Rest), Some(TroubleKind::Silent), "{fault}: nobody logs in there");
    }
}
