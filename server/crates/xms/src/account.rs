//! One account at one door of all nodes of a cluster. Logins are made one after the other, and what one node refused is
//! not shown to the next: together they would lock the account for the whole site (invariant 14).

use crate::{Credentials, Error};
use std::sync::Arc;
use wire::Turns;

/// An account that several clients and shells use. Clones share the turn and the refusal.
#[derive(Clone)]
pub struct Account {
    credentials: Arc<Credentials>,
    turns: Turns<Error>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("user", &self.credentials.user).finish_non_exhaustive()
    }
}

impl From<Credentials> for Account {
    fn from(credentials: Credentials) -> Self {
        Self { credentials: Arc::new(credentials), turns: Turns::default() }
    }
}

impl Account {
    /// Whether it was refused, so that calls fail without contacting a node. Waits for a login that is under way.
    pub async fn is_locked(&self) -> bool {
        self.turns.is_locked().await
    }

    /// Lets it be tried again after a refusal. Only a person should decide this.
    pub async fn retry(&self) {
        self.turns.retry().await;
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) const fn turns(&self) -> &Turns<Error> {
        &self.turns
    }
}
