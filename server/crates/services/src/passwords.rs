//! Passwords: hashed when they are set, compared when they are typed, never kept.

use crate::Failure;
use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{OnceLock, mpsc},
    thread,
};
use tokio::sync::oneshot;

/// Argon2id with the crate's recommended cost, away from the threads that serve pages.
pub(crate) async fn hash_password(password: String) -> Result<String, Failure> {
    away(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()))
        .await?
        .map_err(|error| Failure::Internal(format!("The password could not be hashed ({error}).")))
}

pub(crate) async fn verify_password(password: String, hash: String) -> Result<bool, Failure> {
    away(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

/// A hash that no password has, so that a name that does not exist takes as long as one that does.
pub(crate) fn nobodys_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let (answer, answered) = mpsc::channel();
        let hash = || Argon2::default().hash_password(b"nobody has this password").map(|hash| hash.to_string());
        let _ = workshop().send(Box::new(move || drop(answer.send(hash()))));
        answered.recv().ok().and_then(Result::ok).unwrap_or_default()
    })
}

type Job = Box<dyn FnOnce() + Send>;

/// One thread for all hashes. Each fills 19 MB, which its thread's part of the heap keeps: on whichever thread is free, a
/// few sign-ins at once would leave a multiple of that behind. They come one after the other anyway.
fn workshop() -> &'static mpsc::Sender<Job> {
    static WORKSHOP: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
    WORKSHOP.get_or_init(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        let at_work = thread::Builder::new().name("passwords".into()).spawn(move || {
            for job in jobs {
                // Whoever waits for this one is told that it was cut off; the others go on.
                let _ = catch_unwind(AssertUnwindSafe(job));
            }
        });
        if let Err(error) = at_work {
            tracing::error!("There is no thread for hashing passwords: {error}");
        }
        sender
    })
}

async fn away<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    let cut_off = || Failure::Internal("Hashing a password was cut off.".into());
    let (answer, answered) = oneshot::channel();
    workshop().send(Box::new(move || drop(answer.send(work())))).map_err(|_| cut_off())?;
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
        let broken = away(|| std::hint::black_box(None::<u8>).expect("on purpose")).await;
        assert!(matches!(broken, Err(Failure::Internal(_))));
        assert!(hash_password("a password".into()).await.is_ok());
    }
}
