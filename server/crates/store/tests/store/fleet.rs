//! Appliances and clusters.

use crate::support::{at, clock, fleet, new_cluster, place, planned, snapshot, spec};
use model::{
    ApplianceId, ClusterId,
    appliance::{ApplianceSpec, ConnectBy, Half},
    cluster::Cluster,
    node::{Account, NodeFacts, NodeKeys},
};
use std::net::Ipv4Addr;
use store::{
    Error,
    appliances::set_spec_in,
    clusters::set_cluster_in,
    node_accounts::set_node_account_in,
    node_keys::put_node_keys_in,
    removed::{FormerName, Names, clusters_on_in},
};

#[tokio::test]
async fn an_appliance_keeps_its_credential_apart() {
    let place = place().await;
    let store = &place.store;
    let second = store.add_appliance(&spec("ns2"), b"sealed", at(1)).await.unwrap();
    let first = store.add_appliance(&spec("NS1"), b"other", at(2)).await.unwrap();
    let stored = store.appliance(second).await.unwrap();
    assert_eq!((&stored.appliance.spec, stored.appliance.id), (&spec("ns2"), second));
    assert_eq!((stored.credential_refused_at, stored.created), (None, at(1)));
    let ids: Vec<_> = store.appliances().await.unwrap().iter().map(|stored| stored.appliance.id).collect();
    assert_eq!(ids, [first, second], "by title, in any case");
    assert_eq!(store.secret(second).await.unwrap(), b"sealed");
    store.set_secret(second, b"resealed").await.unwrap();
    assert_eq!(store.secret(second).await.unwrap(), b"resealed");

    let twin = store.add_appliance(&spec("NS2"), b"x", at(3)).await;
    assert!(matches!(twin, Err(Error::Taken { what }) if what == "title"));
    let nowhere = ApplianceId(99);
    assert!(matches!(store.appliance(nowhere).await, Err(Error::NotFound)));
    assert!(matches!(store.secret(nowhere).await, Err(Error::NotFound)));
    assert!(matches!(store.set_secret(nowhere, b"x").await, Err(Error::NotFound)));
    assert!(!store.refuse_credential(nowhere, b"x", at(1)).await.unwrap());
}

#[tokio::test]
async fn a_refused_credential_is_refused_until_somebody_acts() {
    let place = place().await;
    let store = &place.store;
    let id = store.add_appliance(&spec("ns"), b"sealed", at(1)).await.unwrap();
    let refused_at = async || store.appliance(id).await.unwrap().credential_refused_at;
    assert!(store.refuse_credential(id, b"sealed", at(10)).await.unwrap());
    assert!(store.refuse_credential(id, b"sealed", at(20)).await.unwrap());
    assert_eq!(refused_at().await, Some(at(10)), "since the first time");
    assert!(store.release_credential(id).await.unwrap());
    assert!(!store.release_credential(id).await.unwrap());
    assert_eq!(refused_at().await, None);
    assert!(store.refuse_credential(id, b"sealed", at(30)).await.unwrap());
    store.set_secret(id, b"another").await.unwrap();
    assert_eq!(refused_at().await, None, "another credential");
    // The answer to the old one arrives late.
    assert!(!store.refuse_credential(id, b"sealed", at(31)).await.unwrap());
    assert_eq!(refused_at().await, None);
}

#[tokio::test]
async fn clusters_have_titles_of_their_own_and_an_appliance() {
    let place = place().await;
    let store = &place.store;
    let appliance = store.add_appliance(&spec("ns"), b"sealed", at(1)).await.unwrap();
    let munich = store.add_cluster(&new_cluster("Munich", appliance), at(2)).await.unwrap();
    let berlin = store.add_cluster(&new_cluster("Berlin", appliance), at(2)).await.unwrap();
    assert_eq!(store.cluster(munich.id).await.unwrap(), munich);
    assert_eq!(store.clusters().await.unwrap(), [berlin, munich]);
    assert!(matches!(store.cluster(ClusterId(99)).await, Err(Error::NotFound)));

    let twin = store.add_cluster(&new_cluster("MUNICH", appliance), at(3)).await;
    assert!(matches!(twin, Err(Error::Taken { what }) if what == "title"));
    let astray = store.add_cluster(&new_cluster("Bonn", ApplianceId(99)), at(3)).await;
    assert!(matches!(astray, Err(Error::NotFound)));
}

#[tokio::test]
async fn appliances_and_clusters_are_edited() {
    let place = place().await;
    let store = &place.store;
    let first = store.add_appliance(&spec("ns"), b"sealed", at(1)).await.unwrap();
    let second = store.add_appliance(&spec("other"), b"sealed", at(1)).await.unwrap();
    let berlin = store.add_cluster(&new_cluster("Berlin", first), at(2)).await.unwrap();
    store.add_cluster(&new_cluster("Munich", first), at(2)).await.unwrap();

    let edit = async |id, spec: ApplianceSpec| {
        store.write(move |conn| Box::pin(async move { set_spec_in(conn, id, &spec).await })).await
    };
    let first_half = Half { host: "10.0.0.20".into(), connect: ConnectBy::Direct, ..spec("ns1").first };
    let moved = ApplianceSpec { first: first_half, ..spec("ns1") };
    edit(first, moved.clone()).await.unwrap();
    assert_eq!(store.appliance(first).await.unwrap().appliance.spec, moved);
    assert!(matches!(edit(first, spec("OTHER")).await, Err(Error::Taken { what }) if what == "title"));
    assert!(matches!(edit(ApplianceId(99), spec("x")).await, Err(Error::NotFound)));

    let change = async |cluster: Cluster| {
        store.write(move |conn| Box::pin(async move { set_cluster_in(conn, &cluster).await })).await
    };
    let renamed = Cluster { title: "Berlin 2".into(), fqdn: "mdm.example.org".into(), appliance: second, ..berlin };
    change(renamed.clone()).await.unwrap();
    assert_eq!(store.cluster(renamed.id).await.unwrap(), renamed);
    let twin = Cluster { title: "munich".into(), ..renamed.clone() };
    assert!(matches!(change(twin).await, Err(Error::Taken { what }) if what == "title"));
    let astray = Cluster { appliance: ApplianceId(99), ..renamed };
    assert!(matches!(change(astray).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn what_is_removed_is_gone_but_for_its_name() {
    let place = place().await;
    let store = &place.store;
    let (appliance, cluster) = fleet(store).await;
    let (version, plan) = planned(store, cluster).await;
    let node = Ipv4Addr::new(10, 20, 30, 11);
    store
        .write(move |conn| {
            Box::pin(async move {
                set_node_account_in(conn, cluster, Account::Rest, "svc", b"sealed").await?;
                put_node_keys_in(conn, cluster, node, &NodeKeys::default()).await
            })
        })
        .await
        .unwrap();
    store.put_observation(appliance, store.begin_look(), clock(5), Ok(snapshot(5).into())).await.unwrap();
    store.absorb_node_facts(cluster, store.begin_look(), clock(5), 5, vec![NodeFacts::new(node)]).await.unwrap();
    let on = async || store.write(move |conn| Box::pin(clusters_on_in(conn, appliance))).await.unwrap();
    assert_eq!(on().await, ["Berlin"]);

    store.remove_cluster(cluster, at(10)).await.unwrap();
    assert!(matches!(store.remove_cluster(cluster, at(11)).await, Err(Error::NotFound)), "once");
    assert!(matches!(store.cluster(cluster).await, Err(Error::NotFound)));
    assert!(store.clusters().await.unwrap().is_empty() && on().await.is_empty());
    assert!(store.node_accounts(cluster).await.unwrap().is_empty());
    assert!(store.node_keys(cluster).await.unwrap().is_empty());
    assert!(store.owned_by(appliance, cluster).await.unwrap().is_empty());
    store.forget_what_was_seen(cluster).await.unwrap();
    assert!(store.node_facts(cluster, clock(10), 5).await.unwrap().is_empty());
    assert!(store.desired(version).await.is_ok() && store.plan(plan).await.is_ok(), "written once, and still there");

    store.remove_appliance(appliance, at(12)).await.unwrap();
    assert!(matches!(store.remove_appliance(appliance, at(13)).await, Err(Error::NotFound)), "once");
    assert!(matches!(store.appliance(appliance).await, Err(Error::NotFound)));
    assert!(matches!(store.secret(appliance).await, Err(Error::NotFound)));
    assert!(matches!(store.set_secret(appliance, b"x").await, Err(Error::NotFound)));
    assert!(store.appliances().await.unwrap().is_empty());
    store.forget_observation(appliance).await.unwrap();
    assert_eq!(store.observation(appliance, clock(12)).await.unwrap(), None);
    let late = store.add_cluster(&new_cluster("Bonn", appliance), at(14)).await;
    assert!(matches!(late, Err(Error::NotFound)), "nothing new stands on it");

    // Their titles are free, and the log still knows them.
    let again = store.add_appliance(&spec("ns"), b"sealed", at(20)).await.unwrap();
    let berlin = store.add_cluster(&new_cluster("Berlin", again), at(20)).await.unwrap();
    assert!(again != appliance && berlin.id != cluster);
    let name = |title: &str, removed| FormerName { title: title.into(), removed };
    let names = Names {
        clusters: [(cluster, name("Berlin", true)), (berlin.id, name("Berlin", false))].into(),
        appliances: [(appliance, name("ns", true)), (again, name("ns", false))].into(),
    };
    assert_eq!(store.all_names().await.unwrap(), names);
    assert_eq!(names.clusters[&cluster].to_string(), "Berlin (removed)");
}
