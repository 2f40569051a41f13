//! The MAM virtual server: CUSTOMSERVERID and the nodes' own sessions (`xenmobile.md` 11.6; F11, F12).

use crate::{
    common::{Bench, CERT, NODES},
    traffic::support::{Device, IDS, MAM, STORE},
};
use serde_json::json;

const ALICE: &str = "198.51.100.21";

#[tokio::test]
async fn a_thousand_requests_with_cookies_all_land_on_their_node() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let mut devices: Vec<Device> = (0..6).map(|_| Device::at(&bench, ALICE)).collect();
    let url = format!("{MAM}{STORE}");
    for turn in 0..1000 {
        let device = &mut devices[turn % 6];
        let reply = device.get(&url).await;
        // A node refuses a session that is not its own, so that landing elsewhere would show.
        assert_eq!(reply.status, 200, "request {turn} of node {:?}", device.cookies);
    }
    let mut nodes: Vec<&str> = devices.iter().map(Device::node).collect();
    nodes.sort_unstable();
    assert_eq!(nodes, ["169090571", "169090571", "169090572", "169090572", "169090573", "169090573"]);
    let group = bench.stat("servicegroup/sg_mam?statbindings=yes").await;
    let counts: Vec<u64> = group["servicegroupmember"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["totalrequests"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(counts.iter().sum::<u64>(), 1000);
    assert!(counts.iter().all(|count| (332..=336).contains(count)), "two devices for each node: {counts:?}");
    assert!(bench.sessions("?args=vserver:mam").await.is_empty(), "the request itself names the member");
}

#[tokio::test]
async fn with_two_server_ids_swapped_sessions_break() {
    let bench = Bench::empty().await;
    bench.mam_of(&[IDS[1], IDS[0], IDS[2]]).await;
    let url = format!("{MAM}{STORE}");
    let mut fates = std::collections::BTreeMap::new();
    for _ in 0..3 {
        let mut device = Device::at(&bench, ALICE);
        assert_eq!(device.get(&url).await.status, 200, "nobody is known yet");
        let fate = device.get(&url).await.status;
        fates.insert(device.node().to_owned(), fate);
    }
    let expected = [(IDS[0], 401), (IDS[1], 401), (IDS[2], 200)];
    assert_eq!(fates, expected.map(|(node, status)| (node.to_owned(), status)).into());
}

#[tokio::test]
async fn without_persistence_or_with_a_rule_that_finds_nothing_sessions_hop() {
    for change in [
        json!({ "name": "mam", "persistencetype": "NONE" }),
        json!({ "name": "mam", "rule": "HTTP.REQ.COOKIE.VALUE(\"ACNODE\")" }),
        json!({ "name": "mam", "rule": "HTTP.REQ.COOKIE(\"ACNODEID\")" }),
    ] {
        let bench = Bench::empty().await;
        bench.mam_of(&IDS).await;
        bench.put("lbvserver", change.clone()).await.ok(200);
        let mut device = Device::at(&bench, ALICE);
        let mut statuses = Vec::new();
        for _ in 0..4 {
            statuses.push(device.get(&format!("{MAM}{STORE}")).await.status);
        }
        assert_eq!(statuses, [200, 401, 401, 200], "{change}");
    }
}

#[tokio::test]
async fn an_id_that_is_missing_sends_its_node_s_sessions_anywhere() {
    let bench = Bench::empty().await;
    bench.mam_of(&[IDS[0], "None", IDS[2]]).await;
    let mut broken = 0;
    for _ in 0..3 {
        let mut device = Device::at(&bench, ALICE);
        for _ in 0..3 {
            let status = device.get(&format!("{MAM}{STORE}")).await.status;
            broken += u32::from(status == 401 && device.node() == IDS[1]);
            assert!(status == 200 || device.node() == IDS[1], "the others are fine");
        }
    }
    assert!(broken > 0);
}

#[tokio::test]
async fn a_server_id_of_the_older_kind_and_a_header_do_as_well() {
    let bench = Bench::empty().await;
    bench.mam_of(&["None", "None", "None"]).await;
    for (name, id) in [("xms01", 1), ("xms02", 2), ("xms03", 3)] {
        let member = json!({ "servicegroupname": "sg_mam", "servername": name, "port": 8443, "serverid": id });
        bench.put("servicegroup", member).await.ok(200);
    }
    bench.put("lbvserver", json!({ "name": "mam", "rule": "HTTP.REQ.HEADER(\"X-Node\")" })).await.ok(200);
    let device = Device::at(&bench, ALICE);
    for (id, node) in [("2", IDS[1]), ("2", IDS[1]), ("3", IDS[2])] {
        let answer = device.http.get(format!("{MAM}{STORE}")).header("X-Node", id).send().await.unwrap();
        let cookie = answer.headers().get_all("Set-Cookie").iter().next_back().unwrap().to_str().unwrap().to_owned();
        assert!(cookie.starts_with(&format!("ACNODEID={node};")), "{cookie}");
    }
}

#[tokio::test]
async fn a_node_that_is_down_is_not_used_and_its_clients_begin_again() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let mut device = Device::at(&bench, ALICE);
    let url = format!("{MAM}{STORE}");
    assert_eq!(device.get(&url).await.status, 200);
    let first = device.node().to_owned();
    let at = IDS.iter().position(|id| *id == first).unwrap();
    bench.lab.power_off(NODES[at]).await.unwrap();
    bench.advance(40).await;
    let before = bench.stat("servicegroup/sg_mam?statbindings=yes").await["servicegroupmember"][at].clone();
    assert_eq!((&before["state"], &before["cursrvrconnections"]), (&json!("DOWN"), &json!("0")));
    // The node that has it now knows nothing of the session, which went with the other one.
    assert_eq!(device.get(&url).await.status, 200);
    assert_ne!(device.node(), first);
    assert_eq!(device.get(&url).await.status, 200);
    let after = bench.stat("servicegroup/sg_mam?statbindings=yes").await["servicegroupmember"][at].clone();
    assert_eq!(after["totalrequests"], before["totalrequests"], "nothing more for who is DOWN");
}

#[tokio::test]
async fn a_node_that_died_unnoticed_costs_a_request_its_connection() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS[..1]).await;
    let mut device = Device::at(&bench, ALICE);
    let url = format!("{MAM}{STORE}");
    assert_eq!(device.get(&url).await.status, 200);
    bench.lab.power_off(NODES[0]).await.unwrap();
    assert!(device.try_get(&url).await.is_err(), "no monitor has noticed");
    bench.advance(40).await;
    assert_eq!(bench.word("lbvserver/mam", "curstate").await, "DOWN");
    assert!(device.try_get(&url).await.unwrap_err().is_connect(), "and now it does not listen");
    bench.lab.clear_faults().await.unwrap();
    bench.advance(40).await;
    assert_eq!(device.get(&url).await.status, 200);
}

#[tokio::test]
async fn without_a_certificate_it_does_not_listen() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    bench.delete(&format!("{CERT}/mam?args=certkeyname:wildcard-example")).await.ok(200);
    let mut device = Device::at(&bench, ALICE);
    assert!(device.try_get(&format!("{MAM}{STORE}")).await.unwrap_err().is_connect());
}

#[tokio::test]
async fn a_member_whose_key_is_short_is_reached_as_its_monitor_says() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    for target in NODES {
        let spec = lab::FaultSpec { target: target.to_string(), fault: "rsa1024".to_owned(), ..Default::default() };
        bench.lab.fault(spec).await.unwrap();
    }
    bench.advance(30).await;
    let group = bench.stat("servicegroup/sg_mam?statbindings=yes").await;
    assert!(group["servicegroupmember"].as_array().unwrap().iter().all(|member| member["state"] == "UP"), "{group}");
    assert_eq!(Device::at(&bench, ALICE).get(&format!("{MAM}{STORE}")).await.status, 200);
}
