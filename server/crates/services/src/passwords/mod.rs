//! Passwords: hashed when they are set, compared when they are typed, never kept.

mod hasher;

use crate::Failure;
use argon2::{PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use hasher::Hasher;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{OnceLock, mpsc},
    thread,
};
use tokio::sync::oneshot;

/// Argon2id with the crate's recommended cost, away from the threads that serve pages.
pub(crate) async fn hash_password(password: String) -> Result<String, Failure> {
    away(move |hasher| hasher.hash_password(password.as_bytes()).map(|hash| hash.to_string()))
        .await?
        .map_err(|error| Failure::Internal(format!("The password could not be hashed ({error}).")))
}

pub(crate) async fn verify_password(password: String, hash: String) -> Result<bool, Failure> {
    away(move |hasher| {
        PasswordHash::new(&hash).is_ok_and(|hash| hasher.verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

/// A hash that no password has, so that a name that does not exist takes as long as one that does.
pub(crate) fn nobodys_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let (answer, answered) = mpsc::channel();
        let hash = |hasher: &Hasher| hasher.hash_password(b"nobody has this password").map(|hash| hash.to_string());
        let _ = workshop().send(Box::new(move |hasher| drop(answer.send(hash(hasher)))));
        answered.recv().ok().and_then(Result::ok).unwrap_or_default()
    })
}

type Job = Box<dyn FnOnce(&Hasher) + Send>;

/// One thread for all hashes, with the memory that they fill while there are some. They come one after the other anyway.
fn workshop() -> &'static mpsc::Sender<Job> {
    static WORKSHOP: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
    WORKSHOP.get_or_init(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        let at_work = thread::Builder::new().name("passwords".into()).spawn(move || {
            let hasher = Hasher::default();
            while let Ok(first) = jobs.recv() {
                for job in std::iter::once(first).chain(jobs.try_iter()) {
                    // Whoever waits for this one is told that it was cut off; the others go on.
                    let _ = catch_unwind(AssertUnwindSafe(|| job(&hasher)));
                }
                hasher.rest();
            }
        });
        if let Err(error) = at_work {
            tracing::error!("There is no thread for hashing passwords: {error}");
        }
        sender
    })
}

async fn away<T: Send + 'static>(work: impl FnOnce(&Hasher) -> T + Send + 'static) -> Result<T, Failure> {
    let cut_off = || Failure::Internal("Hashing a password was cut off.".into());
    let (answer, answered) = oneshot::channel();
    workshop().send(Box::new(move |hasher| drop(answer.send(work(hasher))))).map_err(|_| cut_off())?;
    answered.await.map_err(|_| cut_off())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_is_argon2id_with_a_salt_of_its_own() {
        let (one, two) = (hash_password("a password".into()).await.unwrap(), hash_password("a password".into()).await);
        assert!(one.starts_with("$argon2id$"), "{one}");
        assert_ne!(one, two.unwrap());
        assert!(verify_password("a password".into(), one.clone()).await.unwrap());
        assert!(!verify_password("another".into(), one).await.unwrap());
        assert!(!verify_password("a password".into(), nobodys_hash().to_owned()).await.unwrap());
        assert!(nobodys_hash().starts_with("$argon2id$"), "it costs as much as a real one");
    }

    #[tokio::test]
    async fn what_goes_wrong_with_one_stops_no_other() {
        let broken = away(|_| std::hint::black_box(None::<u8>).expect("on purpose")).await;
        assert!(matches!(broken, Err(Failure::Internal(_))));
        assert!(hash_password("a password".into()).await.is_ok());
    }
}
