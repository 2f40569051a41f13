//! A cluster as it was seen, for the parts of its page: what was not seen lately keeps its shape and loses its states.

use crate::ui::time::Ago;
use leptos::prelude::*;
use model::{
    At, Freshness,
    desired::{Desired, Listener, Node},
    finding::{CheckCode, Finding},
    node::Lists,
    object::ObjectRef,
    snapshot::{Seen, Snapshot},
    state::{StateWord, Tone},
};
use services::ClusterView;
use std::{collections::BTreeMap, net::Ipv4Addr};

/// Desired state and last look, side by side.
pub struct Sight<'a> {
    pub view: &'a ClusterView,
    pub desired: &'a Desired,
    pub snapshot: &'a Snapshot,
    pub freshness: Freshness,
    /// Of a thousand nodes each is asked for more than once, so what is looked for is found once.
    servers: BTreeMap<Ipv4Addr, &'a str>,
    /// The worst that was found about each object.
    worst: BTreeMap<&'a ObjectRef, &'a Finding>,
    /// The first that was found about each node alone.
    against: BTreeMap<Ipv4Addr, &'a Finding>,
    /// What the nodes tell of each other.
    pub lists: Lists<'a>,
}

/// A state as it is drawn: never without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub tone: Tone,
    pub word: String,
}

impl Mark {
    pub fn new(tone: Tone, word: &str) -> Self {
        Self { tone, word: word.to_owned() }
    }

    pub fn unknown(word: &str) -> Self {
        Self::new(Tone::Unknown, word)
    }
}

impl<'a> Sight<'a> {
    /// `None` where nothing is described or nothing was ever seen.
    pub fn of(view: &'a ClusterView) -> Option<Self> {
        let desired = view.desired.as_ref()?;
        let (_, snapshot, freshness) = view.sighting.seen.as_ref()?;
        let servers = snapshot.servers_at(desired.nodes.iter().map(|node| node.address));
        let (mut worst, mut against) = (BTreeMap::new(), BTreeMap::new());
        for finding in view.findings.iter().filter(|finding| finding.is_trouble()) {
            for object in &finding.objects {
                let known = worst.entry(object).or_insert(finding);
                // What a change of ours explains is not what is to be seen first.
                let weight = |finding: &Finding| (!finding.alarms(), finding.outcome);
                if weight(finding) < weight(known) {
                    *known = finding;
                }
            }
            if let Some(node) = finding.node {
                against.entry(node).or_insert(finding);
            }
        }
        let lists = Lists::of(&view.nodes, view.sighting.interval);
        Some(Self { view, desired, snapshot, freshness: *freshness, servers, worst, against, lists })
    }

    pub fn now(&self) -> At {
        self.view.sighting.now
    }

    pub fn find(&self, object: &ObjectRef) -> Option<&'a Seen> {
        self.snapshot.find(object)
    }

    pub fn is_mam(&self, listener: &Listener) -> bool {
        self.desired.mam.as_ref().is_some_and(|mam| mam.listener.vserver == listener.vserver)
    }

    /// `MAM` or `MDM`.
    pub fn side(&self, listener: &Listener) -> &'static str {
        if self.is_mam(listener) { "MAM" } else { "MDM" }
    }

    /// The address that a listener is described with.
    pub fn vip(&self, listener: &Listener) -> String {
        let mam = self.desired.mam.as_ref().filter(|_| self.is_mam(listener)).map(|mam| mam.vip);
        let vip = mam.or_else(|| self.desired.mdm.as_ref().map(|mdm| mdm.vip));
        vip.map(|vip| vip.to_string()).unwrap_or_default()
    }

    /// What a rule says of one node, for where its own word is well: a copy of another one, or one that shows another key
    /// than was accepted, may call itself ACTIVE all the while.
    pub fn against(&self, node: &Node) -> Option<Mark> {
        let finding = self.against.get(&node.address)?;
        // Whom it is about stands beside it.
        let (name, address) = (format!("{} ", self.server_of(node)), format!("({}) ", node.address));
        let words = finding.short();
        let words = words.strip_prefix(&name).unwrap_or(words);
        Some(Mark::new(finding.tone(), words.strip_prefix(&address).unwrap_or(words)))
    }

    /// What is to be drawn for an object that may not be there.
    pub fn mark(&self, seen: Option<&Seen>) -> Mark {
        match seen {
            None => Mark::new(Tone::Quiet, "not there"),
            Some(_) if self.freshness == Freshness::Unknown => Mark::unknown("not seen lately"),
            // Switched off is not absent: somebody did it, and it serves nobody.
            Some(seen) if text(seen, "state").eq_ignore_ascii_case("DISABLED") => Mark::new(Tone::Warn, "DISABLED"),
            Some(seen) => match &seen.state {
                None => Mark::unknown("not told"),
                Some(StateWord(word)) if word.is_empty() => Mark::unknown("not told"),
                Some(word) => match (word.tone(), self.freshness) {
                    (Tone::Quiet, _) => Mark::new(Tone::Warn, &word.0),
                    (Tone::Good, Freshness::Stale) => Mark::unknown(&format!("was {word}")),
                    (tone, _) => Mark::new(tone, &word.0),
                },
            },
        }
    }

    /// The same with what was found about the object: one that is UP and wrong is not well.
    pub fn pinned(&self, object: &ObjectRef, mark: Mark) -> Mark {
        let Some(worst) = self.worst.get(object) else { return mark };
        match (mark.tone, worst.tone()) {
            (Tone::Good, tone) | (Tone::Warn, tone @ Tone::Bad) => {
                let word = match pin(worst.code) {
                    Some(pin) => format!("{}, {pin}", mark.word),
                    None => mark.word,
                };
                Mark { tone, word }
            }
            _ => mark,
        }
    }

    /// A number that moves; an old one is none.
    pub fn count(&self, seen: Option<&Seen>, name: &str) -> String {
        let known = seen.filter(|_| self.freshness != Freshness::Unknown);
        known.map(|seen| text(seen, name)).filter(|text| !text.is_empty()).unwrap_or_else(|| "–".to_owned())
    }

    /// When states and when configuration were read.
    pub fn ages(&self) -> impl IntoView + use<> {
        let (states, whole, now) = (self.snapshot.at, self.snapshot.read_whole_at(), self.now());
        // The same words after each look: in an open page only the times move.
        view! {
            "States and traffic read "
            <Ago at=states now />
            ", the rest of the configuration "
            <Ago at=whole now />
            "."
        }
    }

    /// The server object that stands for a node, by its address.
    pub fn server_of(&self, node: &Node) -> String {
        self.servers.get(&node.address).map_or_else(|| node.name.clone(), |name| (*name).to_owned())
    }
}

/// What is wrong with something whose state word does not tell it.
const fn pin(code: CheckCode) -> Option<&'static str> {
    Some(match code {
        CheckCode::ServerIds => "wrong ID",
        CheckCode::NodePorts => "but silent",
        CheckCode::RecoveryMode => "recovery",
        CheckCode::MdmPersistence | CheckCode::MamPersistence => "persistence",
        CheckCode::CertificateBound
        | CheckCode::CertificateValid
        | CheckCode::CertificateName
        | CheckCode::CertificateChain => "certificate",
        _ => return None,
    })
}

/// An attribute or a fact; empty where there is none.
pub fn text(seen: &Seen, name: &str) -> String {
    seen.attrs.get(name).or_else(|| seen.facts.get(name)).map(ToString::to_string).unwrap_or_default()
}
