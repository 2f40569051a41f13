//! How a node proves who it is: shown first, accepted by a person, and a reason to stop when it changes.

use super::{
    door::Door,
    facts::NodeFacts,
    ids::{IdFact, Source},
    trouble::{Trouble, TroubleKind},
};
use crate::{appliance::fingerprint_text, clock::At, ids::PersonId};
use serde::{Deserialize, Serialize};

/// The certificate of the management port and the SSH host key; `None` where it was not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keys {
    /// SHA-256 of the certificate: 64 hexadecimal digits in lower case.
    pub tls: Option<String>,
    /// As `ssh-keygen -l` shows it: `ssh-ed25519 SHA256:…`.
    pub ssh: Option<String>,
}

impl Keys {
    pub fn is_empty(&self) -> bool {
        self.tls.is_none() && self.ssh.is_none()
    }

    /// The certificate's fingerprint as people compare it: `AB:CD:…`.
    pub fn tls_text(&self) -> Option<String> {
        self.tls.as_deref().map(fingerprint_text)
    }

    /// What is here, and from `other` what is not.
    #[must_use]
    fn or(self, other: Self) -> Self {
        Self { tls: self.tls.or(other.tls), ssh: self.ssh.or(other.ssh) }
    }
}

/// What a node showed when somebody asked for it. Nothing is trusted by this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    pub at: At,
    pub keys: Keys,
    /// The name in the certificate.
    #[serde(default)]
    pub subject: Option<String>,
    /// Why a key is missing.
    #[serde(default)]
    pub problems: Vec<String>,
}

/// What somebody compared and accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub at: At,
    pub by: Option<PersonId>,
    /// As they were called then.
    pub by_name: String,
    pub keys: Keys,
}

/// Another key than the accepted one was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChange {
    pub at: At,
    /// What was shown instead; only what differs.
    pub keys: Keys,
}

/// All that is known of one node's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeKeys {
    pub offered: Option<Offered>,
    pub accepted: Option<Accepted>,
    /// While this is there, nobody logs in to the node.
    pub changed: Option<KeyChange>,
}

impl NodeKeys {
    /// The accepted keys, unless another one was shown since.
    pub fn usable(&self) -> Option<&Keys> {
        self.accepted.as_ref().filter(|_| self.changed.is_none()).map(|accepted| &accepted.keys)
    }

    /// Another key was shown since, and the last time that somebody asked, the accepted ones again. Still nobody logs in
    /// before they are accepted once more.
    pub fn returned(&self) -> bool {
        let shown = self.offered.as_ref().map(|offered| &offered.keys);
        self.changed.is_some() && shown.is_some() && shown == self.accepted.as_ref().map(|accepted| &accepted.keys)
    }

    /// Accepts exactly what was shown. A key that was not shown this time stays as it was accepted before.
    pub fn accept(&self, shown: &Keys, by: Option<PersonId>, by_name: &str, at: At) -> Result<Self, String> {
        let Some(offered) = self.offered.as_ref().filter(|offered| !offered.keys.is_empty()) else {
            return Err("There are no keys to accept. Fetch the node's keys first.".into());
        };
        if offered.keys != *shown {
            return Err(
                "The keys were fetched again meanwhile and are not the ones that you saw. Nothing was accepted; \
                        compare those that are shown now."
                    .into(),
            );
        }
        let before = self.accepted.clone().map(|accepted| accepted.keys).unwrap_or_default();
        let keys = shown.clone().or(before);
        // A change of the key that was not shown this time is still unexplained.
        let left = |changed: KeyChange| {
            let tls = changed.keys.tls.filter(|_| shown.tls.is_none());
            let ssh = changed.keys.ssh.filter(|_| shown.ssh.is_none());
            let keys = Keys { tls, ssh };
            (!keys.is_empty()).then_some(KeyChange { keys, ..changed })
        };
        Ok(Self {
            offered: None,
            accepted: Some(Accepted { at, by, by_name: by_name.to_owned(), keys }),
            changed: self.changed.clone().and_then(left),
        })
    }

    /// Compares with what a node shows now; gives what is to be kept when that is news.
    pub fn changed_by(&self, seen: &Keys, at: At) -> Option<Self> {
        let accepted = &self.accepted.as_ref()?.keys;
        let differs = |seen: &Option<String>, accepted: &Option<String>| {
            seen.clone().filter(|seen| accepted.as_ref().is_some_and(|accepted| accepted != seen))
        };
        let keys = Keys { tls: differs(&seen.tls, &accepted.tls), ssh: differs(&seen.ssh, &accepted.ssh) };
        if keys.is_empty() {
            return None;
        }
        let known = self.changed.as_ref();
        let keys = keys.or(known.map(|changed| changed.keys.clone()).unwrap_or_default());
        if known.is_some_and(|changed| changed.keys == keys) {
            return None;
        }
        Some(Self { changed: Some(KeyChange { at, keys }), ..self.clone() })
    }

    /// It was read before the node showed another key: it may be another machine's.
    pub fn had_another(&self, fact: &IdFact) -> bool {
        matches!((&self.changed, fact.at), (Some(changed), Some(at)) if at <= changed.at && fact.source == Source::Ssh)
    }

    /// Takes away what failed for want of the keys that are accepted now, and what another machine may have said: neither
    /// says anything any more.
    pub fn outdate(&self, facts: &mut NodeFacts) {
        facts.ids.retain(|fact| !self.had_another(fact));
        let Some(keys) = self.usable() else { return };
        let settled = |door: Door| match door {
            Door::Open => false,
            Door::Page | Door::Rest => keys.tls.is_some(),
            Door::Ssh => keys.ssh.is_some(),
        };
        let for_want = |trouble: &Trouble| matches!(trouble.kind, TroubleKind::Unaccepted | TroubleKind::KeyChanged);
        facts.tries.retain(|door, told| !(settled(*door) && told.value.as_ref().is_some_and(for_want)));
    }

    /// Why nobody logs in to the node.
    pub fn alarm(&self, address: &str) -> Option<String> {
        let changed = self.changed.as_ref()?;
        let what = match (&changed.keys.tls, &changed.keys.ssh) {
            (Some(_), Some(_)) => "another certificate and another SSH host key",
            (Some(_), None) => "another certificate",
            _ => "another SSH host key",
        };
        Some(format!(
            "{address} shows {what} than was accepted. It may have been installed anew or given a new certificate; it may \
             also be somebody else who answers at its address. Nothing secret is sent to it until somebody fetches its \
             keys, compares them on the node itself and accepts them."
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::from_millis, node::Told};

    fn keys(tls: &str, ssh: &str) -> Keys {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Keys { tls: text(tls), ssh: text(ssh) }
    }

    fn offering(keys: Keys) -> NodeKeys {
        let offered = Offered { at: from_millis(1), keys, subject: None, problems: Vec::new() };
        NodeKeys { offered: Some(offered), ..NodeKeys::default() }
    }

    fn accepted(keys: &Keys) -> NodeKeys {
        offering(keys.clone()).accept(keys, None, "ada", from_millis(2)).unwrap()
    }

    #[test]
    fn only_what_was_shown_is_accepted() {
        let offered = offering(keys("aa", "S1"));
        for other in [keys("aa", "S2"), keys("bb", "S1"), keys("aa", ""), Keys::default()] {
            assert!(offered.accept(&other, None, "ada", from_millis(2)).unwrap_err().ends_with('.'), "{other:?}");
        }
        assert!(NodeKeys::default().accept(&Keys::default(), None, "ada", from_millis(2)).is_err(), "nothing shown");
        assert_eq!(accepted(&keys("aa", "S1")).usable(), Some(&keys("aa", "S1")));
        assert_eq!(offered.usable(), None, "shown is not accepted");
    }

    #[test]
    fn a_change_stops_the_node_until_that_key_is_accepted() {
        let good = accepted(&keys("aa", "S1"));
        assert_eq!(good.changed_by(&keys("aa", ""), from_millis(3)), None);
        let stopped = good.changed_by(&keys("bb", "S1"), from_millis(3)).unwrap();
        assert_eq!((stopped.usable(), stopped.changed_by(&keys("bb", ""), from_millis(4))), (None, None));
        assert!(stopped.alarm("10.0.0.1").unwrap().contains("another certificate than"));
        // SSH alone is fetched and accepted: the certificate is still not explained.
        let half = NodeKeys { offered: offering(keys("", "S1")).offered, ..stopped.clone() };
        let half = half.accept(&keys("", "S1"), None, "ada", from_millis(5)).unwrap();
        assert_eq!(half.usable(), None);
        let whole = NodeKeys { offered: offering(keys("bb", "S1")).offered, ..stopped };
        let whole = whole.accept(&keys("bb", "S1"), None, "ada", from_millis(5)).unwrap();
        assert_eq!(whole.usable(), Some(&keys("bb", "S1")));
        assert_eq!(whole.alarm("10.0.0.1"), None);
    }

    #[test]
    fn what_failed_for_want_of_keys_says_nothing_once_they_are_accepted() {
        let told = |kind: Option<TroubleKind>| {
            Told::new(from_millis(1), kind.map(|kind| Trouble::new(kind, "It did not work.")))
        };
        let wanting = told(Some(TroubleKind::Unaccepted));
        let tries = [
            (Door::Open, told(Some(TroubleKind::KeyChanged))),
            (Door::Page, told(Some(TroubleKind::Silent))),
            (Door::Rest, told(None)),
            (Door::Ssh, wanting),
        ];
        let facts = NodeFacts { tries: tries.into(), ..NodeFacts::new(std::net::Ipv4Addr::new(10, 0, 0, 1)) };
        let after = |keys: &NodeKeys| {
            let mut facts = facts.clone();
            keys.outdate(&mut facts);
            facts.tries.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(after(&accepted(&keys("aa", "S1"))), [Door::Open, Door::Page, Door::Rest]);
        assert_eq!(after(&accepted(&keys("aa", ""))), Door::ALL, "its host key is still to be accepted");
        assert_eq!(after(&NodeKeys::default()), Door::ALL);
    }

    #[test]
    fn a_key_that_could_not_be_fetched_stays_accepted() {
        let good = NodeKeys { offered: offering(keys("bb", "")).offered, ..accepted(&keys("aa", "S1")) };
        let next = good.accept(&keys("bb", ""), None, "ada", from_millis(5)).unwrap();
        assert_eq!(next.usable(), Some(&keys("bb", "S1")));
    }
}
