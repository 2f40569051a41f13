//! A row that cannot be read says so where it stands, and takes nothing else down.

use crate::support::{at, clock, desired, entry, fleet, new_cluster, open, place, planned, run_sql};
use model::{
    ActNo, RecordId,
    appliance::ConnectBy,
    log::LogQuery,
    record::{Actor, Entry, Outcome, RecordKind},
};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::collections::BTreeMap;
use store::{
    Error,
    drafts::Draft,
    neighbours::neighbours_in,
    node_keys::node_keys_in,
    records::{Filter, append_in},
};

/// A record of a kind that only another program knows.
const STRANGE: &str = "INSERT INTO records (id, act, at, kind, person_name, outcome, summary, entry)
    SELECT max(id) + 1, 1, 2000, 'moon.landed', 'anna', 'succeeded', 'Landed.',
           json_object('at', '1970-01-01T00:00:02Z', 'kind', 'moon.landed', 'act', 1, 'actor', json_object('name', 'anna'),
                       'outcome', 'succeeded', 'summary', 'Landed.')
    FROM records";

fn is_unreadable<T: std::fmt::Debug>(read: &Result<T, Error>, what: &str) {
    assert!(matches!(read, Err(error @ Error::Unreadable { .. }) if error.sentence().starts_with(what)), "{read:?}");
}

#[tokio::test]
async fn a_plan_that_cannot_be_read_is_a_line_among_the_others() {
    let place = place().await;
    let store = &place.store;
    let (_, cluster) = fleet(store).await;
    let (_, first) = planned(store, cluster).await;
    run_sql(
        store,
        "INSERT INTO plans (cluster, version, plan, made_by_name, at, act)
         SELECT cluster, version, '{\"steps\":[]}', 'anna', 9000, act FROM plans",
    )
    .await
    .unwrap();
    let (_, third) = planned(store, cluster).await;

    let lines = store.plans_of(cluster, 9).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.gist.is_ok()).collect::<Vec<_>>(), [true, false, true]);
    let bad = &lines[1];
    assert_eq!((lines[0].id, lines[2].id, bad.by_name.as_str(), bad.at), (third, first, "anna", at(9)));
    let said = bad.gist.clone().unwrap_err();
    assert!(said.starts_with(&format!("Plan {} cannot be read: missing field", bad.id)), "{said}");
    is_unreadable(&store.plan(bad.id).await, "Plan 2 cannot be read");
    assert_eq!(store.cluster_of_plan(bad.id).await.unwrap(), cluster);
}

#[tokio::test]
async fn a_version_that_cannot_be_read_hides_no_other_and_keeps_no_neighbour_from_saving() {
    let place = place().await;
    let store = &place.store;
    let (appliance, cluster) = fleet(store).await;
    store.save_desired(cluster, &desired("10.20.40.51"), &Actor::gatehouse(), at(1)).await.unwrap();
    run_sql(
        store,
        "INSERT INTO desired_versions (cluster, number, desired, made_by_name, at)
         SELECT cluster, 2, '{\"nodes\":7}', 'anna', 2000 FROM desired_versions",
    )
    .await
    .unwrap();

    let versions = store.desired_versions(cluster, 9).await.unwrap();
    assert_eq!(versions[1].desired, Ok(desired("10.20.40.51")));
    let said = versions[0].desired.clone().unwrap_err();
    assert!(said.starts_with("Version 2 of the set-up cannot be read"), "{said}");
    is_unreadable(&store.latest_desired(cluster).await, "Version 2 of the set-up");
    let mut all = store.latest_desired_of_all().await.unwrap();
    is_unreadable(&all.remove(&cluster).unwrap(), "Version 2 of the set-up");
    assert_eq!(store.desired_version(cluster, 1).await.unwrap().map(|version| version.number), Some(1));

    let other = store.add_cluster(&new_cluster("Bonn", appliance), at(3)).await.unwrap().id;
    let beside = store.read(|conn| Box::pin(neighbours_in(conn, appliance, other))).await.unwrap();
    assert_eq!(beside.len(), 1);
    // Nothing is wrong with the database: what is written goes on being written.
    let write = store.write(move |conn| Box::pin(store::desired::latest_desired_in(conn, cluster))).await;
    is_unreadable(&write, "Version 2 of the set-up");
    assert_eq!(store.trouble(), None);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_stands_in_its_place() {
    let place = place().await;
    let store = &place.store;
    store.append(&entry(RecordKind::RunBegun)).await.unwrap();
    run_sql(store, STRANGE).await.unwrap();
    let ended = Entry { act: Some(ActNo(1)), ..entry(RecordKind::RunEnded) };
    store.append(&ended).await.unwrap();

    let all = store.list(Filter::default()).await.unwrap();
    assert_eq!(all.iter().map(|record| record.id.0).collect::<Vec<_>>(), [3, 2, 1]);
    let strange = &all[1];
    assert_eq!((strange.entry.kind, strange.entry.outcome), (RecordKind::Unreadable, None));
    assert_eq!((strange.entry.at, strange.entry.actor.name.as_str()), (at(2), "anna"));
    assert!(strange.entry.summary.starts_with("Record 2 cannot be read: unknown variant"), "{}", strange.entry.summary);
    assert_eq!(store.record(RecordId(2)).await.unwrap(), *strange);
    assert_eq!(store.of_act(ActNo(1)).await.unwrap().len(), 3);
    assert_eq!(store.search(&Filter::default()).await.unwrap().records.len(), 3);
    assert_eq!(store.acts(&Filter::default()).await.unwrap().acts.len(), 1);
    let succeeded = LogQuery { outcome: Some(Outcome::Succeeded), ..LogQuery::default() };
    assert_eq!(store.list(succeeded.into()).await.unwrap().len(), 1, "it is found by what the columns say");

    let again = strange.entry.clone();
    let written = store.write(move |conn| Box::pin(async move { append_in(conn, &again).await })).await;
    assert!(matches!(written, Err(Error::Mistake { .. })), "{written:?}");
}

/// The program starts, whatever is in the log.
#[tokio::test]
async fn an_act_that_was_begun_unreadably_is_still_open() {
    let place = place().await;
    let store = &place.store;
    run_sql(
        store,
        "INSERT INTO records (id, act, at, kind, person_name, cluster, summary, entry)
         VALUES (1, 1, 2000, 'run.begun', 'anna', 7, 'Run.', json_object('kind', 'run.begun', 'act', 1, 'cluster', 7))",
    )
    .await
    .unwrap();
    let acts = store.open_acts().await.unwrap();
    assert_eq!(acts.len(), 1);
    assert_eq!((acts[0].begun.entry.kind, acts[0].begun.entry.cluster.map(|id| id.0)), (RecordKind::RunBegun, Some(7)));
}

#[tokio::test]
async fn an_appliance_that_cannot_be_read_keeps_its_title_and_leads_nowhere() {
    let place = place().await;
    let (appliance, _) = fleet(&place.store).await;
    run_sql(&place.store, "UPDATE appliances SET spec = json_object('title', title)").await.unwrap();
    let all = place.store.appliances().await.unwrap();
    assert_eq!((all.len(), all[0].appliance.id), (1, appliance));
    let spec = &all[0].appliance.spec;
    assert!(!spec.title.is_empty() && spec.first.host.is_empty());
    assert_eq!(spec.first.connect, ConnectBy::Socks5 { proxy: String::new() });
    let said = all[0].unreadable.clone().unwrap();
    assert!(said.contains(&spec.title) && said.contains("cannot be read: missing field"), "{said}");
}

#[tokio::test]
async fn keys_uploads_drafts_and_owned_objects_that_cannot_be_read_take_nothing_down() {
    let place = place().await;
    let store = &place.store;
    let (appliance, cluster) = fleet(store).await;
    store.append(&entry(RecordKind::ObjectAdopted)).await.unwrap();
    for sql in [
        "INSERT INTO node_keys (cluster, address, keys) VALUES (1, '10.20.30.11', '{\"accepted\":true}'),
                                                               (1, '10.20.30.12', '{}'), (1, 'nowhere', '{}')",
        "INSERT INTO uploads (cluster, name, summary, sealed, by_name, at) VALUES (1, 'old', '{}', x'00', 'anna', 1)",
        "INSERT INTO drafts (owner, form, typed, errors, at) VALUES ('person:1', 'mdm', '{\"vip\":7}', '{}', 1000)",
        "INSERT INTO owned_objects (appliance, kind, key, cluster, since, act)
         VALUES (1, 'moon', '[\"m\"]', 1, 0, 1), (1, 'server', '[\"xms01\"]', 1, 0, 1)",
    ] {
        run_sql(store, sql).await.unwrap();
    }
    let keys = store.node_keys(cluster).await.unwrap();
    assert_eq!(keys.len(), 2);
    let bad = &keys[&[10, 20, 30, 11].into()];
    assert!(bad.usable().is_none(), "no password goes there");
    assert!(bad.offered.as_ref().unwrap().problems[0].contains("cannot be read"), "{bad:?}");
    let within = store.read(|conn| Box::pin(node_keys_in(conn, cluster, [10, 20, 30, 11].into()))).await;
    assert_eq!(within.unwrap(), *bad);

    let uploads = store.uploads(cluster).await.unwrap();
    assert!(uploads[0].summary.as_ref().is_err_and(|said| said.starts_with("Upload 1 cannot be read")));

    let Draft { values, errors, .. } = store.draft("person:1", "mdm").await.unwrap().unwrap();
    assert_eq!((values, errors.0.len()), (BTreeMap::new(), 1));

    let owned = store.owned(appliance).await.unwrap();
    assert_eq!(owned.keys().map(ToString::to_string).collect::<Vec<_>>(), ["server xms01"]);
}

#[tokio::test]
async fn what_was_observed_and_cannot_be_read_was_never_seen() {
    let place = place().await;
    let (_, cluster) = fleet(&place.store).await;
    place.store.close().await;
    let path = place.dir.path().join("observed.db");
    let mut conn = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    for sql in [
        "INSERT INTO observations (appliance, snapshot, seen_at, good_look) VALUES (1, '{\"at\":7}', 1000, 1)",
        "INSERT INTO node_facts (cluster, address, facts) VALUES (1, '10.20.30.11', '{}')",
        "INSERT INTO watches (cluster, watch) VALUES (1, '{\"said\":7}')",
        "INSERT INTO stretches (cluster, stretch) VALUES (1, '{\"said\":7}')",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
    let store = open(&place.dir).await;
    let seen = store.observations(clock(9)).await.unwrap();
    assert!(seen[0].good.is_none() && seen[0].unreadable.as_ref().is_some_and(|said| said.contains("cannot be read")));
    assert!(store.node_facts(cluster, clock(9), 5).await.unwrap().is_empty());
    assert_eq!(store.watch(cluster).await.unwrap(), model::since::Watch::default());
    assert!(store.stretches(cluster).await.unwrap().is_empty());
}
