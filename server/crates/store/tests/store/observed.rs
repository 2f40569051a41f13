//! The last look at each appliance.

use crate::support::{at, place, snapshot};
use model::ApplianceId;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{
    Error,
    observed::{Failure, Good, Observation},
};

#[tokio::test]
async fn the_last_good_look_outlives_failures_and_the_last_failure_a_good_look() {
    let place = place().await;
    let store = &place.store;
    let id = ApplianceId(1);
    let expect = async |good: Option<i64>, failure: Option<(i64, &str)>, failures| {
        let expected = Observation {
            appliance: id,
            good: good.map(|seconds| Good { at: at(seconds), snapshot: snapshot(seconds) }),
            failure: failure.map(|(seconds, sentence)| Failure { at: at(seconds), sentence: sentence.into() }),
            failures,
        };
        assert_eq!(store.observation(id).await.unwrap(), Some(expected));
    };
    assert_eq!(store.observation(id).await.unwrap(), None);
    store.put_observation(id, at(1), Err("No route.")).await.unwrap();
    expect(None, Some((1, "No route.")), 1).await;
    store.put_observation(id, at(2), Ok(&snapshot(2))).await.unwrap();
    expect(Some(2), Some((1, "No route.")), 0).await;
    store.put_observation(id, at(3), Err("No answer.")).await.unwrap();
    store.put_observation(id, at(4), Err("No answer yet.")).await.unwrap();
    expect(Some(2), Some((4, "No answer yet.")), 2).await;
    store.put_observation(id, at(5), Ok(&snapshot(5))).await.unwrap();
    expect(Some(5), Some((4, "No answer yet.")), 0).await;

    store.put_observation(ApplianceId(2), at(6), Ok(&snapshot(6))).await.unwrap();
    let ids: Vec<_> = store.observations().await.unwrap().iter().map(|seen| seen.appliance).collect();
    assert_eq!(ids, [id, ApplianceId(2)]);
}

#[tokio::test]
async fn a_lock_on_observations_does_not_delay_the_log() {
    let place = place().await;
    let file = place.dir.path().join("observed.db");
    let mut other = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    place.store.set_setting("a", "b").await.unwrap();
    let refused = place.store.put_observation(ApplianceId(1), at(1), Err("x")).await;
    assert!(matches!(refused, Err(Error::Locked)));
}
