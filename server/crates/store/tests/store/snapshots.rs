//! What plans were made from: kept for as long as it is of use, and taken over from where it was before.

use crate::support::{at, entry, fleet, open, place, plan, planned, run_begun, run_sql, snapshot};
use model::{
    PlanId,
    record::{Entry, Outcome, RecordKind},
};
use sqlx::{ConnectOptions, Connection, migrate::Migrator, sqlite::SqliteConnectOptions};
use std::borrow::Cow;
use store::{Store, runs::Begun};

async fn ran(store: &Store, plan: PlanId, outcome: Outcome) {
    let Begun::New(run) = store.begin_run(&run_begun(plan)).await.unwrap() else { panic!("it is new") };
    let ended = Entry { act: Some(run.act), outcome: Some(outcome), ..entry(RecordKind::RunEnded) };
    store.append(&ended).await.unwrap();
}

#[tokio::test]
async fn a_snapshot_goes_when_its_plan_has_run_well_or_is_old() {
    let place = place().await;
    let store = &place.store;
    let (_, cluster) = fleet(store).await;
    let mut plans = Vec::new();
    for outcome in [Some(Outcome::Succeeded), Some(Outcome::Failed), None] {
        let (_, id) = planned(store, cluster).await;
        if let Some(outcome) = outcome {
            ran(store, id, outcome).await;
        }
        plans.push(id);
    }
    // All were made at second 4.
    assert_eq!(store.purge_plan_snapshots(at(4)).await.unwrap(), 1);
    let kept = async |id| store.plan_snapshot(id).await.unwrap().is_some();
    assert_eq!((kept(plans[0]).await, kept(plans[1]).await, kept(plans[2]).await), (false, true, true));
    assert_eq!(store.purge_plan_snapshots(at(5)).await.unwrap(), 2);
    // The plan itself is as it was.
    assert_eq!(store.plan(plans[0]).await.unwrap().plan, plan());
    assert_eq!(store.plans_of(cluster, 9).await.unwrap().len(), 3);
    assert_eq!(store.plan_snapshot(PlanId(99)).await.unwrap(), None);
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_read_is_an_error_of_its_own() {
    let place = place().await;
    let (_, cluster) = fleet(&place.store).await;
    let (_, id) = planned(&place.store, cluster).await;
    run_sql(&place.store, "DELETE FROM plan_snapshots").await.unwrap();
    run_sql(&place.store, "INSERT INTO plan_snapshots (plan, snapshot) SELECT id, '{}' FROM plans").await.unwrap();
    let error = place.store.plan_snapshot(id).await.unwrap_err();
    assert!(error.sentence().starts_with("The snapshot of plan 1 cannot be read"), "{error}");
    assert_eq!(place.store.plan(id).await.unwrap().id, id);
}

/// A database from before plans and snapshots were two things.
#[tokio::test]
async fn plans_of_an_older_database_are_taken_over_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    let file = SqliteConnectOptions::new().filename(dir.path().join("gatehouse.db")).create_if_missing(true);
    let mut conn = file.foreign_keys(true).connect().await.unwrap();
    let all = sqlx::migrate!("../../../migrations/gatehouse");
    let old: Vec<_> = all.iter().filter(|step| step.version < 190).cloned().collect();
    Migrator { migrations: Cow::Owned(old), ..Migrator::DEFAULT }.run(&mut conn).await.unwrap();
    let (whole, seen) = (serde_json::to_string(&plan()).unwrap(), serde_json::to_string(&snapshot(3)).unwrap());
    let saves = r#"{"fingerprint":"f","operations":[{"verb":"save"}],"unchanged":[],"conflicts":[{}],"notes":[]}"#;
    for sql in [
        "INSERT INTO appliances (id, title, spec, secret, created) VALUES (1, 'ns', '{\"title\":\"ns\"}', x'00', 0)",
        "INSERT INTO clusters (id, title, fqdn, appliance, created) VALUES (1, 'Berlin', 'b', 1, 0)",
        "INSERT INTO records (id, act, at, kind, person_name, summary, entry)
         VALUES (1, 1, 0, 'plan.begun', 'x', '', '{\"act\":1,\"kind\":\"plan.begun\"}')",
        "INSERT INTO desired_versions (id, cluster, number, desired, made_by_name, at) VALUES (1, 1, 1, '{}', 'x', 0)",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    for plan in [whole.as_str(), saves, "{}"] {
        sqlx::query(
            "INSERT INTO plans (cluster, version, plan, snapshot, made_by_name, at, act) VALUES (1, 1, $1, $2, 'x', 0, 1)",
        )
        .bind(plan)
        .bind(seen.as_str())
        .execute(&mut conn)
        .await
        .unwrap();
    }
    sqlx::query("INSERT INTO plan_runs (plan, act) VALUES (1, 1)").execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();

    let store = open(&dir).await;
    assert_eq!(store.plan(PlanId(1)).await.unwrap().plan, plan());
    assert_eq!(store.plan_snapshot(PlanId(1)).await.unwrap(), Some(snapshot(3)));
    let lines = store.plans_of(model::ClusterId(1), 9).await.unwrap();
    let gists: Vec<_> = lines.iter().map(|line| line.gist.clone().ok()).collect();
    let expected = gists[2].unwrap();
    assert_eq!((expected.counts, expected.conflicts, expected.only_saves), (plan().counts(), 0, plan().only_saves()));
    let saves = gists[1].unwrap();
    assert_eq!((saves.counts.add, saves.conflicts, saves.only_saves), (0, 1, true));
    assert!(gists[0].is_none(), "what nobody can read was not counted");
    assert!(run_sql(&store, "UPDATE plans SET adds = 7").await.is_err(), "its trigger is back");
}
