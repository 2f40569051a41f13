//! People and what they may do.

use crate::{fields::FieldErrors, ids::PersonId, names};
use serde::{Deserialize, Serialize};

/// What a person may do. Viewers read; operators draft, plan and apply; admins also manage appliances and people;
/// auditors read, and export and verify the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Viewer,
    Operator,
    Admin,
    Auditor,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Operator, Self::Admin, Self::Auditor];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// May change clusters: draft, plan, apply.
    pub const fn may_operate(self) -> bool {
        matches!(self, Self::Operator | Self::Admin)
    }

    /// May manage appliances, people, settings.
    pub const fn may_administer(self) -> bool {
        matches!(self, Self::Admin)
    }
}

/// One person of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    /// What they sign in with, and what the log calls them.
    pub name: String,
    pub role: Role,
}

/// Shortest password taken; longer is better than stranger.
pub const PASSWORD_LEAST: usize = 12;

/// A name to sign in with.
pub fn sign_in_name(typed: &str) -> Result<String, String> {
    let name = names::title(typed, "the person")?;
    if name.chars().any(|c| c.is_whitespace() || !(c.is_alphanumeric() || "._-@".contains(c))) {
        return Err("A sign-in name has letters, digits, dot, hyphen, underscore and @, and no blanks.".into());
    }
    Ok(name)
}

/// A new person's name and password.
pub fn check_new(name: &str, password: &str) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = errors.keep("name", sign_in_name(name));
    let length = password.chars().count();
    if length < PASSWORD_LEAST {
        errors.add("password", format!("The password has {length} characters; at least {PASSWORD_LEAST} are needed."));
    } else if length > 200 {
        errors.add("password", "The password is longer than 200 characters.");
    }
    match name {
        Some(name) if errors.is_empty() => Ok(name),
        _ => Err(errors),
    }
}
