//! The state engine: nothing changes without a probe that was really sent.

use crate::common::{Bench, MEMBER, NODES};
use serde_json::{Value, json};

const ROW: &str = "servicegroup_servicegroupmember_binding/sg?filter=servername:xms01";

async fn state(bench: &Bench) -> Value {
    bench.word(ROW, "svrstate").await
}

#[tokio::test]
async fn a_member_is_down_until_its_first_probe() {
    let bench = Bench::empty().await;
    bench.chain().await;
    assert_eq!(bench.lab.connections(NODES[0], 443), 0);
    assert_eq!(state(&bench).await, "DOWN");
    let monitor = bench.item("servicegroup_servicegroupentitymonbindings_binding/sg").await;
    assert_eq!((&monitor["monitor_state"], &monitor["monitortotalprobes"]), (&json!("Unknown"), &json!(0)));
    assert_eq!(bench.word("lbvserver/vs", "curstate").await, "DOWN");

    bench.advance(0).await;
    assert_eq!(bench.lab.connections(NODES[0], 443), 1);
    assert_eq!(state(&bench).await, "UP");
    let monitor = bench.item("servicegroup_servicegroupentitymonbindings_binding/sg").await;
    assert_eq!(monitor["servicegroupentname2"], "sg?xms01?443");
    assert_eq!((&monitor["monitor_name"], &monitor["monitor_state"]), (&json!("tcp-default"), &json!("UP")));
    assert_eq!(monitor["lastresponse"], "Success - TCP syn+ack received.");
    let vserver = bench.item("lbvserver/vs").await;
    assert_eq!((&vserver["curstate"], &vserver["health"]), (&json!("UP"), &json!("100")));
    assert_eq!((&vserver["totalservices"], &vserver["activeservices"]), (&json!("1"), &json!("1")));
    assert_eq!(bench.word("servicegroup/sg", "servicegroupeffectivestate").await, "UP");
}

#[tokio::test]
async fn three_failures_then_a_pause_then_one_success() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.advance(10).await;
    assert_eq!(bench.lab.connections(NODES[0], 443), 3, "at 0, 5 and 10 s");
    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.advance(14).await;
    assert_eq!(state(&bench).await, "UP", "two failures so far");
    bench.advance(1).await;
    assert_eq!(state(&bench).await, "DOWN");
    assert_eq!(bench.lab.connections(NODES[0], 443), 3, "an off node accepts nothing");
    assert_eq!(bench.word(ROW, "statechangetimesec").await, "Mon Jan  5 08:00:25 2026");
    assert_eq!(bench.word("lbvserver/vs", "curstate").await, "DOWN");

    bench.lab.clear_faults().await.unwrap();
    bench.advance(29).await;
    assert_eq!(state(&bench).await, "DOWN", "the node is back and nobody has looked");
    assert_eq!(bench.lab.connections(NODES[0], 443), 3);
    bench.advance(1).await;
    assert_eq!((state(&bench).await, bench.lab.connections(NODES[0], 443)), (json!("UP"), 4));
    assert_eq!(bench.word(ROW, "tickssincelaststatechange").await, "0");
    bench.advance(2).await;
    assert_eq!(bench.word(ROW, "tickssincelaststatechange").await, "200");
}

#[tokio::test]
async fn a_state_changes_only_when_the_probe_counter_moved() {
    let bench = Bench::set_up().await;
    let look = || {
        let state = bench.lab.state();
        let member = &state["appliances"][0]["groups"][0]["members"][1];
        (member["state"].clone(), member["monitor"]["sent"].as_u64().unwrap())
    };
    let mut before = look();
    assert_eq!(before.0, "UP");
    for second in 0..120 {
        match second {
            20 => bench.lab.power_off(NODES[1]).await.unwrap(),
            70 => bench.lab.clear_faults().await.unwrap(),
            _ => {}
        }
        assert_eq!(look(), before, "nothing happens between moments");
        bench.advance(1).await;
        let after = look();
        assert!(after.0 == before.0 || after.1 > before.1, "{before:?} became {after:?} without a probe");
        before = after;
    }
    assert_eq!(before.0, "UP");
}

#[tokio::test]
async fn an_address_that_nobody_has_stays_down() {
    let bench = Bench::empty().await;
    bench.features(&["LB", "SSL"]).await;
    bench.server("ghost", "10.20.30.99").await;
    bench.group("sg", "SSL_BRIDGE").await;
    bench.member("sg", "ghost", 443).await;
    bench.advance(60).await;
    let monitor = bench.item("servicegroup_servicegroupentitymonbindings_binding/sg").await;
    assert_eq!(monitor["monitor_state"], "DOWN");
    assert_eq!(monitor["lastresponse"], "Failure - Time out during TCP connection establishment stage");
    // 0, 5 and 10 s; then 2 s of waiting and 30 s of pause, twice.
    assert_eq!(monitor["monitortotalprobes"], 4);
}

#[tokio::test]
async fn enable_and_disable_at_every_level() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.advance(0).await;
    let member = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443 });
    for (path, body) in [
        ("server", json!({ "name": "xms01" })),
        ("servicegroup", json!({ "servicegroupname": "sg" })),
        ("servicegroup", member),
    ] {
        bench.post(&format!("{path}?action=disable"), body.clone()).await.ok(200);
        assert_eq!(state(&bench).await, "OUT OF SERVICE", "{path} {body}");
        let effective = bench.word("servicegroup/sg", "servicegroupeffectivestate").await;
        assert_eq!(effective, "OUT OF SERVICE");
        assert_eq!(bench.word("lbvserver/vs", "curstate").await, "DOWN");
        let before = bench.lab.connections(NODES[0], 443);
        bench.advance(60).await;
        assert_eq!(bench.lab.connections(NODES[0], 443), before, "who is out is not probed");
        bench.post(&format!("{path}?action=disable"), body.clone()).await.ok(200);
        bench.post(&format!("{path}?action=enable"), body).await.ok(200);
        assert_eq!(state(&bench).await, "DOWN", "nothing is known yet");
        bench.advance(0).await;
        assert_eq!(state(&bench).await, "UP");
    }
    bench.post("lbvserver?action=disable", json!({ "name": "vs" })).await.ok(200);
    assert_eq!(bench.word("lbvserver/vs", "curstate").await, "OUT OF SERVICE");
    assert_eq!(state(&bench).await, "UP");
    bench.post("lbvserver?action=enable", json!({ "name": "vs" })).await.ok(200);
    assert_eq!(bench.word("lbvserver/vs", "curstate").await, "UP");
}

#[tokio::test]
async fn a_delay_lets_a_member_go_slowly() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.advance(0).await;
    let body = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443, "delay": 300 });
    bench.post("servicegroup?action=disable", body).await.ok(200);
    let row = bench.item(ROW).await;
    assert_eq!((&row["svrstate"], &row["state"]), (&json!("GOING OUT OF SERVICE"), &json!("DISABLED")));
    assert_eq!((&row["delay"], &row["graceful"]), (&json!(300), &json!("NO")));
    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.advance(60).await;
    assert_eq!(state(&bench).await, "DOWN WHEN GOING OUT OF SERVICE");
    bench.advance(239).await;
    assert_eq!(state(&bench).await, "DOWN WHEN GOING OUT OF SERVICE");
    bench.advance(1).await;
    assert_eq!(state(&bench).await, "OUT OF SERVICE");
}

#[tokio::test]
async fn without_health_monitoring_members_count_as_up() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.put("servicegroup", json!({ "servicegroupname": "sg", "healthmonitor": "no" })).await.ok(200);
    assert_eq!(state(&bench).await, "UP");
    bench.put("servicegroup", json!({ "servicegroupname": "sg", "healthmonitor": "YES" })).await.ok(200);
    bench.advance(60).await;
    assert_eq!(state(&bench).await, "DOWN");
}

#[tokio::test]
async fn groups_are_partial_and_health_is_by_weight() {
    let bench = Bench::set_up().await;
    let vserver = bench.get("lbvserver").await.json()["lbvserver"][0]["name"].as_str().unwrap().to_owned();
    let heavy = json!({ "servicegroupname": "sg_xm_mdm_443", "servername": "xms01", "port": 443, "weight": 2 });
    bench.put("servicegroup", heavy).await.ok(200);
    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.advance(60).await;
    let effective = "servicegroupeffectivestate";
    assert_eq!(bench.word("servicegroup/sg_xm_mdm_443", effective).await, "PARTIAL-UP");
    let item = bench.item(&format!("lbvserver/{vserver}")).await;
    assert_eq!(
        (&item["curstate"], &item["health"], &item["activeservices"]),
        (&json!("UP"), &json!("50"), &json!("2"))
    );
    bench.put("lbvserver", json!({ "name": vserver, "healththreshold": 51 })).await.ok(200);
    assert_eq!(bench.word(&format!("lbvserver/{vserver}"), "curstate").await, "DOWN");
    for server in ["xms02", "xms03"] {
        bench.post("server?action=disable", json!({ "name": server })).await.ok(200);
    }
    assert_eq!(bench.word("servicegroup/sg_xm_mdm_443", effective).await, "PARTIAL-DOWN");
}

#[tokio::test]
async fn features_that_are_off_keep_virtual_servers_down() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.advance(0).await;
    for (feature, value) in [("LB", Value::Null), ("SSL", json!("SSL feature disabled"))] {
        bench.post("nsfeature?action=disable", json!({ "feature": [feature] })).await.ok(200);
        let item = bench.item("lbvserver/vs").await;
        assert_eq!((&item["curstate"], &item["value"]), (&json!("DOWN"), &value), "{feature}");
        bench.features(&[feature]).await;
        assert_eq!(bench.word("lbvserver/vs", "curstate").await, "UP");
    }
    bench.vserver("mam", "SSL", "10.20.40.52", 8443).await;
    let item = bench.item("lbvserver/mam").await;
    assert_eq!((&item["curstate"], &item["value"]), (&json!("DOWN"), &json!("Certkey not bound")));
}

#[tokio::test]
async fn a_server_that_moves_takes_its_members_along() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.advance(0).await;
    bench.put("server", json!({ "name": "xms01", "ipaddress": "10.20.30.11" })).await.ok(200);
    assert_eq!(state(&bench).await, "UP", "it has not moved");
    bench.put("server", json!({ "name": "xms01", "ipaddress": "10.20.30.12" })).await.ok(200);
    assert_eq!(state(&bench).await, "DOWN", "nothing is known about the new place");
    bench.advance(0).await;
    assert_eq!((state(&bench).await, bench.lab.connections(NODES[1], 443)), (json!("UP"), 1));
    assert_eq!(bench.word(&format!("{MEMBER}/sg"), "ip").await, "10.20.30.12");
}

#[tokio::test]
async fn a_probe_under_way_does_not_block_and_a_stale_result_is_dropped() {
    let bench = Bench::empty().await;
    bench.chain().await;
    let fault = lab::FaultSpec {
        target: NODES[0].to_string(),
        fault: "slow".to_owned(),
        ms: 1_500,
        ..lab::FaultSpec::default()
    };
    bench.lab.fault(fault).await.unwrap();
    bench.advance(1).await;
    assert_eq!((state(&bench).await, bench.lab.connections(NODES[0], 443)), (json!("DOWN"), 1));
    let member = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443 });
    bench.post("servicegroup?action=disable", member.clone()).await.ok(200);
    bench.post("servicegroup?action=enable", member).await.ok(200);
    // The first answer arrives at 1.5 s, but nobody waits for it any more; the new probe went out at 1 s.
    bench.advance(1).await;
    assert_eq!(state(&bench).await, "DOWN");
    bench.advance(1).await;
    assert_eq!((state(&bench).await, bench.lab.connections(NODES[0], 443)), (json!("UP"), 2));
}
