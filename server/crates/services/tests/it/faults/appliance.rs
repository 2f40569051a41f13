//! One row for each fault of an appliance that stands alone.

use super::bench::{Bench, names, not_green};
use crate::support::INTERVAL;
use lab::FaultSpec;
use model::{finding::CheckCode::Sight, state::Tone};

/// Looks fail by it: what is seen is from before, and the sentence says why there is nothing newer.
const BLIND: &[(&str, &str)] = &[
    ("power_off", "10.0.0.10"),
    ("refuse", "10.0.0.10"),
    ("reset_before", "10.0.0.10"),
    ("reset_after", "10.0.0.10"),
    ("dies_after", "10.0.0.10"),
    ("unavailable", "503"),
    ("html_error", "500"),
    ("malformed_json", "cannot be understood"),
    ("truncated_body", "10.0.0.10"),
    ("tls10_only", "TLS"),
    ("rsa1024", "certificate"),
    ("expired", "certificate"),
    ("wrong_name", "certificate"),
    ("incomplete_chain", "certificate"),
];

/// Requests are never answered: the look goes on, and the view ages meanwhile.
const ENDLESS: &[&str] = &["hang_before", "hang_after"];

/// What the client gets along with.
const HARMLESS: &[(&str, u64)] =
    &[("slow", 5), ("session_killed", 0), ("wrong_content_type", 0), ("renamed_session_cookie", 0)];

/// What only pairs can have: `pairs.rs` has what the console makes of each.
const OF_PAIRS: &[&str] = &[
    "failover_before",
    "failover_after",
    "propagation_failed",
    "propagation_refused",
    "peer_unreachable",
    "peer_silent",
];

const TARGET: &str = "10.0.0.10";

fn spec(fault: &str, ms: u64, times: u64) -> FaultSpec {
    FaultSpec { target: TARGET.into(), fault: fault.into(), ms, times, ..FaultSpec::default() }
}

/// Kept connections live on through what strikes new ones.
async fn cut(bench: &Bench) {
    bench.fault(spec("reset_before", 0, 0)).await;
    // One at each look, and no more are kept than are in flight at once.
    for _ in 0..6 {
        bench.world.services.observe(bench.appliance).await;
    }
    bench.world.lab.lift(TARGET, "reset_before").await.unwrap();
}

async fn walk(bench: &Bench, fault: &str, says: &str) -> Result<(), String> {
    bench.fault(spec(fault, 0, 0)).await;
    if !matches!(fault, "reset_before" | "power_off") {
        cut_or_not(bench, fault).await;
    }
    bench.looks().await;
    let view = bench.view().await;
    names(&view, Sight, "", &[])?;
    match view.sighting.failure {
        Some((_, sentence)) if sentence.contains(says) => Ok(()),
        other => Err(format!("the reason is {other:?}")),
    }
}

async fn cut_or_not(bench: &Bench, fault: &str) {
    if matches!(fault, "refuse" | "tls10_only" | "rsa1024" | "expired" | "wrong_name" | "incomplete_chain") {
        cut(bench).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appliance_that_cannot_be_seen_is_never_green() {
    let bench = Bench::ready(lab::Options::default()).await;
    assert_eq!(not_green(&bench.view().await), None);
    let mut wrong = Vec::new();
    for (fault, says) in BLIND {
        wrong.extend(walk(&bench, fault, says).await.err().map(|why| format!("{fault}: {why}")));
        bench.world.lab.lift(TARGET, fault).await.unwrap();
        bench.pass(30).await;
        bench.looks().await;
        let view = bench.view().await;
        wrong.extend(not_green(&view).map(|why| format!("{fault}, after it was lifted: {why}")));
        wrong
            .extend(view.sighting.failure.map(|failure| format!("{fault}: an old failure is still told: {failure:?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appliance_that_never_answers_grows_old_while_the_look_goes_on() {
    for fault in ENDLESS {
        let bench = Bench::ready(lab::Options::default()).await;
        bench.fault(spec(fault, 0, 0)).await;
        let (services, appliance) = (bench.world.services.clone(), bench.appliance);
        let look = tokio::spawn(async move { services.observe(appliance).await });
        bench.pass(u64::from(2 * INTERVAL) + 1).await;
        assert!(!look.is_finished(), "{fault}");
        assert_ne!(bench.view().await.verdict().0, Tone::Good, "{fault}");
        look.abort();
        assert!(look.await.unwrap_err().is_cancelled());
        bench.world.lab.lift(TARGET, fault).await.unwrap();
        bench.looks().await;
        assert_eq!(not_green(&bench.view().await), None, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_gets_along_with_alarms_nobody() {
    let bench = Bench::ready(lab::Options::default()).await;
    let mut wrong = Vec::new();
    for (fault, ms) in HARMLESS {
        bench.fault(spec(fault, *ms, u64::from(*fault == "session_killed"))).await;
        bench.looks().await;
        wrong.extend(not_green(&bench.view().await).map(|why| format!("{fault}: {why}")));
        bench.world.lab.lift(TARGET, fault).await.unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_switch_of_an_appliance_has_its_row() {
    let mut known: Vec<&str> = BLIND.iter().map(|(word, _)| *word).collect();
    known.extend(ENDLESS.iter().chain(OF_PAIRS).copied());
    known.extend(HARMLESS.iter().map(|(word, _)| *word));
    known.sort_unstable();
    let mut all = lab::Lab::appliance_faults();
    all.sort_unstable();
    assert_eq!(known, all, "each switch of the lab stands in exactly one table");
}
