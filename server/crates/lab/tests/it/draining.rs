//! Going out of service (3.25), and who stands in (6 item 8).

use crate::{
    common::{Bench, NODES},
    socks::{connect, finish},
};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use tokio::io::AsyncReadExt;

const ROW: &str = "servicegroup_servicegroupmember_binding/sg?filter=servername:xms01";
const VIP: Ipv4Addr = Ipv4Addr::new(10, 20, 40, 51);

async fn state(bench: &Bench) -> Value {
    bench.word(ROW, "svrstate").await
}

async fn up() -> Bench {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.advance(0).await;
    assert_eq!(state(&bench).await, "UP");
    bench
}

async fn disable(bench: &Bench, path: &str, mut body: Value, delay: Option<u64>, graceful: &str) {
    if let Some(delay) = delay {
        body["delay"] = delay.into();
    }
    body["graceful"] = graceful.into();
    bench.post(&format!("{path}?action=disable"), body).await.ok(200);
}

#[tokio::test]
async fn graceful_waits_for_the_last_connection_however_long() {
    let bench = up().await;
    let member = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443 });
    for (path, body) in [
        ("servicegroup", member),
        ("servicegroup", json!({ "servicegroupname": "sg" })),
        ("server", json!({ "name": "xms01" })),
    ] {
        let (code, stream) = connect(&bench, VIP, 443).await;
        assert_eq!(code, 0);
        until_open(&bench, "1").await;
        disable(&bench, path, body.clone(), None, "YES").await;
        assert_eq!(state(&bench).await, "GOING OUT OF SERVICE", "{path} {body}");
        bench.advance(600).await;
        assert_eq!(state(&bench).await, "GOING OUT OF SERVICE", "{path} {body}");
        finish(stream).await;
        until_open(&bench, "0").await;
        bench.advance(1).await;
        assert_eq!(state(&bench).await, "OUT OF SERVICE", "{path} {body}");
        bench.post(&format!("{path}?action=enable"), body).await.ok(200);
        bench.advance(0).await;
        assert_eq!(state(&bench).await, "UP");
    }
}

#[tokio::test]
async fn graceful_with_a_delay_ends_with_whichever_is_first() {
    let bench = up().await;
    let member = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443 });
    disable(&bench, "servicegroup", member.clone(), Some(300), "YES").await;
    assert_eq!(state(&bench).await, "OUT OF SERVICE", "nobody is connected");
    bench.post("servicegroup?action=enable", member.clone()).await.ok(200);
    bench.advance(0).await;

    let (_, mut stream) = connect(&bench, VIP, 443).await;
    until_open(&bench, "1").await;
    disable(&bench, "servicegroup", member.clone(), Some(300), "YES").await;
    bench.advance(299).await;
    assert_eq!(state(&bench).await, "GOING OUT OF SERVICE");
    let row = bench.item(ROW).await;
    assert_eq!((&row["delay"], &row["graceful"], &row["state"]), (&json!(300), &json!("YES"), &json!("DISABLED")));
    bench.advance(1).await;
    assert_eq!(state(&bench).await, "OUT OF SERVICE");
    let error = stream.read(&mut [0; 1]).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "its time is over");
}

#[tokio::test]
async fn without_either_it_ends_at_once() {
    let bench = up().await;
    let (_, stream) = connect(&bench, VIP, 443).await;
    disable(&bench, "servicegroup", json!({ "servicegroupname": "sg" }), None, "NO").await;
    assert_eq!(state(&bench).await, "OUT OF SERVICE");
    drop(stream);
}

/// The proxy may need a moment to see what a client has done.
async fn until_open(bench: &Bench, connections: &str) {
    for _ in 0..10_000 {
        let cookie = format!("NITRO_AUTH_TOKEN={}", bench.token);
        let reply = bench.send_as(Some(&cookie), "GET", "stat/lbvserver/vs", None).await;
        let row = &reply.json()["lbvserver"][0];
        if ["curclntconnections", "cursrvrconnections"].iter().all(|name| row[name] == connections) {
            return;
        }
    }
    panic!("there never were {connections} connections");
}

#[tokio::test]
async fn enabling_a_server_enables_what_is_on_it_unless_its_state_is_kept() {
    let bench = up().await;
    let member = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443 });
    for (keep, after) in [("OFF", "ENABLED"), ("ON", "DISABLED")] {
        bench.put("lbparameter", json!({ "retainservicestate": keep })).await.ok(200);
        bench.post("servicegroup?action=disable", member.clone()).await.ok(200);
        bench.post("server?action=disable", json!({ "name": "xms01" })).await.ok(200);
        bench.post("server?action=enable", json!({ "name": "xms01" })).await.ok(200);
        assert_eq!(bench.word(ROW, "state").await, after, "retainservicestate {keep}");
    }
}

#[tokio::test]
async fn a_backup_stands_in_and_so_does_its_backup() {
    let bench = up().await;
    bench.group("empty", "SSL_BRIDGE").await;
    for (name, port) in [("second", 444), ("third", 445)] {
        bench.vserver(name, "SSL_BRIDGE", "10.20.40.51", port).await;
    }
    bench.put("lbvserver", json!({ "name": "second", "backupvserver": "third" })).await.ok(200);
    bench.put("lbvserver", json!({ "name": "third", "backupvserver": "vs" })).await.ok(200);
    let item = bench.item("lbvserver/second").await;
    assert_eq!((&item["curstate"], &item["effectivestate"]), (&json!("DOWN"), &json!("UP")));

    let chain = json!({ "name": "vs", "backupvserver": "second" });
    bench.put("lbvserver", chain).await.is(599, 2144, "The VIP is already a backup in the chain");
    bench.put("lbvserver", json!({ "name": "vs", "backupvserver": "VS" })).await.fails(599, 350);
    bench.put("lbvserver", json!({ "name": "vs", "backupvserver": "nope" })).await.fails(404, 258);

    bench.post("lbvserver?action=rename", json!({ "name": "vs", "newname": "first" })).await.ok(200);
    assert_eq!(bench.word("lbvserver/third", "backupvserver").await, "first");
    assert_eq!(bench.word("lbvserver/second", "effectivestate").await, "UP");
    bench.post("lbvserver?action=disable", json!({ "name": "first" })).await.ok(200);
    assert_eq!(bench.word("lbvserver/second", "effectivestate").await, "DOWN");
    bench.delete("lbvserver/first").await.ok(200);
    assert_eq!(bench.item("lbvserver/third").await.get("backupvserver"), None);
}

#[tokio::test]
async fn a_disabled_member_does_not_count_for_health() {
    let bench = Bench::set_up().await;
    let vserver = bench.get("lbvserver").await.json()["lbvserver"][0]["name"].as_str().unwrap().to_owned();
    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.advance(60).await;
    let path = format!("lbvserver/{vserver}");
    assert_eq!(bench.word(&path, "health").await, "66");
    bench.post("server?action=disable", json!({ "name": "xms01" })).await.ok(200);
    let item = bench.item(&path).await;
    assert_eq!(
        (&item["health"], &item["activeservices"], &item["totalservices"]),
        (&json!("100"), &json!("2"), &json!("3"))
    );
}
