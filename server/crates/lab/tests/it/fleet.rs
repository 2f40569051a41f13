//! Many appliances in one lab.

use crate::common::{Bench, Reply, options};
use lab::{FaultSpec, Options, Seed};
use std::time::Duration;

async fn fleet(size: u16) -> Bench {
    Bench::start(Options { fleet: Some(size), seed: Seed::SetUp, ..options() }).await
}

/// The virtual servers of one appliance, asked with a name and a password.
async fn vservers(bench: &Bench, at: usize) -> Reply {
    let netscaler = &bench.lab.description().netscaler[at];
    let request = bench.http.get(format!("{}/nitro/v1/config/lbvserver", netscaler.http));
    let request = request.header("X-NITRO-USER", "nsroot").header("X-NITRO-PASS", &netscaler.password);
    Reply::from(request.send().await.expect("an answer")).await
}

#[tokio::test]
async fn each_appliance_of_a_fleet_has_a_cluster_of_its_own_and_members_that_are_up() {
    let bench = fleet(5).await;
    bench.lab.advance(Duration::from_secs(20)).await;
    assert_eq!(bench.lab.description().netscaler.len(), 5);
    let mut seen = Vec::new();
    for at in 0..5 {
        let reply = vservers(&bench, at).await.json();
        let vserver = &reply["lbvserver"][0];
        assert_eq!((&vserver["curstate"], &vserver["health"]), (&"UP".into(), &"100".into()), "{at}");
        seen.push((vserver["name"].to_string(), vserver["ipv46"].to_string()));
    }
    assert_eq!(seen[0].0, r#""_XM_LB_MDM_mdm.example.com_10.20.40.41_443""#);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5, "names and addresses are all different");
}

#[tokio::test]
async fn what_is_done_to_one_appliance_of_a_fleet_is_done_to_no_other() {
    let bench = fleet(3).await;
    bench.delete("lbvserver/_XM_LB_MDM_mdm.example.com_10.20.40.41_443").await.ok(200);
    assert!(vservers(&bench, 1).await.json()["lbvserver"].is_array());
    let target = bench.lab.description().netscaler[2].nsip.to_string();
    bench.lab.fault(FaultSpec { target, fault: "power_off".to_owned(), ..FaultSpec::default() }).await.expect("dead");
    let dead = bench.http.get(&bench.lab.description().netscaler[2].http).send().await;
    assert!(dead.is_err_and(|error| error.is_connect()));
    assert_eq!(vservers(&bench, 1).await.status, 200);
}

#[tokio::test]
async fn a_fleet_starts_again_after_a_reset() {
    let bench = fleet(2).await;
    bench.lab.reset(Seed::Empty).await.expect("a reset");
    assert!(vservers(&bench, 1).await.json().get("lbvserver").is_none());
    bench.lab.reset(Seed::SetUp).await.expect("a reset");
    assert!(vservers(&bench, 1).await.json()["lbvserver"].is_array());
}
