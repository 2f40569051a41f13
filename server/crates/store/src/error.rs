//! What can go wrong, each with a sentence for people.

use model::{health::ConsoleTrouble, unreadable::in_short};
use sqlx::{error::ErrorKind, migrate::MigrateError};
use std::{io, path::PathBuf, sync::Arc};

/// A full sentence each; sources are printed by whoever prints the chain. `Clone`, because one failed commit answers
/// many writers.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Another row has this value; `what` is the field's name.
    #[error("This {what} is already taken.")]
    Taken { what: String },
    #[error("This does not exist, or no longer.")]
    NotFound,
    #[error("The disk is full. Nothing was written; make room and try again.")]
    Full,
    #[error("The database is busy: another program holds it. Nothing was written; try again in a moment.")]
    Locked,
    /// Somebody took the file away from under us.
    #[error(
        "{file} is not the file any more that was opened: it was deleted, moved or replaced. Nothing was written. Stop \
         Gatehouse, put the file back or restore a backup, and start it again."
    )]
    Lost { file: String },
    /// `EFBIG`, `EIO` and their like.
    #[error(
        "The disk does not take what is written: a limit on the size of files, or an error of the disk. Nothing was written."
    )]
    Disk,
    #[error("The database can only be read. Check the rights of the data folder and how its disk is mounted.")]
    ReadOnly,
    /// Written by a later program.
    #[error(
        "{file} was written by a newer Gatehouse (its tables are at step {found}, this program knows {known}). \
         Start the newer program, or restore a backup made before the update."
    )]
    Newer { file: String, found: i64, known: i64 },
    #[error("What is stored cannot be read: {what}. Restore a backup, or ask for help with the server's log.")]
    Corrupt { what: String },
    /// One row, in a file that is whole: written by another program than this one, or by somebody. It takes nothing else down.
    #[error("{what} cannot be read: {why}.")]
    Unreadable { what: String, why: String },
    /// A pragma does not say what it was told.
    #[error("{file} cannot be made durable ({what}). Put the data folder on a local disk.")]
    NotDurable { file: String, what: String },
    #[error("The data folder {} cannot be used.", path.display())]
    Folder { path: PathBuf, source: Arc<io::Error> },
    #[error("Gatehouse is stopping; nothing is written any more.")]
    Closed,
    /// A mistake of ours, not of the person or the disk.
    #[error("This is a mistake in Gatehouse: {what}. Nothing was written.")]
    Mistake { what: String },
    #[error("The database answered with an error. The server's log has the details.")]
    Database(#[source] Arc<sqlx::Error>),
}

impl Error {
    /// The error as a person reads it.
    pub fn sentence(&self) -> String {
        self.to_string()
    }

    /// What it means for all that is to be written, until it is mended; `None`: it is about this one write, or passes.
    pub fn trouble(&self) -> Option<ConsoleTrouble> {
        match self {
            Self::Full => Some(ConsoleTrouble::DiskFull),
            Self::Lost { .. } => Some(ConsoleTrouble::DataLost),
            Self::ReadOnly => Some(ConsoleTrouble::ReadOnly),
            Self::Disk => Some(ConsoleTrouble::DiskRefuses),
            Self::Corrupt { .. } => Some(ConsoleTrouble::Unreadable),
            _ => None,
        }
    }

    pub(crate) fn mistake(what: impl Into<String>) -> Self {
        Self::Mistake { what: what.into() }
    }

    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }

    /// `what` begins the sentence.
    pub(crate) fn unreadable(what: &str, why: impl ToString) -> Self {
        let mut letters = what.chars();
        let what = letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
        Self::Unreadable { what, why: in_short(&why.to_string()).to_owned() }
    }

    /// What there is, or why it cannot be read; what is wrong with the database as a whole stays an error.
    pub(crate) fn of_one_row<T>(read: Result<T, Self>) -> Result<Result<T, String>, Self> {
        match read {
            Ok(value) => Ok(Ok(value)),
            Err(error @ Self::Unreadable { .. }) => Ok(Err(error.sentence())),
            Err(other) => Err(other),
        }
    }

    /// From a migration of `file`, whose newest step known to this program is `known`.
    pub(crate) fn migration(error: MigrateError, file: &str, known: i64) -> Self {
        match error {
            MigrateError::VersionMissing(found) if found > known => Self::Newer { file: file.into(), found, known },
            MigrateError::VersionMissing(step) | MigrateError::VersionMismatch(step) | MigrateError::Dirty(step) => {
                Self::corrupt(format!("step {step} of the tables in {file} is not the one this program knows"))
            }
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            other => Self::Database(Arc::new(other.into())),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => return Self::NotFound,
            sqlx::Error::PoolTimedOut => return Self::Locked,
            sqlx::Error::PoolClosed => return Self::Closed,
            _ => {}
        }
        let Some(database) = error.as_database_error() else { return Self::Database(Arc::new(error)) };
        match database.kind() {
            ErrorKind::UniqueViolation => return Self::Taken { what: column(database.message()) },
            ErrorKind::ForeignKeyViolation => return Self::NotFound,
            _ => {}
        }
        // Extended result codes have the primary one in their low byte (https://www.sqlite.org/rescode.html).
        let code = database.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or_default();
        match code & 0xff {
            5 | 6 => Self::Locked,
            8 => Self::ReadOnly,
            10 => Self::Disk,
            13 => Self::Full,
            11 | 26 => Self::corrupt(database.message()),
            // It was there when this program began.
            14 => Self::Lost { file: "The database".into() },
            _ => Self::Database(Arc::new(error)),
        }
    }
}

/// `title` from `UNIQUE constraint failed: clusters.title`.
fn column(message: &str) -> String {
    message.rsplit('.').next().unwrap_or(message).to_owned()
}
