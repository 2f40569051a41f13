//! What a start and a change of roles mean to clients, entries and counters.

use crate::{
    common::{Bench, options},
    traffic::{
        bridge::through_proxy,
        support::{Device, MDM},
    },
};
use lab::{Options, Pair};
use serde_json::json;
use std::net::Ipv4Addr;
use tokio::io::AsyncReadExt;

const FIRST: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 10);

async fn check_in(bench: &Bench) {
    let device = Device::at(bench, "198.51.100.90");
    assert_eq!(device.http.put(format!("{MDM}/zdm/ios/mdm/checkin")).send().await.unwrap().status(), 200);
}

async fn hits(bench: &Bench) -> serde_json::Value {
    bench.stat("lbvserver/mdm").await["tothits"].clone()
}

#[tokio::test]
async fn after_a_failover_the_other_appliance_serves_and_knows_nobody() {
    let first = Bench::start(Options { pair: Some(Pair::default()), ..options() }).await;
    let second = first.second().await;
    first.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 20 })).await;
    check_in(&first).await;
    let mut open = through_proxy(&first, [10, 20, 40, 51], 443).await;
    while hits(&first).await != "2" {
        tokio::task::yield_now().await;
    }
    assert_eq!((first.sessions("").await.len(), second.sessions("").await.len()), (2, 0));
    assert_eq!(hits(&second).await, "0", "a secondary has no clients");

    first.lab.failover().unwrap();
    let error = open.read(&mut [0; 1]).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert!(second.sessions("").await.is_empty());
    first.advance(30).await;
    check_in(&first).await;
    assert_eq!((first.sessions("").await.len(), second.sessions("").await.len()), (0, 1));
    assert_eq!(hits(&second).await, "1");
}

#[tokio::test]
async fn a_start_sets_counters_and_entries_to_nothing() {
    let mut bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 20 })).await;
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
    check_in(&bench).await;
    let mut open = through_proxy(&bench, [10, 20, 40, 51], 443).await;
    while hits(&bench).await != "2" {
        tokio::task::yield_now().await;
    }
    bench.lab.restart(FIRST).unwrap();
    let error = open.read(&mut [0; 1]).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    bench.advance(30).await;
    bench.login().await;
    assert_eq!(hits(&bench).await, "0");
    assert!(bench.sessions("").await.is_empty());
    check_in(&bench).await;
    assert_eq!(hits(&bench).await, "1");
}
