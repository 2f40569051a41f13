//! Whoever comes back with a session that is over: what they send then waits for them to sign in again.

use jiff::SignedDuration;
use model::{PersonId, person::Person};
use store::TokenHash;

/// What somebody sent whose session was over waits this long for them to sign in again.
pub(crate) const KEPT: SignedDuration = SignedDuration::from_hours(4);

/// Somebody whose session is over, and who has come back with it.
#[derive(Clone, Debug)]
pub struct Lapsed {
    pub(crate) person: Person,
    pub(crate) session: TokenHash,
}

impl Lapsed {
    pub fn name(&self) -> &str {
        &self.person.name
    }

    /// Whose drafts these are until they have signed in again: nobody else's who comes with another browser.
    pub(crate) fn owner(&self) -> String {
        owner(self.person.id, &self.session)
    }
}

/// Drafts of somebody whose session is over: theirs alone, and of the browser that still has its token alone.
pub(crate) fn owner(person: PersonId, session: &TokenHash) -> String {
    format!("lapsed:{person}:{}", hex::encode(&session[..16]))
}
