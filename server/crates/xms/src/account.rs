//! One account at one door of all nodes of a cluster. Logins are made one after the other, and what one node refused is
//! not shown to the next: together they would lock the account for the whole site (invariant 14).

use crate::{Credentials, Door, Error, SshProblem};
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// An account that several clients and shells use. Clones share the turn and the refusal.
#[derive(Clone)]
pub struct Account {
    credentials: Arc<Credentials>,
    refusal: Arc<Mutex<Option<Refusal>>>,
}

/// Where it was refused, and what the node said.
#[derive(Clone)]
struct Refusal {
    door: Door,
    answer: Option<String>,
}

/// The right to log in now; others wait until it is dropped.
pub(crate) struct Turn(OwnedMutexGuard<Option<Refusal>>);

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("user", &self.credentials.user).finish_non_exhaustive()
    }
}

impl From<Credentials> for Account {
    fn from(credentials: Credentials) -> Self {
        Self { credentials: Arc::new(credentials), refusal: Arc::default() }
    }
}

impl Account {
    /// Whether it was refused, so that calls fail without contacting a node. Waits for a login that is under way.
    pub async fn is_locked(&self) -> bool {
        self.refusal.lock().await.is_some()
    }

    /// Lets it be tried again after a refusal. Only a person should decide this.
    pub async fn retry(&self) {
        *self.refusal.lock().await = None;
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Waits until nobody else is logging in.
    ///
    /// # Errors
    /// [`Error::Credentials`] when it was refused meanwhile or before: nothing is to be sent.
    pub(crate) async fn turn(&self) -> Result<Turn, Error> {
        let refusal = Arc::clone(&self.refusal).lock_owned().await;
        match &*refusal {
            Some(Refusal { door, answer }) => {
                Err(Error::Credentials { door: *door, answer: answer.clone(), asked: false })
            }
            None => Ok(Turn(refusal)),
        }
    }
}

impl Turn {
    /// Remembers a refusal; other errors say nothing about the account.
    pub(crate) fn failed(mut self, error: &Error) {
        *self.0 = match error {
            Error::Credentials { door, answer, .. } => Some(Refusal { door: *door, answer: answer.clone() }),
            // The password was shown and did not suffice: the next try would fare the same.
            Error::Ssh { problem: problem @ SshProblem::MoreAsked { .. }, .. } => {
                Some(Refusal { door: Door::Ssh, answer: Some(problem.to_string()) })
            }
            _ => return,
        };
    }
}
