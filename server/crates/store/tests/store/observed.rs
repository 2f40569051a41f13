//! The last look at each appliance.

use crate::support::{at, clock, open, place, silent, snapshot};
use model::{
    ApplianceId, ClusterId, Reckoning,
    finding::{CheckCode, Finding},
    read_error::{ReadError, ReadErrorKind},
    since::Watch,
    snapshot::Snapshot,
    state::Tone,
    stretch::Judgement,
    verdict::Verdict,
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{fs, sync::Arc};
use store::{Error, Store, observed::Observation};

const ONE: ApplianceId = ApplianceId(1);

async fn good(store: &Store, seconds: i64) -> i64 {
    let look = store.begin_look();
    store.put_observation(ONE, look, clock(seconds), Ok(snapshot(seconds).into())).await.unwrap();
    look
}

async fn bad(store: &Store, seconds: i64, sentence: &str) {
    store.put_observation(ONE, store.begin_look(), clock(seconds), Err(&silent(sentence))).await.unwrap();
}

async fn seen(store: &Store) -> Observation {
    store.observation(ONE, clock(100)).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_last_good_look_outlives_failures_and_the_last_failure_a_good_look() {
    let place = place().await;
    let store = &place.store;
    let expect = async |good: Option<i64>, failure: Option<(i64, &str)>, failures, failing| {
        let found = seen(store).await;
        assert_eq!(
            found.good.as_ref().map(|good| (good.at, &*good.snapshot)),
            good.map(|s| (at(s), snapshot(s))).as_ref().map(|(at, snapshot)| (*at, snapshot))
        );
        assert_eq!(
            found.failure.as_ref().map(|failure| (failure.at, failure.error.sentence())),
            failure.map(|(s, text)| (at(s), text))
        );
        assert_eq!((found.failures, found.failing().is_some()), (failures, failing));
    };
    assert_eq!(store.observation(ONE, clock(100)).await.unwrap(), None);
    bad(store, 1, "No route.").await;
    expect(None, Some((1, "No route.")), 1, true).await;
    good(store, 2).await;
    expect(Some(2), Some((1, "No route.")), 0, false).await;
    bad(store, 3, "No answer.").await;
    bad(store, 4, "No answer yet.").await;
    expect(Some(2), Some((4, "No answer yet.")), 2, true).await;
    good(store, 5).await;
    expect(Some(5), Some((4, "No answer yet.")), 0, false).await;

    let two = ApplianceId(2);
    store.put_observation(two, store.begin_look(), clock(6), Ok(snapshot(6).into())).await.unwrap();
    let ids: Vec<_> = store.observations(clock(100)).await.unwrap().iter().map(|seen| seen.appliance).collect();
    assert_eq!(ids, [ONE, two]);
}

#[tokio::test]
async fn why_a_look_failed_is_a_value_and_what_others_wrote_is_a_sentence_still() {
    let place = place().await;
    let store = &place.store;
    let kinds = [ReadErrorKind::Unreachable, ReadErrorKind::KeyChanged, ReadErrorKind::Refused { code: 446 }];
    for (seconds, kind) in (1..).zip(kinds) {
        let error = ReadError::new(kind, "It did not go well.");
        store.put_observation(ONE, store.begin_look(), clock(seconds), Err(&error)).await.unwrap();
        assert_eq!(seen(store).await.failing().unwrap().error, error);
    }
    // An earlier program had no such column, and a later one may have another word.
    let file = place.dir.path().join("observed.db");
    let mut other = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap();
    for statement in
        ["UPDATE observations SET failure_kind = NULL", "UPDATE observations SET failure_kind = '\"eaten_by_mice\"'"]
    {
        sqlx::query(statement).execute(&mut other).await.unwrap();
        let told = seen(store).await.failing().unwrap().error.clone();
        assert_eq!((told.kind, told.sentence()), (ReadErrorKind::Unknown, "It did not go well."));
    }
}

#[tokio::test]
async fn numbers_say_what_is_newer_and_times_do_not() {
    let place = place().await;
    let store = &place.store;
    good(store, 90).await;
    good(store, 10).await;
    assert_eq!(*seen(store).await.good.unwrap().snapshot, snapshot(10), "the clock was set back");
    bad(store, 5, "No answer.").await;
    assert!(seen(store).await.failing().is_some(), "and further back");

    let (earlier, later) = (store.begin_look(), store.begin_look());
    store.put_observation(ONE, later, clock(20), Ok(snapshot(20).into())).await.unwrap();
    store.put_observation(ONE, earlier, clock(21), Ok(snapshot(21).into())).await.unwrap();
    store.put_observation(ONE, earlier, clock(22), Err(&silent("Too late."))).await.unwrap();
    let found = seen(store).await;
    assert_eq!((found.good.as_ref().unwrap().snapshot.at, found.failures), (at(20), 0), "a look that was overtaken");
    assert_eq!(found.failing(), None);
}

#[tokio::test]
async fn all_who_read_a_look_share_it() {
    let place = place().await;
    let store = &place.store;
    // A clock tells more than a row has.
    let now = at(5).checked_add(jiff::SignedDuration::from_nanos(123_456)).unwrap();
    let put = Arc::new(Snapshot { at: now, ..snapshot(5) });
    store.put_observation(ONE, store.begin_look(), Reckoning { now, ahead_ms: 0 }, Ok(put.clone())).await.unwrap();
    for _ in 0..2 {
        assert!(
            Arc::ptr_eq(&seen(store).await.good.unwrap().snapshot, &put),
            "beside many objects a copy is megabytes"
        );
    }
    let set_back = Reckoning { now: at(100), ahead_ms: -1_000 };
    let moved = store.observation(ONE, set_back).await.unwrap().unwrap().good.unwrap();
    assert_eq!(moved.snapshot.at, at(4), "by another clock it is told anew");
}

#[tokio::test]
async fn a_time_of_this_run_is_told_by_the_clock_as_it_is_now() {
    let place = place().await;
    let store = &place.store;
    let ahead = |seconds: i64, ahead: i64| Reckoning { now: at(seconds), ahead_ms: ahead * 1000 };
    store.put_observation(ONE, store.begin_look(), ahead(90, 50), Ok(snapshot(90).into())).await.unwrap();
    store.put_observation(ONE, store.begin_look(), ahead(91, 50), Err(&silent("No answer."))).await.unwrap();
    let at_now = async |now: Reckoning| {
        let found = store.observation(ONE, now).await.unwrap().unwrap();
        let good = found.good.unwrap();
        assert_eq!(good.at, good.snapshot.at);
        (good.at, found.failure.unwrap().at)
    };
    assert_eq!(at_now(ahead(95, 50)).await, (at(90), at(91)));
    assert_eq!(at_now(ahead(55, 10)).await, (at(50), at(51)), "set back by forty");
    assert_eq!(at_now(ahead(200, 150)).await, (at(90), at(91)), "set forward: only older");
}

#[tokio::test]
async fn what_an_earlier_run_saw_says_so_and_its_numbers_go_on() {
    let place = place().await;
    let look = good(&place.store, 5).await;
    assert!(!seen(&place.store).await.good.unwrap().before_start);
    place.store.close().await;
    let again = open(&place.dir).await;
    assert!(seen(&again).await.good.unwrap().before_start);
    assert!(again.begin_look() > look);
    good(&again, 3).await;
    let found = seen(&again).await.good.unwrap();
    assert_eq!((found.at, found.before_start), (at(3), false));
}

#[tokio::test]
async fn what_cannot_be_read_was_never_seen() {
    let place = place().await;
    let file = place.dir.path().join("observed.db");
    good(&place.store, 5).await;
    let mut other = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await.unwrap();
    sqlx::query("UPDATE observations SET snapshot = '{\"at\":'").execute(&mut other).await.unwrap();
    assert!(seen(&place.store).await.good.is_some(), "the file is read at the start alone");
    place.store.close().await;
    let again = open(&place.dir).await;
    let found = seen(&again).await;
    assert!(found.good.is_none() && found.unreadable.unwrap().contains("appliance 1"));
    assert_eq!(again.observations(clock(100)).await.unwrap().len(), 1, "it takes no list down");
    good(&again, 6).await;
    assert_eq!(seen(&again).await.unreadable, None, "the next look replaces it");
}

#[tokio::test]
async fn what_only_counts_on_is_not_written_each_time_and_is_of_the_look_after_a_start() {
    let place = place().await;
    let write = async |seconds: i64| {
        let look = place.store.begin_look();
        place.store.put_observation(ONE, look, clock(seconds), Ok(snapshot(seconds).into())).await.unwrap();
    };
    let file = place.dir.path().join("observed.db");
    let mut other = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await.unwrap();
    let mut written = async || -> String {
        sqlx::query_scalar("SELECT snapshot FROM observations").fetch_one(&mut other).await.unwrap()
    };
    write(5).await;
    let first = written().await;
    write(15).await;
    assert_eq!(written().await, first);
    assert_eq!(seen(&place.store).await.good.unwrap().at, at(15));
    place.store.close().await;
    let found = seen(&open(&place.dir).await).await.good.unwrap();
    assert_eq!((found.at, found.snapshot.at), (at(15), at(15)), "what it saw is no older");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_put_aside_and_kept() {
    let place = place().await;
    for _ in 0..40 {
        place
            .store
            .put_observation(ApplianceId(9), place.store.begin_look(), clock(1), Err(&silent("x")))
            .await
            .unwrap();
        good(&place.store, 5).await;
    }
    place.store.close().await;
    // A page in the middle: the file opens, and some of what is in it cannot be read.
    let file = place.dir.path().join("observed.db");
    let mut bytes = fs::read(&file).unwrap();
    for page in bytes.chunks_mut(4096).skip(1) {
        page.fill(0x5a);
    }
    fs::write(&file, &bytes).unwrap();
    for number in 1..=2 {
        let again = open(&place.dir).await;
        assert!(again.observations(clock(100)).await.unwrap().is_empty());
        good(&again, 7).await;
        again.close().await;
        let aside = place.dir.path().join(format!("observed.db.unreadable-{number}"));
        assert_eq!(fs::read(&aside).unwrap(), bytes, "kept as it was");
        fs::write(&file, &bytes).unwrap();
    }
}

async fn kept(store: &Store, cluster: ClusterId, watch: &Watch) {
    let verdict = Verdict { tone: Tone::Warn, words: String::new(), subject: String::new() };
    let judgement = Judgement { at: store.noted(clock(5)), verdict };
    store.note_judgement(cluster, Some(watch), judgement, 10).await.unwrap();
}

#[tokio::test]
async fn what_is_watched_survives_a_start_and_is_begun_anew_where_it_cannot_be_read() {
    let place = place().await;
    let (one, two) = (ClusterId(1), ClusterId(2));
    assert_eq!(place.store.watch(one).await.unwrap(), Watch::default());
    good(&place.store, 5).await;
    let found = [Finding::warn(CheckCode::Saved, "Not saved.")];
    let said = Verdict { tone: Tone::Warn, words: "Not saved".into(), subject: "saved".into() };
    let watch = Watch::default().judged(place.store.noted(clock(5)), 10, &found, &said, Some(3));
    kept(&place.store, one, &watch).await;
    let watch = watch.judged(place.store.noted(clock(9)), 10, &found, &said, Some(3));
    kept(&place.store, one, &watch).await;
    assert_eq!(place.store.watch(two).await.unwrap(), Watch::default());
    let noted = place.store.noted(clock(9));
    place.store.close().await;
    let again = open(&place.dir).await;
    let read = again.watch(one).await.unwrap();
    assert_eq!(read, watch);
    assert_ne!(again.noted(clock(9)).run, noted.run, "another run of the program");
    assert_eq!(read.told(again.noted(clock(20))).of(&found[0]).unwrap().at, at(5));

    let file = place.dir.path().join("observed.db");
    let mut other = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await.unwrap();
    sqlx::query("UPDATE watches SET watch = '{\"said\": 7}'").execute(&mut other).await.unwrap();
    assert_eq!(again.watch(one).await.unwrap(), Watch::default());
    kept(&again, one, &watch).await;
    assert_eq!(again.watch(one).await.unwrap(), watch);
}

#[tokio::test]
async fn a_lock_on_observations_does_not_delay_the_log() {
    let place = place().await;
    let file = place.dir.path().join("observed.db");
    let mut other = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    place.store.set_setting("a", "b").await.unwrap();
    let refused = place.store.put_observation(ONE, place.store.begin_look(), clock(1), Err(&silent("x"))).await;
    assert!(matches!(refused, Err(Error::Locked)));
}
