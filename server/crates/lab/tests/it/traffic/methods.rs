//! Load balancing where persistence says nothing.

use crate::{
    common::{Bench, MEMBER},
    traffic::{
        bridge::through_proxy,
        support::{Device, IDS, MAM, MDM, STORE, more},
    },
};
use serde_json::json;
use std::collections::BTreeMap;

const CHECK_IN: &str = "/zdm/ios/mdm/checkin";

async fn check_in(bench: &Bench, ip: &str) {
    let device = Device::at(bench, ip);
    assert_eq!(device.http.put(format!("{MDM}{CHECK_IN}")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_one_with_the_fewest_connections_is_next() {
    let bench = Bench::empty().await;
    bench.mdm(json!({})).await;
    let before = bench.accepted(443);
    let first = through_proxy(&bench, [10, 20, 40, 51], 443).await;
    let _second = through_proxy(&bench, [10, 20, 40, 51], 443).await;
    let _third = through_proxy(&bench, [10, 20, 40, 51], 443).await;
    while bench.stat("lbvserver/mdm").await["cursrvrconnections"] != "3" {
        tokio::task::yield_now().await;
    }
    assert_eq!(more(before, bench.accepted(443)), [1, 1, 1]);
    drop(first);
    while bench.stat("lbvserver/mdm").await["establishedconn"] != "2" {
        tokio::task::yield_now().await;
    }
    for _ in 0..2 {
        let mut stream = through_proxy(&bench, [10, 20, 40, 51], 443).await;
        tokio::io::AsyncWriteExt::shutdown(&mut stream).await.unwrap();
        tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut Vec::new()).await.unwrap();
    }
    assert_eq!(more(before, bench.accepted(443)), [3, 1, 1]);
}

#[tokio::test]
async fn round_robin_goes_by_weight() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "lbmethod": "ROUNDROBIN", "backuplbmethod": "LEASTCONNECTION" })).await;
    let heavy = json!({ "servicegroupname": "sg_mdm", "servername": "xms02", "port": 443, "weight": 2 });
    bench.put("servicegroup", heavy).await.ok(200);
    let before = bench.accepted(443);
    for _ in 0..8 {
        check_in(&bench, "198.51.100.71").await;
    }
    assert_eq!(more(before, bench.accepted(443)), [2, 4, 2]);
}

#[tokio::test]
async fn a_hash_of_the_source_address_needs_no_table() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "lbmethod": "SOURCEIPHASH" })).await;
    let mut homes = BTreeMap::new();
    for turn in 0..3 {
        for last in 1..=9 {
            let ip = format!("198.51.100.{last}");
            let before = bench.accepted(443);
            check_in(&bench, &ip).await;
            let home = more(before, bench.accepted(443));
            assert_eq!(*homes.entry(ip).or_insert(home), home, "turn {turn}");
        }
    }
    let used: std::collections::BTreeSet<_> = homes.values().collect();
    assert!(used.len() > 1, "not everybody on one node");
    assert!(bench.sessions("").await.is_empty());
}

#[tokio::test]
async fn http_members_are_spoken_to_in_the_clear() {
    let bench = Bench::empty().await;
    bench.servers().await;
    bench.group("sg_http", "HTTP").await;
    bench.put(MEMBER, json!({ "servicegroupname": "sg_http", "servername": "xms01", "port": 80 })).await.ok(201);
    bench.vserver("web", "HTTP", "10.20.40.53", 80).await;
    bench.bind("web", "sg_http").await;
    bench.advance(0).await;
    assert_eq!(bench.word("lbvserver/web", "curstate").await, "UP");
    // Port 80 of a node says nothing without offload: the request arrives and is never answered.
    let before = bench.accepted(80);
    let device = Device::at(&bench, "198.51.100.71");
    let request = tokio::spawn(device.http.get("http://10.20.40.53/").send());
    while bench.stat("servicegroup/sg_http?statbindings=yes").await["servicegroupmember"][0]["totalrequestbytes"] == "0"
    {
        tokio::task::yield_now().await;
    }
    assert_eq!(more(before, bench.accepted(80)), [1, 0, 0]);
    request.abort();
}

#[tokio::test]
async fn each_request_of_one_connection_is_balanced_by_itself() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let device = Device::at(&bench, "198.51.100.71");
    let mut nodes = Vec::new();
    for _ in 0..6 {
        let answer = device.http.get(format!("{MAM}{STORE}")).send().await.unwrap();
        let cookie = answer.headers().get_all("set-cookie").iter().next_back().unwrap().to_str().unwrap().to_owned();
        nodes.push(cookie.split(['=', ';']).nth(1).unwrap().to_owned());
        answer.bytes().await.unwrap();
    }
    assert_eq!(nodes, [IDS[0], IDS[1], IDS[2], IDS[0], IDS[1], IDS[2]]);
    let vserver = bench.stat("lbvserver/mam").await;
    assert_eq!((&vserver["curclntconnections"], &vserver["cursrvrconnections"]), (&json!("1"), &json!("3")));
}
