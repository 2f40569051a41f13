//! A cluster as it was seen, for the parts of its page: what was not seen lately keeps its shape and loses its states.

use crate::ui::time::Ago;
use leptos::{either::Either, prelude::*};
use model::{
    At, Freshness,
    desired::{Desired, Listener},
    finding::CheckCode,
    object::ObjectRef,
    snapshot::{Seen, Snapshot},
    state::{StateWord, Tone},
};
use services::ClusterView;

/// Desired state and last look, side by side.
pub struct Sight<'a> {
    pub view: &'a ClusterView,
    pub desired: &'a Desired,
    pub snapshot: &'a Snapshot,
    pub freshness: Freshness,
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
        Some(Self { view, desired, snapshot, freshness: *freshness })
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
        let about =
            self.view.findings.iter().filter(|finding| finding.is_trouble() && finding.objects.contains(object));
        let Some(worst) = about.min_by_key(|finding| finding.outcome) else { return mark };
        match (mark.tone, worst.outcome.tone()) {
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
        if states == whole {
            return Either::Left(view! { "Read " <Ago at=states now /> "." });
        }
        Either::Right(view! {
            "States and traffic read "
            <Ago at=states now />
            ", the rest of the configuration "
            <Ago at=whole now />
            "."
        })
    }

    /// The server object that stands for a node, by its address.
    pub fn server_of(&self, node: &model::desired::Node) -> String {
        let there = self.snapshot.server_at(node.address);
        there.map_or_else(|| node.name.clone(), |seen| seen.object.part(0).to_owned())
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
