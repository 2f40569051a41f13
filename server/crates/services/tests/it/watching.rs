//! The observer's looks over the lab: how many requests each takes, and what they notice.

use crate::support::{World, world};
use model::{
    ApplianceId, ClusterId,
    finding::{CheckCode, Finding, Grade},
    object::{Kind, ObjectRef},
    snapshot::Snapshot,
    state::Tone,
};
use services::ClusterView;
use std::{net::Ipv4Addr, time::Duration};

const XMS02: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 12);

async fn applied() -> (World, ClusterId, ApplianceId) {
    let world = world().await;
    let (id, appliance) = world.set_up().await;
    (world, id, appliance)
}

async fn view(world: &World, id: ClusterId) -> ClusterView {
    world.services.clusters().show(&world.cx, id).await.unwrap()
}

fn snapshot(view: &ClusterView) -> &Snapshot {
    &view.sighting.seen.as_ref().unwrap().1
}

fn gets(world: &World) -> usize {
    world.lab.requests().iter().filter(|request| request.method == "GET").count()
}

fn trouble(view: &ClusterView) -> Vec<&Finding> {
    view.findings.iter().filter(|finding| finding.outcome < Grade::NotChecked).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_procedure_leaves_nothing_to_find() {
    let (world, id, appliance) = applied().await;
    let before = gets(&world);
    world.services.observer().look(appliance).await;
    assert!(gets(&world) - before <= 20, "{}", gets(&world) - before);
    // The numbers come with the next one.
    world.services.observer().glance(appliance).await;
    assert_eq!(view(&world, id).await.verdict().0, Tone::Unknown, "nobody has asked the nodes themselves yet");
    world.services.nodes().observe(id, 0).await;
    let view = view(&world, id).await;
    assert!(trouble(&view).is_empty(), "{:#?}", trouble(&view));
    assert_eq!(view.verdict(), (Tone::Good, "UP, 9 of 9 members UP".to_owned()));
    assert!(view.certificate_days().is_some_and(|days| days > 30));
    let counted = snapshot(&view).of_kind(Kind::Member).filter(|seen| seen.facts.contains_key("connections")).count();
    assert_eq!(counted, 9);
    let vserver = snapshot(&view).find(&ObjectRef::vserver("xms-berlin-mam-8443")).unwrap();
    assert!(vserver.facts.contains_key("requests_rate"), "{:?}", vserver.facts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_makes_no_old_sight_new() {
    let (world, id, appliance) = applied().await;
    world.services.observer().look(appliance).await;
    world.services.nodes().observe(id, 0).await;
    assert_eq!(view(&world, id).await.verdict().0, Tone::Good);
    world.clock.set_by(-86_400);
    world.lab.advance(Duration::from_mins(1)).await;
    assert_eq!(view(&world, id).await.verdict().0, Tone::Unknown, "nobody looked for a minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_glance_is_cheap_and_sees_a_node_go_and_come_back() {
    let (world, id, appliance) = applied().await;
    world.services.observer().look(appliance).await;
    let whole_at = snapshot(&view(&world, id).await).whole_at;
    world.lab.power_off(XMS02).await.unwrap();
    world.lab.advance(Duration::from_mins(1)).await;
    for look in 1..=3 {
        let before = gets(&world);
        world.services.observer().glance(appliance).await;
        assert!(gets(&world) - before <= 8, "look {look}: {}", gets(&world) - before);
    }
    world.services.nodes().observe(id, 1).await;
    let down = view(&world, id).await;
    let [finding] = trouble(&down).try_into().unwrap_or_else(|all| panic!("{all:#?}"));
    let Finding { code, outcome, node, evidence, .. } = finding;
    assert_eq!((*code, *outcome, *node), (CheckCode::Members, Grade::Warn, Some(XMS02)));
    let says = |text: &str| evidence.iter().filter(|line| line.text.contains(text)).count();
    assert_eq!(says("heard last"), 3, "three looks explained three groups: {evidence:?}");
    assert_eq!(says("Asked by Gatehouse itself"), 3, "{evidence:?}");
    assert!(down.verdict().1.starts_with("xms02 does not answer · "), "{:?}", down.verdict());
    assert_eq!(snapshot(&down).whole_at, whole_at, "all of it was not read again");
    assert_eq!(down.verdict().0, Tone::Warn);

    world.lab.clear_faults().await.unwrap();
    world.lab.advance(Duration::from_mins(1)).await;
    world.services.observer().glance(appliance).await;
    world.services.nodes().observe(id, 2).await;
    assert_eq!(view(&world, id).await.verdict(), (Tone::Good, "UP, 9 of 9 members UP".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_configuration_is_read_whole_and_so_is_each_tenth_look() {
    let (world, id, appliance) = applied().await;
    for glances in 1..=2 {
        world.services.observer().glance(appliance).await;
        assert_eq!(snapshot(&view(&world, id).await).glances, glances, "since the whole look after the run");
    }

    world.lab.advance(Duration::from_secs(5)).await;
    let path = "dnsaddrec/xms.example.com?args=ipaddress:10.20.40.52";
    world.raw(reqwest::Method::DELETE, path, "").await;
    let before = gets(&world);
    world.services.observer().glance(appliance).await;
    // One more asks who it was.
    assert!((10..=23).contains(&(gets(&world) - before)), "{}", gets(&world) - before);
    let view_then = view(&world, id).await;
    let codes: Vec<CheckCode> = trouble(&view_then).iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [CheckCode::AddressRecord, CheckCode::Saved]);

    let mut whole = 0;
    for _ in 0..10 {
        world.services.observer().glance(appliance).await;
        whole += usize::from(snapshot(&view(&world, id).await).glances == 0);
    }
    assert_eq!(whole, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_removed_is_gone_from_the_next_glance() {
    let (world, id, appliance) = applied().await;
    world.services.observer().look(appliance).await;
    // The lab's clock stands still: the appliance's last change reads the same, as within one second.
    world.raw(reqwest::Method::DELETE, "lbvserver/xms-berlin-mdm-443", "").await;
    world.services.observer().glance(appliance).await;
    let view = view(&world, id).await;
    assert!(snapshot(&view).find(&ObjectRef::vserver("xms-berlin-mdm-443")).is_none());
    let missing = trouble(&view).iter().any(|finding| {
        finding.code == CheckCode::VirtualServers && finding.title.contains("xms-berlin-mdm-443 is missing")
    });
    assert!(missing, "{:#?}", trouble(&view));
    assert_eq!(view.verdict().0, Tone::Bad);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_never_rests_on_a_glance() {
    let (world, id, appliance) = applied().await;
    world.services.observer().look(appliance).await;
    let writer = world.cx.writer().unwrap();
    let before = world.count("GET", "dnsaddrec");
    let (all, asked) = (gets(&world), world.lab.requests().len());
    world.services.plans().make(&writer, id).await.unwrap();
    assert_eq!(world.count("GET", "dnsaddrec") - before, 1);
    assert!(gets(&world) - all <= 20, "{}", gets(&world) - all);
    assert!(!world.lab.requests()[asked..].iter().any(|request| request.path.contains("/stat/")));
}
