//! The minutes after a start, and what a start forgets.

use crate::common::{Bench, NODES, Reply, WHERE, options, upload};
use lab::{Options, Seed};
use serde_json::json;
use std::time::Duration;

fn booting() -> Options {
    Options { boot: Duration::from_mins(2), seed: Seed::SetUp, ..options() }
}

#[tokio::test]
async fn after_an_upgrade_the_saved_file_is_still_the_former_firmwares() {
    let bench = Bench::empty().await;
    let saved = async |bench: &Bench| -> String {
        let text = bench.get("nssavedconfig").await.json()["nssavedconfig"]["textblob"].clone();
        text.as_str().unwrap_or_default().lines().next().unwrap_or_default().to_owned()
    };
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
    assert_eq!(saved(&bench).await, "#NS13.0 Build 79.1002");
    let order = json!({ "target": "10.0.0.10", "firmware": "13.1" });
    assert_eq!(bench.control("POST", "/restart", Some(order)).await.status, 200);
    let odd = json!({ "target": "10.0.0.10", "firmware": "9.3" });
    assert_eq!(bench.control("POST", "/restart", Some(odd)).await.status, 400);
    let mut bench = bench;
    bench.login().await;
    let version = bench.object("config/nsversion").await["version"].to_string();
    assert!(version.contains("NS13.1: Build 48.47"), "{version}");
    assert_eq!(saved(&bench).await, "#NS13.0 Build 79.1002");
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
    assert_eq!(saved(&bench).await, "#NS13.1 Build 48.47");
}

#[tokio::test]
async fn nitro_is_not_there_before_the_boot_is_over() {
    let lab = lab::start(booting()).await.unwrap();
    let base = lab.description().netscaler[0].http.clone();
    let http = crate::common::client();
    let ask = async || Reply::from(http.get(format!("{base}/nitro/v1/config/nsversion")).send().await.unwrap()).await;
    let reply = ask().await;
    assert_eq!((reply.status, reply.text.contains("Service Unavailable")), (503, true));
    assert_eq!(lab.state()["appliances"][0]["power"], "booting");
    lab.advance(Duration::from_secs(119)).await;
    assert_eq!(ask().await.status, 503);
    lab.advance(Duration::from_secs(1)).await;
    assert_eq!(ask().await.status, 401);
    assert_eq!(lab.state()["appliances"][0]["power"], "on");
}

#[tokio::test]
async fn a_start_loses_what_was_not_saved() {
    let mut bench = Bench::set_up().await;
    bench.server("saved", "10.20.31.1").await;
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
    bench.server("unsaved", "10.20.31.2").await;
    bench.delete("server/saved").await.ok(200);
    upload(&bench, "late.cer", b"not read yet").await;
    bench.advance(60).await;
    let reply = bench.control("POST", "/restart", Some(json!({ "target": "10.0.0.10" }))).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    bench.get("server").await.fails(401, 444);
    bench.login().await;
    bench.get("server/unsaved").await.fails(404, 258);
    assert_eq!(bench.get("server/saved").await.status, 200);
    assert_eq!(bench.get(&format!("systemfile/late.cer?{WHERE}")).await.status, 200, "files are on the disk");
    assert_eq!(bench.object("config/nsconfig").await["configchanged"], false);
    // It counts from zero, and knows nothing about its members before it has looked.
    assert_eq!(bench.object("stat/ns").await["timesincestart"], "00:00:00:00");
    assert_eq!(bench.word("hanode", "masterstatetime").await, 0);
    assert_eq!(bench.word("lbvserver", "curstate").await, "DOWN");
    let probes = bench.lab.connections(NODES[0], 443);
    bench.advance(0).await;
    assert_eq!(bench.lab.connections(NODES[0], 443), probes + 1);
    assert_eq!(bench.word("lbvserver", "curstate").await, "UP");
}

#[tokio::test]
async fn traffic_is_counted_from_the_start() {
    let mut bench = Bench::set_up().await;
    let proxy = reqwest::Proxy::all(format!("socks5h://{}", bench.lab.description().socks)).unwrap();
    let through = reqwest::Client::builder().proxy(proxy).build().unwrap();
    let _no_certificate_for_it = through.get("https://10.20.40.41/").send().await;
    let hits = async |bench: &Bench| bench.object("stat/lbvserver").await[0]["tothits"].clone();
    assert_eq!(hits(&bench).await, "1");
    bench.lab.restart([10, 0, 0, 10].into()).unwrap();
    bench.login().await;
    assert_eq!(hits(&bench).await, "0");
}

#[tokio::test]
async fn an_administrator_reboots_an_appliance() {
    let lab = lab::start(booting()).await.unwrap();
    lab.advance(Duration::from_mins(2)).await;
    let mut bench = Bench::over(lab).await;
    bench.server("unsaved", "10.20.31.2").await;
    bench.post("reboot", json!({ "warm": "maybe" })).await.fails(400, 1097);
    bench.post("reboot", json!({ "warm": true })).await.ok(201);
    assert_eq!(bench.lab.cli().last().unwrap().line, "reboot ns -warm");
    assert_eq!(bench.get("server").await.status, 503);
    assert_eq!(bench.lab.requests().last().unwrap().status, Some(503));
    bench.advance(120).await;
    bench.login().await;
    bench.get("server/unsaved").await.fails(404, 258);
}

#[tokio::test]
async fn an_appliance_that_is_off_refuses_connections_and_asks_nobody() {
    let mut bench = Bench::set_up().await;
    let reply = bench.control("POST", "/faults", Some(json!({ "target": "10.0.0.10", "fault": "power_off" }))).await;
    assert_eq!(reply.status, 201);
    let description = bench.lab.description().netscaler[0].clone();
    for address in [description.http.trim_start_matches("http://"), description.https.trim_start_matches("https://")] {
        assert!(tokio::net::TcpStream::connect(address).await.is_err());
    }
    let before = bench.lab.connections(NODES[0], 443);
    bench.advance(60).await;
    assert_eq!(bench.lab.connections(NODES[0], 443), before);
    let reply = bench.control("POST", "/restart", Some(json!({ "target": "10.0.0.10" }))).await;
    assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("10.0.0.10 is off")));
    bench.control("DELETE", "/faults", None).await;
    bench.login().await;
    bench.advance(5).await;
    assert_eq!(bench.word("lbvserver", "curstate").await, "UP");
}
