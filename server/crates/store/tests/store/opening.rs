//! Files: rights, versions, damage, coming back.

use crate::support::{clock, entry, fleet, open, place, run_sql, silent, snapshot};
use model::record::RecordKind;
use std::fs;
use store::{Error, Store, records::Filter};

#[cfg(unix)]
#[tokio::test]
async fn the_folder_and_its_files_are_for_this_account_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("var").join("data");
    let store = Store::open(&data).await.unwrap();
    store.set_setting("a", "b").await.unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    let mut names = Vec::new();
    for file in fs::read_dir(&data).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    assert!(names.contains(&"gatehouse.db-wal".to_owned()), "{names:?}");
}

#[tokio::test]
async fn reopening_keeps_everything() {
    let place = place().await;
    let (appliance, cluster) = fleet(&place.store).await;
    place.store.append(&entry(RecordKind::ClusterAdded)).await.unwrap();
    place.store.put_observation(appliance, place.store.begin_look(), clock(5), Ok(snapshot(5).into())).await.unwrap();
    let records = place.store.list(Filter::default()).await.unwrap();
    place.store.close().await;

    let again = open(&place.dir).await;
    assert_eq!(again.list(Filter::default()).await.unwrap(), records);
    assert_eq!(again.cluster(cluster).await.unwrap().appliance, appliance);
    assert_eq!(*again.observation(appliance, clock(100)).await.unwrap().unwrap().good.unwrap().snapshot, snapshot(5));
}

#[tokio::test]
async fn a_store_that_was_not_closed_keeps_everything_too() {
    let place = place().await;
    place.store.append(&entry(RecordKind::ClusterAdded)).await.unwrap();
    // The files as a power cut would leave them: the write-ahead log was never merged.
    let copy = tempfile::tempdir().unwrap();
    for name in ["gatehouse.db", "gatehouse.db-wal"] {
        fs::copy(place.dir.path().join(name), copy.path().join(name)).unwrap();
    }
    assert_eq!(open(&copy).await.list(Filter::default()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn observations_may_be_deleted_at_any_time() {
    let place = place().await;
    let (appliance, _) = fleet(&place.store).await;
    place.store.put_observation(appliance, place.store.begin_look(), clock(5), Ok(snapshot(5).into())).await.unwrap();
    place.store.close().await;
    fs::remove_file(place.dir.path().join("observed.db")).unwrap();

    let again = open(&place.dir).await;
    assert_eq!(again.observation(appliance, clock(100)).await.unwrap(), None);
    again.put_observation(appliance, again.begin_look(), clock(6), Err(&silent("No answer."))).await.unwrap();
    assert_eq!(again.appliances().await.unwrap().len(), 1, "the rest is not concerned");
}

#[tokio::test]
async fn a_newer_database_is_refused_with_a_sentence() {
    let place = place().await;
    run_sql(
        &place.store,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', true, x'00', 0)",
    )
    .await
    .unwrap();
    place.store.close().await;
    let error = Store::open(place.dir.path()).await.unwrap_err();
    assert!(matches!(&error, Error::Newer { found: 9999, .. }), "{error:?}");
    assert!(error.sentence().contains("written by a newer Gatehouse"), "{error}");
}

#[tokio::test]
async fn a_changed_step_is_refused() {
    let place = place().await;
    run_sql(&place.store, "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1").await.unwrap();
    place.store.close().await;
    let error = Store::open(place.dir.path()).await.unwrap_err();
    assert!(matches!(&error, Error::Corrupt { what } if what.contains("step 1")), "{error:?}");
}

#[tokio::test]
async fn damage_to_the_log_is_an_error_and_to_observations_is_not() {
    let place = place().await;
    place.store.close().await;
    let garbage = "This is not a database. ".repeat(100);
    fs::write(place.dir.path().join("observed.db"), &garbage).unwrap();
    let again = open(&place.dir).await;
    assert!(again.observations(clock(100)).await.unwrap().is_empty());
    again.close().await;

    fs::write(place.dir.path().join("gatehouse.db"), &garbage).unwrap();
    let error = Store::open(place.dir.path()).await.unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
    let kept = fs::read_to_string(place.dir.path().join("gatehouse.db")).unwrap();
    assert_eq!(kept, garbage, "nobody repairs the log by removing it");
}

#[tokio::test]
async fn a_folder_that_cannot_be_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Store::open(&file).await.unwrap_err();
    assert!(matches!(error, Error::Folder { .. }) && error.sentence().contains("file"), "{error:?}");
}
