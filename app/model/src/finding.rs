//! What a check says now: pass, warn, fail or not checked; with evidence, cause and what to do next.

use crate::{clock::At, desired::Step, object::ObjectRef, state::Tone};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// The rules, each with a word that stays: filters, links and records refer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckCode {
    /// The appliance was seen lately enough to be judged by.
    Sight,
    /// The appliance that was read is the primary of its pair.
    Primary,
    /// The other half of the pair stands ready and has the same configuration.
    Pair,
    /// What could not be read of it.
    Readable,
    /// What is described has been applied.
    Applied,
    Features,
    VirtualServers,
    Groups,
    /// Nodes answer, and are members where they should be.
    Members,
    /// Each member of the MAM group carries the number of its node.
    ServerIds,
    /// What the nodes say of their numbers.
    NodeIds,
    MdmPersistence,
    MamPersistence,
    CertificateBound,
    CertificateValid,
    CertificateName,
    CertificateChain,
    Gateway,
    AppController,
    SessionAction,
    AddressRecord,
    Saved,
}

impl CheckCode {
    pub const ALL: [Self; 22] = [
        Self::Sight,
        Self::Primary,
        Self::Pair,
        Self::Readable,
        Self::Applied,
        Self::Features,
        Self::VirtualServers,
        Self::Groups,
        Self::Members,
        Self::ServerIds,
        Self::NodeIds,
        Self::MdmPersistence,
        Self::MamPersistence,
        Self::CertificateBound,
        Self::CertificateValid,
        Self::CertificateName,
        Self::CertificateChain,
        Self::Gateway,
        Self::AppController,
        Self::SessionAction,
        Self::AddressRecord,
        Self::Saved,
    ];

    /// The word that stays; the same as in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sight => "sight",
            Self::Primary => "primary",
            Self::Pair => "pair",
            Self::Readable => "readable",
            Self::Applied => "applied",
            Self::Features => "features",
            Self::VirtualServers => "virtual-servers",
            Self::Groups => "groups",
            Self::Members => "members",
            Self::ServerIds => "server-ids",
            Self::NodeIds => "node-ids",
            Self::MdmPersistence => "mdm-persistence",
            Self::MamPersistence => "mam-persistence",
            Self::CertificateBound => "certificate-bound",
            Self::CertificateValid => "certificate-valid",
            Self::CertificateName => "certificate-name",
            Self::CertificateChain => "certificate-chain",
            Self::Gateway => "gateway",
            Self::AppController => "app-controller",
            Self::SessionAction => "session-action",
            Self::AddressRecord => "address-record",
            Self::Saved => "saved",
        }
    }

    /// Whether a cluster can be called well while this one is not known.
    pub const fn is_vital(self) -> bool {
        matches!(self, Self::Sight | Self::Primary | Self::VirtualServers | Self::Groups | Self::Members)
    }
}

/// From the worst to the best: sorting puts first what wants to be read first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Fail,
    Warn,
    NotChecked,
    Pass,
}

impl Outcome {
    pub const fn tone(self) -> Tone {
        match self {
            Self::Fail => Tone::Bad,
            Self::Warn => Tone::Warn,
            Self::NotChecked => Tone::Unknown,
            Self::Pass => Tone::Good,
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Fail => "fails",
            Self::Warn => "warning",
            Self::NotChecked => "not checked",
            Self::Pass => "passes",
        }
    }
}

/// Something that was read. A sentence never says how old it is: that would make news of every look. Whoever shows it
/// shows the time beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub text: String,
    /// When it was read; `None`: at the time of the look that the finding is about.
    #[serde(default)]
    pub at: Option<At>,
}

/// One thing that a rule has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub code: CheckCode,
    pub outcome: Outcome,
    /// A sentence.
    pub title: String,
    /// What it rests on, as it was read.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// Why it is so, or why it matters; empty for what passes.
    #[serde(default)]
    pub cause: String,
    /// What to do next; empty where there is nothing to do.
    #[serde(default)]
    pub fix: String,
    /// The set-up step that mends it.
    #[serde(default)]
    pub step: Option<Step>,
    #[serde(default)]
    pub objects: Vec<ObjectRef>,
    #[serde(default)]
    pub node: Option<Ipv4Addr>,
}

impl Finding {
    pub fn new(code: CheckCode, outcome: Outcome, title: impl Into<String>) -> Self {
        Self {
            code,
            outcome,
            title: title.into(),
            evidence: Vec::new(),
            cause: String::new(),
            fix: String::new(),
            step: None,
            objects: Vec::new(),
            node: None,
        }
    }

    pub fn fail(code: CheckCode, title: impl Into<String>) -> Self {
        Self::new(code, Outcome::Fail, title)
    }

    pub fn warn(code: CheckCode, title: impl Into<String>) -> Self {
        Self::new(code, Outcome::Warn, title)
    }

    pub fn pass(code: CheckCode, title: impl Into<String>) -> Self {
        Self::new(code, Outcome::Pass, title)
    }

    pub fn not_checked(code: CheckCode, title: impl Into<String>) -> Self {
        Self::new(code, Outcome::NotChecked, title)
    }

    #[must_use]
    pub fn because(self, cause: impl Into<String>) -> Self {
        Self { cause: cause.into(), ..self }
    }

    #[must_use]
    pub fn mend(self, fix: impl Into<String>) -> Self {
        Self { fix: fix.into(), ..self }
    }

    #[must_use]
    pub fn at(self, step: Step) -> Self {
        Self { step: Some(step), ..self }
    }

    #[must_use]
    pub fn on(mut self, object: ObjectRef) -> Self {
        self.objects.push(object);
        self
    }

    #[must_use]
    pub fn seen(mut self, text: impl Into<String>) -> Self {
        self.evidence.push(Evidence { text: text.into(), at: None });
        self
    }

    /// With the time of the reading, where it is not that of the look at the appliance.
    #[must_use]
    pub fn seen_at(mut self, text: impl Into<String>, at: At) -> Self {
        self.evidence.push(Evidence { text: text.into(), at: Some(at) });
        self
    }

    #[must_use]
    pub fn of_node(self, node: Ipv4Addr) -> Self {
        Self { node: Some(node), ..self }
    }
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub fails: usize,
    pub warns: usize,
    pub not_checked: usize,
    pub passes: usize,
}

impl Tally {
    pub fn of(findings: &[Finding]) -> Self {
        let count = |outcome| findings.iter().filter(|finding| finding.outcome == outcome).count();
        Self {
            fails: count(Outcome::Fail),
            warns: count(Outcome::Warn),
            not_checked: count(Outcome::NotChecked),
            passes: count(Outcome::Pass),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_json_and_differ() {
        for code in CheckCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.word());
            assert_eq!(CheckCode::ALL.iter().filter(|other| other.word() == code.word()).count(), 1);
        }
    }

    #[test]
    fn the_worst_comes_first_and_only_a_pass_is_green() {
        let mut all = [Outcome::Pass, Outcome::NotChecked, Outcome::Fail, Outcome::Warn];
        all.sort();
        assert_eq!(all, [Outcome::Fail, Outcome::Warn, Outcome::NotChecked, Outcome::Pass]);
        assert_eq!(all.iter().filter(|outcome| outcome.tone() == Tone::Good).count(), 1);
    }
}
