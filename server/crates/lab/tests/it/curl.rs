//! The whole procedure and its tear-down by a client that cannot share a mistake with any of ours: curl.

use crate::common::Bench;

#[tokio::test(flavor = "multi_thread")]
async fn curl_script() {
    let bench = Bench::empty().await;
    let before = lasting(&bench);
    let entry = bench.lab.description().clone();
    let output = tokio::task::spawn_blocking(move || {
        std::process::Command::new("sh")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/curl.sh"))
            .env("LAB_HTTP", &entry.netscaler[0].http)
            .env("LAB_PASSWORD", &entry.netscaler[0].password)
            .env("LAB_CONTROL", &entry.control)
            .output()
    })
    .await
    .expect("the script's task")
    .expect("sh and curl on this machine");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    assert_eq!(lasting(&bench), before, "the tear-down leads back to the start");
    assert_eq!(bench.lab.cli().iter().filter(|record| record.line == "save ns config").count(), 2);
}

/// The appliance's part of `GET /state` without features, times and sessions.
fn lasting(bench: &Bench) -> serde_json::Value {
    let mut state = bench.lab.state();
    for passing in ["features", "changed_at", "saved_at", "sessions"] {
        let gone = state["appliances"][0][passing].take();
        assert!(!gone.is_null(), "{passing}");
    }
    state["appliances"].take()
}
