//! The log as CSV.

use crate::support::world;
use model::{
    log::LogForm,
    person::{Role, Scope},
    record::RecordKind,
};
use services::{Failure, LogQuery, ReadCx};

async fn whole(world: &crate::support::World, cx: &ReadCx, form: &LogForm) -> String {
    let mut export = world.services.log().export(&cx.exporter().unwrap(), form).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(part) = export.next_part().await.unwrap() {
        bytes.extend(part);
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn an_export_is_what_the_page_shows_and_leaves_a_record() {
    let world = world().await;
    let berlin = world.cluster().await;
    let hamburg =
        world.other_cluster(world.services.clusters().show(&world.cx, berlin).await.unwrap().appliance.id).await;
    let before = world.log(&world.cx, &LogQuery::default()).await;
    let all = whole(&world, &world.cx, &LogForm::default()).await;
    let rows: Vec<&str> = all.split("\r\n").collect();
    assert_eq!(rows.len(), before.len() + 2, "a heading, the records, and the end of the last line");
    assert!(rows[0].starts_with("record,act,time,"), "{}", rows[0]);
    for (row, record) in rows[1..].iter().zip(&before) {
        assert!(row.starts_with(&format!("{},", record.id)), "{row}");
    }
    assert!(!all.contains("log.exported"), "its own record is not in it");
    let newest = world.log(&world.cx, &LogQuery::default()).await;
    let told: Vec<_> =
        newest.iter().take(2).map(|record| (record.entry.kind.code(), record.entry.actor.name.as_str())).collect();
    assert_eq!(told, [("log.export_ended", "ada"), ("log.exported", "ada")]);
    assert_eq!((newest[0].act, &newest[0].entry.detail["rows"]), (newest[1].act, &before.len().into()));

    let form = LogForm { kind: "cluster.added".into(), text: "Berl".into(), ..LogForm::default() };
    assert_eq!(whole(&world, &world.cx, &form).await.lines().count(), 2);
    let newest = world.log(&world.cx, &LogQuery::default()).await.remove(1);
    assert_eq!(newest.entry.detail["filters"], serde_json::json!({"text": "Berl", "kind": "cluster.added"}));

    let wrong = LogForm { from: "soon".into(), ..LogForm::default() };
    let refused = world.services.log().export(&world.cx.exporter().unwrap(), &wrong).await;
    assert!(matches!(refused.map(|_| ()), Err(Failure::Fields(_))));
    let none = LogForm { text: "nothing has this in it".into(), ..LogForm::default() };
    assert_eq!(whole(&world, &world.cx, &none).await.lines().count(), 1, "the heading");

    let otto = world.person("otto", Role::Auditor, &Scope::Only([hamburg].into())).await;
    let his = whole(&world, &otto, &LogForm::default()).await;
    assert!(his.contains("Hamburg") && !his.contains("Berlin"), "{his}");
    for role in [Role::Viewer, Role::Operator] {
        let cx = world.person(role.word(), role, &Scope::All).await;
        assert!(matches!(cx.exporter().map(|_| ()), Err(Failure::Forbidden(_))));
    }
}

#[tokio::test]
async fn a_long_log_comes_in_parts_and_stops_with_the_session() {
    let world = world().await;
    let otto = world.person("otto", Role::Auditor, &Scope::All).await;
    // More records than one part has.
    for _ in 0..260 {
        let mut form = world.appliance_form();
        form.via = "127.0.0.1:1".into();
        let admin = world.cx.admin().unwrap();
        assert!(world.services.appliances().test(&admin, &form, "x").await.is_err());
    }
    let all = whole(&world, &otto, &LogForm::default()).await;
    let numbers: Vec<i64> =
        all.lines().skip(1).filter_map(|line| line.split(',').next().and_then(|id| id.parse().ok())).collect();
    assert!(numbers.len() > 500);
    assert!(numbers.windows(2).all(|pair| pair[0] == pair[1] + 1), "none is missing, none comes twice");

    let mut export = world.services.log().export(&otto.exporter().unwrap(), &LogForm::default()).await.unwrap();
    export.next_part().await.unwrap().unwrap();
    world.services.team().end_sessions(&world.cx.admin().unwrap(), otto.person().id).await.unwrap();
    assert!(matches!(export.next_part().await, Err(Failure::Refused(_))));
    let cut = world.log(&world.cx, &LogQuery::default()).await.remove(0).entry;
    assert_eq!((cut.kind.code(), &cut.detail["rows"]), ("log.export_ended", &serde_json::json!(500)));
    assert!(cut.summary.contains("was cut off"), "{}", cut.summary);
}

#[tokio::test]
async fn who_reads_the_log_stands_in_it_once_an_hour() {
    let world = world().await;
    let vera = world.person("vera", Role::Viewer, &Scope::All).await;
    let read = async || {
        let filter = LogQuery { kind: Some(RecordKind::LogRead), ..LogQuery::default() };
        world.log(&world.cx, &filter).await
    };
    let form = LogForm { person: "vera".into(), ..LogForm::default() };
    for _ in 0..3 {
        world.services.log().read(&vera, &form, None).await.unwrap();
        world.services.log().read(&world.cx, &LogForm::default(), None).await.unwrap();
    }
    let told = read().await;
    assert_eq!(told.len(), 2, "{told:?}");
    let hers = &told.iter().find(|record| record.entry.actor.name == "vera").unwrap().entry;
    assert_eq!(hers.detail["filters"], serde_json::json!({ "person": "vera" }));
    assert!(hers.detail["rows"].as_u64().is_some_and(|rows| rows > 0), "{hers:?}");
    world.services.log().read_record(&world.cx, told[0].id).await.unwrap();
    assert_eq!(read().await.len(), 3, "a record is read as well");
    world.clock.set_by(3_700);
    world.services.log().read(&vera, &form, None).await.unwrap();
    assert_eq!(read().await.len(), 4, "an hour later it is another reading");
    let wrong = LogForm { from: "soon".into(), ..LogForm::default() };
    assert!(world.services.log().read(&vera, &wrong, None).await.is_err());
    assert_eq!(read().await.len(), 4, "nothing was shown");
}

/// Where a page stops because it would take long, the file goes on to the end by itself.
#[tokio::test]
async fn an_export_goes_on_where_a_page_has_spent_its_budget() {
    let world = world().await;
    world
        .plant(
            "INSERT INTO records (id, act, at, kind, person_name, summary, entry)
             WITH RECURSIVE numbers (n, first) AS (
                 SELECT 0, (SELECT max(id) + 1 FROM records)
                 UNION ALL SELECT n + 1, first FROM numbers WHERE n < 19999)
             SELECT first + n, first + n, 1000 * n, 'signed_out', 'gatehouse', iif(n % 9999 = 5, 'zq', 'nothing'),
                    json_object('at', strftime('%FT%TZ', n, 'unixepoch'), 'kind', 'signed_out', 'act', first + n,
                                'actor', json_object('name', 'gatehouse'), 'summary', iif(n % 9999 = 5, 'zq', 'nothing'))
             FROM numbers",
        )
        .await;
    // Two letters are looked for record by record.
    let form = LogForm { text: "zq".into(), ..LogForm::default() };
    let page = world.services.log().read(&world.cx, &form, None).await.unwrap();
    assert!(page.acts.len() < 3 && page.searched_to.is_some(), "the page stops: {page:?}");
    let all = whole(&world, &world.cx, &form).await;
    assert_eq!(all.lines().count(), 1 + 3, "{all}");
    let newest =
        world.log(&world.cx, &LogQuery { kind: Some(RecordKind::LogExportEnded), ..LogQuery::default() }).await;
    assert_eq!(newest[0].entry.detail["rows"], 3);
}
