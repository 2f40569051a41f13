//! A copy takes the place of what is in a data folder.

use super::{keyed, told};
use crate::{Failure, folder, vault::Vault};
use std::{fs, io, path::Path};
use store::{Store, copies};

/// Where a copy is tried before it takes anybody's place.
const TRIED: &str = "restoring";

/// Puts `copy` into the data folder, brought up to date where an older program wrote it; what was there is put aside, where
/// `replace` says so. Tells what was done and what is to be done, in sentences.
///
/// # Errors
/// While a console runs on the folder; where it has data and nobody said that they go; where the copy is none, is damaged, or is
/// of a newer program. Then nothing was changed.
pub async fn restore(copy: &Path, data: &Path, replace: bool) -> Result<Vec<String>, Failure> {
    let _lock = folder::only_us(data)?;
    let there = folder::has_database(data);
    if there && !replace {
        return Err(Failure::Internal(format!(
            "{} has data already. Give another folder, or --replace: then what is there is put aside.",
            data.display()
        )));
    }
    let wrong = |error: store::Error| Failure::Internal(format!("Nothing was restored. {}", error.sentence()));
    let failed = |error: io::Error| Failure::Internal(format!("{} cannot be changed ({error}).", data.display()));
    fs::metadata(copy).map_err(|error| Failure::Internal(format!("{} cannot be read ({error}).", copy.display())))?;
    let copied = copies::look_into(copy).await.map_err(wrong)?;

    // Opened as the console will open it, before anything is moved.
    let tried = data.join(TRIED);
    let _ = fs::remove_dir_all(&tried);
    crate::private_folder(&tried)?;
    fs::copy(copy, folder::database_in(&tried)).map_err(failed)?;
    let key = folder::key_in(data);
    let opened = async {
        let store = Store::open(&tried).await.map_err(wrong)?;
        let key_there = fs::metadata(&key).is_ok_and(|file| file.len() > 0);
        let locked = match (key_there, store.has_secrets().await?) {
            (true, _) => keyed::locked(&store, &Vault::open(&key)?).await?,
            (false, true) => vec![no_key(&key)],
            (false, false) => Vec::new(),
        };
        store.close().await;
        Ok::<_, Failure>(locked)
    };
    let locked = match opened.await {
        Ok(locked) => locked,
        Err(failure) => {
            let _ = fs::remove_dir_all(&tried);
            return Err(failure);
        }
    };

    let mut done = folder::put_aside(data).map_err(failed)?;
    fs::rename(folder::database_in(&tried), folder::database_in(data)).map_err(failed)?;
    fs::remove_dir_all(&tried).map_err(failed)?;
    done.push(format!("Restored from {}: {}.", copy.display(), told(copied)));
    done.extend(locked);
    Ok(done)
}

fn no_key(key: &Path) -> String {
    format!(
        "There is no key at {}. Put the copy of it there before the console is started; without one, start it with \
         --begin-anew and enter the passwords of appliances and nodes again.",
        key.display()
    )
}
