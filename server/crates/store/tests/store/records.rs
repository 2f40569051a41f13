//! The log.

use crate::support::{at, entry, open, place, run_sql, source};
use model::{
    ActNo, ApplianceId, ClusterId, PersonId, RecordId,
    log::LogQuery,
    record::{Actor, Entry, Outcome, RecordKind},
    words::words,
};
use store::{
    Error, Store,
    records::{Filter, LogScope, append_in},
};

#[tokio::test]
async fn the_bytes_of_an_entry_are_kept_as_they_were_made() {
    let place = place().await;
    let new = Entry {
        actor: Actor {
            person: Some(PersonId(3)),
            name: "anna".into(),
            from: "::1".into(),
            request: "r\u{0}1".into(),
            ..Actor::gatehouse()
        },
        cluster: Some(ClusterId(7)),
        appliance: Some(ApplianceId(8)),
        outcome: Some(Outcome::InDoubt),
        summary: "“quoted” \"and\" \u{0} 𝄞 / \\".into(),
        detail: serde_json::json!({"z": 1, "a": [1.5, -0.0, 18_446_744_073_709_551_615_u64, null, "\u{7f}\n"]}),
        ..entry(RecordKind::CallResult)
    };
    let record = place.store.append(&new).await.unwrap();
    let filled = Entry { act: Some(record.act), ..new };
    assert_eq!(record.entry, filled);
    assert_eq!(place.store.canonical(record.id).await.unwrap(), serde_json::to_vec(&filled).unwrap());
    assert_eq!(place.store.record(record.id).await.unwrap(), record);
    assert!(matches!(place.store.canonical(RecordId(99)).await, Err(Error::NotFound)));
    assert!(matches!(place.store.record(RecordId(99)).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn every_kind_and_outcome_can_be_written_and_found() {
    let place = place().await;
    for &kind in RecordKind::ALL {
        let record = place.store.append(&entry(kind)).await.unwrap();
        assert_eq!(only(&place.store, LogQuery { kind: Some(kind), ..LogQuery::default() }.into()).await, [record.id]);
    }
    for outcome in Outcome::ALL {
        let new = Entry { outcome: Some(outcome), ..entry(RecordKind::RunEnded) };
        let record = place.store.append(&new).await.unwrap();
        assert_eq!(
            only(&place.store, LogQuery { outcome: Some(outcome), ..LogQuery::default() }.into()).await,
            [record.id]
        );
    }
}

#[tokio::test]
async fn an_act_is_numbered_by_its_first_record() {
    let place = place().await;
    let other = place.store.append(&entry(RecordKind::SignedOut)).await.unwrap();
    let begun = place.store.append(&entry(RecordKind::PlanBegun)).await.unwrap();
    assert_eq!((begun.id, begun.act), (RecordId(2), ActNo(2)));
    let ended = Entry { act: Some(begun.act), ..entry(RecordKind::PlanEnded) };
    let ended = place.store.append(&ended).await.unwrap();
    assert_eq!((ended.id, ended.act), (RecordId(3), ActNo(2)));
    assert_eq!(place.store.of_act(begun.act).await.unwrap(), [begun, ended]);
    assert_eq!(place.store.of_act(other.act).await.unwrap(), [other]);
    assert!(place.store.of_act(ActNo(99)).await.unwrap().is_empty());

    let stray = Entry { act: Some(ActNo(99)), ..entry(RecordKind::PlanEnded) };
    assert!(matches!(place.store.append(&stray).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn several_records_of_one_write_follow_each_other() {
    let place = place().await;
    let ids = place
        .store
        .write(|conn| {
            Box::pin(async move {
                let intent = append_in(conn, &entry(RecordKind::CallIntent)).await?;
                let result = Entry { act: Some(intent.act), ..entry(RecordKind::CallResult) };
                Ok((intent.id, append_in(conn, &result).await?.id))
            })
        })
        .await
        .unwrap();
    assert_eq!(ids, (RecordId(1), RecordId(2)));
}

async fn only(store: &Store, filter: Filter) -> Vec<RecordId> {
    store.list(filter).await.unwrap().into_iter().map(|record| record.id).collect()
}

#[tokio::test]
async fn lists_are_filtered_and_paged_newest_first() {
    let place = place().await;
    let anna = Actor { person: Some(PersonId(1)), name: "Anna".into(), ..Actor::gatehouse() };
    for (summary, cluster, appliance, actor) in [
        ("100% done", Some(1), None, anna.clone()),
        ("1000 done", Some(2), Some(1), anna),
        ("a_b\\c", None, Some(1), Actor::gatehouse()),
        ("aXb c", Some(1), Some(2), Actor::gatehouse()),
    ] {
        let new = Entry {
            summary: summary.into(),
            cluster: cluster.map(ClusterId),
            appliance: appliance.map(ApplianceId),
            actor,
            ..entry(RecordKind::ObjectAdopted)
        };
        place.store.append(&new).await.unwrap();
    }
    let all = LogQuery::default;
    let text = |part: &str| Filter::from(LogQuery { words: words(part), ..all() });
    let before = |id| LogQuery { before: Some(RecordId(id)), ..all() };
    let cases = [
        (Filter::default(), vec![4, 3, 2, 1]),
        (Filter { limit: 2, ..Filter::default() }, vec![4, 3]),
        (Filter { limit: 2, query: before(3), ..Filter::default() }, vec![2, 1]),
        (Filter { id: Some(RecordId(3)), ..Filter::default() }, vec![3]),
        (Filter { act: Some(ActNo(2)), ..Filter::default() }, vec![2]),
        (LogQuery { cluster: Some(ClusterId(1)), ..all() }.into(), vec![4, 1]),
        (LogQuery { appliance: Some(ApplianceId(1)), ..all() }.into(), vec![3, 2]),
        (LogQuery { person: Some("anna".into()), ..all() }.into(), vec![2, 1]),
        (LogQuery { kind: Some(RecordKind::RunBegun), ..all() }.into(), vec![]),
        (LogQuery { outcome: Some(Outcome::Failed), ..all() }.into(), vec![]),
        (LogQuery { from: Some(at(1_000)), until: Some(at(1_001)), ..all() }.into(), vec![4, 3, 2, 1]),
        (LogQuery { from: Some(at(1_001)), ..all() }.into(), vec![]),
        (LogQuery { until: Some(at(1_000)), ..all() }.into(), vec![]),
        (text("DONE"), vec![2, 1]),
        (text("0%"), vec![1]),
        (text("00% d"), vec![1]),
        (text("_"), vec![3]),
        (text("a_b"), vec![3]),
        (text("b\\c"), vec![3]),
        (text("' OR true --"), vec![]),
        (text("\" OR \"done"), vec![]),
        (text("done\u{0}"), vec![2, 1]),
        (text("done 100"), vec![2, 1]),
        (text("DONE 0% 10"), vec![1]),
        (text("\"done 100\""), vec![]),
        (text("b\\ a_"), vec![3]),
        (text("done OR aXb"), vec![]),
        (text("done* NOT"), vec![]),
        (text("\"\" x"), vec![4]),
        (
            Filter::from(LogQuery {
                kind: Some(RecordKind::ObjectAdopted),
                person: Some("gatehouse".into()),
                cluster: Some(ClusterId(1)),
                appliance: Some(ApplianceId(2)),
                words: words("c"),
                before: Some(RecordId(5)),
                ..all()
            }),
            vec![4],
        ),
    ];
    for (filter, ids) in cases {
        let expected: Vec<_> = ids.into_iter().map(RecordId).collect();
        assert_eq!(only(&place.store, filter.clone()).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn values_in_the_detail_are_found_and_their_names_are_not() {
    let place = place().await;
    let detail = serde_json::json!({"cli": "add server xms01 10.20.30.11", "after": {"timeout": [1200, null, "Süd"]}});
    place.store.append(&Entry { detail, ..entry(RecordKind::CallIntent) }).await.unwrap();
    place.store.append(&entry(RecordKind::SignedOut)).await.unwrap();
    for (part, found) in
        [("20.30.1", vec![1]), ("120", vec![1]), ("SÜD", vec![1]), ("timeout", vec![]), ("signed", vec![2])]
    {
        let filter = LogQuery { words: words(part), ..LogQuery::default() };
        let found: Vec<_> = found.into_iter().map(RecordId).collect();
        assert_eq!(only(&place.store, filter.into()).await, found, "{part}");
    }
}

#[tokio::test]
async fn records_from_before_the_search_are_found_too() {
    let place = place().await;
    let detail = serde_json::json!({"cli": "add server xms01"});
    place.store.append(&Entry { detail, ..entry(RecordKind::CallIntent) }).await.unwrap();
    for undo in [
        "DROP TRIGGER records_are_searched",
        "DROP TABLE records_text",
        "DELETE FROM _sqlx_migrations WHERE version = 11",
    ] {
        run_sql(&place.store, undo).await.unwrap();
    }
    place.store.append(&entry(RecordKind::SignedOut)).await.unwrap();
    place.store.close().await;
    let again = open(&place.dir).await;
    for (part, found) in [("xms01", 1), ("signed", 2)] {
        let filter = LogQuery { words: words(part), ..LogQuery::default() };
        assert_eq!(only(&again, filter.into()).await, [RecordId(found)], "{part}");
    }
}

#[tokio::test]
async fn who_is_limited_sees_their_clusters_and_what_is_about_themselves() {
    let place = place().await;
    let bob = Actor { person: Some(PersonId(7)), name: "bob".into(), ..Actor::gatehouse() };
    let about = |person: i64| serde_json::json!({ "person": person });
    let base = entry(RecordKind::ObjectAdopted);
    for new in [
        Entry { cluster: Some(ClusterId(1)), ..base.clone() },
        Entry { cluster: Some(ClusterId(2)), ..base.clone() },
        // What they did in a cluster that is theirs no longer.
        Entry { cluster: Some(ClusterId(2)), actor: bob.clone(), ..base.clone() },
        Entry { actor: bob.clone(), ..entry(RecordKind::SignedOut) },
        entry(RecordKind::SignedOut),
        Entry { detail: about(7), ..entry(RecordKind::PersonChanged) },
        Entry { detail: about(8), ..entry(RecordKind::PersonChanged) },
        // Only records of people have a person in their detail.
        Entry { detail: about(7), ..base.clone() },
        Entry { actor: bob.clone(), appliance: Some(ApplianceId(3)), ..base.clone() },
        Entry { actor: bob, appliance: Some(ApplianceId(4)), ..base.clone() },
        Entry { appliance: Some(ApplianceId(3)), ..base },
    ] {
        place.store.append(&new).await.unwrap();
    }
    let sight = |clusters: &[i64]| LogScope::Only {
        person: PersonId(7),
        clusters: clusters.iter().copied().map(ClusterId).collect(),
        appliances: [ApplianceId(3)].into(),
    };
    let seen = async |clusters: &[i64]| {
        let ids = only(&place.store, Filter { sight: sight(clusters), ..Filter::default() }).await;
        ids.into_iter().map(|id| id.0).collect::<Vec<_>>()
    };
    assert_eq!(seen(&[1]).await, [9, 6, 4, 1]);
    assert_eq!(seen(&[]).await, [9, 6, 4]);
    let hidden = Filter { id: Some(RecordId(2)), sight: sight(&[1]), ..Filter::default() };
    assert!(only(&place.store, hidden).await.is_empty());
    assert_eq!(place.store.names(&sight(&[1])).await.unwrap(), ["bob", "gatehouse"]);
    assert_eq!(place.store.names(&LogScope::All).await.unwrap(), ["bob", "gatehouse"]);
}

#[tokio::test]
async fn an_act_without_an_end_is_found_at_the_start() {
    let place = place().await;
    let store = &place.store;
    let begin = async |kind| store.append(&entry(kind)).await.unwrap();
    let go_on = async |act, kind| store.append(&Entry { act: Some(act), ..entry(kind) }).await.unwrap();

    begin(RecordKind::SignedOut).await;
    let ended = begin(RecordKind::RunBegun).await;
    let test = begin(RecordKind::ApplianceTestBegun).await;
    let resumed = begin(RecordKind::RunBegun).await;
    go_on(resumed.act, RecordKind::CallIntent).await;
    go_on(resumed.act, RecordKind::RunInterrupted).await;
    let planned = begin(RecordKind::PlanBegun).await;
    let last = go_on(resumed.act, RecordKind::RunResumed).await;
    go_on(resumed.act, RecordKind::CallIntent).await;
    go_on(planned.act, RecordKind::PlanEnded).await;
    go_on(ended.act, RecordKind::RunEnded).await;

    let open = store.open_acts().await.unwrap();
    assert_eq!(open.len(), 2);
    assert_eq!((&open[0].begun, &open[0].last), (&test, &test));
    assert_eq!((&open[1].begun, &open[1].last), (&resumed, &last));

    for act in open {
        let kind = act.last.entry.kind.interrupted().unwrap();
        go_on(act.begun.act, kind).await;
    }
    assert!(store.open_acts().await.unwrap().is_empty());
}

#[tokio::test]
async fn columns_cannot_say_something_else_than_the_entry() {
    let place = place().await;
    let bytes = serde_json::to_string(&Entry { act: Some(ActNo(1)), ..entry(RecordKind::SignedOut) }).unwrap();
    for (act, kind, cluster, entry) in [
        (1, "signed_out", None, "{"),
        (1, "signed_out", None, "{}"),
        (1, "run.ended", None, bytes.as_str()),
        (1, "signed_out", Some(4), bytes.as_str()),
        (2, "signed_out", None, bytes.as_str()),
        (1, "signed_out", None, bytes.as_str()),
    ] {
        let right = (act, kind, cluster) == (1, "signed_out", None) && entry.len() > 2;
        let (what, entry) = (format!("{act} {kind} {cluster:?} {entry}"), entry.to_owned());
        let written = place
            .store
            .write(move |conn| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO records (id, act, at, kind, person_name, cluster, summary, entry)
                         VALUES (1, $1, $2, $3, 'gatehouse', $4, '', $5)",
                    )
                    .bind(act)
                    .bind(at(1).as_millisecond())
                    .bind(kind)
                    .bind(cluster)
                    .bind(entry)
                    .execute(conn)
                    .await?;
                    Ok(())
                })
            })
            .await;
        match written {
            Ok(()) => assert!(right, "{what}"),
            Err(error) => assert!(!right && source(&error).contains("CHECK"), "{what}: {error:?}"),
        }
    }
}
