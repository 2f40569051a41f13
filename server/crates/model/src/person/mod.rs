//! People and what they may do.

mod names;
mod rights;

use crate::ids::{ClusterId, PersonId};
pub use crate::passwords::{PASSWORD_LEAST, check_password};
pub use names::{check_new, sign_in_name, spelled};
pub use rights::{RightsForm, sees, with_names};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};

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

    /// May take the log out of Gatehouse.
    pub const fn may_export(self) -> bool {
        matches!(self, Self::Admin | Self::Auditor)
    }
}

/// Which clusters a person has to do with. What is out of scope does not exist for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All there are, and all there will be.
    #[default]
    All,
    Only(BTreeSet<ClusterId>),
}

impl Scope {
    pub fn includes(&self, cluster: ClusterId) -> bool {
        match self {
            Self::All => true,
            Self::Only(clusters) => clusters.contains(&cluster),
        }
    }
}

/// By number, as the log keeps it: a title would tell of a cluster that its reader may not see.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all clusters"),
            Self::Only(clusters) => {
                f.write_str(if clusters.len() == 1 { "cluster" } else { "clusters" })?;
                let mut before = " ";
                for id in clusters {
                    write!(f, "{before}{id}")?;
                    before = ", ";
                }
                Ok(())
            }
        }
    }
}

/// One person of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    /// What they sign in with, and what the log calls them.
    pub name: String,
    pub role: Role,
    pub scope: Scope,
}

impl Person {
    /// Whose drafts these are.
    pub fn owner(&self) -> String {
        format!("person:{}", self.id)
    }
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// By an admin, or by its owner from another browser.
    Ended,
    /// An admin gave its owner another password.
    PasswordSet,
    /// Its owner changed theirs.
    PasswordChanged,
    /// Sign-in was switched off for its owner.
    Disabled,
    /// Nobody used it for long enough, or it was as old as one may be.
    Expired,
    /// By its owner, from another tab perhaps.
    SignedOut,
    /// Somebody signed in with the same browser.
    Replaced,
}

impl SessionEnd {
    /// To whoever still has it. `by` is who did it.
    pub fn sentence(self, by: &str) -> String {
        match self {
            Self::Ended => format!("Your session was ended by {by}."),
            Self::PasswordSet => format!("Your session ended because {by} gave you another password."),
            Self::PasswordChanged => {
                "Your session ended because your password was changed from another browser.".into()
            }
            Self::Disabled => format!("Your session ended because {by} switched sign-in off for you."),
            Self::Expired => {
                "Your session ended: nobody had used it for a while, or it was as old as a session may be.".into()
            }
            Self::SignedOut => "You signed out, perhaps in another tab.".into(),
            Self::Replaced => "Your session ended when somebody signed in with this browser.".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[i64]) -> BTreeSet<ClusterId> {
        ids.iter().copied().map(ClusterId).collect()
    }

    #[test]
    fn a_scope_includes_what_it_names() {
        assert!(Scope::All.includes(ClusterId(5)));
        let some = Scope::Only(ids(&[1, 7]));
        assert!(some.includes(ClusterId(7)) && !some.includes(ClusterId(5)));
        assert_eq!((some.to_string(), Scope::All.to_string()), ("clusters 1, 7".into(), "all clusters".into()));
        assert!(!Scope::Only(BTreeSet::new()).includes(ClusterId(1)), "nothing is not everything");
    }
}
