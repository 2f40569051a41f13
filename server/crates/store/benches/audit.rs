//! What it takes until one record of the log is on disk, beside the same bytes in a plain table of a plain SQLite file with
//! the same pragmas, in turns on the same disk. `cargo xtask bench audit` runs this; searching is `cargo xtask bench log`.
//!
//! That the log is verified in the time of two passes of SHA-256 is not measured: there is no chain over it yet.

#![expect(clippy::print_stdout, reason = "JSON lines are what a benchmark is for")]

use jiff::Timestamp;
use model::{
    ActNo, ApplianceId, ClusterId, PersonId,
    record::{Actor, Entry, RecordKind},
};
use serde_json::json;
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{error::Error, path::Path, time::Instant};
use store::{Store, records::append_in};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const TIMES: usize = 2_000;
/// Records that are there already.
const BEFORE: usize = 20_000;
/// Times the plain commit.
const BUDGET: f64 = 3.0;

#[tokio::main]
async fn main() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let store = Store::open(dir.path()).await?;
    let mut plain = plain(dir.path()).await?;
    many(&store, &mut plain).await?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for number in BEFORE..BEFORE + TIMES {
        let entry = entry(number);
        let (kind, text) = (entry.kind.code(), serde_json::to_string(&entry)?);
        let begun = Instant::now();
        store.write(move |conn| Box::pin(async move { append_in(conn, &entry).await })).await?;
        ours.push(begun.elapsed().as_secs_f64() * 1_000.0);
        let begun = Instant::now();
        // Its own transaction: `IMMEDIATE`, the row, the commit.
        insert(&mut plain, kind, &text).await?;
        bare.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    plain.close().await?;
    ours.sort_by(f64::total_cmp);
    bare.sort_by(f64::total_cmp);
    let mut well = true;
    for (name, percent) in [("audit_record_p50", 50), ("audit_record_p99", 99)] {
        let at = TIMES * percent / 100 - 1;
        let ratio = ours[at] / bare[at];
        let ok = ratio < BUDGET;
        well &= ok;
        let line = json!({ "name": name, "value": rounded(ratio), "unit": "times the plain commit", "budget": BUDGET,
            "ok": ok, "n": TIMES, "baseline": rounded(bare[at]), "ms": rounded(ours[at]) });
        println!("{line}");
    }
    if well { Ok(()) } else { Err("a record of the log is over its budget".into()) }
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

async fn plain(dir: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(dir.join("plain.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging();
    let mut conn = options.connect().await?;
    sqlx::query("CREATE TABLE plain (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, entry TEXT NOT NULL) STRICT")
        .execute(&mut conn)
        .await?;
    Ok(conn)
}

async fn insert(conn: &mut SqliteConnection, kind: &str, text: &str) -> Result<()> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
    let row = sqlx::query("INSERT INTO plain (kind, entry) VALUES ($1, $2)").bind(kind).bind(text);
    row.execute(&mut *conn).await?;
    sqlx::query("COMMIT").execute(conn).await?;
    Ok(())
}

/// Both have a past.
async fn many(store: &Store, plain: &mut SqliteConnection) -> Result<()> {
    let entries: Vec<Entry> = (0..BEFORE).map(entry).collect();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *plain).await?;
    for entry in &entries {
        let row = sqlx::query("INSERT INTO plain (kind, entry) VALUES ($1, $2)");
        row.bind(entry.kind.code()).bind(serde_json::to_string(entry)?).execute(&mut *plain).await?;
    }
    sqlx::query("COMMIT").execute(plain).await?;
    store
        .write(move |conn| {
            Box::pin(async move {
                for entry in &entries {
                    append_in(conn, entry).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(())
}

/// An intent, as a run writes one before each request.
fn entry(number: usize) -> Entry {
    let group = format!("xms-{}-mam-8443", number % 40);
    Entry {
        at: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(1_700_000_000 + i64::try_from(number).unwrap_or(0)),
        kind: RecordKind::CallIntent,
        act: (number > 0).then_some(ActNo(1)),
        actor: Actor {
            person: Some(PersonId(1)),
            name: "ada".into(),
            from: "192.0.2.7".into(),
            request: format!("{number:016x}"),
            via: model::record::Entrance::default(),
        },
        cluster: Some(ClusterId(1)),
        appliance: Some(ApplianceId(1)),
        outcome: None,
        summary: format!("Add service group {group}."),
        detail: json!({ "seq": number % 28, "request": "POST /nitro/v1/config/servicegroup",
            "body": { "servicegroup": { "servicegroupname": group, "servicetype": "SSL", "maxclient": 0 } },
            "cli": format!("add serviceGroup {group} SSL -maxClient 0 -cip DISABLED") }),
    }
}
