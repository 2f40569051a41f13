//! Two appliances, one configuration (`nitro.md` 3.4, 3.22, 5.5).

mod alike;
mod files;
mod outages;
mod propagation;
mod roles;
mod synchronisation;

use crate::common::{Bench, options};
use lab::{Options, Pair, Seed};
use serde_json::{Value, json};
use std::net::Ipv4Addr;

const FIRST: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 10);
const SECOND: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 11);

/// Both sides of a pair with an MDM virtual server; the first is primary.
async fn pair(knobs: Pair) -> (Bench, Bench) {
    let first = Bench::start(Options { pair: Some(knobs), seed: Seed::SetUp, ..options() }).await;
    let second = first.second().await;
    (first, second)
}

async fn plain() -> (Bench, Bench) {
    pair(Pair::default()).await
}

/// The rows of `hanode`: the answering appliance, its peer.
async fn nodes(bench: &Bench) -> [Value; 2] {
    let rows = bench.get("hanode").await.json()["hanode"].clone();
    [rows[0].clone(), rows[1].clone()]
}

async fn statistics(bench: &Bench) -> Value {
    bench.object("stat/hanode").await
}

async fn has(bench: &Bench, path: &str) -> bool {
    bench.get(path).await.status == 200
}

async fn fault(bench: &Bench, spec: Value) {
    let reply = bench.control("POST", "/faults", Some(spec)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
}

fn server(name: &str) -> Value {
    json!({ "name": name, "ipaddress": "10.20.30.99" })
}
