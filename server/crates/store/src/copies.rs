//! A copy of all that is kept for ever, in one file, whole while others write.

use crate::{Error, Store, open, records::append_in};
use model::record::Entry;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::{fs, path::Path, sync::Arc, time::Duration};

/// What a copy has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Number of the newest record; all before it are there.
    pub newest: i64,
    pub bytes: u64,
}

/// How long a copy waits for whoever holds the file.
const PATIENCE: Duration = Duration::from_secs(30);

/// Writes what lies in the data folder to `to`, which is not there yet. The console may be running: this reads one state of it
/// and keeps nobody from writing. Whole and on the disk when it returns, and only then under this name.
pub async fn copy(dir: &Path, to: &Path) -> Result<Copied, Error> {
    bring(&dir.join(open::GATEHOUSE.name), to).await
}

/// The same from any file: what stands in a write-ahead log beside it belongs to it.
pub async fn bring(from: &Path, to: &Path) -> Result<Copied, Error> {
    let unusable = |path: &Path, source| Error::Folder { path: path.to_owned(), source: Arc::new(source) };
    // SQLite would make an empty one.
    fs::metadata(from).map_err(|error| unusable(from, error))?;
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    // For its owner alone: SQLite takes an empty file as its own.
    let _ = fs::remove_file(partial);
    open::create(partial).map_err(|error| unusable(partial, error))?;
    let copied = async {
        let options = SqliteConnectOptions::new().filename(from).create_if_missing(false).busy_timeout(PATIENCE);
        let mut conn = options.disable_statement_logging().connect().await?;
        sqlx::query("VACUUM INTO $1").bind(partial.to_string_lossy().as_ref()).execute(&mut conn).await?;
        conn.close().await?;
        let copied = look_into(partial).await?;
        let synced = fs::File::open(partial).and_then(|file| file.sync_all());
        let named = synced.and_then(|()| fs::rename(partial, to)).and_then(|()| open::sync_folder(to));
        named.map_err(|error| unusable(to, error))?;
        Ok(copied)
    }
    .await;
    if copied.is_err() {
        let _ = fs::remove_file(partial);
    }
    copied
}

/// Nobody is signed in any more, and nothing waits for anybody to come back: that was so when the copy was taken, and people
/// have ended it since. The record says that this is a copy.
pub async fn settle(store: &Store, record: &Entry) -> Result<(), Error> {
    let record = record.clone();
    store
        .write(move |conn| {
            Box::pin(async move {
                sqlx::query("DELETE FROM sessions").execute(&mut *conn).await?;
                append_in(conn, &record).await.map(drop)
            })
        })
        .await
}

/// Reads every page of a copy.
///
/// # Errors
/// [`Error::Corrupt`] where it is damaged, or no copy of Gatehouse's data at all.
pub async fn look_into(copy: &Path) -> Result<Copied, Error> {
    let options = SqliteConnectOptions::new().filename(copy).create_if_missing(false).read_only(true);
    let mut conn = options.disable_statement_logging().connect().await?;
    let said: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut conn).await?;
    if said != "ok" {
        return Err(Error::corrupt(format!("{} is damaged ({said})", copy.display())));
    }
    let ours = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'records')";
    if sqlx::query_scalar::<_, i64>(ours).fetch_one(&mut conn).await? == 0 {
        return Err(Error::corrupt(format!("{} is no copy of Gatehouse's data", copy.display())));
    }
    let newest = sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM records").fetch_one(&mut conn).await?;
    conn.close().await?;
    let bytes = fs::metadata(copy).map_or(0, |file| file.len());
    Ok(Copied { newest, bytes })
}
