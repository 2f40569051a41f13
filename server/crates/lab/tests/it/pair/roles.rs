//! Who is primary, and how it shows.

use super::{FIRST, SECOND, fault, has, nodes, plain, server, statistics};
use crate::common::Bench;
use serde_json::json;

#[tokio::test]
async fn both_say_who_they_are_and_who_the_other_one_is() {
    let (first, second) = plain().await;
    let roles: Vec<&str> = first.lab.description().netscaler.iter().map(|one| one.role.as_str()).collect();
    assert_eq!(roles, ["primary", "secondary"]);
    let description = first.lab.description().netscaler.clone();
    assert_eq!((description[0].nsip, description[1].nsip), (FIRST, SECOND));
    assert!(description[1].https.starts_with("https://127.0.0.1:"));
    for (side, own, state, other, its_state) in [
        (&first, "10.0.0.10", "Primary", "10.0.0.11", "Secondary"),
        (&second, "10.0.0.11", "Secondary", "10.0.0.10", "Primary"),
    ] {
        let [me, peer] = nodes(side).await;
        assert_eq!((&me["id"], &me["ipaddress"], &me["state"]), (&json!("0"), &json!(own), &json!(state)));
        assert_eq!((&peer["id"], &peer["ipaddress"], &peer["state"]), (&json!("1"), &json!(other), &json!(its_state)));
        assert_eq!((&me["hastatus"], &peer["hastatus"]), (&json!("UP"), &json!("UP")));
        let config = side.object("config/nsconfig").await;
        assert_eq!((&config["systemtype"], &config["primaryip"]), (&json!("HA"), &json!("10.0.0.10")));
        assert_eq!(side.word("hanode/1", "name").await, if own == "10.0.0.10" { "ns02" } else { "ns01" });
        side.get("hanode/2").await.fails(404, 258);
    }
    let serial = async |side: &Bench| side.object("config/nshardware").await["serialno"].clone();
    assert_ne!(serial(&first).await, serial(&second).await);
    assert_eq!(nodes(&first).await[0]["hasync"], "ENABLED");
    assert_eq!(nodes(&first).await[1]["hasync"], "SUCCESS");
}

#[tokio::test]
async fn heartbeats_and_the_time_in_a_role_run() {
    let (first, second) = plain().await;
    assert_eq!(nodes(&first).await[0]["masterstatetime"], 0);
    first.advance(60).await;
    assert_eq!(nodes(&first).await[0]["masterstatetime"], 60);
    for (side, state) in [(&first, "Primary"), (&second, "Secondary")] {
        let numbers = statistics(side).await;
        assert_eq!((&numbers["hacurstatus"], &numbers["hacurstate"]), (&json!("YES"), &json!("UP")));
        assert_eq!(numbers["hacurmasterstate"], state);
        assert_eq!((&numbers["hatotpktrx"], &numbers["hatotpkttx"]), (&json!("600"), &json!("600")));
        assert_eq!((&numbers["hapktrxrate"], &numbers["hapkttxrate"]), (&json!(10), &json!(10)));
        assert_eq!(side.object("stat/ns").await["hacurmasterstate"], state);
    }
}

#[tokio::test]
async fn the_control_api_fails_over() {
    let (first, second) = plain().await;
    first.advance(60).await;
    let before = statistics(&first).await["transtime"].clone();
    let reply = first.control("POST", "/failover", None).await;
    assert_eq!((reply.status, &reply.json()["appliances"][1]["role"]), (200, &json!("primary")));
    assert_eq!(nodes(&first).await[0]["state"], "Secondary");
    assert_eq!(nodes(&second).await[0]["state"], "Primary");
    assert_eq!(nodes(&second).await[0]["masterstatetime"], 0);
    assert_ne!(statistics(&second).await["transtime"], before);
    // Old sessions stay what they are; a synchronisation follows.
    assert_eq!(nodes(&second).await[1]["hasync"], "IN PROGRESS");
    second.advance(10).await;
    second.post("server", server("new")).await.ok(201);
    assert!(has(&first, "server/new").await);
    first.post("server", server("other")).await.fails(599, 368);
}

#[tokio::test]
async fn an_administrator_fails_over_from_either_side() {
    let (first, second) = plain().await;
    first.post("hafailover?action=Force", json!({ "force": true })).await.ok(200);
    assert_eq!(nodes(&first).await[0]["state"], "Secondary");
    first.post("hafailover?action=Force", json!({ "force": true })).await.fails(599, 412);
    first.advance(10).await;
    first.post("hafailover?action=Force", json!({ "force": true })).await.ok(200);
    assert_eq!(nodes(&second).await[0]["state"], "Secondary");
    let lines: Vec<String> = first.lab.cli().into_iter().map(|record| record.line).collect();
    assert_eq!(lines, ["force HA failover -force", "force HA failover -force"]);
}

#[tokio::test]
async fn who_must_stay_what_it_is_stays() {
    let (first, second) = plain().await;
    second.put("hanode", json!({ "id": 0, "hastatus": "STAYSECONDARY" })).await.ok(200);
    assert_eq!(nodes(&first).await[1]["hastatus"], "STAYSECONDARY");
    let text = "Operation not possible due to invalid peer state. Rectify and retry.";
    first.post("hafailover?action=Force", json!({})).await.is(599, 364, text);
    let reply = first.control("POST", "/failover", None).await;
    assert_eq!((reply.status, reply.json()["error"].as_str()), (409, Some(text)));
    second.post("hanode?action=unset", json!({ "id": 0, "hastatus": true })).await.ok(200);
    first.put("hanode", json!({ "id": 0, "hastatus": "STAYPRIMARY" })).await.ok(200);
    first.post("hafailover?action=Force", json!({})).await.fails(599, 365);
    first.put("hanode", json!({ "id": 1, "hastatus": "DISABLED" })).await.fails(599, 257);
}

#[tokio::test]
async fn a_failover_between_write_and_save_keeps_the_write_and_loses_the_role() {
    let (first, second) = plain().await;
    let spec = json!({ "target": "10.0.0.10", "fault": "failover_after", "times": 1, "after": 1, "method": "POST" });
    fault(&first, spec).await;
    first.post("server", json!({ "name": "one", "ipaddress": "10.20.31.1" })).await.ok(201);
    first.post("server", json!({ "name": "two", "ipaddress": "10.20.31.2" })).await.ok(201);
    first.post("nsconfig?action=save", json!({})).await.is(599, 368, "Operation permitted only on primary node.");
    // The new primary runs both and has saved neither.
    for name in ["one", "two"] {
        assert!(has(&second, &format!("server/{name}")).await);
    }
    assert_eq!(nodes(&second).await[0]["state"], "Primary");
    assert_eq!(second.object("config/nsconfig").await["configchanged"], true);
    second.post("nsconfig?action=save", json!({})).await.is(599, 412, "Synchronization is in progress");
    second.advance(10).await;
    second.post("nsconfig?action=save", json!({})).await.ok(200);
    for side in [&first, &second] {
        assert_eq!(side.object("config/nsconfig").await["configchanged"], false);
        assert!(has(side, "server/two").await);
    }
}

#[tokio::test]
async fn a_failover_just_before_a_write_refuses_it() {
    let (first, second) = plain().await;
    let spec = json!({ "target": "10.0.0.10", "fault": "failover_before", "times": 1, "method": "POST" });
    fault(&first, spec).await;
    first.post("server", server("new")).await.fails(599, 368);
    assert!(!has(&second, "server/new").await);
}

#[tokio::test]
async fn a_stand_alone_appliance_has_nobody_to_talk_to() {
    let bench = Bench::empty().await;
    let text = "Operation not permitted on stand-alone node";
    bench.post("hafiles?action=sync", json!({ "mode": ["ssl"] })).await.is(599, 363, text);
    bench.post("hasync?action=Force", json!({ "force": true, "save": "YES" })).await.is(599, 363, text);
    bench.post("hafailover?action=Force", json!({ "force": true })).await.is(599, 363, text);
    assert!(bench.lab.cli().is_empty(), "nothing was done");
    bench.post("hasync?action=force", json!({ "force": true })).await.fails(400, 1240);
    let config = bench.object("config/nsconfig").await;
    assert_eq!((&config["systemtype"], &config["primaryip"]), (&json!("Stand-alone"), &json!("10.0.0.10")));
    assert_eq!(bench.get("hanode").await.json()["hanode"].as_array().unwrap().len(), 1);
    assert_eq!(bench.word("hanode/0", "state").await, "Primary");
    assert_eq!(bench.object("stat/hanode").await["hacurstatus"], "NO");
    let reply = bench.control("POST", "/ha", Some(json!({ "target": "10.0.0.10", "haerrsyncfailure": 1 }))).await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn the_control_api_tells_lies_about_a_pair() {
    let (first, second) = plain().await;
    let order =
        json!({ "target": "10.0.0.11", "haerrsyncfailure": 3, "haerrproptimeout": 2, "hastatus": "PARTIALFAIL" });
    assert_eq!(first.control("POST", "/ha", Some(order)).await.status, 200);
    let numbers = statistics(&second).await;
    assert_eq!((&numbers["haerrsyncfailure"], &numbers["haerrproptimeout"]), (&json!("3"), &json!("2")));
    assert_eq!(numbers["hacurstate"], "PARTIALFAIL");
    assert_eq!(nodes(&first).await[1]["hastatus"], "PARTIALFAIL");
    assert_eq!(statistics(&first).await["haerrsyncfailure"], "0");
    let order = json!({ "target": "10.0.0.11", "failures": ["add server x"], "hastatus": "" });
    first.control("POST", "/ha", Some(order)).await;
    assert_eq!(second.object("config/hasyncfailures").await["response"], "add server x");
    assert_eq!(nodes(&first).await[1]["hastatus"], "UP");
    let order = json!({ "target": "10.0.0.11", "set": { "hasync": "disabled", "haprop": "DISABLED" } });
    assert_eq!(first.control("POST", "/ha", Some(order)).await.status, 200);
    assert_eq!(nodes(&first).await[1]["hasync"], "DISABLED");
    let order = json!({ "target": "10.0.0.11", "set": { "hasync": "PERHAPS" } });
    let reply = first.control("POST", "/ha", Some(order)).await;
    assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("Invalid argument value [PERHAPS]")));
    // Failures are counted since the last change of roles.
    first.lab.failover().unwrap();
    assert_eq!(statistics(&second).await["haerrsyncfailure"], "0");
}
