//! A member on its way out (3.25; section 6 item 24).

use crate::{
    common::{Bench, MEMBER, NODES},
    traffic::{
        bridge::through_proxy,
        support::{Device, IDS, MAM, MDM, STORE, more},
    },
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Disables the member on the first node; it goes on for so many seconds.
async fn drain(bench: &Bench, group: &str, port: u16, seconds: u32) {
    let body = json!({ "servicegroupname": group, "servername": "xms01", "port": port, "delay": seconds });
    bench.post("servicegroup?action=disable", body).await.ok(200);
    assert_eq!(state(bench, group).await, "GOING OUT OF SERVICE");
}

async fn state(bench: &Bench, group: &str) -> Value {
    bench.word(&format!("{MEMBER}/{group}?filter=servername:xms01"), "svrstate").await
}

#[tokio::test]
async fn who_belongs_to_a_draining_member_still_reaches_it_and_others_do_not() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 20 })).await;
    let check_in = async |ip: &str| {
        let before = bench.accepted(443);
        let device = Device::at(&bench, ip);
        assert_eq!(device.http.put(format!("{MDM}/zdm/ios/mdm/checkin")).send().await.unwrap().status(), 200);
        more(before, bench.accepted(443))
    };
    assert_eq!(check_in("198.51.100.61").await, [1, 0, 0]);
    drain(&bench, "sg_mdm", 443, 600).await;
    for ip in ["198.51.100.62", "198.51.100.63", "198.51.100.64"] {
        assert_eq!(check_in(ip).await[0], 0, "strangers go elsewhere");
    }
    bench.advance(300).await;
    assert_eq!(check_in("198.51.100.61").await, [1, 0, 0], "it has an entry, and renews it");

    bench.put("lbvserver", json!({ "name": "mdm", "trofspersistence": "DISABLED" })).await.ok(200);
    assert_eq!(check_in("198.51.100.61").await[0], 0, "no longer honoured: it moves");
    bench.put("lbvserver", json!({ "name": "mdm", "trofspersistence": "ENABLED" })).await.ok(200);
    assert_eq!(check_in("198.51.100.61").await[0], 0, "and belongs there now");
}

#[tokio::test]
async fn connections_that_exist_are_served_until_the_delay_is_over() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "trofspersistence": "DISABLED" })).await;
    let mut open = through_proxy(&bench, [10, 20, 40, 51], 443).await;
    while bench.stat("servicegroup/sg_mdm?statbindings=yes").await["servicegroupmember"][0]["svrestablishedconn"] != "1"
    {
        tokio::task::yield_now().await;
    }
    drain(&bench, "sg_mdm", 443, 60).await;
    bench.advance(59).await;
    // The beginning of a hello, byte by byte: still somebody there who reads it.
    open.write_all(&[22, 3, 1]).await.unwrap();
    while bench.stat("lbvserver/mdm").await["totalrequestbytes"] != "3" {
        tokio::task::yield_now().await;
    }
    bench.advance(1).await;
    assert_eq!(state(&bench, "sg_mdm").await, "OUT OF SERVICE");
    let error = open.read(&mut [0; 1]).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_cookie_pulls_its_client_back_for_as_long_as_the_drain_lasts() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let url = format!("{MAM}{STORE}");
    let mut device = Device::at(&bench, "198.51.100.61");
    device.get(&url).await;
    assert_eq!(device.node(), IDS[0]);
    drain(&bench, "sg_mam", 8443, 3000).await;
    for _ in 0..3 {
        // Far longer than any timeout of persistence; short enough for the session of whoever watches.
        bench.advance(500).await;
        let reply = device.get(&url).await;
        assert_eq!((reply.status, device.node()), (200, IDS[0]), "a server ID never expires");
        let mut other = Device::at(&bench, "198.51.100.62");
        other.get(&url).await;
        assert_ne!(other.node(), IDS[0]);
    }
    bench.put("lbvserver", json!({ "name": "mam", "trofspersistence": "DISABLED" })).await.ok(200);
    assert_eq!(device.get(&url).await.status, 401, "another node, which does not know the session");
    bench.put("lbvserver", json!({ "name": "mam", "trofspersistence": "ENABLED" })).await.ok(200);
    assert_eq!(device.get(&url).await.status, 200);
    bench.advance(1500).await;
    assert_eq!(state(&bench, "sg_mam").await, "OUT OF SERVICE");
    assert_eq!(device.get(&url).await.status, 401, "the rule finds no usable member: normal load balancing");
}

#[tokio::test]
async fn a_draining_member_that_fails_is_left_at_once() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let url = format!("{MAM}{STORE}");
    let mut device = Device::at(&bench, "198.51.100.61");
    device.get(&url).await;
    drain(&bench, "sg_mam", 8443, 3000).await;
    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.advance(40).await;
    assert_eq!(state(&bench, "sg_mam").await, "DOWN WHEN GOING OUT OF SERVICE");
    assert_eq!(device.get(&url).await.status, 200);
    assert_ne!(device.node(), IDS[0], "it begins anew elsewhere");
}

#[tokio::test]
async fn the_last_member_finishes_with_the_connections_that_it_has() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS[..1]).await;
    let url = format!("{MAM}{STORE}");
    let mut device = Device::at(&bench, "198.51.100.61");
    assert_eq!(device.get(&url).await.status, 200);
    drain(&bench, "sg_mam", 8443, 300).await;
    assert_eq!(bench.word("lbvserver/mam", "curstate").await, "DOWN");
    assert_eq!(device.get(&url).await.status, 200, "on the connection that it has");
    let mut stranger = Device::at(&bench, "198.51.100.62");
    assert!(stranger.try_get(&url).await.unwrap_err().is_connect());
    device.cookies.clear();
    let reply = device.get(&url).await;
    assert_eq!(
        (reply.status, reply.text.contains("Service Unavailable")),
        (503, true),
        "a stranger on an old connection"
    );
}
