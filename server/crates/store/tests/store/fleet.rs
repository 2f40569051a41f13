//! Appliances and clusters.

use crate::support::{at, new_cluster, place, spec};
use model::{ApplianceId, ClusterId};
use store::Error;

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
    assert!(matches!(store.refuse_credential(nowhere, at(1)).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_refused_credential_is_refused_until_somebody_acts() {
    let place = place().await;
    let store = &place.store;
    let id = store.add_appliance(&spec("ns"), b"sealed", at(1)).await.unwrap();
    let refused_at = async || store.appliance(id).await.unwrap().credential_refused_at;
    store.refuse_credential(id, at(10)).await.unwrap();
    store.refuse_credential(id, at(20)).await.unwrap();
    assert_eq!(refused_at().await, Some(at(10)), "since the first time");
    assert!(store.release_credential(id).await.unwrap());
    assert!(!store.release_credential(id).await.unwrap());
    assert_eq!(refused_at().await, None);
    store.refuse_credential(id, at(30)).await.unwrap();
    store.set_secret(id, b"another").await.unwrap();
    assert_eq!(refused_at().await, None, "another credential");
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
