//! Which file is open. A name is not a file: whoever deletes or replaces `gatehouse.db` leaves us writing into something
//! that nobody will ever read again.

use crate::{Conn, Error};
use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Where SQLite keeps a number of the program's own in the file's header, big-endian
/// (<https://www.sqlite.org/fileformat.html#the_database_header>).
const GENERATION: u64 = 60;

/// A file by what the system knows it by, and by a number that each start of the program makes one higher: so that a copy
/// over it, which leaves it the same file, is noticed as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    device: u64,
    inode: u64,
    generation: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Identity {
    path: PathBuf,
    name: &'static str,
    /// Never closed before the database is: closing any of a process's handles on a file gives up all of its locks there,
    /// SQLite's as well.
    file: Arc<File>,
    known: Known,
}

impl Identity {
    /// Of the file that is under its name now, through the connection that will write to it.
    pub async fn begin(conn: &mut Conn, path: PathBuf, name: &'static str) -> Result<Self, Error> {
        let last: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *conn).await?;
        let next = if last < i64::from(i32::MAX) { last.max(0) + 1 } else { 1 };
        // A pragma takes no arguments; this is a number of ours.
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {next}"))).execute(&mut *conn).await?;
        // From the write-ahead log into the file itself, where it is looked for.
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *conn).await?;
        let gone = || Error::Lost { file: name.into() };
        let file = Arc::new(File::open(&path).map_err(|_| gone())?);
        let known = known(&path, &file).ok_or_else(gone)?;
        if i64::from(known.generation) != next {
            return Err(Error::NotDurable { file: name.into(), what: "what was written is not in the file".into() });
        }
        Ok(Self { path, name, file, known })
    }

    /// Under the name lies the file that was opened, and nothing was copied over it.
    pub fn check(&self) -> Result<(), Error> {
        let same = known(&self.path, &self.file) == Some(self.known);
        if same { Ok(()) } else { Err(Error::Lost { file: self.name.into() }) }
    }
}

/// Where the name leads, and the generation of the file that is open.
fn known(path: &Path, mut file: &File) -> Option<Known> {
    let (device, inode) = place(path)?;
    let mut generation = [0; 4];
    file.seek(SeekFrom::Start(GENERATION)).ok()?;
    file.read_exact(&mut generation).ok()?;
    Some(Known { device, inode, generation: u32::from_be_bytes(generation) })
}

#[cfg(unix)]
fn place(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn place(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|_| (0, 0))
}
