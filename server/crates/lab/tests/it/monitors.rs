//! Monitors: what they ask the nodes, what they make of the answers, and where they may be bound (3.9, 3.10, 3.27).

use crate::common::{Bench, NODES};
use serde_json::{Value, json};

const BINDING: &str = "servicegroup_lbmonitor_binding";
const ENTITIES: &str = "servicegroup_servicegroupentitymonbindings_binding";
const INFO: &str = "GET /zdm/cxf/public/getserverinfo";

/// A group of one member on the port for enrolment, bound to nothing: monitors probe it all the same.
async fn scratch() -> Bench {
    let bench = Bench::empty().await;
    bench.features(&["LB", "SSL"]).await;
    bench.server("xms01", "10.20.30.11").await;
    bench.group("scratch", "SSL_BRIDGE").await;
    bench.member("scratch", "xms01", 8443).await;
    bench
}

async fn monitor(bench: &Bench, body: Value) {
    bench.post("lbmonitor", body.clone()).await.ok(201);
    bind(bench, body["monitorname"].as_str().unwrap()).await;
}

async fn bind(bench: &Bench, monitor: &str) {
    bench.put(BINDING, json!({ "servicegroupname": "scratch", "monitor_name": monitor })).await.ok(201);
}

async fn fault(bench: &Bench, word: &str, ms: u64) {
    let spec = lab::FaultSpec { target: NODES[0].to_string(), fault: word.to_owned(), ms, ..lab::FaultSpec::default() };
    bench.lab.fault(spec).await.unwrap();
}

/// `monitor_state` and `lastresponse` of one monitor.
async fn found(bench: &Bench, monitor: &str) -> (Value, Value) {
    let row = bench.item(&format!("{ENTITIES}/scratch?filter=monitor_name:{monitor}")).await;
    (row["monitor_state"].clone(), row["lastresponse"].clone())
}

async fn state(bench: &Bench) -> Value {
    bench.word("servicegroup_servicegroupmember_binding/scratch", "svrstate").await
}

#[tokio::test]
async fn an_http_monitor_looks_at_the_code() {
    let bench = scratch().await;
    let page = json!({ "monitorname": "page", "type": "HTTP", "secure": "YES",
        "httprequest": "GET /zdm/login_xdm_uc.jsp", "respcode": ["200-302"], "interval": 10, "resptimeout": 5 });
    monitor(&bench, page).await;
    bench.advance(0).await;
    assert_eq!(found(&bench, "page").await, (json!("UP"), json!("Success - HTTP response code 200 received.")));
    assert_eq!((state(&bench).await, bench.lab.connections(NODES[0], 8443)), (json!("UP"), 1));

    fault(&bench, "html_errors", 0).await;
    bench.advance(29).await;
    assert_eq!(state(&bench).await, "UP", "two failures, ten seconds apart");
    bench.advance(1).await;
    assert_eq!(found(&bench, "page").await, (json!("DOWN"), json!("Failure - HTTP response code 500 received.")));
    assert_eq!(state(&bench).await, "DOWN");
    let row = bench.item(&format!("{ENTITIES}/scratch")).await;
    assert_eq!((&row["monitortotalprobes"], &row["monitortotalfailedprobes"]), (&json!(4), &json!(3)));
    assert_eq!(row["monitorcurrentfailedprobes"], 3);
}

#[tokio::test]
async fn an_http_ecv_monitor_looks_into_the_body() {
    let bench = scratch().await;
    let ecv = |name: &str, recv: &str| {
        json!({ "monitorname": name, "type": "HTTP-ECV", "secure": "YES", "send": INFO, "recv": recv,
            "customheaders": "Host: xms.example.com\\r\\n" })
    };
    monitor(&bench, ecv("right", "serverInfo")).await;
    monitor(&bench, ecv("wrong", "no such words")).await;
    monitor(&bench, ecv("header", "HTTP/1.1")).await;
    monitor(&bench, ecv("anything", "x")).await;
    bench
        .post("lbmonitor?action=unset", json!({ "monitorname": "anything", "type": "HTTP-ECV", "recv": true }))
        .await
        .ok(200);
    bench.advance(0).await;
    let good = (json!("UP"), json!("Success - Pattern found in response."));
    let bad = (json!("Unknown"), json!("Failure - Pattern not found in response."));
    assert_eq!(found(&bench, "right").await, good);
    assert_eq!(found(&bench, "anything").await, good);
    assert_eq!(found(&bench, "wrong").await, bad);
    assert_eq!(found(&bench, "header").await, bad, "the status line is not searched");
    assert_eq!(state(&bench).await, "DOWN", "all of them must pass");
}

#[tokio::test]
async fn a_dead_web_server_shows_to_an_http_monitor_and_not_to_a_tcp_monitor() {
    let bench = scratch().await;
    bind(&bench, "https").await;
    let page = json!({ "monitorname": "https", "type": "HTTP", "httprequest": "HEAD /zdm/login_xdm_uc.jsp" });
    bench.put("lbmonitor", page).await.ok(200);
    bench.advance(0).await;
    assert_eq!(state(&bench).await, "UP");
    fault(&bench, "web_dead_tcp_up", 0).await;
    bench.advance(17).await;
    let silence = "Failure - Time out during SSL handshake stage";
    assert_eq!(found(&bench, "https").await, (json!("DOWN"), json!(silence)));
    bench.delete(&format!("{BINDING}/scratch?args=monitor_name:https")).await.ok(200);
    bench.advance(0).await;
    let open = "Success - TCP syn+ack received.";
    assert_eq!(found(&bench, "tcp-default").await, (json!("UP"), json!(open)));
    assert_eq!(state(&bench).await, "UP");
}

#[tokio::test]
async fn a_slow_server_is_judged_by_each_monitors_own_patience() {
    let bench = scratch().await;
    monitor(&bench, json!({ "monitorname": "short", "type": "TCP", "interval": 5, "resptimeout": 1 })).await;
    monitor(&bench, json!({ "monitorname": "long", "type": "TCP", "interval": 5, "resptimeout": 4 })).await;
    fault(&bench, "slow", 3_000).await;
    bench.advance(3).await;
    let late = "Failure - Time out during TCP connection establishment stage";
    assert_eq!(found(&bench, "short").await, (json!("Unknown"), json!(late)));
    assert_eq!(found(&bench, "long").await, (json!("UP"), json!("Success - TCP syn+ack received.")));
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_none() {
    let bench = scratch().await;
    let page = |name: &str, patience: u64| {
        json!({ "monitorname": name, "type": "HTTP", "secure": "YES", "httprequest": "GET /zdm/login_xdm_uc.jsp",
            "interval": 10, "resptimeout": patience })
    };
    monitor(&bench, page("quick", 1)).await;
    monitor(&bench, page("calm", 2)).await;
    fault(&bench, "slow_ms", 1_100).await;
    bench.advance(1).await;
    let late = "Failure - Time out while waiting for the response";
    assert_eq!(found(&bench, "quick").await, (json!("Unknown"), json!(late)));
    assert_eq!(found(&bench, "calm").await.0, "UP");
}

#[tokio::test]
async fn ping_asks_for_the_host_and_tcp_ecv_for_words() {
    let bench = scratch().await;
    bind(&bench, "ping").await;
    let banner = json!({ "monitorname": "banner", "type": "TCP-ECV", "recv": "SSH-2.0", "destport": 22 });
    monitor(&bench, banner).await;
    monitor(&bench, json!({ "monitorname": "closed", "type": "TCP", "destport": 5701 })).await;
    bench.advance(0).await;
    assert_eq!(found(&bench, "ping").await, (json!("UP"), json!("Success - ICMP echo reply received.")));
    assert_eq!(found(&bench, "banner").await, (json!("UP"), json!("Success - Pattern found in response.")));
    assert_eq!(found(&bench, "closed").await.1, "Failure - TCP connection reset by peer.");
    assert_eq!(bench.lab.connections(NODES[0], 22), 1);
    assert_eq!(bench.lab.connections(NODES[0], 8443), 0);
    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.advance(20).await;
    assert_eq!(found(&bench, "ping").await, (json!("DOWN"), json!("Failure - Probe timed out.")));
}

#[tokio::test]
async fn a_reverse_monitor_wants_the_probe_to_fail() {
    let bench = scratch().await;
    monitor(&bench, json!({ "monitorname": "off", "type": "TCP", "destport": 5701, "reverse": "YES" })).await;
    bench.advance(0).await;
    assert_eq!(found(&bench, "off").await, (json!("UP"), json!("Success - TCP connection reset by peer.")));
    assert_eq!(state(&bench).await, "UP");
}

#[tokio::test]
async fn a_type_that_is_not_simulated_is_never_up() {
    let bench = scratch().await;
    for (name, kind, more) in [
        ("script", "USER", json!({ "scriptname": "nsxm.pl" })),
        ("name", "DNS", json!({ "query": "example.com" })),
        ("mail", "SMTP", json!({})),
        ("xm9", "CITRIX-XDM", json!({ "sitepath": "/zdm" })),
        ("inline", "HTTP-INLINE", json!({})),
    ] {
        let mut body = more;
        body["monitorname"] = name.into();
        body["type"] = kind.into();
        monitor(&bench, body).await;
    }
    bench.advance(60).await;
    for name in ["script", "name", "mail", "xm9", "inline"] {
        let (state, words) = found(&bench, name).await;
        assert_eq!(state, "DOWN", "{name}");
        assert!(words.as_str().unwrap().starts_with("Failure - "), "{name}: {words}");
    }
    let item = bench.item("lbmonitor/script").await;
    assert_eq!((&item["dispatcherip"], &item["dispatcherport"]), (&json!("127.0.0.1"), &json!(3013)));
}

/// The second way of 3.27: a new monitor on trial beside the one that decides.
#[tokio::test]
async fn weights_and_a_threshold_let_one_monitor_decide() {
    let bench = scratch().await;
    bench.put("servicegroup", json!({ "servicegroupname": "scratch", "monthreshold": 10 })).await.ok(200);
    let heavy = json!({ "servicegroupname": "scratch", "monitor_name": "tcp", "weight": 10 });
    bench.put(BINDING, heavy).await.ok(201);
    monitor(&bench, json!({ "monitorname": "trial", "type": "HTTP-ECV", "secure": "YES", "send": INFO, "recv": "?!" }))
        .await;
    bench.advance(60).await;
    assert_eq!(found(&bench, "trial").await.0, "DOWN");
    assert_eq!(state(&bench).await, "UP");
    bench.put("servicegroup", json!({ "servicegroupname": "scratch", "monthreshold": 11 })).await.ok(200);
    assert_eq!(state(&bench).await, "DOWN");
    let row = bench.item(&format!("{BINDING}/scratch?filter=monitor_name:tcp")).await;
    assert_eq!((&row["weight"], &row["monweight"], &row["monstate"]), (&json!("10"), &json!("10"), &json!("ENABLED")));
}

#[tokio::test]
async fn a_wrong_monitor_takes_a_living_member_down_after_its_retries() {
    let bench = scratch().await;
    bench.advance(0).await;
    monitor(&bench, json!({ "monitorname": "wrong", "type": "TCP", "destport": 5701 })).await;
    assert_eq!(state(&bench).await, "UP");
    assert_eq!(found(&bench, "wrong").await.0, "Unknown");
    bench.advance(9).await;
    assert_eq!(state(&bench).await, "UP", "at 0 and 5 s");
    bench.advance(1).await;
    assert_eq!(state(&bench).await, "DOWN");
}

#[tokio::test]
async fn several_successes_bring_a_member_back() {
    let bench = scratch().await;
    monitor(
        &bench,
        json!({ "monitorname": "twice", "type": "TCP", "successretries": 2, "retries": 1, "downtime": 10 }),
    )
    .await;
    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.advance(0).await;
    assert_eq!(found(&bench, "twice").await.0, "DOWN");
    bench.lab.clear_faults().await.unwrap();
    bench.advance(10).await;
    assert_eq!(found(&bench, "twice").await, (json!("DOWN"), json!("Success - TCP syn+ack received.")));
    bench.advance(5).await;
    assert_eq!(found(&bench, "twice").await.0, "UP");
}

#[tokio::test]
async fn a_monitor_can_send_a_member_out_of_service() {
    let bench = scratch().await;
    monitor(
        &bench,
        json!({ "monitorname": "care", "type": "HTTP", "secure": "YES", 
        "httprequest": "GET /zdm/login_xdm_uc.jsp", "trofscode": 500 }),
    )
    .await;
    bench.advance(0).await;
    assert_eq!(state(&bench).await, "UP");
    fault(&bench, "html_errors", 0).await;
    bench.advance(5).await;
    assert_eq!(state(&bench).await, "GOING OUT OF SERVICE");
    bench.lab.clear_faults().await.unwrap();
    bench.advance(5).await;
    assert_eq!(state(&bench).await, "UP");
    let other = json!({ "monitorname": "other", "type": "TCP-ECV", "recv": "x", "trofsstring": "y" });
    bench.post("lbmonitor", other).await.ok(201);
    let second = json!({ "servicegroupname": "scratch", "monitor_name": "other" });
    bench.put(BINDING, second).await.is(599, 2163, "Only one monitor of this type can be bound to a service");
}

#[tokio::test]
async fn the_default_monitor_comes_and_goes_by_itself() {
    let bench = scratch().await;
    let default = json!({ "servicegroupname": "scratch", "monitor_name": "tcp-default" });
    bench.put(BINDING, default).await.is(599, 2165, "Default monitor cannot be bound explicitly to a service");
    bench.delete(&format!("{BINDING}/scratch?args=monitor_name:tcp-default")).await.is(
        599,
        2164,
        "Default monitor cannot be unbound from a service",
    );
    let switch = json!({ "monitorname": "tcp-default", "servicegroupname": "scratch" });
    bench.post("lbmonitor?action=disable", switch).await.is(599, 2166, "Default monitor cannot be disabled or enabled");
    bench
        .put("lbmonitor", json!({ "monitorname": "tcp-default", "type": "TCP", "interval": 9 }))
        .await
        .fails(599, 2139);
    assert_eq!(bench.item(&format!("{ENTITIES}/scratch")).await["monitor_name"], "tcp-default");
    bind(&bench, "ping").await;
    assert_eq!(bench.item(&format!("{ENTITIES}/scratch")).await["monitor_name"], "ping");

    let switch = json!({ "monitorname": "ping", "servicegroupname": "scratch" });
    bench.post("lbmonitor?action=disable", switch.clone()).await.ok(200);
    assert_eq!(found(&bench, "ping").await.0, "DISABLED");
    bench.advance(0).await;
    assert_eq!(found(&bench, "tcp-default").await.0, "UP", "somebody has to look");
    assert_eq!(bench.word(&format!("{BINDING}/scratch"), "monstate").await, "DISABLED");
    bench.post("lbmonitor?action=enable", switch).await.ok(200);
    assert_eq!(bench.item(&format!("{ENTITIES}/scratch")).await["monitor_name"], "ping");
    bench.put("lbmonitor", json!({ "monitorname": "ping", "type": "PING", "state": "DISABLED" })).await.ok(200);
    assert_eq!(found(&bench, "ping").await.0, "DISABLED");
    bench.delete(&format!("{BINDING}/scratch?args=monitor_name:ping")).await.ok(200);
    assert_eq!(bench.item(&format!("{ENTITIES}/scratch")).await["monitor_name"], "tcp-default");
}

#[tokio::test]
async fn a_monitor_can_be_for_the_members_on_one_port() {
    let bench = scratch().await;
    bench.member("scratch", "xms01", 443).await;
    let only = json!({ "servicegroupname": "scratch", "monitor_name": "ping", "port": 443 });
    bench.put(BINDING, only).await.ok(201);
    let rows = bench.get(&format!("{ENTITIES}/scratch")).await.json();
    let pairs: Vec<_> =
        rows[ENTITIES].as_array().unwrap().iter().map(|row| (&row["port"], &row["monitor_name"])).collect();
    assert_eq!(pairs, [(&json!(8443), &json!("tcp-default")), (&json!(443), &json!("ping"))]);
    bench.delete(&format!("{BINDING}/scratch?args=monitor_name:ping")).await.fails(404, 2170);
    bench.delete(&format!("{BINDING}/scratch?args=monitor_name:ping,port:443")).await.ok(200);
}

#[tokio::test]
async fn monitors_keep_their_rules() {
    let bench = Bench::empty().await;
    let add = |body: Value| {
        let bench = &bench;
        async move { bench.post("lbmonitor", body).await }
    };
    let with = |more: Value| {
        let mut body = json!({ "monitorname": "m", "type": "HTTP" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (body, status, code) in [
        (with(json!({ "interval": 5, "resptimeout": 5 })), 599, 2128),
        (with(json!({ "interval": 1, "units3": "MIN", "resptimeout": 90 })), 599, 2128),
        (with(json!({ "retries": 3, "failureretries": 3 })), 599, 2196),
        (with(json!({ "retries": 3, "alertretries": 3 })), 599, 2195),
        (with(json!({ "retries": 5, "failureretries": 2, "alertretries": 2 })), 599, 2197),
        (with(json!({ "respcode": (200..217).map(|code| code.to_string()).collect::<Vec<_>>() })), 599, 2130),
        (with(json!({ "respcode": [] })), 599, 2161),
        (with(json!({ "respcode": ["ok"] })), 400, 1097),
        (with(json!({ "interval": 30_000, "units3": "SEC" })), 400, 1108),
        (with(json!({ "interval": 0 })), 400, 1109),
        (with(json!({ "interval": 2_505, "units3": "MSEC" })), 599, 2169),
        (with(json!({ "transparent": "YES" })), 599, 2129),
        (with(json!({ "tos": "YES", "destip": "10.20.30.11" })), 599, 2201),
        (with(json!({ "recv": "x" })), 400, 1093),
        (with(json!({ "retries": 128 })), 400, 1108),
        (with(json!({ "lrtmconf": 1 })), 599, 278),
        (json!({ "monitorname": "m", "type": "PING", "secure": "YES" }), 599, 2154),
        (json!({ "monitorname": "m", "type": "USER" }), 599, 2157),
        (json!({ "monitorname": "m", "type": "HTTPS" }), 400, 1097),
        (json!({ "monitorname": "m" }), 400, 1095),
    ] {
        let reply = add(body.clone()).await;
        assert_eq!((reply.status, reply.code()), (status, Some(code)), "{body}: {}", reply.text);
    }
    bench.get("lbmonitor/m").await.is(404, 258, "No such resource [monitorName, m]");

    add(with(json!({ "interval": "60", "resptimeout": 5, "httprequest": "GET /" }))).await.ok(201);
    add(with(json!({}))).await.is(409, 273, "Resource already exists [monitorName, m]");
    let item = bench.item("lbmonitor/m").await;
    assert_eq!((&item["interval"], &item["units3"]), (&json!(1), &json!("MIN")), "whole minutes come back as minutes");
    assert_eq!((&item["respcode"], &item["retries"], &item["deviation"]), (&json!(["200"]), &json!(3), &json!("0")));
    bench.put("lbmonitor", json!({ "monitorname": "m", "type": "TCP", "retries": 4 })).await.is(
        599,
        2155,
        "Existing monitor is of different type than given",
    );
    bench.put("lbmonitor", json!({ "monitorname": "m", "retries": 4 })).await.fails(400, 1095);
    bench.put("lbmonitor", json!({ "monitorname": "m", "type": "HTTP" })).await.fails(400, 431);
    bench.put("lbmonitor", json!({ "monitorname": "m", "type": "http", "retries": 4 })).await.ok(200);
    bench.post("lbmonitor?action=unset", json!({ "monitorname": "m", "interval": true })).await.fails(400, 1095);
    let unset = json!({ "monitorname": "m", "type": "HTTP", "retries": true });
    bench.post("lbmonitor?action=unset", unset).await.ok(200);
    assert_eq!(bench.word("lbmonitor/m?args=type:HTTP", "retries").await, 3);
    bench.get("lbmonitor/m?args=type:TCP").await.fails(404, 258);
    bench.post("lbmonitor?action=test", json!({ "monitorname": "m" })).await.is(
        400,
        1240,
        "Invalid nitro action or operation",
    );
}

#[tokio::test]
async fn passwords_of_monitors_come_back_otherwise() {
    let bench = Bench::empty().await;
    let body = json!({ "monitorname": "m", "type": "FTP", "username": "probe", "password": "open sesame" });
    bench.post("lbmonitor", body).await.ok(201);
    let shown = bench.word("lbmonitor/m", "password").await;
    assert!(shown.as_str().is_some_and(|text| !text.is_empty() && text != "open sesame"), "{shown}");
    let lines = bench.lab.cli();
    assert!(lines.iter().all(|line| !line.line.contains("open sesame")), "{lines:?}");
    let key = json!({ "monitorname": "r", "type": "RADIUS", "radkey": "open sesame" });
    bench.post("lbmonitor", key).await.ok(201);
    let requests = bench.lab.requests();
    assert!(!format!("{requests:?}").contains("open sesame"), "{requests:?}");
}

#[tokio::test]
async fn monitors_leave_when_nobody_needs_them() {
    let bench = scratch().await;
    monitor(&bench, json!({ "monitorname": "m", "type": "TCP" })).await;
    let again = json!({ "servicegroupname": "scratch", "monitor_name": "m" });
    bench.put(BINDING, again).await.is(409, 2133, "The monitor is already bound to the service");
    bench.delete("lbmonitor/m").await.is(400, 1095, "Required argument missing [type]");
    bench.delete("lbmonitor/m?args=type:HTTP").await.fails(599, 2155);
    let bound = "Monitor must be unbound before it can be deleted";
    bench.delete("lbmonitor/m?args=type:TCP").await.is(599, 2131, bound);
    bench.delete(&format!("{BINDING}/scratch?args=monitor_name:m")).await.ok(200);
    bench.delete(&format!("{BINDING}/scratch?args=monitor_name:m")).await.is(404, 2170, "Monitor not bound to service");
    bench.delete(&format!("{BINDING}/scratch?args=monitor_name:no")).await.fails(404, 2171);
    bench.delete(&format!("{BINDING}/scratch")).await.fails(400, 1095);
    bench.delete("lbmonitor/m?args=type:TCP").await.ok(200);
    bench.delete("lbmonitor/m?args=type:TCP").await.fails(404, 258);
    for (name, kind) in [("https", "HTTP"), ("tcp-default", "TCP"), ("ping-default", "PING"), ("tcp-ecv", "TCP-ECV")] {
        assert_eq!(bench.word(&format!("lbmonitor/{name}"), "type").await, kind);
        let path = format!("lbmonitor/{name}?args=type:{kind}");
        bench.delete(&path).await.is(599, 2132, "Built-in monitors cannot be deleted");
    }
}

#[tokio::test]
async fn monitors_that_do_not_fit_are_not_bound() {
    let bench = scratch().await;
    for (name, kind) in [("ldap", "LDAP"), ("snmp", "SNMP"), ("load", "LOAD"), ("news", "NNTP")] {
        bench.post("lbmonitor", json!({ "monitorname": name, "type": kind })).await.ok(201);
    }
    for (name, code) in [("ldap", 2184), ("snmp", 2189), ("news", 2187), ("ldns-ping", 2162)] {
        let body = json!({ "servicegroupname": "scratch", "monitor_name": name });
        bench.put(BINDING, body).await.fails(599, code);
    }
    let passive = |name: &str| json!({ "servicegroupname": "scratch", "monitor_name": name, "passive": true });
    bench.put(BINDING, passive("ping")).await.is(599, 2212, "PASSIVE option can be set only on LOAD monitors.");
    bench.put(BINDING, passive("load")).await.ok(201);
    assert_eq!(bench.word(&format!("{BINDING}/scratch"), "passive").await, true);
    let missing = json!({ "servicegroupname": "scratch", "monitor_name": "nope" });
    bench.put(BINDING, missing).await.is(404, 258, "No such resource [monitorName, nope]");
    let missing = json!({ "servicegroupname": "nope", "monitor_name": "ping" });
    bench.put(BINDING, missing).await.is(404, 258, "No such resource [serviceGroupName, nope]");
}

#[tokio::test]
async fn the_second_door_leads_to_the_same_binding() {
    let bench = scratch().await;
    let door = "lbmonitor_servicegroup_binding";
    bench.put(door, json!({ "monitorname": "ping", "servicegroupname": "scratch" })).await.ok(201);
    assert_eq!(bench.word(&format!("{BINDING}/scratch"), "monitor_name").await, "ping");
    bench.get(&format!("{door}/ping")).await.fails(400, 1240);
    let uses = bench.item("lbmonbindings_servicegroup_binding/ping").await;
    assert_eq!(
        uses,
        json!({ "monitorname": "ping", "servicegroupname": "scratch", "servicetype": "SSL_BRIDGE",
        "boundservicegroupsvrstate": "ENABLED", "monstate": "ENABLED" })
    );
    let all = bench.item("lbmonbindings_binding/ping").await;
    assert_eq!(all["lbmonbindings_servicegroup_binding"][0], uses);
    assert_eq!(bench.item("servicegroup_binding/scratch").await[BINDING][0]["monitor_name"], "ping");
    bench.delete(&format!("{door}/ping?args=servicegroupname:scratch")).await.ok(200);
    bench.delete(&format!("{door}/ping?args=servicegroupname:scratch")).await.fails(404, 2170);
    bench.get("lbmonbindings_servicegroup_binding/ping").await.is(200, 0, "Done");
}

#[tokio::test]
async fn the_second_door_takes_the_name_of_a_service_for_that_of_a_group() {
    let bench = Bench::empty().await;
    let service = json!({ "name": "alone", "ip": "10.20.30.11", "servicetype": "TCP", "port": 443 });
    bench.post("service", service).await.ok(201);
    let door = "lbmonitor_service_binding";
    bench.put(door, json!({ "monitorname": "tcp", "servicegroupname": "alone", "weight": 5 })).await.ok(201);
    assert_eq!(bench.word("service_lbmonitor_binding/alone", "monitor_name").await, "tcp");
    assert_eq!(bench.word("service_lbmonitor_binding/alone", "weight").await, "5");
    bench.delete(&format!("{door}/tcp?args=servicegroupname:alone")).await.ok(200);
    assert_eq!(bench.word("service_lbmonitor_binding/alone", "monitor_name").await, "tcp-default");
    bench.put(door, json!({ "monitorname": "tcp", "servicegroupname": "nobody" })).await.fails(404, 258);
}

#[tokio::test]
async fn a_secure_monitor_can_show_a_certificate() {
    let bench = Bench::empty().await;
    bench.post("lbmonitor", json!({ "monitorname": "m", "type": "TCP" })).await.ok(201);
    let binding = "lbmonitor_sslcertkey_binding";
    let body = json!({ "monitorname": "m", "certkeyname": "wildcard-example" });
    bench.put(binding, body.clone()).await.fails(400, 1093);
    bench.put("lbmonitor", json!({ "monitorname": "m", "type": "TCP", "secure": "YES" })).await.ok(200);
    bench.put(binding, body.clone()).await.ok(201);
    bench.put(binding, body).await.fails(409, 273);
    assert_eq!(bench.word(&format!("{binding}/m"), "certkeyname").await, "wildcard-example");
    bench.put(binding, json!({ "monitorname": "m", "certkeyname": "nope" })).await.fails(404, 1540);
    bench.delete(&format!("{binding}/m?args=certkeyname:wildcard-example")).await.ok(200);
    bench.delete(&format!("{binding}/m?args=certkeyname:wildcard-example")).await.fails(404, 1542);
}

/// The item of 3.10, attribute by attribute.
#[tokio::test]
async fn a_monitor_shows_what_the_reference_shows() {
    let bench = Bench::empty().await;
    let body = json!({ "monitorname": "mon_xms", "type": "HTTP", "httprequest": "GET /", "respcode": ["200-302"],
        "secure": "YES", "interval": 10, "resptimeout": 5, "destport": 8443 });
    bench.post("lbmonitor", body).await.ok(201);
    let item = bench.item("lbmonitor/mon_xms").await;
    let shown = json!({ "monitorname": "mon_xms", "type": "HTTP", "interval": 10, "units3": "SEC", "resptimeout": 5,
        "units4": "SEC", "downtime": 30, "units2": "SEC", "retries": 3, "failureretries": 0, "alertretries": 0,
        "successretries": 1, "deviation": "0", "units1": "SEC", "respcode": ["200-302"], "httprequest": "GET /",
        "secure": "YES", "destport": 8443, "state": "ENABLED", "reverse": "NO", "transparent": "NO",
        "lrtm": "DISABLED", "iptunnel": "NO", "tos": "NO" });
    for (name, value) in shown.as_object().unwrap() {
        assert_eq!(&item[name], value, "{name}");
    }
    let of_type = bench.get("lbmonitor?args=type:HTTP").await.json();
    let names: Vec<_> = of_type["lbmonitor"].as_array().unwrap().iter().map(|row| row["monitorname"].clone()).collect();
    assert_eq!(names, ["http", "https", "mon_xms"]);
    let https = bench.item("lbmonitor/https").await;
    assert_eq!(
        (&https["httprequest"], &https["respcode"], &https["secure"]),
        (&json!("HEAD /"), &json!(["200"]), &json!("YES"))
    );
}
