//! Whatever happens to a pair: at rest both run the same.

use super::{FIRST, SECOND, fault, pair};
use crate::common::{Bench, MEMBER, WHERE, pair as keys, upload};
use lab::{Pair, SecondaryWrites};
use serde_json::{Value, json};

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// One thing that an administrator, a client or bad luck may do. What is refused is no matter here.
async fn something(benches: &mut [Bench; 2], dice: &mut Dice) {
    let at = usize::from(dice.throw(4) == 0);
    let name = format!("s{}", dice.throw(6));
    let address = format!("10.20.31.{}", dice.throw(200) + 1);
    let file = format!("f{}", dice.throw(3));
    let bench = &benches[at];
    match dice.throw(14) {
        0 | 1 => drop(bench.post("server", json!({ "name": name, "ipaddress": address })).await),
        2 => drop(bench.delete(&format!("server/{name}")).await),
        3 => drop(bench.put("server", json!({ "name": name, "comment": address })).await),
        4 => {
            let body = json!({ "servicegroupname": "sg_xm_mdm_443", "servername": name, "port": 443 });
            drop(bench.put(MEMBER, body).await);
        }
        5 => {
            let body =
                json!({ "name": format!("v{}", dice.throw(3)), "servicetype": "SSL", "ipv46": address, "port": 8443 });
            drop(bench.post("lbvserver", body).await);
        }
        6 => {
            let _gone = bench.delete(&format!("systemfile/{file}.cer?{WHERE}")).await;
            let (certificate, _) = keys("xms.example.com");
            if bench.get("hanode/0?attrs=state").await.text.contains("Primary") {
                upload(bench, &format!("{file}.cer"), certificate.as_bytes()).await;
            }
        }
        7 => drop(bench.post("sslcertkey", json!({ "certkey": file, "cert": format!("{file}.cer") })).await),
        8 => drop(bench.post("nsconfig?action=save", json!({})).await),
        9 => drop(bench.lab.failover()),
        10 => {
            let word =
                ["peer_unreachable", "propagation_failed", "failover_after"][at + usize::from(dice.throw(2) == 0)];
            fault(bench, json!({ "target": "netscaler", "fault": word, "times": 1, "method": "POST" })).await;
        }
        11 => {
            bench.lab.restart([FIRST, SECOND][at]).unwrap();
            benches[at].login().await;
        }
        12 => {
            bench.lab.power_off([FIRST, SECOND][at]).await.unwrap();
            bench.advance(dice.throw(8)).await;
            bench.lab.clear_faults().await.unwrap();
            benches[at].login().await;
        }
        _ => bench.advance(dice.throw(40)).await,
    }
}

/// What an appliance runs, without what is its own or a matter of moments.
fn configuration(state: &Value, at: usize) -> Value {
    let appliance = &state["appliances"][at];
    let names =
        |kind: &str| appliance[kind].as_array().unwrap().iter().map(|row| row["name"].clone()).collect::<Vec<_>>();
    let members: Vec<Value> = appliance["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            group["members"].as_array().unwrap().iter().map(|member| member["address"].clone()).collect::<Value>()
        })
        .collect();
    json!({
        "features": appliance["features"], "servers": appliance["servers"], "members": members,
        "vservers": names("vservers"), "certkeys": appliance["certkeys"], "gateways": names("gateways"),
        "dns": appliance["dns"],
    })
}

#[tokio::test]
async fn both_run_the_same_once_it_is_quiet() {
    for seed in 1..=4 {
        let knobs = Pair { secondary_writes: SecondaryWrites::Local, ..Pair::default() };
        let (first, second) = pair(knobs).await;
        let mut benches = [first, second];
        let mut dice = Dice(seed);
        for _ in 0..60 {
            something(&mut benches, &mut dice).await;
        }
        let lab = &benches[0].lab;
        lab.clear_faults().await.unwrap();
        benches[0].advance(180).await;
        // What was written on the secondary alone is only overwritten when somebody asks for it.
        benches[0].post("hasync?action=Force", json!({ "force": true })).await.ok(200);
        benches[0].advance(10).await;
        let state = benches[0].lab.state();
        let roles = (&state["appliances"][0]["role"], &state["appliances"][1]["role"]);
        assert_ne!(roles.0, roles.1);
        let syncing = state["appliances"].as_array().unwrap().iter().any(|one| !one["ha"]["syncing_until"].is_null());
        assert!(!syncing, "seed {seed}");
        assert_eq!(configuration(&state, 0), configuration(&state, 1), "seed {seed}");
    }
}
