//! Single services behind a virtual server, and a virtual server behind another one.

use crate::{
    common::{Bench, NODES},
    traffic::support::{Device, MDM, more},
};
use serde_json::json;

const BINDING: &str = "lbvserver_service_binding";

async fn visit(bench: &Bench) -> [u64; 3] {
    let before = bench.accepted(443);
    let device = Device::at(bench, "198.51.100.80");
    let reply = device.http.get(format!("{MDM}/zdm/login_xdm_uc.jsp")).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    more(before, bench.accepted(443))
}

#[tokio::test]
async fn services_get_their_share_by_the_weights_of_their_bindings() {
    let bench = Bench::empty().await;
    bench.servers().await;
    let vserver = json!({ "name": "vs", "servicetype": "SSL_BRIDGE", "ipv46": "10.20.40.51", "port": 443,
        "lbmethod": "ROUNDROBIN" });
    bench.post("lbvserver", vserver).await.ok(201);
    for (name, server, weight) in [("svc1", "xms01", 3), ("svc2", "xms02", 1)] {
        let body = json!({ "name": name, "servername": server, "servicetype": "SSL_BRIDGE", "port": 443 });
        bench.post("service", body).await.ok(201);
        bench.put(BINDING, json!({ "name": "vs", "servicename": name, "weight": weight })).await.ok(201);
    }
    bench.advance(0).await;
    let mut all = [0; 3];
    for _ in 0..8 {
        let one = visit(&bench).await;
        all = std::array::from_fn(|at| all[at] + one[at]);
    }
    assert_eq!(all, [6, 2, 0]);
    let nested = bench.stat("lbvserver/vs?statbindings=yes").await;
    let hits: Vec<_> = nested["service"].as_array().unwrap().iter().map(|row| row["vsvrservicehits"].clone()).collect();
    assert_eq!(hits, [json!("6"), json!("2")]);
    assert_eq!(bench.stat("service/svc1?clearstats=basic").await["vsvrservicehits"], "6");
    let cleared = bench.stat("service/svc1").await;
    assert_eq!((&cleared["vsvrservicehits"], &cleared["totalrequests"]), (&json!("0"), &json!("0")));

    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.advance(60).await;
    assert_eq!(visit(&bench).await, [0, 1, 0], "only what is UP is used");
    assert_eq!(bench.stat("service/svc1").await["vsvrservicehits"], "0");
}

#[tokio::test]
async fn a_backup_serves_while_the_virtual_server_itself_cannot() {
    let bench = Bench::empty().await;
    bench.servers().await;
    for (vserver, server, port) in [("vs", "xms01", 443), ("spare", "xms02", 444)] {
        let group = format!("sg_{vserver}");
        bench.group(&group, "SSL_BRIDGE").await;
        bench.member(&group, server, 443).await;
        bench.vserver(vserver, "SSL_BRIDGE", "10.20.40.51", port).await;
        bench.bind(vserver, &group).await;
    }
    bench.put("lbvserver", json!({ "name": "vs", "backupvserver": "spare" })).await.ok(200);
    bench.advance(0).await;
    assert_eq!(visit(&bench).await, [1, 0, 0]);
    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.advance(60).await;
    assert_eq!(visit(&bench).await, [0, 1, 0]);
    let (front, spare) = (bench.stat("lbvserver/vs").await, bench.stat("lbvserver/spare").await);
    assert_eq!(
        (&front["state"], &front["tothits"], &front["totvserverdownbackuphits"]),
        (&json!("DOWN"), &json!("2"), &json!("1"))
    );
    assert_eq!((&spare["tothits"], &spare["totvserverdownbackuphits"]), (&json!("1"), &json!("0")));
    bench.lab.clear_faults().await.unwrap();
    bench.advance(60).await;
    assert_eq!(visit(&bench).await, [1, 0, 0], "and gives way when it is back");
}
