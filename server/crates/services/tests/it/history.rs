//! How a cluster stood over time, and that what we cause alarms nobody (invariant 15).

use crate::{
    bench::Bench,
    support::{NODES, World, world},
};
use model::{
    Clock, ClusterId,
    finding::Finding,
    state::Tone::{self, Bad, Good, Quiet},
};
use services::{ClusterView, Topic};
use std::time::Duration;

async fn view(world: &World, id: ClusterId) -> ClusterView {
    world.services.clusters().show(&world.cx, id).await.unwrap()
}

async fn tones(world: &World, id: ClusterId) -> Vec<Tone> {
    let stood = world.services.clusters().history(&world.cx, id).await.unwrap().stood;
    stood.into_iter().map(|stood| stood.tone).collect()
}

async fn passed(world: &World, seconds: u64) {
    world.lab.advance(Duration::from_secs(seconds)).await;
}

/// Everything applied, and seen once since; what the monitors will say is still to come.
async fn just_applied(world: &World) -> ClusterId {
    let id = world.whole().await;
    let mut heard = world.services.listen();
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    world.applied(plan).await;
    while !matches!(heard.recv().await.unwrap(), Topic::Observed(_)) {}
    world.services.nodes().observe(id, 0).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_made_is_expected_to_be_down_until_its_monitors_had_their_time() {
    let world = world().await;
    let id = just_applied(&world).await;
    let after = view(&world, id).await;
    let down: Vec<&Finding> = after.findings.iter().filter(|finding| finding.is_trouble()).collect();
    assert!(!down.is_empty(), "what was made is DOWN at birth");
    assert!(down.iter().all(|finding| finding.expected.is_some()), "{down:?}");
    assert_eq!(after.tally().expected, down.len());
    let (tone, words) = after.verdict();
    assert_eq!(tone, Quiet, "{words}");
    assert!(words.starts_with("a change is under way · "), "{words}");

    passed(&world, 30).await;
    world.services.observer().look(after.appliance.id).await;
    world.services.nodes().observe(id, 0).await;
    let well = view(&world, id).await;
    assert_eq!(well.tally().expected, 0);
    assert!(well.findings.iter().all(|finding| finding.expected.is_none()));
    assert_eq!(well.verdict().0, Good, "{:?}", well.verdict());
    let all = tones(&world, id).await;
    assert!(!all.contains(&Bad), "nothing alarmed anybody: {all:?}");
    assert!(all[0] == Good && all.contains(&Quiet), "{all:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_expected_had_its_time_though_nobody_looks() {
    let world = world().await;
    let id = just_applied(&world).await;
    assert!(view(&world, id).await.tally().expected > 0);
    passed(&world, 31).await;
    let late = view(&world, id).await;
    assert_eq!(late.tally().expected, 0, "half a minute is over");
    assert!(late.tally().fails > 0, "and the last look stands as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_a_verdict_is_one_line_and_one_message() {
    let bench = Box::pin(Bench::ready(lab::Options::default())).await;
    let id = bench.id;
    assert_eq!(bench.view().await.verdict().0, Good);
    let before = bench.world.services.clusters().history(&bench.world.cx, id).await.unwrap().stood;
    let mut heard = bench.world.services.listen();
    bench.world.lab.power_off(NODES[1]).await.unwrap();
    bench.pass(60).await;
    bench.looks().await;
    bench.looks().await;
    let (tone, words) = bench.view().await.verdict();
    assert_ne!(tone, Good);
    let off = tones(&bench.world, id).await.len();
    for _ in 0..3 {
        bench.looks().await;
        bench.view().await;
    }
    assert_eq!(tones(&bench.world, id).await.len(), off, "nothing changes, and no line is made of it: {words}");
    bench.world.lab.clear_faults().await.unwrap();
    bench.pass(60).await;
    bench.looks().await;
    let stood = bench.world.services.clusters().history(&bench.world.cx, id).await.unwrap().stood;
    let new = &stood[..stood.len() - before.len()];
    assert!(new.iter().any(|stood| stood.tone == tone), "{new:#?}");
    assert_eq!((new[0].tone, new[0].until), (bench.view().await.verdict().0, None));
    let now = bench.world.clock.now();
    for pair in new.windows(2) {
        let ([newer, older], Some(until)) = (pair, pair[1].until) else { panic!("what is over has an end: {pair:?}") };
        assert!(older.from.at <= until && until <= newer.from.at && newer.from.at <= now, "{pair:?}");
        assert_ne!((newer.tone, &newer.words), (older.tone, &older.words));
    }
    let mut told = 0;
    while let Ok(topic) = heard.try_recv() {
        told += usize::from(topic == Topic::Verdict(id));
    }
    assert_eq!(told, new.len(), "a message each: {new:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_applied_yet_is_one_line_whatever_is_found_besides() {
    let world = world().await;
    let id = world.whole().await;
    let appliance = view(&world, id).await.appliance.id;
    world.services.observer().look(appliance).await;
    let before = tones(&world, id).await;
    // Somebody changes the appliance and does not save; and a node is asked.
    let body = r#"{"server":{"name":"theirs","ipaddress":"10.20.99.9"}}"#;
    world.raw(reqwest::Method::POST, "server", body).await;
    world.services.observer().look(appliance).await;
    assert!(view(&world, id).await.tally().warns > 0, "the rules have something to say");
    world.services.nodes().observe(id, 0).await;
    assert_eq!(view(&world, id).await.verdict().1, "not applied yet");
    assert_eq!(tones(&world, id).await, before);
}
