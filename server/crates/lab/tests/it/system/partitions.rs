//! Admin partitions (3.28): a session works in one and sees nothing of the others.

use super::{Somebody, choose};
use crate::common::Bench;
use serde_json::json;

#[tokio::test]
async fn a_session_moves_between_partitions_that_know_nothing_of_each_other() {
    let bench = Bench::set_up().await;
    let default = bench.item("nspartition").await;
    assert_eq!(
        (&default["partitionname"], &default["partitiontype"]),
        (&json!("default"), &json!("Default Partition"))
    );
    assert!(default["maxbandwidth"].is_string() && default["maxmemlimit"].is_i64());
    bench.post("nspartition", json!({ "partitionname": "p1" })).await.ok(201);
    bench.post("nspartition?action=Switch", json!({ "partitionname": "nope" })).await.is(
        404,
        2755,
        "Partition does not exist",
    );
    bench.post("nspartition?action=Switch", json!({ "partitionname": "p1" })).await.ok(200);
    assert_eq!(bench.get("server").await.json().get("server"), None);
    bench.server("inside", "10.9.0.1").await;
    assert_eq!(bench.item("nspartition").await["partitionname"], "p1");
    let own = bench.get("systemsession").await.json();
    assert_eq!(own["systemsession"][0]["partitionname"], "p1");

    let other = Somebody::new(&bench, "nsroot").await;
    assert_eq!(other.get("server?count=yes").await.json()["server"][0]["__count"], "3");
    other.get("server/inside").await.fails(404, 258);
    bench.post("nspartition?action=Switch", json!({ "partitionname": "default" })).await.ok(200);
    bench.get("server/inside").await.fails(404, 258);
    bench.get("server/xms01").await.fails(200, 0);
}

#[tokio::test]
async fn a_log_in_may_land_in_a_partition_where_gateway_and_system_are_out_of_reach() {
    let bench = Bench::set_up().await;
    choose(&bench, json!({ "session_partition": "p1" })).await;
    let inside = Somebody::new(&bench, "nsroot").await;
    assert_eq!(inside.get("lbvserver").await.json().get("lbvserver"), None);
    let gateway = inside.post("vpnvserver", json!({ "name": "gw", "servicetype": "SSL" })).await;
    gateway.is(599, 2760, "This feature is not supported on partition");
    let user = inside.post("systemuser", json!({ "username": "x", "password": "y" })).await;
    user.is(599, 2772, "This configuration is allowed only from the default partition.");
    inside.post("nspartition?action=Switch", json!({ "partitionname": "default" })).await.ok(200);
    assert!(inside.get("lbvserver").await.json()["lbvserver"].is_array());
}
