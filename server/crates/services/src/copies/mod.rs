//! Copies of all that is kept, for the day when this machine is gone. The key is not in them: who has both has the passwords.

pub(crate) mod keyed;
mod restoring;

use crate::{Failure, folder};
pub use restoring::restore;
use std::path::Path;
use store::copies::{self, Copied};

/// Copies what is in the data folder to `to`, whether the console runs or not; tells what was done, in sentences.
///
/// # Errors
/// Where there is nothing to copy, the file is there already, or it cannot be written.
pub async fn back_up(data: &Path, to: &Path) -> Result<Vec<String>, Failure> {
    if to.exists() {
        return Err(Failure::Internal(format!(
            "{} is there already, and a copy replaces nothing. Give another name.",
            to.display()
        )));
    }
    if !folder::has_database(data) {
        return Err(Failure::Internal(format!(
            "There is no data of Gatehouse in {}. Give the folder that the console was started with, as --data.",
            data.display()
        )));
    }
    let copied = copies::copy(data, to).await.map_err(|error| not_copied(to, &error))?;
    Ok(vec![
        format!("Copied to {}: {}.", to.display(), told(copied)),
        format!(
            "The key is not in it. Keep a copy of {} apart from this one: without it the passwords of appliances and nodes \
             have to be entered again, and whoever has both can read them.",
            folder::key_in(data).display()
        ),
    ])
}

fn not_copied(to: &Path, error: &store::Error) -> Failure {
    let cause = std::error::Error::source(error).map(|cause| format!(" ({cause})")).unwrap_or_default();
    Failure::Internal(format!("{} was not written. {}{cause}", to.display(), error.sentence()))
}

/// Size, and how far it reaches.
fn told(copied: Copied) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a size for people")]
    let megabytes = copied.bytes as f64 / 1_000_000.0;
    format!("everything up to record {}, {megabytes:.1} MB", copied.newest)
}
