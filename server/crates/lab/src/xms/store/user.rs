//! Accounts of the console and the API: local ones, and those of a directory that have been here.

use crate::{clock::LabTime, xms::profile};
use serde_json::{Value, json};
use std::time::Duration;

#[derive(Clone, Debug)]
pub(crate) struct User {
    pub id: u64,
    pub name: String,
    pub password: String,
    pub role: String,
    pub groups: Vec<String>,
    pub attributes: Value,
    /// The domain of a directory user; local without one.
    pub directory: Option<String>,
    /// Wrong passwords in a row.
    wrong: u64,
    locked: Option<LabTime>,
}

/// When a directory locks an account: after so many wrong passwords (0: never), for so long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LockRule {
    pub limit: u64,
    pub time: Duration,
}

impl User {
    pub fn new(seed: &profile::User, password: &str) -> Self {
        let role = if seed.api { "ADMIN" } else { "SUPPORT" };
        Self {
            directory: seed.directory.clone(),
            ..Self::local(0, &seed.name, password, seed.role.as_deref().unwrap_or(role))
        }
    }

    pub fn local(id: u64, name: &str, password: &str, role: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            password: password.to_owned(),
            role: role.to_owned(),
            groups: Vec::new(),
            attributes: json!({}),
            directory: None,
            wrong: 0,
            locked: None,
        }
    }

    /// Whether the password opens the account; wrong ones count against it.
    pub fn opens(&mut self, password: Option<&str>, rule: LockRule, now: LabTime) -> Result<bool, Locked> {
        if self.locked.is_some_and(|since| now < since.plus(rule.time)) {
            return Err(Locked);
        }
        self.locked = None;
        if password == Some(self.password.as_str()) {
            self.wrong = 0;
            return Ok(true);
        }
        self.wrong += 1;
        if rule.limit > 0 && self.wrong >= rule.limit {
            (self.wrong, self.locked) = (0, Some(now));
        }
        Ok(false)
    }

    pub fn view(&self) -> Value {
        json!({
            "userid": self.id,
            "username": self.name,
            "confirmPassword": null,
            "groups": self.groups,
            "attributes": self.attributes,
            "role": self.role,
            "roles": [self.role],
            "vppAccounts": null,
            "password": "",
        })
    }
}

/// Not even the right password opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Locked;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_passwords_lock_for_a_while_when_the_directory_says_so() {
        let mut user = User::local(1, "anna", "right", "ADMIN");
        let rule = LockRule { limit: 2, time: Duration::from_mins(1) };
        let start = LabTime(0);
        assert_eq!(user.opens(Some("wrong"), rule, start), Ok(false));
        assert_eq!(user.opens(Some("right"), rule, start), Ok(true), "a right one forgives");
        assert_eq!(user.opens(Some("wrong"), rule, start), Ok(false));
        assert_eq!(user.opens(None, rule, start), Ok(false));
        assert_eq!(user.opens(Some("right"), rule, LabTime(59_999)), Err(Locked));
        assert_eq!(user.opens(Some("right"), rule, LabTime(60_000)), Ok(true));
        let never = LockRule { limit: 0, ..rule };
        assert!((0..9).all(|_| user.opens(None, never, start) == Ok(false)));
        assert_eq!(user.opens(Some("right"), never, start), Ok(true));
    }
}
