//! The number of the newest record, kept beside the key: a database that has fewer is an older copy.

use model::health::ConsoleTrouble;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

/// What the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    newest: i64,
    /// Numbers that were given here once, and not in the database that lies there now: first and last of each time.
    lost: Vec<(i64, i64)>,
}

/// The file, and what it says.
pub(crate) struct Newest {
    path: PathBuf,
    kept: Mutex<Kept>,
}

impl Newest {
    /// What cannot be read was never written: a first start, or an installation from before there was such a file.
    pub fn at(path: PathBuf) -> Self {
        let read = || Ok::<_, io::Error>(Some(serde_json::from_slice(&fs::read(&path)?)?));
        let kept = read().unwrap_or_else(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!(
                    "{} cannot be read ({error}), so nobody can tell whether the database is an older copy.",
                    path.display()
                );
            }
            None
        });
        Self { path, kept: Mutex::new(kept.unwrap_or_default()) }
    }

    /// Against the newest number that the database has, which is kept from now on.
    pub fn compare(&self, newest: i64) -> Option<ConsoleTrouble> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.clone();
        if newest < kept.newest {
            let last = kept.newest;
            kept.lost.push((newest + 1, last));
        }
        kept.newest = newest;
        if *kept != before
            && let Err(error) = self.write(&kept)
        {
            tracing::warn!("{} could not be written ({error})", self.path.display());
        }
        let first = kept.lost.iter().map(|(first, _)| *first).min()?;
        let last = kept.lost.iter().map(|(_, last)| *last).max()?;
        Some(ConsoleTrouble::OlderCopy { first, last })
    }

    /// Somebody knows, and goes on with what is there.
    pub fn forget(path: &std::path::Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Whole or not at all.
    fn write(&self, kept: &Kept) -> io::Result<()> {
        let bytes = serde_json::to_vec(kept).map_err(io::Error::other)?;
        let new = self.path.with_extension("newest-new");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(new, &self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_gone_stay_gone_however_many_follow() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gatehouse.newest");
        assert_eq!(Newest::at(path.clone()).compare(500), None);
        assert_eq!(Newest::at(path.clone()).compare(500), None);
        let older = Newest::at(path.clone());
        let trouble = Some(ConsoleTrouble::OlderCopy { first: 421, last: 500 });
        assert_eq!(older.compare(420), trouble);
        assert_eq!(older.compare(900), trouble, "new records are no old ones");
        assert_eq!(Newest::at(path.clone()).compare(901), trouble);
        Newest::forget(&path).unwrap();
        assert_eq!(Newest::at(path).compare(901), None);
    }
}
