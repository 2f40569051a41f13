//! Who may come in over the console and the API: local users, and those of a directory while it can be reached.

use super::{
    Ill,
    store::{LockRule, Store},
};
use crate::node::Node;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denied {
    Wrong,
    Locked,
}

/// The user's name as it is known here, when the password opens the account.
pub(super) fn open(node: &Node, name: &str, password: Option<&str>) -> Result<String, Denied> {
    let now = node.cluster.now();
    let database = node.machine.database().ok_or(Denied::Wrong)?;
    let ldap_down = node.machine.ills().has(Ill::LdapDown);
    let mut store = database.store();
    let rule = rule(&store, name);
    let user = store.user_mut(name).ok_or(Denied::Wrong)?;
    if user.directory.is_some() && ldap_down {
        return Err(Denied::Wrong);
    }
    match user.opens(password, rule, now) {
        Ok(true) => Ok(user.name.clone()),
        Ok(false) => Err(Denied::Wrong),
        Err(_) => Err(Denied::Locked),
    }
}

/// The directory's own: `lockoutLimit` wrong passwords, `lockoutTime` minutes. Local accounts never lock.
fn rule(store: &Store, name: &str) -> LockRule {
    let domain = store.user(name).and_then(|user| user.directory.as_deref());
    let entry = store.directories.iter().find(|entry| domain.is_some() && entry["name"].as_str() == domain);
    let number = |key: &str| entry.and_then(|entry| entry[key].as_u64()).unwrap_or_default();
    LockRule { limit: number("lockoutLimit"), time: Duration::from_secs(number("lockoutTime").saturating_mul(60)) }
}
