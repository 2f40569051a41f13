//! A copy takes the place of what is in a data folder.

use super::{keyed, told};
use crate::{Failure, cx::entry, folder, vault::Vault};
use model::{
    At, Clock,
    record::{Actor, RecordKind},
};
use std::{fs, io, path::Path};
use store::{
    Store,
    copies::{self, Copied},
};

/// Where a copy is tried before it takes anybody's place.
const TRIED: &str = "restoring";

/// Puts `copy` into the data folder, brought up to date where an older program wrote it; what was there is put aside, where
/// `replace` says so. Whoever was signed in signs in again, and a record says what was done. Tells it in sentences, and what is to
/// be done next.
///
/// # Errors
/// While a console runs on the folder; where it has data and nobody said that they go; where the copy is none, is damaged, or is
/// of a newer program: nothing was changed then. Where the disk fails in the middle, what was moved is said.
pub async fn restore(copy: &Path, data: &Path, replace: bool, clock: &dyn Clock) -> Result<Vec<String>, Failure> {
    let _lock = folder::only_us(data)?;
    if folder::has_database(data) && !replace {
        return Err(Failure::Internal(format!(
            "{} has data already. Give another folder, or --replace: then what is there is put aside.",
            data.display()
        )));
    }
    let failed = |error: io::Error| Failure::Internal(format!("{} cannot be changed ({error}).", data.display()));
    let tried = data.join(TRIED);
    let _ = fs::remove_dir_all(&tried);
    crate::private_folder(&tried)?;
    let (copied, locked) = match opened(copy, &tried, data, clock.now()).await {
        Ok(opened) => opened,
        Err(failure) => {
            let _ = fs::remove_dir_all(&tried);
            return Err(failure);
        }
    };

    let mut done = folder::put_aside(data).map_err(failed)?;
    let placed = fs::rename(folder::database_in(&tried), folder::database_in(data));
    placed.and_then(|()| folder::sync(data)).map_err(|error| {
        Failure::Internal(format!("{} cannot be changed ({error}). {}", data.display(), done.join(" ")))
    })?;
    let _ = fs::remove_dir_all(&tried);
    done.push(format!("Restored from {}: {}. Everybody signs in again.", copy.display(), told(copied)));
    done.extend(locked);
    Ok(done)
}

/// Opened as the console will open it, before anything is moved: what it has, and what the key there does not open.
async fn opened(copy: &Path, tried: &Path, data: &Path, now: At) -> Result<(Copied, Vec<String>), Failure> {
    let wrong = |error: store::Error| Failure::Internal(format!("Nothing was restored. {}", error.sentence()));
    fs::metadata(copy).map_err(|error| Failure::Internal(format!("{} cannot be read ({error}).", copy.display())))?;
    copies::look_into(copy).await.map_err(wrong)?;
    let copied = copies::bring(copy, &folder::database_in(tried)).await.map_err(wrong)?;
    let store = Store::open(tried).await.map_err(wrong)?;
    let key = folder::key_in(data);
    let key_there = fs::metadata(&key).is_ok_and(|file| file.len() > 0);
    let locked = match (key_there, store.has_secrets().await?) {
        (true, _) => keyed::locked(&store, &Vault::open(&key)?).await?,
        (false, true) => vec![no_key(&key)],
        (false, false) => Vec::new(),
    };
    let summary = format!(
        "A copy was put in the place of what was here: {}. Records after number {} of before are not in it.",
        copy.display(),
        copied.newest
    );
    copies::settle(&store, &entry(Actor::gatehouse(), now, RecordKind::DataRestored, summary)).await.map_err(wrong)?;
    store.close().await;
    Ok((copied, locked))
}

fn no_key(key: &Path) -> String {
    format!(
        "There is no key at {}. Put the copy of it there before the console is started; without one, start it with \
         --begin-anew and enter the passwords of appliances and nodes again.",
        key.display()
    )
}
