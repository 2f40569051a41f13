//! The two accounts of a cluster's nodes, as they are typed. Passwords come apart and are never part of a form.

use crate::fields::FieldErrors;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which account. They lie in different stores of the node (`xenmobile.md` 1.1), so their names and passwords differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Web console and REST.
    Rest,
    /// The menu program over SSH.
    Ssh,
}

impl Account {
    pub const ALL: [Self; 2] = [Self::Rest, Self::Ssh];

    /// Name of its password's field.
    pub const fn password_field(self) -> &'static str {
        match self {
            Self::Rest => "rest_password",
            Self::Ssh => "ssh_password",
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rest => "REST account",
            Self::Ssh => "SSH account",
        })
    }
}

/// The form as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeAccessForm {
    pub rest_user: String,
    pub ssh_user: String,
}

/// The form, read: which accounts there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeAccess {
    pub rest_user: Option<String>,
    pub ssh_user: Option<String>,
}

impl NodeAccess {
    pub fn user(&self, account: Account) -> Option<&str> {
        match account {
            Account::Rest => self.rest_user.as_deref(),
            Account::Ssh => self.ssh_user.as_deref(),
        }
    }

    /// The form that shows it.
    pub fn form(&self) -> NodeAccessForm {
        let text = |user: &Option<String>| user.clone().unwrap_or_default();
        NodeAccessForm { rest_user: text(&self.rest_user), ssh_user: text(&self.ssh_user) }
    }
}

impl NodeAccessForm {
    /// An empty name means: do without this account.
    pub fn parse(&self) -> Result<NodeAccess, FieldErrors> {
        let mut errors = FieldErrors::default();
        let rest_user = errors.keep("rest_user", name(&self.rest_user));
        let ssh_user = errors.keep("ssh_user", name(&self.ssh_user));
        match (rest_user, ssh_user) {
            (Some(rest_user), Some(ssh_user)) => Ok(NodeAccess { rest_user, ssh_user }),
            _ => Err(errors),
        }
    }
}

fn name(typed: &str) -> Result<Option<String>, String> {
    let name = typed.trim();
    if name.len() > 255 {
        return Err(format!("The name has {} characters; no account's name is longer than 255.", name.len()));
    }
    if name.chars().any(char::is_control) {
        return Err("There is a control character in the name. Type it instead of pasting it.".into());
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_name_does_without_the_account() {
        let form = NodeAccessForm { rest_user: " svc ".into(), ssh_user: "  ".into() };
        let access = form.parse().unwrap();
        assert_eq!((access.user(Account::Rest), access.user(Account::Ssh)), (Some("svc"), None));
        assert_eq!(access.form().parse().unwrap(), access);
    }

    #[test]
    fn what_is_no_name_has_a_sentence_beside_its_field() {
        let form = NodeAccessForm { rest_user: "a\u{7}b".into(), ssh_user: "x".repeat(256) };
        let errors = form.parse().unwrap_err();
        assert!(errors.get("rest_user").is_some_and(|sentence| sentence.ends_with('.')));
        assert!(errors.get("ssh_user").is_some_and(|sentence| sentence.contains("256")));
    }
}
