//! The data folder before anything in it is opened: whose it is, what lies there, and what is missing.

use crate::{Failure, newest::Newest, refusal::Refusal};
use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

const DATABASE: &str = "gatehouse.db";
const OBSERVED: &str = "observed.db";

/// The key's file where nothing else is said.
pub(crate) fn key_in(data: &Path) -> PathBuf {
    data.join("gatehouse.key")
}

pub(crate) fn database_in(data: &Path) -> PathBuf {
    data.join(DATABASE)
}

/// With something in it.
pub(crate) fn has_database(data: &Path) -> bool {
    there(data, &key_in(data)).database
}

/// The names in it are on the disk.
pub(crate) fn sync(data: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(data)?.sync_all() } else { Ok(()) }
}

/// What lies there goes out of the way of what is restored. The key stays: it may be the one that belongs to that. What is
/// remembered of the newest record is of the other database.
pub(crate) fn put_aside(data: &Path) -> io::Result<Vec<String>> {
    let newest = key_in(data).with_extension("newest");
    aside([data.join(DATABASE), data.join(OBSERVED), newest])
}

fn aside(paths: impl IntoIterator<Item = PathBuf>) -> io::Result<Vec<String>> {
    let mut done = Vec::new();
    for path in paths {
        // What belongs together keeps names that belong together: SQLite looks for the log by the database's name.
        let to = free_name(&path);
        for suffix in ["", "-wal", "-shm"] {
            let (from, to) = (with_suffix(&path, suffix), with_suffix(&to, suffix));
            if from.exists() {
                fs::rename(&from, &to)?;
                done.push(format!("{} was put aside as {}.", from.display(), to.display()));
            }
        }
    }
    Ok(done)
}

/// Makes the data folder, for its owner alone, where there is none.
pub fn private_folder(data: &Path) -> Result<(), Failure> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(data)
        .map_err(|error| Failure::Internal(format!("The data folder {} cannot be made ({error}).", data.display())))
}

/// Two programs on one folder would each take the other's runs for interrupted ones. What is locked is the folder itself,
/// which nobody deletes under a running program; the lock goes with the process, however it ends.
pub(crate) fn only_us(data: &Path) -> Result<File, Failure> {
    private_folder(data)?;
    let cannot = |error: &io::Error| {
        Failure::Internal(format!("The data folder {} cannot be locked ({error}).", data.display()))
    };
    let lock = if cfg!(unix) { File::open(data) } else { File::create(data.join("gatehouse.lock")) };
    let lock = lock.map_err(|error| cannot(&error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Refusal::AnotherProcess(data.to_owned()).into()),
        Err(TryLockError::Error(error)) => Err(cannot(&error)),
    }
}

/// What lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct There {
    /// With something in it.
    database: bool,
    key: bool,
    observed: bool,
}

fn there(data: &Path, key: &Path) -> There {
    let filled = |path: PathBuf| fs::metadata(path).is_ok_and(|file| file.len() > 0);
    There { database: filled(data.join(DATABASE)), key: filled(key.to_owned()), observed: filled(data.join(OBSERVED)) }
}

impl There {
    /// A key without its database is what is left of an installation.
    fn is_orphaned(self) -> bool {
        !self.database && (self.key || self.observed)
    }
}

/// Refuses to begin anew in silence where an installation has lost its database.
pub(crate) fn has_its_database(data: &Path, key: &Path) -> Result<(), Failure> {
    if !there(data, key).is_orphaned() {
        return Ok(());
    }
    Err(Refusal::DatabaseMissing(data.join(DATABASE)).into())
}

/// Refuses to make another key for secrets that only the old one opens. `sealed`: the database has any.
pub(crate) fn has_its_key(key: &Path, sealed: bool) -> Result<(), Failure> {
    if !sealed || fs::metadata(key).is_ok_and(|file| file.len() > 0) {
        return Ok(());
    }
    Err(Refusal::KeyMissing(key.to_owned()).into())
}

/// Somebody knows what is missing and goes on without it: what is left of an installation without its database is put
/// aside, a missing key is made, and that the newest record was another is forgotten. What is complete stays as it is.
pub fn begin_anew(data: &Path, key: Option<&Path>) -> Result<Vec<String>, Failure> {
    let _lock = only_us(data)?;
    let key = key.map_or_else(|| key_in(data), Path::to_owned);
    let failed = |error: io::Error| Failure::Internal(format!("{} cannot be changed ({error}).", data.display()));
    let mut done = Vec::new();
    let found = there(data, &key);
    let newest = key.with_extension("newest");
    if found.is_orphaned() {
        return aside([data.join(DATABASE), data.join(OBSERVED), key, newest]).map_err(failed);
    }
    if found.database && !found.key {
        crate::vault::Vault::open(&key)?;
        done.push(format!("A new key was made: {}. Enter the passwords of appliances and nodes again.", key.display()));
    }
    if newest.exists() {
        Newest::forget(&newest).map_err(failed)?;
        done.push("The database is taken as it is; that it once had newer records is forgotten.".into());
    }
    Ok(done)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn free_name(path: &Path) -> PathBuf {
    let named = |number: u32| with_suffix(path, &format!(".aside-{number}"));
    let is_free = |name: &PathBuf| ["", "-wal", "-shm"].iter().all(|suffix| !with_suffix(name, suffix).exists());
    (1..u32::MAX).map(named).find(is_free).unwrap_or_else(|| named(0))
}

/// Rights that let others read: of files they are taken away, of the folder it is said, because somebody else may have
/// chosen it.
pub(crate) fn keep_to_ourselves(data: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = |path: &Path| fs::metadata(path).ok().filter(|file| file.permissions().mode() & 0o077 != 0);
        if let Some(folder) = open(data) {
            tracing::warn!(
                "The data folder {} can be entered by others (mode {:o}). Take that right away: chmod 700.",
                data.display(),
                folder.permissions().mode() & 0o777
            );
        }
        for name in [DATABASE, OBSERVED] {
            for suffix in ["", "-wal", "-shm"] {
                let path = data.join(format!("{name}{suffix}"));
                if open(&path).is_none() {
                    continue;
                }
                match fs::set_permissions(&path, fs::Permissions::from_mode(0o600)) {
                    Ok(()) => tracing::warn!("{} could be read by others; now it cannot.", path.display()),
                    Err(error) => tracing::warn!(
                        "{} can be read by others, and that cannot be changed ({error}). Type chmod 600.",
                        path.display()
                    ),
                }
            }
        }
    }
    #[cfg(not(unix))]
    let _ = data;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(folder.path().join(name), [7; 32]).unwrap();
        }
        folder
    }

    fn names(folder: &tempfile::TempDir) -> Vec<String> {
        let files = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> =
            files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn only_what_has_lost_its_other_half_is_an_orphan() {
        for (there, orphaned) in [
            (&[][..], false),
            (&["gatehouse.db"], false),
            (&["gatehouse.db", "observed.db", "gatehouse.key"], false),
            (&["gatehouse.key"], true),
            (&["observed.db"], true),
            (&["observed.db", "gatehouse.key"], true),
        ] {
            let folder = folder(there);
            let said = has_its_database(folder.path(), &key_in(folder.path()));
            assert_eq!(said.is_err(), orphaned, "{there:?}");
        }
        let emptied = folder(&["gatehouse.key"]);
        fs::write(emptied.path().join("gatehouse.db"), []).unwrap();
        assert!(has_its_database(emptied.path(), &key_in(emptied.path())).is_err());
        // A database without secrets needs no key yet: a first start may have ended before it was made.
        let key = key_in(emptied.path()).with_file_name("none");
        assert!(has_its_key(&key, false).is_ok() && has_its_key(&key, true).is_err());
    }

    #[test]
    fn what_is_left_is_put_aside_and_what_is_complete_stays() {
        let orphan = folder(&["gatehouse.key", "observed.db", "observed.db-wal", "gatehouse.newest"]);
        assert_eq!(begin_anew(orphan.path(), None).unwrap().len(), 4);
        assert_eq!(
            names(&orphan),
            ["gatehouse.key.aside-1", "gatehouse.newest.aside-1", "observed.db.aside-1", "observed.db.aside-1-wal"]
        );
        // A log never lies beside another database than its own.
        let again = folder(&["gatehouse.db", "gatehouse.db-wal", "gatehouse.db.aside-1-wal", "gatehouse.key"]);
        assert_eq!(put_aside(again.path()).unwrap().len(), 2);
        assert_eq!(
            names(&again),
            ["gatehouse.db.aside-1-wal", "gatehouse.db.aside-2", "gatehouse.db.aside-2-wal", "gatehouse.key"]
        );
        let whole = ["gatehouse.db", "gatehouse.key", "observed.db"];
        let complete = folder(&whole);
        assert_eq!(begin_anew(complete.path(), None).unwrap(), Vec::<String>::new());
        assert_eq!(names(&complete), whole);
        let restored = folder(&["gatehouse.db", "gatehouse.key", "gatehouse.newest"]);
        assert_eq!(begin_anew(restored.path(), None).unwrap().len(), 1);
        assert_eq!(names(&restored), ["gatehouse.db", "gatehouse.key"]);
        let keyless = folder(&["gatehouse.db"]);
        assert_eq!(begin_anew(keyless.path(), None).unwrap().len(), 1);
        assert_eq!(names(&keyless), ["gatehouse.db", "gatehouse.key"]);
    }

    #[test]
    fn a_folder_is_one_programs() {
        let folder = folder(&[]);
        let held = only_us(folder.path()).unwrap();
        assert!(matches!(only_us(folder.path()), Err(Failure::Refused(_))));
        assert!(begin_anew(folder.path(), None).is_err(), "nothing is put aside under a running program");
        drop(held);
        assert!(only_us(folder.path()).is_ok());
    }
}
