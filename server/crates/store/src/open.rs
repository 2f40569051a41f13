//! Opening a file: rights, pragmas, tables.

use crate::{
    Conn, Error,
    identity::Identity,
    schema::{self, Thing},
    writer::Writer,
};
use sqlx::{
    ConnectOptions, Connection, SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{fs, io, path::Path, sync::Arc, time::Duration};

/// How to open.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions {
    /// How long to wait for a lock held by another program, and for a free reader.
    pub busy_timeout: Duration,
    /// Reading connections per file; each has a thread.
    pub readers: u32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), readers: 4 }
    }
}

/// One of the two files.
pub(crate) struct File {
    pub(crate) name: &'static str,
    synchronous: SqliteSynchronous,
    /// `synchronous` as the pragma reads back.
    level: i64,
    pub(crate) tables: Migrator,
    /// Without this very file nothing is written. The other one may be deleted at any time.
    guarded: bool,
}

pub(crate) static GATEHOUSE: File = File {
    name: "gatehouse.db",
    synchronous: SqliteSynchronous::Full,
    level: 2,
    tables: sqlx::migrate!("../../../migrations/gatehouse"),
    guarded: true,
};

pub(crate) static OBSERVED: File = File {
    name: "observed.db",
    synchronous: SqliteSynchronous::Normal,
    level: 1,
    tables: sqlx::migrate!("../../../migrations/observed"),
    guarded: false,
};

/// What a connection says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durability {
    /// `wal`.
    pub journal_mode: String,
    /// 2 is FULL, 1 is NORMAL.
    pub synchronous: i64,
    pub foreign_keys: bool,
}

pub(crate) async fn durability(conn: &mut Conn) -> Result<Durability, Error> {
    let journal_mode = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *conn).await?;
    let synchronous = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *conn).await?;
    let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut *conn).await?;
    Ok(Durability { journal_mode, synchronous, foreign_keys: foreign_keys == 1 })
}

/// One file, open: a writer and some readers.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) writer: Writer,
    pub(crate) readers: SqlitePool,
    /// What this program makes in such a file.
    pub(crate) made: Arc<[Thing]>,
}

impl Database {
    pub(crate) async fn open(dir: &Path, file: &File, options: StoreOptions) -> Result<Self, Error> {
        let path = dir.join(file.name);
        create(&path).map_err(|source| unusable(dir, source))?;
        let common = SqliteConnectOptions::new()
            .filename(&path)
            .busy_timeout(options.busy_timeout)
            .foreign_keys(true)
            .pragma("trusted_schema", "OFF")
            .disable_statement_logging();

        let mut conn = common
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(file.synchronous)
            // Without it, `INSERT OR REPLACE` removes rows behind the triggers' backs.
            .pragma("recursive_triggers", "ON")
            .connect()
            .await
            .map_err(|error| match Error::from(error) {
                // Not lost, for it was never open.
                Error::Lost { .. } => unusable(dir, io::Error::other(format!("{} cannot be opened", file.name))),
                other => other,
            })?;
        migrate(&mut conn, file).await?;
        let made = made(file).await?;
        if let Some(missing) = schema::missing(&mut conn, &made, schema::TABLE).await?.first() {
            return Err(Error::corrupt(format!("the table {missing} is missing from {}", file.name)));
        }
        let found = durability(&mut conn).await?;
        if found.journal_mode != "wal" || found.synchronous != file.level || !found.foreign_keys {
            return Err(Error::NotDurable { file: file.name.into(), what: format!("{found:?}") });
        }

        let identity = if file.guarded { Some(Identity::begin(&mut conn, path, file.name).await?) } else { None };

        // The connections live as long as the file is open: they cost nothing while idle.
        let readers = SqlitePoolOptions::new()
            .max_connections(options.readers)
            .acquire_timeout(options.busy_timeout)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(common.read_only(true));
        Ok(Self { writer: Writer::start(conn, identity), readers, made: made.into() })
    }

    /// As `open`, but a file that this program cannot read is put aside, and an empty one takes its place.
    pub(crate) async fn open_disposable(dir: &Path, file: &File, options: StoreOptions) -> Result<Self, Error> {
        let error = match Self::open(dir, file, options).await {
            Ok(opened) => match opened.whole().await {
                Ok(()) => return Ok(opened),
                Err(error) => {
                    opened.close().await;
                    error
                }
            },
            Err(error) => error,
        };
        // What another program holds or a full disk refuses is no worse for being opened later.
        if !matches!(error, Error::Newer { .. } | Error::Corrupt { .. } | Error::Database(_)) {
            return Err(error);
        }
        let aside = aside(dir, file.name).map_err(|source| unusable(dir, source))?;
        tracing::warn!(file = file.name, aside, %error, "This file cannot be read; it was put aside, and a new one begun");
        Self::open(dir, file, options).await
    }

    /// Every page of it can be read.
    async fn whole(&self) -> Result<(), Error> {
        let said: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&self.readers).await?;
        if said == "ok" { Ok(()) } else { Err(Error::corrupt(said)) }
    }

    /// Readers first: the last connection to close tidies the write-ahead log away.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// All missing steps or none, and no other program in between.
async fn migrate(conn: &mut Conn, file: &File) -> Result<(), Error> {
    let known = file.tables.iter().map(|step| step.version).max().unwrap_or_default();
    let mut steps = conn.begin_with("BEGIN IMMEDIATE").await?;
    file.tables.run(&mut *steps).await.map_err(|error| Error::migration(error, file.name, known))?;
    Ok(steps.commit().await?)
}

/// What all steps make, taken from a database that has nothing else.
async fn made(file: &File) -> Result<Vec<Thing>, Error> {
    let mut conn = SqliteConnectOptions::new().in_memory(true).disable_statement_logging().connect().await?;
    migrate(&mut conn, file).await?;
    let made = schema::things(&mut conn).await?;
    conn.close().await?;
    Ok(made)
}

/// The data folder: made for this account alone, where it does not exist.
pub(crate) fn folder(dir: &Path) -> Result<(), Error> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|source| unusable(dir, source))
}

/// An empty file for this account alone, where there is none; SQLite gives its companions the same rights.
pub(crate) fn create(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => sync_folder(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// The new name is durable too.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Renames a file and its companions to the first name that is free; gives that of the file.
fn aside(dir: &Path, name: &str) -> io::Result<String> {
    let free = |number: &u16| !dir.join(format!("{name}.unreadable-{number}")).exists();
    let number = (1..u16::MAX).find(free).unwrap_or(u16::MAX);
    for suffix in ["", "-wal", "-shm"] {
        let to = dir.join(format!("{name}.unreadable-{number}{suffix}"));
        match fs::rename(dir.join(format!("{name}{suffix}")), to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(format!("{name}.unreadable-{number}"))
}

fn unusable(dir: &Path, source: io::Error) -> Error {
    Error::Folder { path: dir.to_owned(), source: Arc::new(source) }
}
