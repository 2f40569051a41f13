//! What a check says now: pass, warn, fail or not checked; with evidence, cause and what to do next.

pub use crate::check_code::CheckCode;
use crate::{clock::At, desired::Step, ids::ActNo, object::ObjectRef, state::Tone};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// From the worst to the best: sorting puts first what wants to be read first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    Fail,
    Warn,
    NotChecked,
    Pass,
}

impl Grade {
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

/// A way to mend what was found, as a page can offer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// A plan as it would be made now takes it away.
    Plan,
    /// Something is to be described otherwise, in this step of the set-up.
    Step(Step),
    /// Its object can be enabled, or kept disabled with a reason, on the page of switches.
    Switches,
}

/// A change of ours that explains a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// The cluster's own run.
    Run(ActNo),
    /// A run for another cluster on the same appliance.
    Beside,
}

impl Expected {
    /// What a verdict is about that only this explains.
    pub fn subject(self) -> String {
        match self {
            Self::Run(act) => format!("run:{act}"),
            Self::Beside => "run-beside".to_owned(),
        }
    }
}

/// One thing that a rule has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub code: CheckCode,
    pub outcome: Grade,
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
    #[serde(default)]
    pub remedies: Vec<Remedy>,
    #[serde(default)]
    pub objects: Vec<ObjectRef>,
    #[serde(default)]
    pub node: Option<Ipv4Addr>,
    /// Whom it is about, where that is several.
    #[serde(default)]
    pub nodes: Vec<Ipv4Addr>,
    /// Which of several things that its rule can find about the same subject; empty where there is one.
    #[serde(default)]
    pub aspect: String,
    /// The title in a few words, for a list or a window's title; empty: the title will do.
    #[serde(default)]
    pub brief: String,
    /// It only follows from what this rule found, and goes when that is mended.
    #[serde(default)]
    pub explained_by: Option<CheckCode>,
    /// It could not be checked, and was wrong when it could be last.
    #[serde(default)]
    pub was_wrong: bool,
    /// A change of ours explains it: it is shown, and alarms nobody.
    #[serde(default)]
    pub expected: Option<Expected>,
}

impl Finding {
    pub fn new(code: CheckCode, outcome: Grade, title: impl Into<String>) -> Self {
        Self {
            code,
            outcome,
            title: title.into(),
            evidence: Vec::new(),
            cause: String::new(),
            fix: String::new(),
            remedies: Vec::new(),
            objects: Vec::new(),
            node: None,
            nodes: Vec::new(),
            aspect: String::new(),
            brief: String::new(),
            explained_by: None,
            was_wrong: false,
            expected: None,
        }
    }

    pub fn fail(code: CheckCode, title: impl Into<String>) -> Self {
        Self::new(code, Grade::Fail, title)
    }

    pub fn warn(code: CheckCode, title: impl Into<String>) -> Self {
        Self::new(code, Grade::Warn, title)
    }

    pub fn pass(code: CheckCode, title: impl Into<String>) -> Self {
        Self::new(code, Grade::Pass, title)
    }

    pub fn not_checked(code: CheckCode, title: impl Into<String>) -> Self {
        Self::new(code, Grade::NotChecked, title)
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
        self.by(Remedy::Step(step))
    }

    #[must_use]
    pub fn by(mut self, remedy: Remedy) -> Self {
        if !self.remedies.contains(&remedy) {
            self.remedies.push(remedy);
        }
        self
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

    /// A few words that say as much as the title.
    #[must_use]
    pub fn in_short(self, brief: impl Into<String>) -> Self {
        Self { brief: brief.into(), ..self }
    }

    /// What it follows from, should that rule have found something as well.
    #[must_use]
    pub fn explained_by(self, cause: CheckCode) -> Self {
        Self { explained_by: Some(cause), ..self }
    }

    /// For a line with other things on it.
    pub fn short(&self) -> &str {
        if self.brief.is_empty() { self.title.trim_end_matches('.') } else { &self.brief }
    }

    /// That it was not checked leaves the whole unknown.
    pub fn is_blind(&self) -> bool {
        self.outcome == Grade::NotChecked && (self.code.is_vital() || self.was_wrong)
    }

    /// Something is wrong, or will be.
    pub fn is_trouble(&self) -> bool {
        self.outcome < Grade::NotChecked
    }

    /// How it is to be drawn.
    pub const fn tone(&self) -> Tone {
        if self.expected.is_some() { Tone::Quiet } else { self.outcome.tone() }
    }

    /// The same in a word.
    pub const fn word(&self) -> &'static str {
        if self.expected.is_some() { "expected" } else { self.outcome.word() }
    }

    /// Something is wrong that nothing of ours explains.
    pub fn alarms(&self) -> bool {
        self.is_trouble() && self.expected.is_none()
    }

    #[must_use]
    pub fn of_nodes(self, nodes: impl IntoIterator<Item = Ipv4Addr>) -> Self {
        Self { nodes: nodes.into_iter().collect(), ..self }
    }

    /// This node is one of those whom it is about.
    pub fn is_of(&self, node: Ipv4Addr) -> bool {
        self.node.map_or_else(|| self.nodes.contains(&node), |one| one == node)
    }

    /// Set apart from what else its rule may find about the same subject.
    #[must_use]
    pub fn aspect(self, aspect: impl Into<String>) -> Self {
        Self { aspect: aspect.into(), ..self }
    }

    /// What it is about, whatever is said of it: its rule and its subject. Two looks that found the same gave one key.
    pub fn key(&self) -> String {
        let mut key = self.code.word().to_owned();
        let subject = [self.node.map(|node| node.to_string()), self.objects.first().map(ToString::to_string)];
        for part in subject.into_iter().flatten().chain([self.aspect.clone()]).filter(|part| !part.is_empty()) {
            key.push(':');
            key.push_str(&part);
        }
        key
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
    /// Of either kind, and explained by what we do.
    pub expected: usize,
    pub not_checked: usize,
    pub passes: usize,
}

impl Tally {
    pub fn of(findings: &[Finding]) -> Self {
        let unexpected = || findings.iter().filter(|finding| finding.expected.is_none());
        let count = |outcome| unexpected().filter(|finding| finding.outcome == outcome).count();
        Self {
            fails: count(Grade::Fail),
            warns: count(Grade::Warn),
            expected: findings.len() - unexpected().count(),
            not_checked: count(Grade::NotChecked),
            passes: count(Grade::Pass),
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
    fn a_key_is_of_rule_and_subject_and_not_of_words() {
        let found = |title: &str| Finding::warn(CheckCode::Members, title).of_node(Ipv4Addr::new(10, 20, 30, 12));
        let of_server = |title: &str| found(title).on(ObjectRef::server("xms02"));
        assert_eq!(of_server("3 members are DOWN.").key(), of_server("2 members are DOWN.").key());
        let keys = [found("a").key(), of_server("a").key(), found("a").aspect("unbound").key()];
        assert_eq!(keys, ["members:10.20.30.12", "members:10.20.30.12:server xms02", "members:10.20.30.12:unbound"]);
    }

    #[test]
    fn the_worst_comes_first_and_only_a_pass_is_green() {
        let mut all = [Grade::Pass, Grade::NotChecked, Grade::Fail, Grade::Warn];
        all.sort();
        assert_eq!(all, [Grade::Fail, Grade::Warn, Grade::NotChecked, Grade::Pass]);
        assert_eq!(all.iter().filter(|outcome| outcome.tone() == Tone::Good).count(), 1);
    }
}
