//! The keys of a cluster's nodes side by side: which may be accepted in one act, and which want a look of their own.

use super::keys::{Keys, NodeKeys, Offered};
use crate::certkey;
use std::{collections::BTreeMap, net::Ipv4Addr};

/// Why a node's keys are not accepted together with the others'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Apart {
    /// Another one than was accepted before.
    Changed,
    /// Another one was shown since, and now the accepted one again.
    Returned,
    /// It showed no certificate, or no host key where others did.
    Incomplete,
    /// All nodes of a cluster have the one certificate of their name.
    OtherCertificate,
    /// The name in its certificate.
    OtherName(String),
    /// A host key belongs to one machine: this one has that of another node.
    SameHostKey(Ipv4Addr),
}

impl Apart {
    pub fn sentence(&self, fqdn: &str) -> String {
        match self {
            Self::Changed => {
                "It shows another key than the one that was accepted. It may have been installed anew, or \
                              somebody else answers at its address: compare on the node itself."
                    .into()
            }
            Self::Returned => {
                "It showed another key since it was accepted, and shows the accepted one again. Somebody else may have \
                 answered at its address meanwhile: find out who, then accept the keys again."
                    .into()
            }
            Self::Incomplete => "It did not show both keys.".into(),
            Self::OtherCertificate => {
                "Its certificate is not the one that the other nodes show, though one cluster has one certificate."
                    .into()
            }
            Self::OtherName(name) => {
                format!(
                    "Its certificate is for {name}, and this cluster is {fqdn}. It may be a node of another cluster."
                )
            }
            Self::SameHostKey(other) => format!(
                "It has the SSH host key of {other}. A key belongs to one machine: it may be a clone, or one machine under \
                 two addresses."
            ),
        }
    }
}

/// What came of comparing. Each node is in one of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// One certificate for the cluster's name, a host key each, none of them ever another: may be accepted in one act.
    pub together: Vec<(Ipv4Addr, Keys)>,
    /// Shown, and each for itself to be compared.
    pub apart: Vec<(Ipv4Addr, Apart)>,
    /// Accepted, and nothing else was shown since.
    pub accepted: Vec<Ipv4Addr>,
    /// Neither shown nor accepted.
    pub missing: Vec<Ipv4Addr>,
}

impl Survey {
    /// The certificate of those that belong together, as people compare it.
    pub fn certificate(&self) -> Option<String> {
        self.together.first().and_then(|(_, keys)| keys.tls_text())
    }
}

/// Compares the keys of one cluster's nodes with each other.
pub fn survey<'k>(nodes: impl IntoIterator<Item = (Ipv4Addr, &'k NodeKeys)>, fqdn: &str) -> Survey {
    let nodes: Vec<(Ipv4Addr, &NodeKeys)> = nodes.into_iter().collect();
    let certificate = common(&nodes);
    let host_keys = nodes.iter().any(|(_, keys)| news(keys).is_some_and(|offered| offered.keys.ssh.is_some()));
    let mut survey = Survey::default();
    for (address, keys) in &nodes {
        let Some(offered) = news(keys) else {
            match (keys.usable(), &keys.changed) {
                (Some(_), _) => survey.accepted.push(*address),
                (None, Some(_)) => survey.apart.push((*address, Apart::Changed)),
                (None, None) => survey.missing.push(*address),
            }
            continue;
        };
        let twin = offered.keys.ssh.as_deref().and_then(|ssh| {
            let mut others = nodes.iter().filter(|(other, _)| other != address);
            others.find(|(_, keys)| host_key(keys) == Some(ssh)).map(|(other, _)| *other)
        });
        let why = if keys.returned() {
            Some(Apart::Returned)
        } else if keys.changed.is_some() || keys.changed_by(&offered.keys, offered.at).is_some() {
            Some(Apart::Changed)
        } else if offered.keys.tls.is_none() || (host_keys && offered.keys.ssh.is_none()) {
            Some(Apart::Incomplete)
        } else if let Some(twin) = twin {
            Some(Apart::SameHostKey(twin))
        } else if certificate != offered.keys.tls.as_deref() {
            Some(Apart::OtherCertificate)
        } else {
            offered.other_name(fqdn).map(Apart::OtherName)
        };
        match why {
            Some(why) => survey.apart.push((*address, why)),
            None => survey.together.push((*address, offered.keys.clone())),
        }
    }
    survey
}

/// What was shown and is not accepted already.
fn news(keys: &NodeKeys) -> Option<&Offered> {
    let offered = keys.offered.as_ref().filter(|offered| !offered.keys.is_empty())?;
    (keys.usable() != Some(&offered.keys)).then_some(offered)
}

fn host_key(keys: &NodeKeys) -> Option<&str> {
    let offered = keys.offered.as_ref().and_then(|offered| offered.keys.ssh.as_deref());
    offered.or_else(|| keys.usable().and_then(|keys| keys.ssh.as_deref()))
}

/// The certificate that accepted nodes have, else the one that most nodes show; `None` where that is not one.
fn common<'k>(nodes: &[(Ipv4Addr, &'k NodeKeys)]) -> Option<&'k str> {
    let accepted = most(nodes.iter().filter_map(|(_, keys)| keys.usable()?.tls.as_deref()));
    accepted.or_else(|| most(nodes.iter().filter_map(|(_, keys)| keys.offered.as_ref()?.keys.tls.as_deref())))
}

/// The one that is there more often than any other.
fn most<'k>(all: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_default() += 1);
    let best = counts.values().max().copied()?;
    let mut leaders = counts.into_iter().filter(|(_, count)| *count == best).map(|(one, _)| one);
    leaders.next().filter(|_| leaders.next().is_none())
}

impl Offered {
    /// The common name of its certificate where that is a name and does not cover `fqdn`.
    fn other_name(&self, fqdn: &str) -> Option<String> {
        let name = certkey::common_name(self.subject.as_deref()?)?;
        (name.contains('.') && !certkey::fits(name, fqdn)).then(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;

    const FQDN: &str = "xms.example.com";

    fn node(last: u8) -> Ipv4Addr {
        Ipv4Addr::new(10, 20, 30, last)
    }

    fn shown(tls: &str, ssh: &str) -> NodeKeys {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let keys = Keys { tls: text(tls), ssh: text(ssh) };
        let subject = Some(format!("CN={FQDN}, O=Example"));
        let offered = Offered { at: from_millis(1), keys, subject, problems: Vec::new() };
        NodeKeys { offered: Some(offered), ..NodeKeys::default() }
    }

    fn accepted(tls: &str, ssh: &str) -> NodeKeys {
        let keys = shown(tls, ssh);
        let seen = keys.offered.clone().unwrap().keys;
        keys.accept(&seen, None, "ada", from_millis(2)).unwrap()
    }

    fn of(nodes: &[NodeKeys]) -> Survey {
        survey((11..).map(node).zip(nodes), FQDN)
    }

    fn apart(nodes: &[NodeKeys]) -> Vec<(u8, Apart)> {
        of(nodes).apart.into_iter().map(|(address, why)| (address.octets()[3], why)).collect()
    }

    #[test]
    fn one_certificate_and_a_host_key_each_may_be_accepted_together() {
        let survey = of(&[shown("aa", "S1"), shown("aa", "S2"), NodeKeys::default(), accepted("aa", "S4")]);
        let together: Vec<Ipv4Addr> = survey.together.iter().map(|(address, _)| *address).collect();
        assert_eq!((together, survey.apart), (vec![node(11), node(12)], vec![]));
        assert_eq!((survey.missing, survey.accepted), (vec![node(13)], vec![node(14)]));
        assert_eq!(of(&[shown("aa", ""), shown("aa", "")]).together.len(), 2, "a site without SSH");
    }

    #[test]
    fn what_differs_stands_apart_with_its_reason() {
        assert_eq!(apart(&[shown("aa", "S1"), shown("aa", "S2"), shown("bb", "S3")]), [(13, Apart::OtherCertificate)]);
        assert_eq!(
            apart(&[accepted("aa", "S1"), shown("bb", "S2"), shown("bb", "S3")]).len(),
            2,
            "accepted ones count"
        );
        assert_eq!(apart(&[shown("aa", "S1"), shown("bb", "S2")]).len(), 2, "nobody can say which of two is right");
        assert_eq!(apart(&[shown("aa", "S1"), shown("aa", "")]), [(12, Apart::Incomplete)]);
        let twins = [(11, Apart::SameHostKey(node(12))), (12, Apart::SameHostKey(node(11)))];
        assert_eq!(apart(&[shown("aa", "S1"), shown("aa", "S1")]), twins);
        assert_eq!(apart(&[accepted("aa", "S1"), shown("aa", "S1")]), [(12, Apart::SameHostKey(node(11)))]);
        let moved = NodeKeys { offered: shown("aa", "S9").offered, ..accepted("aa", "S1") };
        assert_eq!(apart(&[moved, shown("aa", "S2")]), [(11, Apart::Changed)]);
        let mut stranger = shown("aa", "S1");
        stranger.offered.as_mut().unwrap().subject = Some("CN=mdm.example.org".into());
        assert_eq!(apart(&[stranger]), [(11, Apart::OtherName("mdm.example.org".into()))]);
    }

    #[test]
    fn a_key_that_was_another_one_meanwhile_wants_a_look_whatever_is_shown_now() {
        let other = Keys { tls: Some("bb".into()), ssh: None };
        let changed = accepted("aa", "S1").changed_by(&other, from_millis(3)).unwrap();
        assert_eq!(apart(std::slice::from_ref(&changed)), [(11, Apart::Changed)]);
        let again = NodeKeys { offered: shown("aa", "S1").offered, ..changed };
        assert!(again.returned());
        assert_eq!(apart(std::slice::from_ref(&again)), [(11, Apart::Returned)]);
        let seen = again.offered.clone().unwrap().keys;
        let accepted = again.accept(&seen, None, "ada", from_millis(4)).unwrap();
        assert!(!accepted.returned() && accepted.usable() == Some(&seen));
    }

    #[test]
    fn a_wildcard_or_no_name_at_all_is_nobody_else_s() {
        for subject in [Some("CN=*.example.com".into()), Some("O=Example".into()), Some("CN=XenMobile".into()), None] {
            let mut keys = shown("aa", "S1");
            keys.offered.as_mut().unwrap().subject = subject;
            assert_eq!(of(&[keys]).together.len(), 1);
        }
    }

    #[test]
    fn every_reason_is_a_sentence() {
        use Apart::{Changed, Incomplete, OtherCertificate, OtherName, Returned, SameHostKey};
        for why in [
            Changed,
            Returned,
            Incomplete,
            OtherCertificate,
            OtherName("mdm.example.org".into()),
            SameHostKey(node(12)),
        ] {
            assert!(why.sentence(FQDN).ends_with('.'), "{why:?}");
        }
    }
}
