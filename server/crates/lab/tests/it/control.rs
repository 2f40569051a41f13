//! The control API and the library beside it.

use crate::common::{Bench, NODES, Reply, options};
use lab::{ClockMode, Options, Seed};
use serde_json::{Value, json};
use std::time::Duration;

async fn control(bench: &Bench, method: &str, path: &str, body: Option<Value>) -> Reply {
    let url = format!("{}{path}", bench.lab.description().control);
    let mut request = bench.http.request(method.parse().unwrap(), url);
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    Reply::from(request.send().await.unwrap()).await
}

#[tokio::test]
async fn the_description_is_the_contract() {
    let bench = Bench::empty().await;
    let line = serde_json::to_value(bench.lab.description()).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&line), ["control", "netscaler", "socks", "xms"]);
    let appliance = &line["netscaler"][0];
    assert_eq!(keys(appliance), ["fingerprint", "http", "https", "nsip", "password", "role", "user"]);
    assert_eq!((&appliance["role"], &appliance["user"]), (&json!("primary"), &json!("nsroot")));
    let node = &line["xms"][0];
    for key in ["enrolment", "ip", "management", "node_id", "password", "ssh", "user"] {
        assert!(node[key].is_string(), "{key}");
    }
    assert_eq!((&node["ip"], &node["node_id"]), (&json!("10.20.30.11"), &json!("169090571")));
    assert!(node["ssh"].as_str().unwrap().starts_with("127.0.0.1:"));
    assert_eq!(line["xms"].as_array().unwrap().len(), 3);
    for address in [&appliance["https"], &node["management"], &node["enrolment"]] {
        assert!(address.as_str().unwrap().starts_with("https://127.0.0.1:"), "{address}");
    }
}

#[tokio::test]
async fn the_clock_moves_when_told() {
    let bench = Bench::set_up().await;
    let reply = control(&bench, "POST", "/clock", Some(json!({ "advance_ms": 5_000 }))).await;
    assert_eq!((reply.status, &reply.json()["now"]), (200, &json!("2026-01-05T08:00:05Z")));
    assert_eq!(bench.lab.connections(NODES[2], 443), 2, "all that was due is done");
    let time = bench.get("nsconfig").await.json()["nsconfig"]["currentsytemtime"].clone();
    assert_eq!(time, "Mon Jan  5 08:00:05 2026");
    assert_eq!(control(&bench, "POST", "/clock", Some(json!({ "advance": 1 }))).await.status, 400);
}

#[tokio::test]
async fn a_seed_is_really_up_and_saved() {
    let bench = Bench::set_up().await;
    let state = control(&bench, "GET", "/state", None).await.json();
    let appliance = &state["appliances"][0];
    assert_eq!(appliance["vservers"][0]["state"], "UP");
    assert_eq!((&appliance["configchanged"], &appliance["saving"]), (&json!(false), &json!(false)));
    assert_eq!(appliance["groups"][0]["members"].as_array().unwrap().len(), 3);
    assert_eq!(state["nodes"][0]["ports"]["443"]["connections"], 1);
    assert!(bench.lab.cli().is_empty());
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
}

#[tokio::test]
async fn a_reset_forgets() {
    let mut bench = Bench::set_up().await;
    control(&bench, "POST", "/faults", Some(json!({ "target": "10.20.30.12", "fault": "power_off" }))).await;
    bench.advance(60).await;
    let reply = control(&bench, "POST", "/reset", Some(json!({ "seed": "empty" }))).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    bench.get("lbvserver").await.fails(401, 444);
    bench.login().await;
    assert_eq!(bench.get("lbvserver").await.json().get("lbvserver"), None);
    let state = bench.lab.state();
    assert_eq!((&state["nodes"][1]["power"], &state["faults"]), (&json!("on"), &json!([])));
    assert_eq!(bench.lab.connections(NODES[0], 443), 0);
    assert_eq!(bench.lab.requests()[0].path, "/nitro/v1/config/lbvserver");
    bench.advance(60).await;
    assert_eq!(bench.lab.connections(NODES[0], 443), 0, "no probe of the old life");
    assert_eq!(control(&bench, "POST", "/reset", Some(json!({ "seed": "full" }))).await.status, 400);
    control(&bench, "POST", "/reset", Some(json!({ "seed": "set-up" }))).await;
    bench.login().await;
    assert_eq!(bench.get("lbvserver").await.json()["lbvserver"][0]["curstate"], "UP");
}

#[tokio::test]
async fn faults_are_listed_and_removed_one_by_one() {
    let bench = Bench::empty().await;
    for (target, fault) in [("10.20.30.12", "power_off"), ("10.20.30.13", "power_off"), ("netscaler", "unavailable")] {
        let reply = control(&bench, "POST", "/faults", Some(json!({ "target": target, "fault": fault }))).await;
        assert_eq!(reply.status, 201);
    }
    assert_eq!(control(&bench, "GET", "/faults", None).await.json().as_array().unwrap().len(), 3);
    control(&bench, "DELETE", "/faults?target=10.20.30.12&fault=power_off", None).await;
    let power =
        || bench.lab.state()["nodes"].as_array().unwrap().iter().map(|node| node["power"].clone()).collect::<Vec<_>>();
    assert_eq!(power(), ["on", "on", "off"]);
    control(&bench, "DELETE", "/faults", None).await;
    assert_eq!(power(), ["on", "on", "on"]);
    bench.get("server").await.fails(200, 0);
}

#[tokio::test]
async fn requests_and_lines_share_their_numbers() {
    let bench = Bench::empty().await;
    bench.server("xms01", "10.20.30.11").await;
    let requests = control(&bench, "GET", "/requests", None).await.json();
    let last = requests.as_array().unwrap().last().unwrap().clone();
    let seq = last["seq"].clone();
    assert_eq!(
        last,
        json!({ "seq": seq, "appliance": "10.0.0.10", "session": "1", "method": "POST",
            "path": "/nitro/v1/config/server", "query": "",
            "body": { "server": { "name": "xms01", "ipaddress": "10.20.30.11" } }, "status": 201, "errorcode": 0,
            "bytes": 0 })
    );
    let before = seq.as_u64().unwrap();
    assert_eq!(bench.lab.requests_after(before), []);
    let reply = bench.get("server").await;
    let after = bench.lab.requests_after(before);
    assert_eq!((after.len(), after[0].seq), (1, before + 1));
    assert_eq!(after[0].bytes, Some(reply.text.len() as u64), "as long as what came");
    let cli = control(&bench, "GET", "/cli", None).await.json();
    assert_eq!(cli, json!([{ "seq": seq, "appliance": "10.0.0.10", "line": "add server xms01 10.20.30.11" }]));
    let reply = control(&bench, "POST", "/failover", None).await;
    assert_eq!(reply.status, 409);
    assert!(reply.json()["error"].as_str().unwrap().contains("stand-alone"));
}

#[tokio::test]
async fn a_real_clock_ticks_by_itself() {
    let bench = Bench::start(Options { clock: ClockMode::Real, ..options() }).await;
    bench.chain().await;
    let up = async {
        while bench.word("lbvserver/vs", "curstate").await != "UP" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), up).await.expect("UP after the first tick");
}

#[tokio::test]
async fn suggestions_are_free() {
    let bench = Bench::set_up().await;
    let suggestions = bench.lab.suggestions();
    assert_eq!(suggestions.vips.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.20.40.51", "10.20.40.52"]);
    bench.vserver("vs", "SSL", "10.20.40.51", 443).await;
    assert_eq!(bench.lab.suggestions().vips[0].to_string(), "10.20.40.52");
    assert_eq!(suggestions.fqdn, "xms.example.com");
}

#[tokio::test]
async fn dropping_a_lab_closes_its_ports() {
    let bench = Bench::start(Options { seed: Seed::SetUp, ..options() }).await;
    let description = bench.lab.description().clone();
    let node = description.xms[0].management.trim_start_matches("https://").to_owned();
    let control = description.control.trim_start_matches("http://").to_owned();
    drop(bench);
    for address in [node, control, description.socks] {
        let closed = async { while tokio::net::TcpStream::connect(&address).await.is_ok() {} };
        tokio::time::timeout(Duration::from_secs(10), closed).await.expect("closed soon after");
    }
}
