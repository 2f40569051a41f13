//! Writes on the primary, and on the secondary.

use super::{fault, has, nodes, pair, plain, server, statistics};
use crate::common::{BIND, Bench};
use lab::{Pair, SecondaryWrites, WritesDuringSync};
use serde_json::{Value, json};

const ONLY_THERE: &str = "You are connected to a secondary node; configuration changes made in this session will not \
                          be propagated to, or saved on, other nodes";

#[tokio::test]
async fn a_write_on_the_primary_is_on_both() {
    let (first, second) = plain().await;
    first.post("server", server("new")).await.ok(201);
    assert!(has(&first, "server/new").await && has(&second, "server/new").await);
    first.put("server", json!({ "name": "new", "comment": "ours" })).await.ok(200);
    assert_eq!(second.word("server/new", "comment").await, "ours");
    first.post("server?action=disable", json!({ "servername": "new" })).await.fails(599, 278);
    first.post("server?action=disable", json!({ "name": "new" })).await.ok(200);
    assert_eq!(second.word("server/new", "state").await, "DISABLED");
    first.delete("server/new").await.ok(200);
    second.get("server/new").await.fails(404, 258);
    first.delete("server/new").await.fails(404, 258);
}

#[tokio::test]
async fn commands_run_on_the_secondary_first() {
    let (first, _second) = plain().await;
    first.post("server", server("new")).await.ok(201);
    let lines = first.lab.cli();
    let where_to: Vec<&str> = lines.iter().map(|record| record.appliance.as_str()).collect();
    assert_eq!(where_to, ["10.0.0.10", "10.0.0.11"], "one line for each appliance");
    assert!(lines.iter().all(|record| record.line == "add server new 10.20.30.99" && record.seq == lines[0].seq));
}

#[tokio::test]
async fn a_save_is_propagated_and_so_is_what_is_unsaved() {
    let (first, second) = plain().await;
    first.post("server", server("new")).await.ok(201);
    for side in [&first, &second] {
        assert_eq!(side.object("config/nsconfig").await["configchanged"], true);
    }
    first.post("nsconfig?action=save", json!({})).await.ok(200);
    for side in [&first, &second] {
        assert_eq!(side.object("config/nsconfig").await["configchanged"], false);
    }
    // Nothing is left under way on the other one.
    first.post("nsconfig?action=save", json!({})).await.ok(200);
}

#[tokio::test]
async fn a_write_on_the_secondary_is_refused() {
    let (first, second) = plain().await;
    second.post("server", server("new")).await.is(599, 368, "Operation permitted only on primary node.");
    second.delete("server/xms01").await.is(599, 368, "Operation permitted only on primary node.");
    second.post("nsconfig?action=save", json!({})).await.fails(599, 368);
    assert!(!has(&first, "server/new").await && !has(&second, "server/new").await);
    assert!(has(&second, "server/xms01").await, "reads work");
}

#[tokio::test]
async fn a_write_on_the_secondary_may_stay_there_until_the_next_synchronisation() {
    let (first, second) = pair(Pair { secondary_writes: SecondaryWrites::Local, ..Pair::default() }).await;
    let reply = second.post("server?warning=yes", server("astray")).await;
    assert_eq!(reply.status, 209);
    assert_eq!(reply.headers["x-nitro-warning"], format!("1028 - {ONLY_THERE}"));
    assert!(has(&second, "server/astray").await && !has(&first, "server/astray").await);
    // Nobody asked for warnings: a success like any other.
    second.post("server", json!({ "name": "silent", "ipaddress": "10.20.30.98" })).await.ok(201);
    let reply = second.delete("server/silent?warning=yes").await;
    assert_eq!(reply.status, 209);

    first.post("hasync?action=Force", json!({ "force": true })).await.ok(200);
    first.advance(10).await;
    assert!(!has(&second, "server/astray").await);
}

#[tokio::test]
async fn what_fails_on_the_secondary_only_takes_effect_on_the_primary() {
    let (first, second) = pair(Pair { secondary_writes: SecondaryWrites::Local, ..Pair::default() }).await;
    second.post("server", server("taken")).await.ok(201);
    first.post("server", server("taken")).await.is(
        599,
        349,
        "Command failed on secondary node, but succeeded on primary node. Configuration will be synchronized to ensure \
         secondary and primary have same configuration.",
    );
    assert!(has(&first, "server/taken").await);
    // What fails on both is the primary's own refusal.
    first.post("server", server("taken")).await.is(409, 273, "Resource already exists [name, taken]");
}

#[tokio::test]
async fn every_object_of_a_bulk_request_goes_its_own_way() {
    let (first, second) = pair(Pair { secondary_writes: SecondaryWrites::Local, ..Pair::default() }).await;
    second.post("server", server("b")).await.ok(201);
    let three: Vec<Value> = ["a", "b", "c"].into_iter().map(server).map(own_address).collect();
    let request = first.request("POST", "config/server").header("X-NITRO-ONERROR", "continue");
    let request = request.header("Cookie", format!("sessionid={}", first.token));
    let reply = request.body(json!({ "server": three }).to_string()).send().await.unwrap();
    assert_eq!(reply.status(), 207);
    let codes: Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
    let codes: Vec<i64> = (0..3).map(|at| codes["response"][at]["errorcode"].as_i64().unwrap()).collect();
    assert_eq!(codes, [0, 349, 0]);
    for name in ["a", "b", "c"] {
        assert!(has(&first, &format!("server/{name}")).await && has(&second, &format!("server/{name}")).await);
    }
}

/// Servers need an address each.
fn own_address(mut server: Value) -> Value {
    let last = server["name"].as_str().unwrap().as_bytes()[0];
    server["ipaddress"] = format!("10.20.31.{last}").into();
    server
}

#[tokio::test]
async fn a_bulk_request_is_rolled_back_on_both() {
    let (first, second) = plain().await;
    let two = json!({ "server": [own_address(server("a")), { "name": "xms01", "ipaddress": "10.20.31.1" }] });
    let request = first.request("POST", "config/server").header("X-NITRO-ONERROR", "rollback");
    let request = request.header("Cookie", format!("sessionid={}", first.token));
    assert_eq!(request.body(two.to_string()).send().await.unwrap().status(), 207);
    assert!(!has(&first, "server/a").await && !has(&second, "server/a").await);
}

#[tokio::test]
async fn an_unreachable_peer_leaves_the_write_here_and_not_there() {
    for (word, code, text) in [
        ("peer_unreachable", 457, "Unable to establish connection with the secondary. Command propagation failed"),
        ("peer_silent", 458, "There is no response from the secondary. Propagation timed out"),
        ("propagation_failed", 347, "Command propagation failed"),
        ("propagation_refused", 358, "Command propagation failed due to user authentication problems"),
    ] {
        let (first, second) = plain().await;
        fault(&first, json!({ "target": "10.0.0.10", "fault": word, "times": 1, "method": "POST" })).await;
        first.post("server", server("new")).await.is(599, code, text);
        assert!(has(&first, "server/new").await && !has(&second, "server/new").await, "{word}");
        assert_eq!(statistics(&first).await["haerrproptimeout"], if code == 458 { "1" } else { "0" });
        // The secondary synchronises when it has pulled files next.
        first.advance(60).await;
        assert_eq!(nodes(&first).await[1]["hasync"], "IN PROGRESS");
        first.advance(10).await;
        assert!(has(&second, "server/new").await, "{word}");
    }
}

#[tokio::test]
async fn nothing_is_propagated_when_propagation_is_off() {
    let (first, second) = plain().await;
    first.put("hanode", json!({ "id": 0, "haprop": "DISABLED" })).await.ok(200);
    assert_eq!(nodes(&first).await[0]["haprop"], "DISABLED");
    assert_eq!(nodes(&second).await[0]["haprop"], "ENABLED", "a setting of each node's own");
    first.post("server", server("new")).await.ok(201);
    assert!(has(&first, "server/new").await && !has(&second, "server/new").await);
}

#[tokio::test]
async fn writes_wait_for_a_synchronisation() {
    for (during, code) in [(WritesDuringSync::Busy, 412), (WritesDuringSync::NotNow, 366), (WritesDuringSync::Alone, 0)]
    {
        let (first, second) = pair(Pair { writes_during_sync: during, ..Pair::default() }).await;
        first.post("hasync?action=Force", json!({ "force": true })).await.ok(200);
        let reply = first.post("server", server("new")).await;
        assert_eq!((reply.code(), has(&first, "server/new").await), (Some(code), code == 0));
        first.advance(10).await;
        assert_eq!(has(&second, "server/new").await, code == 0, "it came over at the end");
        first.post("server", json!({ "name": "later", "ipaddress": "10.20.30.98" })).await.ok(201);
    }
}

#[tokio::test]
async fn a_connection_that_is_lost_after_a_write_leaves_it_on_both() {
    let (first, second) = plain().await;
    for (fault_word, name) in [("reset_after", "lost"), ("hang_after", "hung")] {
        let spec = json!({ "target": "10.0.0.10", "fault": fault_word, "times": 1, "method": "POST" });
        fault(&first, spec).await;
        let request = first.request("POST", "config/server").timeout(std::time::Duration::from_secs(1));
        let request = request.header("Cookie", format!("sessionid={}", first.token));
        let body = json!({ "server": { "name": name, "ipaddress": if name == "lost" { "10.20.31.1" } else { "10.20.31.2" } } });
        assert!(request.body(body.to_string()).send().await.is_err(), "{fault_word}");
        assert!(has(&first, &format!("server/{name}")).await && has(&second, &format!("server/{name}")).await);
    }
    // Repeating it blindly is what a client must not do.
    first.post("server", server("lost")).await.fails(409, 273);
}

#[tokio::test]
async fn sessions_belong_to_one_appliance() {
    let (first, second) = plain().await;
    let stranger = Bench { token: first.token.clone(), ..first.second().await };
    stranger.get("server").await.fails(401, 444);
    assert!(has(&first, "server").await && has(&second, "server").await);
}

#[tokio::test]
async fn bindings_are_propagated_too() {
    let (first, second) = plain().await;
    first.vserver("vs", "SSL_BRIDGE", "10.20.40.51", 443).await;
    first.bind("vs", "sg_xm_mdm_443").await;
    assert_eq!(second.get(&format!("{BIND}/vs")).await.json()[BIND][0]["servicegroupname"], "sg_xm_mdm_443");
    assert_eq!(second.word("lbvserver/vs", "curstate").await, "UP", "its own monitors say so");
}
