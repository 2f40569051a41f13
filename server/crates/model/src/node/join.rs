//! Joining: the first-time-use wizard's questions with the answers to type (`xenmobile.md` 3.7), and whether a node has
//! really joined.

use super::{
    facts::NodeFacts,
    membership::{Belonging, Lists, Membership},
};
use crate::{clock::At, state::Tone};
use std::net::Ipv4Addr;

/// One question of the wizard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub asked: &'static str,
    /// What to type, or where it is kept. Never a secret itself.
    pub answer: String,
    /// What goes wrong otherwise.
    pub why: &'static str,
}

fn question(asked: &'static str, answer: impl Into<String>, why: &'static str) -> Question {
    Question { asked, answer: answer.into(), why }
}

fn network(address: Ipv4Addr) -> Question {
    question(
        "IP address, netmask, gateway, DNS servers; commit?",
        format!("{address}, then netmask, gateway and DNS servers of its network; y"),
        "The node ID follows from the address: a copied machine gets its own address before its first start.",
    )
}

/// The questions of a cluster's first node, in order.
pub fn first_node(address: Ipv4Addr, fqdn: &str) -> Vec<Question> {
    vec![
        question(
            "New password for the CLI account admin",
            "a new one, into your password store; type it above as the SSH account's",
            "Use the same on all nodes: Gatehouse keeps one SSH account for the cluster.",
        ),
        network(address),
        question(
            "Generate a random passphrase to protect server data?",
            "n, then a passphrase of your own, into your password store",
            "A random one can never be shown again, and every node that joins must give the same.",
        ),
        question(
            "Enable FIPS mode?",
            "n, unless your rules ask for it",
            "It cannot be undone and must be the same on all nodes.",
        ),
        question(
            "Database: local or remote, kind, TLS, server, port, user, password, name",
            "remote, Microsoft SQL, your server, 1433, user and name; the password is in your password store",
            "A cluster needs a database that all nodes reach; the local one is for tests.",
        ),
        question(
            "Enable cluster?",
            "y",
            "Without it the next node cannot join. Open port 80 between the nodes afterwards.",
        ),
        question("XenMobile host name", fqdn, "Devices keep this name; it cannot be changed later."),
        question(
            "Ports for HTTP, HTTPS with and without certificate, management",
            "80, 443, 8443, 4443",
            "The load balancer and this console expect them.",
        ),
        question("Upgrade from a previous release?", "n", ""),
        question(
            "Passwords of the root, server and devices certificate authorities; the same for all?",
            "into your password store",
            "Write them down: every node that joins must repeat them.",
        ),
        question(
            "Name and password of the web console's administrator",
            "administrator, and a password into your password store",
            "Make an account of its own for Gatehouse later, with the permission “Public API access”.",
        ),
    ]
}

/// The questions of a node that joins, in order. Name, ports and administrator come from the database.
pub fn joining_node(address: Ipv4Addr) -> Vec<Question> {
    vec![
        question(
            "New password for the CLI account admin",
            "the one of the other nodes, from your password store",
            "Gatehouse keeps one SSH account for the cluster.",
        ),
        network(address),
        question(
            "Generate a random passphrase to protect server data?",
            "n, then the first node's passphrase, from your password store",
            "With another one the node cannot read what the others wrote.",
        ),
        question("Enable FIPS mode?", "as on the first node", "It must be the same on all nodes."),
        question(
            "Database: local or remote, kind, TLS, server, port, user, password, name",
            "exactly as on the first node; the password is in your password store",
            "The wizard must answer “Database already exists”. If it does not, it has just made a new, lonely server: stop and look at what was typed.",
        ),
        question(
            "Passwords of the certificate authorities",
            "those of the first node, from your password store",
            "Others would make certificates that devices do not trust.",
        ),
        question("Restart?", "y", "After the restart the login prompt shows the cluster's host name."),
    ]
}

/// Whether a node has really joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    pub tone: Tone,
    pub sentence: String,
    /// When the list was read that says so.
    pub at: Option<At>,
}

impl Lists<'_> {
    /// Judges by the member lists of all nodes, see [`membership`](Self::membership).
    pub fn joined(&self, address: Ipv4Addr) -> Joined {
        let Some(it) = self.membership(address) else {
            return Joined {
                tone: Tone::Unknown,
                sentence: "Not known: no node has told its member list yet. Read the node IDs over SSH, or paste what \
                           Show Cluster Status prints."
                    .into(),
                at: None,
            };
        };
        let (tone, sentence) = sentence(address, self.nodes, &it);
        Joined { tone, sentence, at: Some(it.at) }
    }
}

fn sentence(address: Ipv4Addr, nodes: &[NodeFacts], it: &Membership) -> (Tone, String) {
    let witness = it.witness;
    let status = it.line.as_ref().map_or("without a status", |line| line.status.as_str());
    let size = || {
        let own = nodes.iter().find(|node| node.address == witness).and_then(|node| node.members.as_ref());
        own.map_or(0, |told| told.value.list.len())
    };
    match it.belonging {
        Belonging::Active if witness != address => (Tone::Good, format!("Joined: {witness} lists it as {status}.")),
        Belonging::Active if nodes.len() == 1 => (Tone::Good, "It is the only node, and lists itself.".into()),
        Belonging::Active => (Tone::Good, format!("Joined, by its own word: it lists {} members.", size())),
        Belonging::Dead => (
            Tone::Bad,
            format!("It had joined, but {witness} lists it as {status}: the others do not hear from it."),
        ),
        Belonging::Absent => (
            Tone::Bad,
            format!(
                "Not joined: the member list of {witness} does not have it. If its wizard did not say “Database already \
                 exists”, it has made a server of its own."
            ),
        ),
        Belonging::Apart => (
            Tone::Bad,
            "Not joined: it lists itself, and the others' lists do not have it. It is a cluster of its own: clustering \
             is off on it, port 80 is closed between the nodes, or it has another database."
                .into(),
        ),
        Belonging::Lonely => (
            Tone::Unknown,
            "Not known: it lists only itself, and no other node has told its list. It may be alone.".into(),
        ),
        Belonging::Unclustered => (Tone::Warn, "It lists no members: clustering is not enabled on it.".into()),
        Belonging::Unlisted => (Tone::Warn, "Its own member list does not have it.".into()),
        Belonging::Strange => {
            (Tone::Unknown, format!("{witness} lists it as {status}, a word that is not known here."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::from_millis,
        node::{Member, Members, Source, Told},
    };

    const ELEVEN: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 11);
    const TWELVE: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 12);

    fn node(address: Ipv4Addr, ms: i64, list: &[(Ipv4Addr, &str)]) -> NodeFacts {
        let member = |(address, status): &(Ipv4Addr, &str)| Member {
            address: address.to_string(),
            status: (*status).to_owned(),
            role: "NONE".into(),
        };
        let members = Members { list: list.iter().map(member).collect(), source: Source::Ssh };
        NodeFacts { members: Some(Told::new(from_millis(ms), members)), ..NodeFacts::new(address) }
    }

    #[test]
    fn every_way_of_belonging_has_its_tone_and_its_sentence() {
        let both = [(ELEVEN, "ACTIVE"), (TWELVE, "ACTIVE")];
        let of = |nodes: &[NodeFacts]| Lists::of(nodes, 10).joined(TWELVE);
        for (tone, words, nodes) in [
            (Tone::Good, "10.20.30.11 lists it as ACTIVE", vec![node(ELEVEN, 1, &both), NodeFacts::new(TWELVE)]),
            (Tone::Bad, "lists it as DEAD", vec![node(ELEVEN, 1, &[(TWELVE, "DEAD")])]),
            (Tone::Bad, "does not have it", vec![node(ELEVEN, 1, &both[..1])]),
            (Tone::Bad, "a cluster of its own", vec![node(ELEVEN, 1, &both[..1]), node(TWELVE, 2, &both[1..])]),
            (Tone::Unknown, "LEAVING", vec![node(ELEVEN, 1, &[(TWELVE, "LEAVING")])]),
            (Tone::Good, "2 members", vec![NodeFacts::new(ELEVEN), node(TWELVE, 1, &both)]),
            (Tone::Unknown, "only itself", vec![NodeFacts::new(ELEVEN), node(TWELVE, 1, &both[1..])]),
            (Tone::Good, "only node", vec![node(TWELVE, 1, &both[1..])]),
            (Tone::Warn, "not enabled", vec![NodeFacts::new(ELEVEN), node(TWELVE, 1, &[])]),
            (Tone::Unknown, "no node has told", vec![NodeFacts::new(ELEVEN), NodeFacts::new(TWELVE)]),
        ] {
            let joined = of(&nodes);
            assert_eq!(joined.tone, tone, "{joined:?}");
            assert!(joined.sentence.contains(words) && joined.sentence.ends_with('.'), "{joined:?}");
        }
    }

    #[test]
    fn the_lists_name_the_traps_and_hold_no_secret() {
        let first = first_node(ELEVEN, "mdm.example.test");
        assert!(first.iter().any(|question| question.answer == "mdm.example.test"));
        assert_eq!((first.len(), joining_node(TWELVE).len()), (11, 7));
        assert!(joining_node(TWELVE).iter().any(|question| question.why.contains("Database already exists")));
    }
}
