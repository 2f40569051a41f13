//! Every fault, and that it strikes when and where it was told to.

use crate::common::{Bench, NODES, Reply, builder};
use lab::FaultSpec;
use serde_json::json;
use std::time::Duration;

fn fault(word: &str) -> FaultSpec {
    FaultSpec { target: "10.0.0.10".to_owned(), fault: word.to_owned(), times: 1, ..FaultSpec::default() }
}

fn on(word: &str, method: &str, resource: &str) -> FaultSpec {
    FaultSpec { method: Some(method.to_owned()), resource: Some(resource.to_owned()), ..fault(word) }
}

/// Adds a server on a connection of its own, with little patience.
async fn add(bench: &Bench, name: &str) -> reqwest::Result<reqwest::Response> {
    let client = builder().timeout(Duration::from_millis(500)).build().unwrap();
    let address = format!("10.20.31.{}", name.len());
    client
        .post(format!("{}/nitro/v1/config/server", bench.base))
        .header("Cookie", format!("sessionid={}", bench.token))
        .body(json!({ "server": { "name": name, "ipaddress": address } }).to_string())
        .send()
        .await
}

#[tokio::test]
async fn before_means_without_effect_and_after_means_with() {
    for (word, took_effect, timed_out) in [
        ("hang_before", false, true),
        ("reset_before", false, false),
        ("hang_after", true, true),
        ("reset_after", true, false),
    ] {
        let bench = Bench::empty().await;
        bench.lab.fault(on(word, "POST", "server")).await.unwrap();
        let error = add(&bench, "a").await.unwrap_err();
        assert_eq!(error.is_timeout(), timed_out, "{word}: {error:?}");
        let requests = bench.lab.requests();
        let last = requests.last().unwrap();
        assert_eq!((last.method.as_str(), last.status, last.errorcode), ("POST", None, None), "{word}");
        assert_eq!(bench.get("server/a").await.status == 200, took_effect, "{word}");
        assert_eq!(bench.lab.cli().len(), usize::from(took_effect), "{word}");
        assert_eq!(add(&bench, "bb").await.unwrap().status(), 201, "{word} strikes once");
    }
}

#[tokio::test]
async fn a_connection_can_be_refused() {
    let bench = Bench::empty().await;
    bench.lab.fault(fault("refuse")).await.unwrap();
    let before = bench.lab.requests().len();
    add(&bench, "a").await.unwrap_err();
    assert_eq!(bench.lab.requests().len(), before, "nothing was read");
    assert_eq!(add(&bench, "a").await.unwrap().status(), 201);
    bench.lab.fault(on("refuse", "GET", "server")).await.unwrap_err();
}

#[tokio::test]
async fn the_web_server_in_front_can_answer_alone() {
    let bench = Bench::empty().await;
    for (word, status) in [("unavailable", 503), ("html_error", 500)] {
        bench.lab.fault(fault(word)).await.unwrap();
        let reply = bench.post("server", json!({ "name": "a", "ipaddress": "10.0.0.1" })).await;
        assert_eq!(reply.status, status);
        assert!(reply.text.contains("<html>") && reply.headers["content-type"].to_str().unwrap().contains("text/html"));
        assert_eq!(bench.lab.requests().last().unwrap().status, Some(status));
        assert_eq!(bench.lab.requests().last().unwrap().errorcode, None);
        bench.get("server/a").await.fails(404, 258);
    }
}

#[tokio::test]
async fn answers_can_be_spoilt() {
    let bench = Bench::empty().await;
    bench.server("xms01", "10.20.30.11").await;
    bench.lab.fault(on("malformed_json", "GET", "server")).await.unwrap();
    let reply = bench.get("server").await;
    assert_eq!(reply.status, 200);
    serde_json::from_str::<serde_json::Value>(&reply.text).unwrap_err();

    bench.lab.fault(on("wrong_content_type", "GET", "server")).await.unwrap();
    let reply = bench.get("server").await;
    assert!(reply.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(reply.json()["server"][0]["name"], "xms01");

    bench.lab.fault(on("truncated_body", "GET", "server")).await.unwrap();
    let response = bench.request("GET", "config/server").header("Cookie", format!("sessionid={}", bench.token)).send();
    response.await.unwrap().bytes().await.unwrap_err();
    assert_eq!(bench.get("server").await.status, 200);
}

#[tokio::test]
async fn a_session_can_be_killed() {
    let mut bench = Bench::empty().await;
    bench.lab.fault(fault("session_killed")).await.unwrap();
    bench.get("server").await.is(401, 444, "Session expired or killed. Please login again");
    bench.get("server").await.fails(401, 444);
    bench.login().await;
    bench.get("server").await.fails(200, 0);
}

#[tokio::test]
async fn after_times_and_matchers_choose() {
    let bench = Bench::empty().await;
    let spec =
        FaultSpec { after: 1, times: 2, action: Some("save".to_owned()), ..on("unavailable", "POST", "nsconfig") };
    bench.lab.fault(spec).await.unwrap();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        bench.get("nsconfig").await.fails(200, 0);
        statuses.push(bench.post("nsconfig?action=save", json!({})).await.status);
    }
    assert_eq!(statuses, [200, 503, 503, 200]);
}

#[tokio::test]
async fn a_slow_save_makes_the_next_one_wait() {
    let bench = Bench::empty().await;
    let spec = FaultSpec { ms: 300, action: Some("save".to_owned()), ..on("slow", "POST", "nsconfig") };
    bench.lab.fault(spec).await.unwrap();
    let second = async {
        // The first one is on its way when the log shows it.
        while !bench.lab.requests().iter().any(|request| request.query == "action=save") {
            tokio::task::yield_now().await;
        }
        bench.post("nsconfig?action=save", json!({})).await
    };
    let (first, second) = tokio::join!(bench.post("nsconfig?action=save", json!({})), second);
    first.ok(200);
    second.is(599, 293, "Operation already in progress");
    bench
        .lab
        .fault(FaultSpec { action: Some("save".to_owned()), ..on("hang_after", "POST", "nsconfig") })
        .await
        .unwrap();
    let client = builder().timeout(Duration::from_millis(300)).build().unwrap();
    let hanging = client
        .post(format!("{}/nitro/v1/config/nsconfig?action=save", bench.base))
        .header("Cookie", format!("sessionid={}", bench.token))
        .body(r#"{"nsconfig":{}}"#);
    assert!(hanging.send().await.unwrap_err().is_timeout());
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
}

#[tokio::test]
async fn a_node_goes_off_after_so_many_connections() {
    let bench = Bench::set_up().await;
    let spec =
        FaultSpec { target: NODES[1].to_string(), fault: "power_off".to_owned(), after: 3, ..FaultSpec::default() };
    bench.lab.fault(spec).await.unwrap();
    let member = || bench.lab.state()["appliances"][0]["groups"][0]["members"][1].clone();
    bench.advance(15).await;
    assert_eq!(bench.lab.connections(NODES[1], 443), 4);
    assert_eq!(bench.lab.state()["nodes"][1]["power"], "off");
    assert_eq!((&member()["state"], &member()["monitor"]["failed"]), (&json!("UP"), &json!(0)));
    bench.advance(15).await;
    assert_eq!((&member()["state"], &member()["monitor"]["failed"]), (&json!("DOWN"), &json!(3)));
    assert_eq!(bench.lab.connections(NODES[1], 443), 4);
}

#[tokio::test]
async fn a_hanging_node_still_looks_up_to_a_tcp_monitor() {
    let bench = Bench::set_up().await;
    let spec = FaultSpec { target: NODES[0].to_string(), fault: "hang".to_owned(), ..FaultSpec::default() };
    bench.lab.fault(spec).await.unwrap();
    bench.advance(60).await;
    assert_eq!(bench.lab.state()["appliances"][0]["groups"][0]["members"][0]["state"], "UP");
    assert_eq!(bench.lab.connections(NODES[0], 443), 1, "nothing is accepted any more");
}

#[tokio::test]
async fn a_slow_node_is_down_when_it_is_slower_than_the_monitor_waits() {
    let bench = Bench::set_up().await;
    let slow = |ms| FaultSpec { target: NODES[0].to_string(), fault: "slow".to_owned(), ms, ..FaultSpec::default() };
    bench.lab.fault(slow(1_900)).await.unwrap();
    bench.advance(60).await;
    let state = || bench.lab.state()["appliances"][0]["groups"][0]["members"][0]["state"].clone();
    assert_eq!(state(), "UP");
    bench.lab.fault(slow(2_100)).await.unwrap();
    bench.advance(60).await;
    assert_eq!(state(), "DOWN");
}

#[tokio::test]
async fn orders_that_nobody_understands_list_what_is_known() {
    let bench = Bench::empty().await;
    let control = bench.lab.description().control.clone();
    let order = async |body: serde_json::Value| {
        let request = bench.http.post(format!("{control}/faults")).header("Content-Type", "application/json");
        Reply::from(request.body(body.to_string()).send().await.unwrap()).await
    };
    let reply = order(json!({ "target": "10.20.30.12", "fault": "explode" })).await;
    assert_eq!(reply.status, 400);
    let known = "unknown fault \"explode\" for a node; known faults are power_off, slow, hang, web_dead_tcp_up";
    assert!(reply.json()["error"].as_str().unwrap().starts_with(known), "{}", reply.text);
    let reply = order(json!({ "target": "10.9.9.9", "fault": "power_off" })).await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains("known targets are netscaler, 10.0.0.10, 10.20.30.11"), "{}", reply.text);
    let reply = order(json!({ "target": "netscaler", "fault": "refuse", "often": 3 })).await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains("unknown field"), "{}", reply.text);
    let reply = order(json!({ "target": "netscaler", "fault": "web_dead_tcp_up" })).await;
    assert!(reply.text.contains("hang_before, hang_after"), "{}", reply.text);
}
