//! Who asks, as a value: code without a [`WriteCx`] cannot call what changes something.

use crate::{Failure, Network, random, refusal::Refusal};
use model::{
    At,
    person::{Person, Role},
    record::{Actor, Entrance, Entry, RecordKind},
};
use serde::Serialize;
use store::TokenHash;

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Address of the browser.
    pub from: String,
    /// Number of the request, in the log and on error pages.
    pub request: String,
    /// What the browser calls itself.
    pub agent: String,
    /// The session that it came with, whether it is over or not.
    pub session: Option<TokenHash>,
    /// What it was given when somebody signed in with it.
    pub device: String,
}

/// A caller: somebody who may read. Made by [`crate::Sessions::visitor`] for a browser's session and by
/// [`crate::Sessions::at_console`] for a sub-command, and nowhere else.
#[derive(Clone, Debug)]
pub struct ReadCx {
    pub(crate) person: Person,
    pub(crate) origin: Origin,
    pub(crate) via: Via,
}

/// By which way a caller came. Whoever asks later whether they may still read asks by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    Session {
        token: TokenHash,
        /// It wants another token.
        renew: bool,
    },
    /// A sub-command on this machine.
    Console,
}

/// May draft, plan and apply.
#[derive(Clone, Debug)]
pub struct WriteCx(ReadCx);

/// May manage appliances and people.
#[derive(Clone, Debug)]
pub struct AdminCx(ReadCx);

/// May take the log out of Gatehouse.
#[derive(Clone, Debug)]
pub struct ExportCx(ReadCx);

impl ReadCx {
    pub fn person(&self) -> &Person {
        &self.person
    }

    pub fn role(&self) -> Role {
        self.person.role
    }

    /// Number of the request, for error pages.
    pub fn request(&self) -> &str {
        &self.origin.request
    }

    /// Whose session it is, where they came by one.
    pub(crate) const fn session(&self) -> Option<TokenHash> {
        match self.via {
            Via::Session { token, .. } => Some(token),
            Via::Console => None,
        }
    }

    /// For what is about the caller's own session.
    pub(crate) fn own_session(&self) -> Result<TokenHash, Failure> {
        self.session().ok_or_else(|| Refusal::NoSession.into())
    }

    /// The session's short id: tells it from others and opens nothing.
    pub fn session_id(&self) -> Option<String> {
        self.session().map(|token| hex::encode(&token[..16]))
    }

    /// Whose drafts these are.
    pub fn owner(&self) -> String {
        self.person.owner()
    }

    pub fn writer(&self) -> Result<WriteCx, Failure> {
        if self.role().may_operate() { Ok(WriteCx(self.clone())) } else { Err(self.forbidden("an operator or admin")) }
    }

    pub fn admin(&self) -> Result<AdminCx, Failure> {
        if self.role().may_administer() { Ok(AdminCx(self.clone())) } else { Err(self.forbidden("an admin")) }
    }

    pub fn exporter(&self) -> Result<ExportCx, Failure> {
        if self.role().may_export() { Ok(ExportCx(self.clone())) } else { Err(self.forbidden("an auditor or admin")) }
    }

    fn forbidden(&self, who: &str) -> Failure {
        Failure::Forbidden(format!(
            "You are signed in as {} ({}); this needs {who}. Nothing was changed.",
            self.person.name,
            self.role().word()
        ))
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor {
            person: Some(self.person.id),
            name: self.person.name.clone(),
            from: self.origin.from.clone(),
            request: self.origin.request.clone(),
            via: match self.via {
                Via::Session { .. } => Entrance::Session,
                Via::Console => Entrance::Console,
            },
        }
    }

    /// A record of what this person does.
    pub(crate) fn entry(&self, at: At, kind: RecordKind, summary: impl Into<String>) -> Entry {
        entry(self.actor(), at, kind, summary)
    }
}

/// A record with nothing in it yet but who, when and what.
pub(crate) fn entry(actor: Actor, at: At, kind: RecordKind, summary: impl Into<String>) -> Entry {
    Entry {
        at,
        kind,
        act: None,
        actor,
        cluster: None,
        appliance: None,
        outcome: None,
        summary: summary.into(),
        detail: serde_json::Value::Null,
    }
}

/// What a record says beside its summary. A detail that cannot be written down is an error: `null` in its place would be
/// a record that says less than it looks.
pub(crate) fn detail(said: &impl Serialize) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(said).map_err(|error| Failure::Internal(format!("A record cannot be written down ({error}).")))
}

impl Origin {
    /// With what the browser's cookies say.
    #[must_use]
    pub fn presenting(self, session: Option<&str>, device: Option<String>) -> Self {
        Self { session: session.map(random::hash), device: device.unwrap_or_default(), ..self }
    }

    /// By which requests of the same household are counted.
    pub fn network(&self) -> Network {
        Network::of(&self.from)
    }

    pub(crate) fn actor(&self, name: &str) -> Actor {
        Actor { name: name.to_owned(), from: self.from.clone(), request: self.request.clone(), ..Actor::gatehouse() }
    }
}

impl std::ops::Deref for WriteCx {
    type Target = ReadCx;

    fn deref(&self) -> &ReadCx {
        &self.0
    }
}

impl std::ops::Deref for AdminCx {
    type Target = ReadCx;

    fn deref(&self) -> &ReadCx {
        &self.0
    }
}

impl std::ops::Deref for ExportCx {
    type Target = ReadCx;

    fn deref(&self) -> &ReadCx {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_detail_that_cannot_be_written_down_is_an_error() {
        assert_eq!(detail(&"said").unwrap(), "said");
        // JSON has no other keys than texts.
        let failure = detail(&BTreeMap::from([((1, 2), 3)])).unwrap_err();
        assert!(matches!(&failure, Failure::Internal(sentence) if sentence.contains("cannot be written down")));
    }
}
