//! Records, versions, plans and runs stay as they were written, whatever statement is tried.

use crate::support::{at, fleet, place, planned, run_begun, run_sql, source};
use store::{applied::applied_in, records::Filter, runs::Begun};

const FORBIDDEN: &[(&str, &str)] = &[
    ("UPDATE records SET summary = 'nothing happened' WHERE id = 1", "A record of the log cannot be changed."),
    ("UPDATE records SET summary = summary", "A record of the log cannot be changed."),
    ("DELETE FROM records WHERE id = 1", "A record of the log cannot be removed."),
    ("DELETE FROM records", "A record of the log cannot be removed."),
    ("INSERT OR REPLACE INTO records SELECT * FROM records WHERE id = 1", "Records are numbered"),
    (
        "INSERT INTO records SELECT * FROM records WHERE id = 1 ON CONFLICT (id) DO UPDATE SET summary = ''",
        "Records are numbered",
    ),
    (
        "INSERT INTO records (id, act, at, kind, person_name, summary, entry) VALUES (99, 1, 0, 'x', '', '', '{}')",
        "Records are numbered",
    ),
    ("UPDATE desired_versions SET desired = '{}'", "A saved version of a set-up cannot be changed."),
    ("DELETE FROM desired_versions", "A saved version of a set-up cannot be removed."),
    ("REPLACE INTO desired_versions SELECT * FROM desired_versions", "A saved version of a set-up cannot be replaced."),
    (
        "REPLACE INTO desired_versions SELECT 99, cluster, number, '{}', NULL, '', 0 FROM desired_versions",
        "A saved version of a set-up cannot be replaced.",
    ),
    ("UPDATE plans SET plan = '{}'", "A plan cannot be changed."),
    ("DELETE FROM plans", "A plan cannot be removed."),
    ("REPLACE INTO plans SELECT * FROM plans", "A plan cannot be replaced."),
    ("UPDATE plan_snapshots SET snapshot = '{}'", "What a plan was made from cannot be changed."),
    (
        "REPLACE INTO plan_snapshots SELECT plan, '{}' FROM plan_snapshots",
        "What a plan was made from cannot be replaced.",
    ),
    ("UPDATE plan_runs SET act = 1", "The run of a plan cannot be changed."),
    ("DELETE FROM plan_runs", "The run of a plan cannot be removed."),
    ("REPLACE INTO plan_runs SELECT plan, 1, NULL FROM plan_runs", "The run of a plan cannot be replaced."),
    ("UPDATE applied_versions SET version = NULL", "What a run has applied cannot be changed."),
    ("DELETE FROM applied_versions", "What a run has applied cannot be removed."),
    ("REPLACE INTO applied_versions SELECT * FROM applied_versions", "What a run has applied cannot be replaced."),
];

#[tokio::test]
async fn what_is_written_once_stays() {
    let place = place().await;
    let (_, cluster) = fleet(&place.store).await;
    let (version, plan) = planned(&place.store, cluster).await;
    let Begun::New(run) = place.store.begin_run(&run_begun(plan)).await.unwrap() else { panic!("it is new") };
    place.store.write(move |conn| Box::pin(applied_in(conn, run.act, cluster, Some(version), at(9)))).await.unwrap();
    let state = async || {
        (
            place.store.list(Filter::default()).await.unwrap(),
            place.store.desired(version).await.unwrap(),
            place.store.plan(plan).await.unwrap(),
            place.store.run_of_plan(plan).await.unwrap(),
        )
    };
    let before = state().await;
    for (sql, sentence) in FORBIDDEN {
        let error = run_sql(&place.store, sql).await.expect_err(sql);
        assert!(source(&error).contains(sentence), "{sql}: {error:?}");
    }
    assert_eq!(state().await, before);
}
