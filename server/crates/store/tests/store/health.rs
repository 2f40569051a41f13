//! A file that somebody else had in hand: taken away, exchanged, changed past us.

use crate::support::{at, entry, place, run_sql};
use model::{RecordId, health::ConsoleTrouble, record::RecordKind};
use std::fs;
use store::{Error, Store};

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_written_into_a_file_that_is_not_there_any_more() {
    let place = place().await;
    place.store.append(&entry(RecordKind::ClusterAdded)).await.unwrap();
    let name = |suffix: &str| place.dir.path().join(format!("gatehouse.db{suffix}"));
    let append = async || place.store.append(&entry(RecordKind::ClusterAdded)).await;
    // Moved, and back: it is the same file.
    fs::rename(name(""), name(".moved")).unwrap();
    let error = append().await.unwrap_err();
    assert!(matches!(&error, Error::Lost { file } if file == "gatehouse.db"), "{error:?}");
    assert_eq!(place.store.trouble(), Some(ConsoleTrouble::DataLost));
    assert!(matches!(place.store.probe(at(5)).await, Err(Error::Lost { .. })));
    fs::rename(name(".moved"), name("")).unwrap();
    append().await.unwrap();
    assert_eq!(place.store.trouble(), None);
    // A file of an earlier start, copied over it, leaves it the same inode and is not the same.
    let now = fs::read(name("")).unwrap();
    let mut before = now.clone();
    before[63] = before[63].wrapping_sub(1);
    fs::write(name(""), &before).unwrap();
    assert!(matches!(append().await, Err(Error::Lost { .. })));
    fs::write(name(""), &now).unwrap();
    append().await.unwrap();
    // A copy of it is another one, whatever is in it; so is none.
    fs::copy(name(""), name(".copy")).unwrap();
    fs::rename(name(".copy"), name("")).unwrap();
    assert!(matches!(append().await, Err(Error::Lost { .. })));
    fs::remove_file(name("")).unwrap();
    assert!(matches!(append().await, Err(Error::Lost { .. })));
    // What is about one write alone says nothing about all.
    assert_eq!(place.store.trouble(), Some(ConsoleTrouble::DataLost));
}

#[tokio::test]
async fn a_refusal_of_one_write_is_no_trouble() {
    let place = place().await;
    let refused = run_sql(&place.store, "INSERT INTO settings (key, value) VALUES (NULL, 'x')").await;
    assert!(refused.is_err());
    assert_eq!(place.store.trouble(), None);
    place.store.probe(at(5)).await.unwrap();
}

#[tokio::test]
async fn guards_that_are_gone_or_changed_are_named() {
    let place = place().await;
    place.store.append(&entry(RecordKind::ClusterAdded)).await.unwrap();
    assert_eq!(place.store.log_state().await.unwrap().troubles, []);
    assert_eq!(place.store.log_state().await.unwrap().newest, RecordId(1));
    run_sql(&place.store, "DROP TRIGGER records_are_not_changed").await.unwrap();
    run_sql(&place.store, "DROP TRIGGER records_are_not_removed").await.unwrap();
    // Under its name, and without its teeth.
    run_sql(&place.store, "CREATE TRIGGER records_are_not_removed BEFORE DELETE ON records BEGIN SELECT 1; END")
        .await
        .unwrap();
    let names = ["records_are_not_changed", "records_are_not_removed"].map(str::to_owned).to_vec();
    assert_eq!(place.store.log_state().await.unwrap().troubles, [ConsoleTrouble::GuardsMissing(names)]);
}

/// As the migration has it.
const GUARD: &str = "CREATE TRIGGER records_are_not_removed BEFORE DELETE ON records
BEGIN
    SELECT RAISE(ABORT, 'A record of the log cannot be removed.');
END";

#[tokio::test]
async fn records_that_were_removed_leave_their_numbers() {
    let place = place().await;
    for _ in 0..4 {
        place.store.append(&entry(RecordKind::ClusterAdded)).await.unwrap();
    }
    run_sql(&place.store, "DROP TRIGGER records_are_not_removed").await.unwrap();
    run_sql(&place.store, "DELETE FROM records WHERE id IN (1, 3)").await.unwrap();
    run_sql(&place.store, GUARD).await.unwrap();
    // Whoever did it put the guard back; the numbers tell all the same.
    assert_eq!(place.store.log_state().await.unwrap().troubles, [ConsoleTrouble::RecordsMissing(2)]);
    place.store.append(&entry(RecordKind::ClusterAdded)).await.unwrap();
    assert_eq!(place.store.log_state().await.unwrap().troubles, [ConsoleTrouble::RecordsMissing(2)]);
}

#[tokio::test]
async fn a_database_without_one_of_its_tables_is_not_opened() {
    for (table, drop) in [
        ("settings", "DROP TABLE settings"),
        ("owned_objects", "DROP TABLE owned_objects"),
        ("sign_in_failures", "DROP TABLE sign_in_failures"),
    ] {
        let place = place().await;
        run_sql(&place.store, drop).await.unwrap();
        place.store.close().await;
        let error = Store::open(place.dir.path()).await.unwrap_err();
        assert!(matches!(&error, Error::Corrupt { what } if what.contains(table)), "{error:?}");
    }
}

#[tokio::test]
async fn observations_that_were_emptied_are_begun_anew() {
    let place = place().await;
    place.store.close().await;
    let path = place.dir.path().join("observed.db");
    fs::write(&path, []).unwrap();
    let again = crate::support::open(&place.dir).await;
    assert!(again.observations(crate::support::clock(100)).await.unwrap().is_empty());
}
