//! Who asks, as a value: code without a [`WriteCx`] cannot call what changes something.

use crate::{Failure, Network, random};
use model::{
    At,
    person::{Person, Role},
    record::{Actor, Entry, RecordKind},
};
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

/// Somebody signed in: may read. Made by [`crate::Services::visitor`] alone.
#[derive(Clone, Debug)]
pub struct ReadCx {
    pub(crate) person: Person,
    pub(crate) origin: Origin,
    pub(crate) session: TokenHash,
    /// The session wants another token.
    pub(crate) renew: bool,
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

    /// The session's short id: tells it from others and opens nothing.
    pub fn session_id(&self) -> String {
        hex::encode(&self.session[..16])
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

impl Origin {
    /// With what the browser's cookies say.
    #[must_use]
    pub fn presenting(self, session: Option<&str>, device: Option<String>) -> Self {
        Self { session: session.map(random::hash), device: device.unwrap_or_default(), ..self }
    }

    /// Whose drafts these are before anybody signed in: the browser with this cookie.
    pub fn owner(visitor: &str) -> String {
        format!("visitor:{}", hex::encode(&random::hash(visitor)[..16]))
    }

    /// By which requests of the same household are counted.
    pub fn network(&self) -> Network {
        Network::of(&self.from)
    }

    pub(crate) fn actor(&self, name: &str) -> Actor {
        Actor { person: None, name: name.to_owned(), from: self.from.clone(), request: self.request.clone() }
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
