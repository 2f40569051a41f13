//! Many clients at once: nothing is lost, nothing stays behind, and nobody waits for anybody.

use crate::{
    common::Bench,
    traffic::support::{Device, IDS, MAM, MDM, STORE},
};
use serde_json::json;

const DEVICES: usize = 24;
const REQUESTS: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_is_counted_to_the_last_connection() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let change = json!({ "name": "mam", "persistencetype": "RULE", "rule": "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")" });
    bench.put("lbvserver", change).await.ok(200);
    bench.group("sg_mdm", "SSL_BRIDGE").await;
    bench.member("sg_mdm", "xms02", 443).await;
    let vserver = json!({ "name": "mdm", "servicetype": "SSL_BRIDGE", "ipv46": "10.20.40.51", "port": 443,
        "persistencetype": "SOURCEIP" });
    bench.post("lbvserver", vserver).await.ok(201);
    bench.bind("mdm", "sg_mdm").await;
    bench.advance(0).await;

    let crowd = (1..=DEVICES).map(|last| {
        let mut device = Device::at(&bench, &format!("198.51.100.{last}"));
        tokio::spawn(async move {
            for _ in 0..REQUESTS {
                device.get(&format!("{MAM}{STORE}")).await;
                assert_eq!(device.get(&format!("{MDM}/zdm/login_xdm_uc.jsp")).await.status, 200);
            }
        })
    });
    let crowd: Vec<_> = crowd.collect();
    // Meanwhile somebody watches and changes what does not matter.
    while !crowd.iter().all(tokio::task::JoinHandle::is_finished) {
        bench.sessions("").await;
        bench.put("lbvserver", json!({ "name": "mam", "comment": "watched" })).await.ok(200);
    }
    for device in crowd {
        device.await.unwrap();
    }
    let all = (DEVICES * REQUESTS).to_string();
    let mam = bench.stat("lbvserver/mam").await;
    assert_eq!((&mam["tothits"], &mam["totalresponses"]), (&json!(all), &json!(all)));
    assert_eq!(bench.sessions("?args=vserver:mdm").await.len(), DEVICES, "one entry each");
    assert_eq!(bench.sessions("?args=vserver:mam").await.len(), IDS.len(), "one for each value");
    for vserver in ["mam", "mdm"] {
        while bench.stat(&format!("lbvserver/{vserver}")).await["curclntconnections"] != "0" {
            tokio::task::yield_now().await;
        }
        assert_eq!(bench.stat(&format!("lbvserver/{vserver}")).await["cursrvrconnections"], "0", "{vserver}");
    }
    assert!(bench.sessions("").await.iter().all(|row| row["referencecount"] == "0"), "nobody uses anything now");
}
