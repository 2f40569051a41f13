//! What is wrong with Gatehouse's own data, as values: shown on every page, in `/health`, and in place of an answer that
//! could not be written down.

use serde::{Deserialize, Serialize};

/// One thing that is wrong. Nothing that anybody typed is in it: it may stand in an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleTrouble {
    DiskFull,
    /// The database's file is not the one that is open: it was deleted, moved, or another was put in its place.
    DataLost,
    ReadOnly,
    /// The disk refuses what is written: a limit on the size of files, an error of the disk.
    DiskRefuses,
    /// What is stored cannot be read.
    Unreadable,
    /// Guards of the log that are not as this program made them, by name.
    GuardsMissing(Vec<String>),
    /// So many records of the log are not there.
    RecordsMissing(i64),
    /// Records with these numbers were written here once and are not in the database: an older copy was put in its place.
    OlderCopy {
        first: i64,
        last: i64,
    },
}

impl ConsoleTrouble {
    /// Nothing can be written, so nothing is changed anywhere.
    pub const fn stops_writing(&self) -> bool {
        matches!(self, Self::DiskFull | Self::DataLost | Self::ReadOnly | Self::DiskRefuses)
    }

    /// What it is, what follows, and what to do.
    pub fn sentence(&self) -> String {
        const STOPPED: &str = "Nothing is written, and so nothing is changed on any appliance, until that is mended.";
        match self {
            Self::DiskFull => format!(
                "The disk with Gatehouse's data is full. {STOPPED} Make room there; Gatehouse then goes on by itself."
            ),
            Self::DataLost => format!(
                "Gatehouse's database is not the file that was opened at its start: gatehouse.db was deleted, moved or \
                 replaced while Gatehouse ran. {STOPPED} Stop Gatehouse, put the file back or restore a backup, and start it."
            ),
            Self::ReadOnly => format!(
                "Gatehouse's database can only be read. {STOPPED} Look at the rights of the data folder and at how its disk \
                 is mounted."
            ),
            Self::DiskRefuses => format!(
                "The disk does not take what Gatehouse writes: there is a limit on the size of files, or the disk fails. \
                 {STOPPED} Look at the limits of the service (file size) and at the system's log."
            ),
            Self::Unreadable => {
                "Part of Gatehouse's database cannot be read. What you see may not be all. Stop Gatehouse and \
                 restore a backup; keep the damaged file."
                    .into()
            }
            Self::GuardsMissing(names) => format!(
                "The log is not guarded as it should be: {} ({}) {} missing or changed in the database. Records could be \
                 changed or removed without a trace. Find out who had access to the file, and restore a backup made before.",
                if names.len() == 1 { "a trigger" } else { "triggers" },
                names.join(", "),
                if names.len() == 1 { "is" } else { "are" },
            ),
            Self::RecordsMissing(1) => {
                "One record of the log is missing: its number is skipped. It was removed from the \
                 database, past Gatehouse. Find out who had access to the file, and compare with a backup."
                    .into()
            }
            Self::RecordsMissing(count) => format!(
                "{count} records of the log are missing: their numbers are skipped. They were removed from the database, \
                 past Gatehouse. Find out who had access to the file, and compare with a backup."
            ),
            Self::OlderCopy { first, last } => format!(
                "An older copy of the database was put in place: records {first} to {last} were written here and are not in \
                 it, nor is anything else of that time. If a backup was restored on purpose, start Gatehouse once with \
                 --begin-anew; otherwise bring the newer file back."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_says_what_it_is_and_what_to_do() {
        for trouble in [
            ConsoleTrouble::DiskFull,
            ConsoleTrouble::DataLost,
            ConsoleTrouble::ReadOnly,
            ConsoleTrouble::DiskRefuses,
            ConsoleTrouble::Unreadable,
            ConsoleTrouble::GuardsMissing(vec!["records_are_not_changed".into()]),
            ConsoleTrouble::GuardsMissing(vec!["a".into(), "b".into()]),
            ConsoleTrouble::RecordsMissing(1),
            ConsoleTrouble::RecordsMissing(12),
            ConsoleTrouble::OlderCopy { first: 421, last: 500 },
        ] {
            let sentence = trouble.sentence();
            assert!(sentence.ends_with('.') && sentence.matches(". ").count() >= 1, "{sentence}");
            assert!(!sentence.contains("  "), "{sentence}");
            assert_eq!(trouble.stops_writing(), sentence.contains("Nothing is written"), "{sentence}");
        }
    }
}
