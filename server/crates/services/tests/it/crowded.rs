//! An appliance on which much else is configured: a look asks for what is ours.

use crate::support::{World, world_on};
use lab::Options;
use model::{
    ApplianceId, ClusterId,
    object::{Kind, ObjectRef},
    snapshot::Snapshot,
    state::Tone,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::{net::Ipv4Addr, sync::Arc, time::Duration};

const OTHERS: u32 = 120;
const XMS02: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 12);

/// A set-up of ours, and of others a crowd of virtual servers, groups and members.
async fn crowded(patterns: &str) -> (World, ClusterId, ApplianceId) {
    let choices = serde_json::from_value(json!({ "patterns": patterns })).unwrap();
    let world = world_on(Options { choices, ..Options::default() }).await;
    let (id, appliance) = world.set_up().await;
    let all = |one: &dyn Fn(u32) -> Value| (1..=OTHERS).map(one).collect::<Vec<_>>();
    let vservers = all(
        &|n| json!({ "name": format!("theirs-{n}"), "servicetype": "HTTP", "ipv46": format!("10.99.{}.{}", n / 200, n % 200 + 1), "port": 80 }),
    );
    let groups = all(&|n| json!({ "servicegroupname": format!("sg-theirs-{n}"), "servicetype": "HTTP" }));
    let servers =
        all(&|n| json!({ "name": format!("srv-{n}"), "ipaddress": format!("10.98.{}.{}", n / 200, n % 200 + 1) }));
    let members =
        all(&|n| json!({ "servicegroupname": format!("sg-theirs-{n}"), "servername": format!("srv-{n}"), "port": 80 }));
    for (method, resource, rows) in [
        (Method::POST, "lbvserver", vservers),
        (Method::POST, "servicegroup", groups),
        (Method::POST, "server", servers),
        (Method::PUT, "servicegroup_servicegroupmember_binding", members),
    ] {
        world.raw(method, resource, json!({ resource: rows }).to_string()).await;
    }
    world.raw(Method::POST, "nsconfig?action=save", json!({ "nsconfig": {} }).to_string()).await;
    world.services.observer().look(appliance).await;
    world.services.nodes().observe(id, 0).await;
    assert_eq!(verdict(&world, id).await, Tone::Good);
    (world, id, appliance)
}

async fn seen(world: &World, id: ClusterId) -> Arc<Snapshot> {
    world.services.clusters().show(&world.cx, id).await.unwrap().sighting.seen.unwrap().1
}

async fn verdict(world: &World, id: ClusterId) -> Tone {
    world.services.clusters().show(&world.cx, id).await.unwrap().verdict().0
}

/// Members of the second node that are DOWN.
fn down(snapshot: &Snapshot) -> usize {
    let of_node = snapshot.of_kind(Kind::Member).filter(|seen| seen.object.part(1) == "xms02");
    of_node.filter(|seen| seen.state.as_ref().is_some_and(|word| word.0 == "DOWN")).count()
}

/// Requests of a look, and how many of them were for what is ours alone.
async fn glance(world: &World, appliance: ApplianceId) -> (usize, usize) {
    let before = world.lab.requests().len();
    world.services.observer().glance(appliance).await;
    let asked = world.lab.requests();
    let asked = asked.get(before..).unwrap_or_default();
    (asked.len(), asked.iter().filter(|request| request.query.contains("filter=")).count())
}

#[tokio::test(flavor = "multi_thread")]
async fn between_two_looks_at_all_of_it_only_what_is_ours_is_asked_for() {
    let (world, id, appliance) = crowded("known").await;
    assert_eq!(glance(&world, appliance).await, (7, 5), "groups, virtual servers, members, and the statistics of two");
    let before = seen(&world, id).await;
    assert!(before.find(&ObjectRef::vserver("theirs-7")).is_some(), "what others have is known all the same");
    world.lab.power_off(XMS02).await.unwrap();
    world.lab.advance(Duration::from_mins(1)).await;
    let (asked, narrow) = glance(&world, appliance).await;
    assert!(asked <= 8 && narrow == 5, "{asked} {narrow}");
    let after = seen(&world, id).await;
    assert_eq!(down(&after), 3);
    assert_eq!(after.objects.len(), before.objects.len());

    // Somebody else's change is a change.
    world.lab.advance(Duration::from_secs(5)).await;
    world.raw(Method::PUT, "lbvserver", json!({ "lbvserver": { "name": "theirs-7", "timeout": 9 } }).to_string()).await;
    assert!(glance(&world, appliance).await.0 > 8, "all of it is read again");
    let changed = seen(&world, id).await;
    assert_eq!(changed.find(&ObjectRef::vserver("theirs-7")).unwrap().attrs["timeout"], 9i64.into());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_rests_on_an_appliances_filters() {
    for patterns in ["ignored", "refused", "literal"] {
        let (world, id, appliance) = crowded(patterns).await;
        for _ in 0..4 {
            glance(&world, appliance).await;
        }
        let (asked, narrow) = glance(&world, appliance).await;
        assert!(asked <= 8, "{patterns}: {asked}");
        // What is answered to statistics with nothing is no answer that is missed.
        assert!(narrow <= 2, "{patterns}: it is tried no more: {narrow}");
        world.lab.power_off(XMS02).await.unwrap();
        world.lab.advance(Duration::from_mins(1)).await;
        glance(&world, appliance).await;
        let after = seen(&world, id).await;
        assert_eq!(down(&after), 3, "{patterns}");
        let vserver = after.find(&ObjectRef::vserver("xms-berlin-mam-8443")).unwrap();
        assert!(vserver.facts.contains_key("requests_rate"), "{patterns}: {:?}", vserver.facts);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tenth_look_reads_what_moves_without_a_change_and_no_more() {
    let (world, id, appliance) = crowded("known").await;
    world.lab.advance(Duration::from_secs(5)).await;
    world.services.observer().look(appliance).await;
    let whole_at = seen(&world, id).await.whole_at;
    for look in 1..=25 {
        world.lab.advance(Duration::from_secs(5)).await;
        let (asked, narrow) = glance(&world, appliance).await;
        // Nothing of load balancing but what is ours.
        assert_eq!(narrow, 5, "look {look}");
        assert!(asked <= if look % 10 == 0 { 14 } else { 8 }, "look {look}: {asked}");
    }
    let after = seen(&world, id).await;
    assert_eq!(after.whole_at, whole_at);
    assert!(after.of_kind(Kind::Gateway).len() > 0 && after.of_kind(Kind::CertKey).len() > 0);
}
