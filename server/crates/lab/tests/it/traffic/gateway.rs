//! Through the gateway to the store: the appliance's own address records decide (`xenmobile.md` 7.1, F13 to F15).

use crate::{
    common::{Bench, CERT, upload},
    traffic::{
        support::{Device, IDS, STORE},
        tls::shown,
    },
};
use serde_json::json;

const AG: &str = "https://10.20.40.40";
const CONTROLLER: &str = "vpnvserver_appcontroller_binding";
const GATEWAY: &str = "_XM_ag.example.com";
const ACTION: &str = "AC_OS_10.20.40.40";
const GOOD: &str = "https://xms.example.com:8443";

/// All as the procedure wants it.
async fn set_up() -> Bench {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    bench.put(CONTROLLER, json!({ "name": GATEWAY, "appcontroller": GOOD })).await.ok(201);
    bench.put("vpnsessionaction", json!({ "name": ACTION, "storefronturl": GOOD })).await.ok(200);
    record(&bench, "10.20.40.52").await;
    bench
}

async fn record(bench: &Bench, address: &str) {
    bench.post("dnsaddrec", json!({ "hostname": "xms.example.com", "ipaddress": address })).await.ok(201);
}

/// The same record with another address.
async fn moved(bench: &Bench, address: &str) {
    bench.delete("dnsaddrec/xms.example.com").await.ok(200);
    record(bench, address).await;
}

async fn statuses(bench: &Bench, path: &str) -> [u16; 3] {
    let mut device = Device::at(bench, "198.51.100.40");
    let mut statuses = [0; 3];
    for status in &mut statuses {
        *status = device.get(&format!("{AG}{path}")).await.status;
    }
    statuses
}

#[tokio::test]
async fn a_session_through_the_gateway_stays_on_its_node() {
    let bench = set_up().await;
    for (path, name) in [(STORE, "store"), ("/zdm/mam/apps", "app management")] {
        let mut device = Device::at(&bench, "198.51.100.40");
        for _ in 0..6 {
            assert_eq!(device.get(&format!("{AG}{path}")).await.status, 200, "{name}");
        }
        // With new connections too: the cookie is what counts.
        let node = device.node().to_owned();
        let mut later = device.again(&bench, "198.51.100.41");
        assert_eq!((later.get(&format!("{AG}{path}")).await.status, later.node()), (200, node.as_str()));
    }
    let gateway = bench.stat(&format!("vpnvserver/{GATEWAY}")).await;
    assert_eq!((&gateway["totalrequests"], &gateway["totalresponses"]), (&json!("14"), &json!("14")));
    assert_eq!(bench.stat("lbvserver/mam").await["totalrequests"], "14", "all of them came by the MAM virtual server");
}

#[tokio::test]
async fn a_stranger_gets_the_log_on_page() {
    let bench = set_up().await;
    let redirect = reqwest::redirect::Policy::none();
    let mut device = Device::built(&bench, "198.51.100.40", crate::common::builder().redirect(redirect));
    let answer = device.get(&format!("{AG}/")).await;
    assert_eq!((answer.status, answer.headers["location"].to_str().unwrap()), (302, "/vpn/index.html"));
    assert_eq!(device.get(&format!("{AG}/vpn/index.html")).await.status, 200);
}

#[tokio::test]
async fn with_swapped_server_ids_sessions_break_behind_the_gateway_too() {
    let bench = set_up().await;
    for (name, id) in [("xms01", IDS[1]), ("xms02", IDS[0])] {
        let member = json!({ "servicegroupname": "sg_mam", "servername": name, "port": 8443, "customserverid": id });
        bench.put("servicegroup", member).await.ok(200);
    }
    assert_eq!(statuses(&bench, STORE).await, [200, 401, 401]);
}

#[tokio::test]
async fn a_record_that_is_absent_or_names_the_gateway_leads_nowhere() {
    let bench = set_up().await;
    moved(&bench, "10.20.40.40").await;
    assert_eq!(statuses(&bench, STORE).await, [500; 3], "the gateway has nothing on 8443");
    moved(&bench, "10.20.40.77").await;
    assert_eq!(statuses(&bench, STORE).await, [500; 3], "nobody is there");
    bench.delete("dnsaddrec/xms.example.com").await.ok(200);
    assert_eq!(statuses(&bench, STORE).await, [500; 3], "the appliance knows no such name");
    record(&bench, "10.20.40.52").await;
    assert_eq!(statuses(&bench, STORE).await, [200; 3], "and now it does");
}

/// All as the procedure wants it but for the record, which names the MDM address.
async fn to_mdm() -> Bench {
    let bench = set_up().await;
    bench.group("sg_mdm", "SSL_BRIDGE").await;
    for name in ["xms01", "xms02", "xms03"] {
        bench.member("sg_mdm", name, 8443).await;
    }
    bench.vserver("mdm", "SSL_BRIDGE", "10.20.40.51", 8443).await;
    bench.bind("mdm", "sg_mdm").await;
    bench.advance(0).await;
    moved(&bench, "10.20.40.51").await;
    bench
}

#[tokio::test]
async fn a_record_that_names_the_mdm_address_meets_a_node_s_own_certificate() {
    let bench = to_mdm().await;
    assert_eq!(statuses(&bench, STORE).await, [500; 3]);
    assert_eq!(bench.stat("lbvserver/mdm").await["tothits"], "3", "it did get there, and hung up");
}

#[tokio::test]
async fn where_the_nodes_are_trusted_that_record_works_now_and_then() {
    let bench = to_mdm().await;
    let shown = shown(&bench, [10, 20, 40, 51], "xms.example.com").await;
    upload(&bench, "nodes.cer", &shown[0]).await;
    bench.post("sslcertkey", json!({ "certkey": "nodes", "cert": "nodes.cer", "inform": "DER" })).await.ok(201);
    assert_eq!(statuses(&bench, STORE).await, [200; 3], "on one connection all seems well");
    let mut device = Device::at(&bench, "198.51.100.41");
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(device.get(&format!("{AG}{STORE}")).await.status);
        device = device.again(&bench, "198.51.100.41");
    }
    assert_eq!(statuses, [200, 401, 401, 200, 401, 401], "the cookie is not seen on the way");
}

#[tokio::test]
async fn the_certificate_of_the_mam_virtual_server_must_fit() {
    let bench = set_up().await;
    for certkey in ["expired-example", "wrong-name-example"] {
        bench.put(CERT, json!({ "vservername": "mam", "certkeyname": certkey })).await.ok(201);
        assert_eq!(statuses(&bench, STORE).await, [500; 3], "{certkey}");
    }
    bench.put(CERT, json!({ "vservername": "mam", "certkeyname": "wildcard-example" })).await.ok(201);
    assert_eq!(statuses(&bench, STORE).await, [200; 3]);
    // By the lab's clock: a year later it is over.
    // Without monitors, so that the year goes by quickly.
    let unwatched = json!({ "servicegroupname": "sg_mam", "healthmonitor": "NO" });
    bench.put("servicegroup", unwatched).await.ok(200);
    let mut later = bench;
    later.advance(370 * 24 * 3600).await;
    later.login().await;
    assert_eq!(statuses(&later, STORE).await, [500; 3]);
}

#[tokio::test]
async fn each_url_needs_its_port_and_its_host() {
    for (url, why) in [
        ("https://xms.example.com", "443 is not there"),
        ("https://old-xms.example.com:8443", "another host"),
        ("http://xms.example.com:8443", "not in the clear"),
    ] {
        let bench = set_up().await;
        bench.put("vpnsessionaction", json!({ "name": ACTION, "storefronturl": url })).await.ok(200);
        let store = statuses(&bench, STORE).await;
        assert!(store.iter().all(|status| *status != 200), "{why}: {store:?}");
        assert_eq!(statuses(&bench, "/zdm/mam/apps").await, [200; 3], "the App Controller is fine");

        bench.put("vpnsessionaction", json!({ "name": ACTION, "storefronturl": GOOD })).await.ok(200);
        bench.put(CONTROLLER, json!({ "name": GATEWAY, "appcontroller": url })).await.ok(201);
        let old = "https%3A%2F%2Fxms.example.com%3A8443";
        bench.delete(&format!("{CONTROLLER}/{GATEWAY}?args=appcontroller:{old}")).await.ok(200);
        let apps = statuses(&bench, "/zdm/mam/apps").await;
        assert!(apps.iter().all(|status| *status != 200), "{why}: {apps:?}");
        assert_eq!(statuses(&bench, STORE).await, [200; 3], "the store is fine");
    }
}

#[tokio::test]
async fn a_gateway_that_is_down_does_not_listen() {
    let bench = set_up().await;
    bench.post("vpnvserver?action=disable", json!({ "name": GATEWAY })).await.ok(200);
    let mut device = Device::at(&bench, "198.51.100.40");
    assert!(device.try_get(&format!("{AG}{STORE}")).await.unwrap_err().is_connect());
}

#[tokio::test]
async fn a_gateway_that_leads_to_itself_sends_itself_to_log_in() {
    let bench = set_up().await;
    bench.put("vpnsessionaction", json!({ "name": ACTION, "storefronturl": "https://ag.example.com" })).await.ok(200);
    bench.post("dnsaddrec", json!({ "hostname": "ag.example.com", "ipaddress": "10.20.40.40" })).await.ok(201);
    let redirect = reqwest::redirect::Policy::none();
    let mut device = Device::built(&bench, "198.51.100.40", crate::common::builder().redirect(redirect));
    assert_eq!(device.get(&format!("{AG}{STORE}")).await.status, 302);
}

#[tokio::test]
async fn what_is_bound_to_all_gateways_serves_one_that_has_nothing_of_its_own() {
    let bench = set_up().await;
    bench.delete(&format!("{CONTROLLER}/{GATEWAY}?args=appcontroller:{}", GOOD.replace('/', "%2F"))).await.ok(200);
    bench
        .put("vpnsessionaction", json!({ "name": ACTION, "storefronturl": "https://nowhere.example.com" }))
        .await
        .ok(200);
    assert_eq!(statuses(&bench, "/zdm/mam/apps").await, [500; 3]);
    bench.put("vpnglobal_appcontroller_binding", json!({ "appcontroller": GOOD })).await.ok(201);
    assert_eq!(statuses(&bench, "/zdm/mam/apps").await, [200; 3]);
}
