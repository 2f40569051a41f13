//! Full synchronisation: when, how long, and what it cannot do.

use super::{FIRST, fault, has, nodes, plain, server, statistics};
use crate::common::WHERE;
use serde_json::json;

#[tokio::test]
async fn a_forced_synchronisation_takes_a_while() {
    let (first, second) = plain().await;
    first.post("hasync?action=Force", json!({ "force": true, "save": "YES" })).await.ok(200);
    assert_eq!(nodes(&first).await[1]["hasync"], "IN PROGRESS");
    assert_eq!(nodes(&second).await[0]["hasync"], "IN PROGRESS");
    assert_eq!(nodes(&second).await[1]["hasync"], "ENABLED");
    let text = "Synchronization is in progress";
    first.post("hasync?action=Force", json!({ "force": true })).await.is(599, 412, text);
    first.advance(9).await;
    assert_eq!(second.get("lbvserver").await.json().get("lbvserver"), None, "cleared, and not loaded yet");
    assert_eq!(nodes(&first).await[1]["hasync"], "IN PROGRESS");
    first.advance(1).await;
    assert_eq!(nodes(&first).await[1]["hasync"], "SUCCESS");
    assert_eq!(second.word("lbvserver", "curstate").await, "UP", "and its monitors have looked again");
}

#[tokio::test]
async fn a_synchronisation_that_ends_early_leaves_what_was_there() {
    let (first, second) = plain().await;
    first.post("server", server("new")).await.ok(201);
    first.post("hasync?action=Force", json!({ "force": true })).await.ok(200);
    assert!(!has(&second, "server/new").await);
    first.lab.power_off(FIRST).await.unwrap();
    first.advance(3).await;
    assert_eq!(nodes(&second).await[0]["state"], "Primary");
    assert!(has(&second, "server/new").await);
    second.advance(0).await;
    assert_eq!(second.word("lbvserver", "curstate").await, "UP");
}

#[tokio::test]
async fn what_is_switched_off_does_not_synchronise() {
    let (first, second) = plain().await;
    second.put("hanode", json!({ "id": 0, "hasync": "DISABLED" })).await.ok(200);
    assert_eq!(nodes(&first).await[1]["hasync"], "DISABLED");
    first.post("hasync?action=Force", json!({ "force": true })).await.is(599, 410, "Synchronization disabled");
    fault(&first, json!({ "target": "10.0.0.10", "fault": "peer_unreachable", "times": 1, "method": "POST" })).await;
    first.post("server", server("new")).await.fails(599, 457);
    first.advance(600).await;
    assert!(!has(&second, "server/new").await, "nor by itself");
    second.put("hanode", json!({ "id": 0, "hasync": "ENABLED", "hastatus": "DISABLED" })).await.ok(200);
    first.post("hasync?action=Force", json!({ "force": true })).await.is(599, 411, "Node disabled");
    first.post("hafiles?action=sync", json!({ "mode": ["ssl"] })).await.is(599, 411, "Node disabled");
    first.post("server", json!({ "name": "alone", "ipaddress": "10.20.30.98" })).await.ok(201);
    assert!(!has(&second, "server/alone").await, "a disabled node takes no part");
    second.put("hanode", json!({ "id": 0, "hastatus": "ENABLED" })).await.ok(200);
    first.advance(70).await;
    assert!(has(&second, "server/new").await && has(&second, "server/alone").await);
}

#[tokio::test]
async fn a_certificate_key_without_its_files_does_not_come_over() {
    let (first, second) = plain().await;
    // Loaded long ago, deleted since, on both; the key lives on in memory.
    first.put("hanode", json!({ "id": 0, "hasync": "DISABLED" })).await.ok(200);
    for side in [&first, &second] {
        for file in ["wildcard-example.cer", "wildcard-example.key"] {
            side.delete(&format!("systemfile/{file}?{WHERE}")).await.ok(200);
        }
        first.lab.failover().unwrap();
    }
    first.advance(10).await;
    assert!(has(&first, "sslcertkey/wildcard-example").await, "the primary still has it");
    second.get("sslcertkey/wildcard-example").await.fails(404, 258);
    assert_eq!(statistics(&second).await["haerrsyncfailure"], "1");
    let failures = second.object("config/hasyncfailures").await["response"].clone();
    assert!(failures.as_str().unwrap().starts_with("add ssl certKey wildcard-example"), "{failures}");
    assert_eq!(nodes(&first).await[1]["hasyncfailurereason"], "1 command(s) failed");
    // Partial failures hide unless somebody wants to see them.
    assert_eq!(nodes(&first).await[1]["hasync"], "SUCCESS");
    second.put("hanode", json!({ "id": 0, "syncstatusstrictmode": "ENABLED" })).await.ok(200);
    assert_eq!(nodes(&first).await[1]["hasync"], "FAILED");
    assert_eq!(second.word("vpnvserver", "curstate").await, "DOWN", "its certificate went with it");
}
