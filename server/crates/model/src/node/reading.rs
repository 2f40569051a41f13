//! What keeps the console from reading node IDs: said at once, instead of asking everybody in vain.

use super::{
    access::{Account, NodeAccess},
    keys::NodeKeys,
};
use std::net::Ipv4Addr;

/// Something that is missing before a node's menu program can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// No SSH account was given.
    NoAccount,
    /// A node refused it, so it is shown to none.
    AccountRefused,
    /// Nobody accepted the host keys of these.
    Keys(Vec<Ipv4Addr>),
}

impl Hindrance {
    pub fn sentence(&self) -> String {
        match self {
            Self::NoAccount => "An SSH account is missing: node IDs are read in the nodes' menu program.".into(),
            Self::AccountRefused => {
                "A node refused the SSH account, so it is shown to none until you say “Try again”.".into()
            }
            Self::Keys(nodes) => {
                let nodes: Vec<String> = nodes.iter().map(ToString::to_string).collect();
                format!("Nobody has accepted the keys of {} yet, so no password goes there.", nodes.join(", "))
            }
        }
    }
}

/// What is missing for the nodes given; `refused`: whether a node refused the SSH account.
pub fn hindrances<'k>(
    access: &NodeAccess,
    refused: bool,
    nodes: impl IntoIterator<Item = (Ipv4Addr, &'k NodeKeys)>,
) -> Vec<Hindrance> {
    let account = match access.user(Account::Ssh) {
        None => Some(Hindrance::NoAccount),
        Some(_) => refused.then_some(Hindrance::AccountRefused),
    };
    let without = |keys: &NodeKeys| keys.usable().is_none_or(|keys| keys.ssh.is_none());
    let closed: Vec<Ipv4Addr> =
        nodes.into_iter().filter(|(_, keys)| without(keys)).map(|(address, _)| address).collect();
    account.into_iter().chain((!closed.is_empty()).then_some(Hindrance::Keys(closed))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::from_millis,
        node::keys::{Accepted, Keys},
    };

    #[test]
    fn an_account_and_a_host_key_of_each_node_are_needed() {
        let keys = Keys { tls: None, ssh: Some("S1".into()) };
        let accepted = Accepted { at: from_millis(1), by: None, by_name: "ada".into(), keys };
        let open = NodeKeys { accepted: Some(accepted), ..NodeKeys::default() };
        let closed = NodeKeys::default();
        let (one, two) = (Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2));
        let access = NodeAccess { rest_user: None, ssh_user: Some("admin".into()) };
        let both = [(one, &open), (two, &closed)];
        assert_eq!(hindrances(&access, false, [(one, &open)]), []);
        assert_eq!(hindrances(&access, false, both), [Hindrance::Keys(vec![two])]);
        assert_eq!(hindrances(&access, true, both), [Hindrance::AccountRefused, Hindrance::Keys(vec![two])]);
        let nobody = NodeAccess { rest_user: Some("svc".into()), ssh_user: None };
        let said = hindrances(&nobody, false, both);
        assert_eq!(said, [Hindrance::NoAccount, Hindrance::Keys(vec![two])]);
        assert!(said.iter().chain(&[Hindrance::AccountRefused]).all(|why| why.sentence().ends_with('.')));
    }
}
