//! The writer: durable before it answers, one transaction for all that wait, nobody harmed by another's failure.

use crate::support::{entry, open, place, run_sql, source};
use model::record::{Entry, RecordKind};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{path::Path, time::Duration};
use store::{
    Durability, Error, Store,
    records::{Filter, append_in},
};
use tokio::{sync::oneshot, task::JoinSet, time::timeout};

/// Longer than anything here can take.
const EVER: Duration = Duration::from_secs(30);

fn note(summary: String) -> Entry {
    Entry { summary, ..entry(RecordKind::SignInRefused) }
}

async fn summaries(store: &Store) -> Vec<String> {
    let all = store.list(Filter { limit: 1_000, ..Filter::default() }).await.unwrap();
    all.into_iter().rev().map(|record| record.entry.summary).collect()
}

async fn foreign(dir: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(dir.join("gatehouse.db"))).await.unwrap()
}

/// Occupies the writer until the sender is used, so that what is written meanwhile waits.
async fn occupy(store: &Store) -> oneshot::Sender<()> {
    let (release, released) = oneshot::channel::<()>();
    let (start, started) = oneshot::channel::<()>();
    let store = store.clone();
    tokio::spawn(async move {
        store
            .write(move |_| {
                Box::pin(async move {
                    start.send(()).ok();
                    released.await.ok();
                    Ok(())
                })
            })
            .await
    });
    started.await.unwrap();
    release
}

/// Lets every spawned task run until it waits. Tests have one thread, so one turn each is enough to hand a job in.
async fn all_wait() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_log_is_written_with_full_durability() {
    let place = place().await;
    let expected = Durability { journal_mode: "wal".into(), synchronous: 2, foreign_keys: true };
    assert_eq!(place.store.durability().await.unwrap(), expected);
}

#[tokio::test]
async fn a_write_is_committed_before_it_is_answered() {
    let place = place().await;
    place.store.append(&note("seen by others".into())).await.unwrap();
    let mut other = foreign(place.dir.path()).await;
    let seen: String = sqlx::query_scalar("SELECT summary FROM records").fetch_one(&mut other).await.unwrap();
    assert_eq!(seen, "seen by others");
}

#[tokio::test]
async fn what_waits_is_committed_together_and_failures_stay_alone() {
    let place = place().await;
    let before = place.store.commits();
    let release = occupy(&place.store).await;
    let mut writes = JoinSet::new();
    for n in 0..100 {
        let store = place.store.clone();
        writes.spawn(async move {
            let written = store
                .write(move |conn| {
                    Box::pin(async move {
                        append_in(conn, &note(format!("job {n}"))).await?;
                        if n % 3 == 0 { Err(Error::NotFound) } else { Ok(n) }
                    })
                })
                .await;
            (n, written)
        });
    }
    all_wait().await;
    release.send(()).unwrap();
    for (n, written) in writes.join_all().await {
        match written {
            Ok(same) => assert!(same == n && n % 3 != 0),
            Err(error) => assert!(n % 3 == 0 && matches!(error, Error::NotFound), "{error:?}"),
        }
    }
    let expected: Vec<_> = (0..100).filter(|n| n % 3 != 0).map(|n| format!("job {n}")).collect();
    assert_eq!(summaries(&place.store).await, expected, "in the order they came, without those that failed");
    assert_eq!(place.store.commits() - before, 2, "the one that occupied, then all hundred");
}

#[tokio::test]
async fn a_panicking_job_is_a_failed_job() {
    let place = place().await;
    let ended: Result<(), Error> = place
        .store
        .write(|conn| {
            Box::pin(async move {
                append_in(conn, &note("lost".into())).await?;
                panic!("on purpose")
            })
        })
        .await;
    assert!(matches!(ended, Err(Error::Mistake { .. })));
    let early: Result<(), Error> = place.store.write(|_| panic!("on purpose, even earlier")).await;
    assert!(matches!(early, Err(Error::Mistake { .. })));
    place.store.append(&note("kept".into())).await.unwrap();
    assert_eq!(summaries(&place.store).await, ["kept"]);
}

#[tokio::test]
async fn a_write_inside_a_write_is_refused_instead_of_waiting_for_itself() {
    let place = place().await;
    let store = place.store.clone();
    let inner = place.store.write(|_| Box::pin(async move { store.append(&note("inner".into())).await }));
    let ended = timeout(EVER, inner).await.unwrap();
    assert!(matches!(ended, Err(Error::Mistake { .. })), "{ended:?}");
}

#[tokio::test]
async fn a_caller_who_stops_waiting_does_not_stop_the_job() {
    let place = place().await;
    let release = occupy(&place.store).await;
    let store = place.store.clone();
    let impatient = tokio::spawn(async move { store.append(&note("still done".into())).await });
    all_wait().await;
    impatient.abort();
    release.send(()).unwrap();
    place.store.append(&note("next".into())).await.unwrap();
    assert_eq!(summaries(&place.store).await, ["still done", "next"]);
}

#[tokio::test]
async fn a_lock_held_by_another_program_is_an_error_in_time() {
    let place = place().await;
    let mut other = foreign(place.dir.path()).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let (one, two) = (note("one".into()), note("two".into()));
    let both = async { tokio::join!(place.store.append(&one), place.store.append(&two)) };
    let (one, two) = timeout(EVER, both).await.unwrap();
    assert!(matches!((one, two), (Err(Error::Locked), Err(Error::Locked))));
    assert!(summaries(&place.store).await.is_empty(), "reading goes on meanwhile");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    place.store.append(&note("after".into())).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_leaves_nothing_half_done() {
    let place = place().await;
    place.store.append(&note("before".into())).await.unwrap();
    // SQLite answers as on a full disk when the file may not grow.
    run_sql(&place.store, "PRAGMA max_page_count = 1").await.unwrap();
    let release = occupy(&place.store).await;
    let big = Entry { detail: "x".repeat(2_000_000).into(), ..note("big".into()) };
    let (big, small) = tokio::spawn({
        let store = place.store.clone();
        async move {
            let waiting = note("small".into());
            let both = async { tokio::join!(store.append(&big), store.append(&waiting)) };
            let handed_in = async {
                all_wait().await;
                release.send(()).unwrap();
            };
            tokio::join!(both, handed_in).0
        }
    })
    .await
    .unwrap();
    assert!(matches!(big, Err(Error::Full)), "{big:?}");
    let kept = if small.is_ok() { vec!["before", "small"] } else { vec!["before"] };
    assert_eq!(summaries(&place.store).await, kept);

    run_sql(&place.store, "PRAGMA max_page_count = 1000000").await.unwrap();
    place.store.append(&note("after".into())).await.unwrap();
    assert_eq!(summaries(&place.store).await.last().unwrap(), "after");
}

#[tokio::test]
async fn a_database_that_can_only_be_read_says_so() {
    let place = place().await;
    run_sql(&place.store, "PRAGMA query_only = ON").await.unwrap();
    let refused = timeout(EVER, place.store.append(&note("no".into()))).await.unwrap();
    assert!(matches!(refused, Err(Error::ReadOnly)), "{refused:?}");
    assert!(summaries(&place.store).await.is_empty(), "and can be read");
    timeout(EVER, place.store.close()).await.unwrap();
}

#[tokio::test]
async fn a_failed_commit_answers_everybody_with_an_error() {
    let place = place().await;
    let release = occupy(&place.store).await;
    let mut writes = JoinSet::new();
    for n in 0..5 {
        let store = place.store.clone();
        writes.spawn(async move { store.append(&note(format!("innocent {n}"))).await.map(|_| ()) });
    }
    let store = place.store.clone();
    writes.spawn(async move {
        store
            .write(|conn| {
                Box::pin(async move {
                    // Found at COMMIT, not at the statement.
                    sqlx::query("PRAGMA defer_foreign_keys = ON").execute(&mut *conn).await?;
                    sqlx::query("INSERT INTO clusters (title, fqdn, appliance, created) VALUES ('c', 'f', 99, 0)")
                        .execute(conn)
                        .await?;
                    Ok(())
                })
            })
            .await
    });
    all_wait().await;
    release.send(()).unwrap();
    let answers = writes.join_all().await;
    assert_eq!(answers.len(), 6);
    assert!(answers.iter().all(Result::is_err), "{answers:?}");
    assert!(summaries(&place.store).await.is_empty());
    place.store.append(&note("after".into())).await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_sqlite_threw_away_is_everybodys_error() {
    let place = place().await;
    let release = occupy(&place.store).await;
    let mut writes = JoinSet::new();
    for n in 0..3 {
        let store = place.store.clone();
        writes.spawn(async move { store.append(&note(format!("innocent {n}"))).await.map(|_| ()) });
        if n == 1 {
            let store = place.store.clone();
            writes.spawn(async move {
                store
                    .write(|conn| {
                        Box::pin(async move {
                            sqlx::query("ROLLBACK").execute(conn).await?;
                            Err(Error::Full)
                        })
                    })
                    .await
            });
        }
    }
    all_wait().await;
    release.send(()).unwrap();
    let answers = writes.join_all().await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(Error::Full))), "{answers:?}");
    assert!(summaries(&place.store).await.is_empty(), "and nothing outside of a transaction");
    place.store.append(&note("after".into())).await.unwrap();
}

#[tokio::test]
async fn readers_see_one_moment_and_cannot_write() {
    let place = place().await;
    let refused: Result<(), Error> = place
        .store
        .read(|conn| {
            Box::pin(async move {
                sqlx::query("DELETE FROM settings").execute(conn).await?;
                Ok(())
            })
        })
        .await;
    assert!(matches!(refused, Err(Error::ReadOnly)), "{refused:?}");

    let store = place.store.clone();
    let counts: (i64, i64) = place
        .store
        .read(|conn| {
            Box::pin(async move {
                let first = sqlx::query_scalar("SELECT count(*) FROM records").fetch_one(&mut *conn).await?;
                store.append(&note("meanwhile".into())).await?;
                let second = sqlx::query_scalar("SELECT count(*) FROM records").fetch_one(conn).await?;
                Ok((first, second))
            })
        })
        .await
        .unwrap();
    assert_eq!(counts, (0, 0));
}

#[tokio::test]
async fn closing_finishes_what_waits_and_then_refuses() {
    let place = place().await;
    let release = occupy(&place.store).await;
    let store = place.store.clone();
    let waiting = tokio::spawn(async move { store.append(&note("waiting".into())).await });
    all_wait().await;
    let store = place.store.clone();
    let closing = tokio::spawn(async move { store.close().await });
    all_wait().await;
    release.send(()).unwrap();
    timeout(EVER, closing).await.unwrap().unwrap();
    waiting.await.unwrap().unwrap();

    assert!(matches!(place.store.append(&note("late".into())).await, Err(Error::Closed)));
    assert!(matches!(place.store.count_people().await, Err(Error::Closed)));
    place.store.close().await;
    assert!(!place.dir.path().join("gatehouse.db-wal").exists(), "the last one to close tidies up");
    assert_eq!(summaries(&open(&place.dir).await).await, ["waiting"]);
}

#[tokio::test]
async fn every_error_is_a_sentence() {
    let place = place().await;
    let unknown = run_sql(&place.store, "INSERT INTO settings (key, value) VALUES ('', 'x')").await.unwrap_err();
    assert!(matches!(unknown, Error::Database(_)) && source(&unknown).contains("CHECK"), "{unknown:?}");
    for error in [
        unknown,
        Error::Taken { what: "title".into() },
        Error::NotFound,
        Error::Full,
        Error::Locked,
        Error::ReadOnly,
        Error::Newer { file: "gatehouse.db".into(), found: 9, known: 6 },
        Error::Corrupt { what: "record 7".into() },
        Error::NotDurable { file: "gatehouse.db".into(), what: "synchronous is 1".into() },
        Error::Closed,
        Error::Mistake { what: "a write inside a write".into() },
    ] {
        let sentence = error.sentence();
        assert!(sentence.ends_with('.') && sentence.starts_with(char::is_alphabetic), "{sentence}");
    }
}
