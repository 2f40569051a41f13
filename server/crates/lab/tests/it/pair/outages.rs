//! One of the two is off, or starts anew.

use super::{FIRST, SECOND, fault, has, nodes, plain, server, statistics};
use crate::common::{Bench, options};
use lab::{Options, Pair, Seed};
use serde_json::json;
use std::time::Duration;

async fn refused(bench: &Bench) -> bool {
    let address = bench.base.trim_start_matches("http://").to_owned();
    tokio::net::TcpStream::connect(address).await.is_err()
}

#[tokio::test]
async fn the_secondary_takes_over_when_the_primary_is_gone() {
    let (mut first, second) = plain().await;
    first.post("server", server("unsaved")).await.ok(201);
    first.lab.power_off(FIRST).await.unwrap();
    assert!(refused(&first).await);
    assert_eq!(nodes(&second).await[0]["state"], "Secondary", "nobody has missed it yet");
    second.post("server", json!({ "name": "x", "ipaddress": "10.20.31.1" })).await.fails(599, 368);
    first.advance(3).await;
    let [me, peer] = nodes(&second).await;
    assert_eq!((&me["state"], &peer["state"]), (&json!("Primary"), &json!("UNKNOWN")));
    assert_eq!(peer["hastatus"], "DOWN");
    assert_eq!(statistics(&second).await["hapktrxrate"], 0);
    assert!(has(&second, "server/unsaved").await, "the running configuration was on both");
    second.post("server", json!({ "name": "alone", "ipaddress": "10.20.31.1" })).await.ok(201);

    first.lab.clear_faults().await.unwrap();
    assert!(!refused(&first).await);
    first.get("server").await.fails(401, 444);
    first.login().await;
    assert_eq!(nodes(&first).await[0]["state"], "Secondary");
    assert!(!has(&first, "server/alone").await, "it has what it had saved");
    assert_eq!(nodes(&second).await[1]["hasync"], "IN PROGRESS");
    first.advance(10).await;
    assert!(has(&first, "server/alone").await && has(&first, "server/unsaved").await);
    assert_eq!(statistics(&second).await["hapktrxrate"], 10);
}

#[tokio::test]
async fn a_primary_tries_until_it_knows_that_it_is_alone() {
    let (first, mut second) = plain().await;
    first.lab.power_off(SECOND).await.unwrap();
    let text = "Unable to establish connection with the secondary. Command propagation failed";
    first.post("server", json!({ "name": "early", "ipaddress": "10.20.31.1" })).await.is(599, 457, text);
    first.advance(3).await;
    assert_eq!(nodes(&first).await[1]["hastatus"], "DOWN");
    first.post("server", json!({ "name": "late", "ipaddress": "10.20.31.2" })).await.ok(201);
    first.post("hasync?action=Force", json!({ "force": true })).await.fails(599, 364);
    first.post("hafiles?action=sync", json!({ "mode": ["ssl"] })).await.fails(599, 364);
    first.lab.clear_faults().await.unwrap();
    second.login().await;
    first.advance(10).await;
    assert!(has(&second, "server/early").await && has(&second, "server/late").await);
}

#[tokio::test]
async fn a_restart_of_the_primary_gives_the_role_away() {
    let knobs = Options { pair: Some(Pair::default()), seed: Seed::SetUp, boot: Duration::from_secs(90), ..options() };
    let lab = lab::start(knobs).await.unwrap();
    lab.advance(Duration::from_secs(90)).await;
    let mut first = Bench::over(lab).await;
    let mut second = first.second().await;
    first.post("server", server("unsaved")).await.ok(201);
    first.lab.restart(FIRST).unwrap();
    assert_eq!(nodes(&second).await[0]["state"], "Primary");
    assert_eq!(nodes(&second).await[1]["hastatus"], "INIT");
    assert_eq!(first.get("server").await.status, 503);
    second.post("server", json!({ "name": "meanwhile", "ipaddress": "10.20.31.1" })).await.ok(201);
    first.advance(90).await;
    first.login().await;
    assert_eq!(nodes(&first).await[0]["hasync"], "IN PROGRESS");
    first.advance(10).await;
    assert!(has(&first, "server/unsaved").await && has(&first, "server/meanwhile").await);
    // An administrator's reboot does the same.
    second.post("reboot", json!({ "warm": true })).await.ok(201);
    assert_eq!(second.get("server").await.status, 503);
    assert_eq!(nodes(&first).await[0]["state"], "Primary");
    second.advance(100).await;
    second.login().await;
    assert_eq!(nodes(&second).await[0]["state"], "Secondary");
}

#[tokio::test]
async fn the_proxy_follows_the_roles() {
    let (first, _second) = plain().await;
    let proxy = reqwest::Proxy::all(format!("socks5h://{}", first.lab.description().socks)).unwrap();
    let through = reqwest::Client::builder().proxy(proxy).build().unwrap();
    for host in ["10.0.0.10", "10.0.0.11", "ns02"] {
        let reply = through.get(format!("http://{host}/nitro/v1/config/nsversion")).send().await.unwrap();
        assert_eq!(reply.status(), 401, "{host}");
    }
    let connects = async || {
        let before = first.lab.connections(crate::common::NODES[0], 443);
        let _tls = through.get("https://10.20.40.41/").timeout(Duration::from_secs(5)).send().await;
        first.lab.connections(crate::common::NODES[0], 443) > before
            || first.lab.connections(crate::common::NODES[1], 443) > before
    };
    assert!(connects().await);
    let hits = |state: &serde_json::Value, at: usize| state["appliances"][at]["vservers"][0]["hits"].as_u64().unwrap();
    assert_eq!((hits(&first.lab.state(), 0), hits(&first.lab.state(), 1)), (1, 0));
    first.lab.power_off(FIRST).await.unwrap();
    assert!(!connects().await, "until somebody takes over, nobody answers");
    first.advance(3).await;
    assert!(connects().await);
    assert_eq!(hits(&first.lab.state(), 1), 1);
    assert!(through.get("http://10.0.0.10/").send().await.is_err());
}

#[tokio::test]
async fn a_primary_that_dies_after_a_write_has_told_the_secondary() {
    let (mut first, second) = plain().await;
    fault(&first, json!({ "target": "10.0.0.10", "fault": "dies_after", "times": 1, "method": "POST" })).await;
    let request = first.request("POST", "config/server").header("Cookie", format!("sessionid={}", first.token));
    request.body(json!({ "server": server("new") }).to_string()).send().await.unwrap_err();
    let gone = async { while !refused(&first).await {} };
    tokio::time::timeout(Duration::from_secs(10), gone).await.expect("off soon after");
    first.advance(3).await;
    assert_eq!(nodes(&second).await[0]["state"], "Primary");
    assert!(has(&second, "server/new").await);
    second.post("server", server("new")).await.fails(409, 273);
    first.lab.clear_faults().await.unwrap();
    first.login().await;
    first.advance(10).await;
    assert!(has(&first, "server/new").await);
}

#[tokio::test]
async fn two_that_were_off_find_each_other() {
    let (first, second) = plain().await;
    let off = |target: &str| json!({ "target": target, "fault": "power_off" });
    first.control("POST", "/faults", Some(off("10.0.0.10"))).await;
    first.advance(5).await;
    first.control("POST", "/faults", Some(off("10.0.0.11"))).await;
    assert!(refused(&first).await && refused(&second).await);
    first.control("DELETE", "/faults?target=10.0.0.10", None).await;
    let state = first.lab.state();
    assert_eq!(
        (&state["appliances"][0]["role"], &state["appliances"][1]["power"]),
        (&json!("secondary"), &json!("off"))
    );
    first.advance(5).await;
    assert_eq!(first.lab.state()["appliances"][0]["role"], "primary");
    first.control("DELETE", "/faults?target=10.0.0.11", None).await;
    assert_eq!(first.lab.state()["appliances"][1]["role"], "secondary");
}

#[tokio::test]
async fn a_reset_brings_a_pair_back_to_the_start() {
    let (mut first, mut second) = plain().await;
    first.lab.failover().unwrap();
    first.advance(10).await;
    first.lab.power_off(FIRST).await.unwrap();
    first.lab.reset(Seed::SetUp).await.unwrap();
    first.login().await;
    second.login().await;
    assert_eq!(nodes(&first).await[0]["state"], "Primary");
    assert_eq!(nodes(&second).await[0]["state"], "Secondary");
    first.post("server", server("new")).await.ok(201);
    assert!(has(&second, "server/new").await);
}
