//! Since when something is so: the first look from which on no look said otherwise.
//!
//! A look that could not tell says nothing: what was wrong before it and is wrong after it was wrong since before. What is
//! *well* is well only for as long as somebody watched, so it begins anew after every gap. What began while nobody
//! watched may have begun earlier than it was seen, and says so.

use crate::{
    clock::{At, is_future},
    expected::Troubles,
    finding::{CheckCode, Evidence, Finding, Grade},
    noted::Noted,
    state::Tone,
    verdict::Verdict,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

/// When something began, as a page shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    pub at: At,
    /// Nobody watched just before: it may have begun earlier.
    pub or_earlier: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Start {
    noted: Noted,
    or_earlier: bool,
}

impl Start {
    /// Never in the future: what a clock that was set back since has there was some time before now.
    fn told(self, now: Noted) -> Since {
        let at = self.noted.told(now);
        Since { at: at.min(now.at), or_earlier: self.or_earlier || is_future(at, now.at) }
    }

    /// Noted by this run of the program: what an earlier one noted is told by this one's clock once and for all.
    fn taken_over(self, now: Noted) -> Self {
        if self.noted.run == now.run {
            return self;
        }
        let Since { at, or_earlier } = self.told(now);
        Self { noted: Noted { at, ..now }, or_earlier }
    }
}

/// A question that a rule answers: of one node, of several, or of the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Question {
    code: CheckCode,
    node: Option<Ipv4Addr>,
    nodes: Vec<Ipv4Addr>,
}

impl Question {
    fn of(finding: &Finding) -> Self {
        Self { code: finding.code, node: finding.node, nodes: finding.nodes.clone() }
    }

    fn whom(&self) -> Vec<Ipv4Addr> {
        self.node.map_or_else(|| self.nodes.clone(), |node| vec![node])
    }

    /// One without an answer leaves the other without one.
    fn touches(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.whom(), other.whom());
        let whole = ours.is_empty() || theirs.is_empty();
        self.code == other.code && (whole || ours.iter().any(|node| theirs.contains(node)))
    }
}

/// What a look could tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    /// Rules that said something, good or bad.
    codes: BTreeSet<CheckCode>,
    /// Where they could not.
    blind: Vec<Question>,
    /// The appliance itself was seen, by its primary: rules that said nothing had nothing to say.
    sees: bool,
}

impl Told {
    fn of(findings: &[Finding]) -> Self {
        let passes = |code| findings.iter().any(|finding| finding.code == code && finding.outcome == Grade::Pass);
        let (blind, told): (Vec<&Finding>, Vec<&Finding>) =
            findings.iter().partition(|finding| finding.outcome == Grade::NotChecked);
        Self {
            codes: told.iter().map(|finding| finding.code).collect(),
            blind: blind.into_iter().map(Question::of).collect(),
            sees: passes(CheckCode::Sight) && passes(CheckCode::Primary),
        }
    }

    fn answers(&self, question: &Question) -> bool {
        let said = self.sees || self.codes.contains(&question.code);
        said && !self.blind.iter().any(|blind| blind.touches(question))
    }
}

/// Something that was found, and is so for as long as no look says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Found {
    question: Question,
    start: Start,
}

/// What a verdict said but for its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    tone: Tone,
    subject: String,
    start: Start,
}

/// What is remembered of one cluster from look to look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    judged: Option<Noted>,
    tone: Option<Tone>,
    told: Told,
    /// By key; of what could not be checked by key as well, apart.
    wrong: BTreeMap<String, Found>,
    blind: BTreeMap<String, Start>,
    said: Vec<Said>,
    #[serde(default)]
    troubles: Troubles,
}

impl Watch {
    /// After a look at `now`: what is new begins there, what is gone is forgotten. `interval`: seconds between two looks.
    /// `look`: the number of the last look at the appliance that saw it.
    #[must_use]
    pub fn judged(
        mut self,
        now: Noted,
        interval: u32,
        findings: &[Finding],
        verdict: &Verdict,
        look: Option<i64>,
    ) -> Self {
        let watched = self.judged.is_some_and(|last| last.is_recent(now, interval));
        let told = Told::of(findings);
        let begins = |known: bool| Start { noted: now, or_earlier: !(watched && known) };

        let (mut wrong, mut blind) = (BTreeMap::new(), BTreeMap::new());
        for finding in findings {
            let (key, question) = (finding.key(), Question::of(finding));
            if finding.is_trouble() {
                let known = self.wrong.get(&key).map(|found| found.start.taken_over(now));
                let start = known.unwrap_or_else(|| begins(self.told.answers(&question)));
                wrong.entry(key).or_insert(Found { question, start });
            } else if finding.outcome == Grade::NotChecked {
                let known = self.blind.get(&key).map(|start| start.taken_over(now));
                blind.entry(key).or_insert_with(|| known.unwrap_or_else(|| begins(true)));
            }
        }
        // Nobody said that it is over.
        for (key, found) in std::mem::take(&mut self.wrong) {
            if !told.answers(&found.question) {
                let start = found.start.taken_over(now);
                wrong.entry(key).or_insert(Found { start, ..found });
            }
        }

        let (tone, subject) = (verdict.tone, verdict.subject.clone());
        let lasts = |said: &Said| match said.tone {
            Tone::Good | Tone::Quiet | Tone::Unknown => false,
            // Where the appliance was not seen, nobody said that it is over.
            Tone::Bad | Tone::Warn => tone == Tone::Unknown || !told.sees,
        };
        let same = |said: &Said| said.tone == tone && said.subject == subject && (watched || tone != Tone::Good);
        let known = self.said.iter().find(|said| same(said)).map(|said| said.start.taken_over(now));
        let start = known.unwrap_or_else(|| begins(self.tone.is_some_and(|tone| tone != Tone::Unknown)));
        let before = self.said.iter().filter(|said| lasts(said) && !same(said));
        let mut said: Vec<Said> =
            before.map(|said| Said { start: said.start.taken_over(now), ..said.clone() }).collect();
        said.push(Said { tone, subject, start });

        let troubles = match look {
            Some(look) if told.sees => self.troubles.judged(findings, look),
            _ => self.troubles,
        };
        Self { judged: Some(now), tone: Some(tone), told, wrong, blind, said, troubles }
    }

    /// By the clock as it is `now`.
    pub fn told(&self, now: Noted) -> Sinces {
        let starts = |(key, start): (&String, Start)| (key.clone(), start.told(now));
        Sinces {
            troubles: self.troubles.clone(),
            wrong: self.wrong.iter().map(|(key, found)| starts((key, found.start))).collect(),
            questions: self.wrong.iter().map(|(key, found)| (key.clone(), found.question.clone())).collect(),
            blind: self.blind.iter().map(|(key, start)| starts((key, *start))).collect(),
            said: self.said.iter().map(|said| (said.tone, said.subject.clone(), said.start.told(now))).collect(),
        }
    }
}

/// Since when each thing is so, for a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sinces {
    /// Which objects were in trouble, for what may be expected now.
    pub troubles: Troubles,
    wrong: BTreeMap<String, Since>,
    /// What was wrong, by key.
    questions: BTreeMap<String, Question>,
    blind: BTreeMap<String, Since>,
    said: Vec<(Tone, String, Since)>,
}

impl Sinces {
    /// Marks what could not be checked and was wrong when it could be last: nobody said that it is over.
    pub fn mark(&self, findings: &mut [Finding]) {
        let told: BTreeSet<String> = findings.iter().filter(|finding| finding.is_trouble()).map(Finding::key).collect();
        let open = || self.questions.iter().filter(|(key, _)| !told.contains(*key));
        for finding in findings.iter_mut().filter(|finding| finding.outcome == Grade::NotChecked) {
            let question = Question::of(finding);
            let Some((key, _)) = open().find(|(_, open)| open.touches(&question)) else { continue };
            finding.was_wrong = true;
            if let Some(since) = self.wrong.get(key) {
                finding.evidence.push(Evidence {
                    text: "It was wrong from then on, until nobody could tell any more.".into(),
                    at: Some(since.at),
                });
            }
        }
    }

    /// `None`: it passes, or no look has said so yet.
    pub fn of(&self, finding: &Finding) -> Option<Since> {
        let known = match finding.outcome {
            Grade::Fail | Grade::Warn => &self.wrong,
            Grade::NotChecked => &self.blind,
            Grade::Pass => return None,
        };
        known.get(&finding.key()).copied()
    }

    /// Since when the verdict is that; what is not in use has no such time.
    pub fn of_verdict(&self, verdict: &Verdict) -> Option<Since> {
        let mut fits = self.said.iter().filter(|(said, about, _)| (*said, about) == (verdict.tone, &verdict.subject));
        fits.next().filter(|_| verdict.tone != Tone::Quiet).map(|(_, _, since)| *since)
    }
}

#[cfg(test)]
mod tests;
