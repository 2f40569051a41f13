//! Virtual servers that share their clients (3.20; section 6 items 19 and 20).

use crate::{
    common::{Bench, CERT},
    traffic::{
        bridge::through_proxy,
        support::{Device, IDS, MAM, MDM, STORE, more},
    },
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const MEMBER: &str = "lbgroup_lbvserver_binding";
const PAGE: &str = "/zdm/login_xdm_uc.jsp";

/// A group of these virtual servers.
async fn group(bench: &Bench, set: Value, vservers: &[&str]) {
    let mut body = json!({ "name": "pg" });
    body.as_object_mut().unwrap().extend(set.as_object().unwrap().clone());
    bench.post("lbgroup", body).await.ok(201);
    for vserver in vservers {
        bench.put(MEMBER, json!({ "name": "pg", "vservername": vserver })).await.ok(201);
    }
}

/// The nodes that a device meets on 443 and on 8443.
async fn both(bench: &Bench, ip: &str) -> [[u64; 3]; 2] {
    let mut nodes = [[0; 3]; 2];
    for (at, (base, port)) in [(MDM.to_owned(), 443), (format!("{MDM}:8443"), 8443)].into_iter().enumerate() {
        let before = bench.accepted(port);
        assert_eq!(Device::at(bench, ip).get(&format!("{base}{PAGE}")).await.status, 200);
        nodes[at] = more(before, bench.accepted(port));
    }
    nodes
}

#[tokio::test]
async fn a_client_is_on_the_same_node_on_both_ports() {
    let shared = json!({ "persistencetype": "SOURCEIP", "timeout": 20 });
    // Members that keep their own settings share what is known all the same.
    for set in [shared, json!({ "usevserverpersistency": "ENABLED" })] {
        let bench = Bench::empty().await;
        bench.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 20 })).await;
        // On 443 it would be the second one's turn from here on, and on 8443 the first one's.
        Device::at(&bench, "198.51.100.70").get(&format!("{MDM}{PAGE}")).await;
        assert_eq!(both(&bench, "198.51.100.71").await, [[0, 1, 0], [1, 0, 0]], "alone");
        group(&bench, set.clone(), &["mdm", "mdm_8443"]).await;
        for ip in ["198.51.100.71", "198.51.100.72", "198.51.100.73"] {
            let [first, second] = both(&bench, ip).await;
            assert_eq!(first, second, "{ip} {set}");
        }
        let rows = bench.sessions("").await;
        assert_eq!(rows.len(), 3, "one entry each, whichever port they use: {rows:?}");
        assert!(rows.iter().all(|row| row["vservername"] == "mdm" && row["destport"] == 443), "{rows:?}");
        assert_eq!(bench.stat("lbvserver/mdm").await["curpersistencesessions"], "3");
    }
}

#[tokio::test]
async fn a_group_of_no_type_shares_nothing() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 20 })).await;
    group(&bench, json!({}), &["mdm", "mdm_8443"]).await;
    Device::at(&bench, "198.51.100.70").get(&format!("{MDM}{PAGE}")).await;
    assert_eq!(both(&bench, "198.51.100.71").await, [[0, 1, 0], [1, 0, 0]]);
}

#[tokio::test]
async fn the_group_s_type_and_time_rule() {
    let bench = Bench::empty().await;
    bench.mdm(json!({})).await;
    group(&bench, json!({ "persistencetype": "SOURCEIP", "timeout": 30, "persistmask": "255.255.255.0" }), &["mdm"])
        .await;
    let device = Device::at(&bench, "198.51.100.71");
    assert_eq!(device.http.get(format!("{MDM}{PAGE}")).send().await.unwrap().status(), 200);
    let row = bench.item("lbpersistentsessions?args=vserver:mdm").await;
    assert_eq!((&row["timeout"], &row["srcip"]), (&json!("1800"), &json!("198.51.100.0")));
}

#[tokio::test]
async fn joining_a_group_forgets_clients_and_cuts_nobody() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 20 })).await;
    let mut open = through_proxy(&bench, [10, 20, 40, 51], 443).await;
    while bench.sessions("").await.is_empty() {
        tokio::task::yield_now().await;
    }
    group(&bench, json!({ "persistencetype": "SOURCEIP" }), &["mdm"]).await;
    assert!(bench.sessions("").await.is_empty());
    open.write_all(&[22, 3, 1]).await.unwrap();
    while bench.stat("lbvserver/mdm").await["totalrequestbytes"] != "3" {
        tokio::task::yield_now().await;
    }
    // The node hangs up when nothing else comes; it is not the appliance that resets.
    open.shutdown().await.unwrap();
    open.read_to_end(&mut Vec::new()).await.unwrap();

    both(&bench, "198.51.100.71").await;
    assert_eq!(bench.sessions("?args=vserver:mdm").await.len(), 1);
    bench.delete(&format!("{MEMBER}/pg?args=vservername:mdm")).await.ok(200);
    assert!(bench.sessions("?args=vserver:mdm").await.is_empty(), "leaving forgets them too");
    assert_eq!(bench.sessions("").await.len(), 1, "the other virtual server has nothing to do with it");
}

#[tokio::test]
async fn a_cookie_of_a_group_names_the_server_whatever_its_port() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    bench.group("sg_web", "SSL").await;
    for name in ["xms01", "xms02", "xms03"] {
        bench.member("sg_web", name, 443).await;
    }
    bench.vserver("web", "SSL", "10.20.40.52", 443).await;
    bench.bind("web", "sg_web").await;
    bench.put(CERT, json!({ "vservername": "web", "certkeyname": "wildcard-example" })).await.ok(201);
    bench.advance(0).await;
    group(&bench, json!({ "persistencetype": "COOKIEINSERT", "timeout": 0 }), &["mam", "web"]).await;
    for at in 0..3 {
        let mut device = Device::at(&bench, "198.51.100.71");
        // Web's own turn would be another one.
        Device::at(&bench, "198.51.100.72").get(&format!("https://10.20.40.52{PAGE}")).await;
        device.get(&format!("{MAM}{STORE}")).await;
        assert!(device.cookies.contains_key("NSC_pg"), "{:?}", device.cookies);
        let before = bench.accepted(443);
        assert_eq!(device.get(&format!("https://10.20.40.52{PAGE}")).await.status, 200);
        let mut expected = [0; 3];
        expected[IDS.iter().position(|id| *id == device.node()).unwrap()] = 1;
        assert_eq!(more(before, bench.accepted(443)), expected, "device {at}");
    }
    assert!(bench.sessions("").await.is_empty());
}
