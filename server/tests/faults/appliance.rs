//! One row for each fault of an appliance that stands alone.

use crate::{bench::Bench, judged::names, pages, pairs, support::INTERVAL, walk::walk};
use lab::FaultSpec;
use model::{finding::CheckCode::Sight, read_error::ReadErrorKind};

/// Looks fail by it: what is seen is from before, and the sentence says why there is nothing newer.
const BLIND: &[(&str, (&str, Tells))] = &[
    ("power_off", ("10.0.0.10", ReadErrorKind::is_no_answer)),
    ("refuse", ("10.0.0.10", ReadErrorKind::is_no_answer)),
    ("reset_before", ("10.0.0.10", ReadErrorKind::is_no_answer)),
    ("reset_after", ("10.0.0.10", ReadErrorKind::is_no_answer)),
    ("dies_after", ("10.0.0.10", ReadErrorKind::is_no_answer)),
    ("unavailable", ("503", |kind| kind == ReadErrorKind::NotReady)),
    ("html_error", ("500", |kind| kind == ReadErrorKind::Unreadable)),
    ("malformed_json", ("cannot be understood", |kind| kind == ReadErrorKind::Unreadable)),
    ("truncated_body", ("10.0.0.10", ReadErrorKind::is_no_answer)),
    ("tls10_only", ("TLS", |kind| kind == ReadErrorKind::Handshake)),
    ("rsa1024", ("certificate", of_the_certificate)),
    ("expired", ("certificate", of_the_certificate)),
    ("wrong_name", ("certificate", of_the_certificate)),
    ("incomplete_chain", ("certificate", of_the_certificate)),
];

/// Whether the failure's kind is one that fits the fault.
type Tells = fn(ReadErrorKind) -> bool;

/// The one that was accepted is another.
fn of_the_certificate(kind: ReadErrorKind) -> bool {
    kind == ReadErrorKind::KeyChanged
}

/// Requests are never answered: the look goes on, and the view ages meanwhile.
const ENDLESS: &[&str] = &["hang_before", "hang_after"];
const OLD: &str = "The appliance has not been seen lately.";

/// What the client gets along with.
const HARMLESS: &[(&str, u64)] =
    &[("slow", 5), ("session_killed", 0), ("wrong_content_type", 0), ("renamed_session_cookie", 0)];

const TARGET: &str = "10.0.0.10";

/// What strikes connections when they are made, and leaves those that there are.
const OF_CONNECTIONS: &[&str] = &["refuse", "tls10_only", "rsa1024", "expired", "wrong_name", "incomplete_chain"];

fn spec(fault: &str, ms: u64, times: u64) -> FaultSpec {
    FaultSpec { target: TARGET.into(), fault: fault.into(), ms, times, ..FaultSpec::default() }
}

async fn ready() -> Bench {
    Bench::ready(lab::Options::default()).await
}

/// Cuts the connections that are kept.
async fn cut(bench: &Bench) {
    bench.fault(spec("reset_before", 0, 0)).await;
    // One at each look, and no more are kept than are in flight at once.
    for _ in 0..6 {
        bench.world.services.observer().look(bench.appliance).await;
    }
    bench.world.lab.lift(TARGET, "reset_before").await.unwrap();
}

async fn blind(bench: &Bench, fault: &str, (says, tells): (&str, Tells)) -> Result<(), String> {
    bench.fault(spec(fault, 0, 0)).await;
    if OF_CONNECTIONS.contains(&fault) {
        cut(bench).await;
    }
    bench.looks().await;
    let view = bench.view().await;
    match &view.sighting.failure {
        Some((_, error)) if tells(error.kind) => {}
        other => return Err(format!("another reason than the fault is told: {other:?}")),
    }
    names(&view, Sight, says, &[Sight])?;
    pages::name(bench, &view, Sight, says).await
}

async fn lifted(bench: &Bench, fault: &str) -> Result<(), String> {
    bench.world.lab.lift(TARGET, fault).await.unwrap();
    bench.pass(30).await;
    bench.looks().await;
    pages::are_well(bench).await.map_err(|why| format!("after it was lifted, {why}"))?;
    match bench.view().await.sighting.failure {
        Some((_, told)) => Err(format!("after it was lifted, the old failure is still told: {told}")),
        None => Ok(()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appliance_that_cannot_be_seen_is_never_green() {
    walk(BLIND.iter().copied(), ready, async |bench, fault, says| {
        blind(bench, fault, says).await?;
        lifted(bench, fault).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appliance_that_never_answers_grows_old_while_the_look_goes_on() {
    walk(ENDLESS.iter().map(|fault| (*fault, ())), ready, async |bench, fault, ()| {
        bench.fault(spec(fault, 0, 0)).await;
        let (services, appliance) = (bench.world.services.clone(), bench.appliance);
        let look = tokio::spawn(async move { services.observer().look(appliance).await });
        bench.pass(u64::from(2 * INTERVAL) + 1).await;
        let view = bench.view().await;
        assert!(!look.is_finished(), "{fault}");
        names(&view, Sight, OLD, &[])?;
        pages::name(bench, &view, Sight, OLD).await?;
        look.abort();
        assert!(look.await.unwrap_err().is_cancelled());
        lifted(bench, fault).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_gets_along_with_alarms_nobody() {
    walk(HARMLESS.iter().copied(), ready, async |bench, fault, ms| {
        bench.fault(spec(fault, ms, u64::from(fault == "session_killed"))).await;
        bench.looks().await;
        let well = pages::are_well(bench).await;
        bench.world.lab.lift(TARGET, fault).await.unwrap();
        well
    })
    .await;
}

#[test]
fn every_switch_of_an_appliance_has_its_row() {
    let mut known: Vec<&str> = BLIND.iter().map(|(word, _)| *word).collect();
    known.extend(ENDLESS);
    known.extend(HARMLESS.iter().map(|(word, _)| *word));
    known.extend(pairs::faults());
    known.sort_unstable();
    let mut all = lab::Lab::appliance_faults();
    all.sort_unstable();
    assert_eq!(known, all, "each switch of the lab stands in exactly one table");
}
