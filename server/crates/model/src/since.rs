//! Since when something is so: the first look from which on no look said otherwise.
//!
//! A look that could not tell says nothing: what was wrong before it and is wrong after it was wrong since before. What is
//! *well* is well only for as long as somebody watched, so it begins anew after every gap. What began while nobody
//! watched may have begun earlier than it was seen, and says so.

use crate::{
    clock::{At, Reckoning, is_future},
    finding::{CheckCode, Evidence, Finding, Grade},
    freshness::Freshness,
    state::Tone,
    verdict::subject,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

/// A moment, noted with what a clock that is set later leaves of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    pub at: At,
    /// As in [`Reckoning`].
    pub ahead_ms: i64,
    /// Which run of the program noted it: within one, clocks can be compared.
    pub run: i64,
}

impl Noted {
    /// By the clock as it is `now`. What an earlier run of the program noted may be in its future.
    fn told(self, now: Self) -> At {
        if self.run == now.run {
            Reckoning { now: now.at, ahead_ms: now.ahead_ms }.retime(self.at, self.ahead_ms)
        } else {
            self.at
        }
    }
}

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
}

impl Watch {
    /// After a look at `now`: what is new begins there, what is gone is forgotten. `interval`: seconds between two looks.
    #[must_use]
    pub fn judged(mut self, now: Noted, interval: u32, findings: &[Finding], tone: Tone) -> Self {
        let is_recent = |last: Noted| {
            // A look that took long is judged after one that began later.
            let at = last.told(now).min(now.at);
            last.run == now.run && Freshness::of(at, now.at, interval) == Freshness::Fresh
        };
        let watched = self.judged.is_some_and(is_recent);
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

        let subject = subject(findings);
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

        Self { judged: Some(now), tone: Some(tone), told, wrong, blind, said }
    }

    /// By the clock as it is `now`.
    pub fn told(&self, now: Noted) -> Sinces {
        let starts = |(key, start): (&String, Start)| (key.clone(), start.told(now));
        Sinces {
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
    pub fn of_verdict(&self, tone: Tone, findings: &[Finding]) -> Option<Since> {
        let subject = subject(findings);
        let mut fits = self.said.iter().filter(|(said, about, _)| *said == tone && *about == subject);
        fits.next().filter(|_| tone != Tone::Quiet).map(|(_, _, since)| *since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;

    const NODE: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 12);
    const OTHER: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 13);
    const INTERVAL: u32 = 10;

    fn noted(second: i64) -> Noted {
        Noted { at: from_millis(second * 1000), ahead_ms: 0, run: 1 }
    }

    fn seen(more: Vec<Finding>) -> Vec<Finding> {
        let passes = [CheckCode::Sight, CheckCode::Primary].map(|code| Finding::pass(code, "is so"));
        more.into_iter().chain(passes).collect()
    }

    fn off(node: Ipv4Addr) -> Finding {
        Finding::warn(CheckCode::Members, "off").of_node(node)
    }

    fn not_known(node: Ipv4Addr) -> Finding {
        Finding::not_checked(CheckCode::Members, "not known").of_nodes([node])
    }

    /// Looks at these seconds, and what is told at the last of them.
    fn after(looks: &[(i64, Vec<Finding>)]) -> Sinces {
        let mut watch = Watch::default();
        let mut last = noted(0);
        for (second, findings) in looks {
            last = noted(*second);
            watch = watch.judged(last, INTERVAL, findings, Tone::Warn);
        }
        watch.told(last)
    }

    fn since(second: i64, or_earlier: bool) -> Since {
        Since { at: from_millis(second * 1000), or_earlier }
    }

    #[test]
    fn what_appears_begins_with_the_look_that_saw_it_and_what_came_back_begins_anew() {
        let fine = seen(vec![Finding::pass(CheckCode::Members, "all are UP")]);
        let down = seen(vec![off(NODE)]);
        let looks = [(0, fine.clone()), (10, down.clone()), (20, down.clone())];
        assert_eq!(after(&looks).of(&off(NODE)), Some(since(10, false)));
        let worse = Finding { outcome: Grade::Fail, title: "other words".into(), ..off(NODE) };
        assert_eq!(after(&looks).of(&worse), Some(since(10, false)), "neither words nor how bad it is make it new");
        assert_eq!(after(&looks).of(&off(OTHER)), None);
        let gone = [looks.to_vec(), vec![(30, fine.clone())]].concat();
        assert_eq!(after(&gone).of(&off(NODE)), None);
        let back = [gone, vec![(40, down)]].concat();
        assert_eq!(after(&back).of(&off(NODE)), Some(since(40, false)));
    }

    #[test]
    fn what_began_while_nobody_watched_may_have_begun_earlier() {
        let fine = seen(vec![Finding::pass(CheckCode::Members, "all are UP")]);
        let down = seen(vec![off(NODE)]);
        assert_eq!(after(&[(0, down.clone())]).of(&off(NODE)), Some(since(0, true)), "the first look of all");
        assert_eq!(after(&[(0, fine.clone()), (21, down.clone())]).of(&off(NODE)), Some(since(21, true)), "a gap");
        let blind = seen(vec![not_known(NODE)]);
        assert_eq!(
            after(&[(0, fine.clone()), (10, blind.clone()), (20, down.clone())]).of(&off(NODE)),
            Some(since(20, true))
        );
        let others = seen(vec![not_known(OTHER)]);
        assert_eq!(
            after(&[(0, fine.clone()), (10, others), (20, down.clone())]).of(&off(NODE)),
            Some(since(20, false))
        );
        let lost = vec![Finding::fail(CheckCode::Sight, "The appliance cannot be read.")];
        assert_eq!(after(&[(0, fine.clone()), (10, lost), (20, down.clone())]).of(&off(NODE)), Some(since(20, true)));
        // A look that took long, and was judged after one that began later.
        assert_eq!(after(&[(0, fine.clone()), (18, fine), (10, down)]).of(&off(NODE)), Some(since(10, false)));
    }

    #[test]
    fn what_was_wrong_and_cannot_be_told_any_more_is_marked() {
        let down = seen(vec![off(NODE)]);
        let marked = |looks: &[(i64, Vec<Finding>)]| {
            let mut findings = looks.last().unwrap().1.clone();
            after(looks).mark(&mut findings);
            findings.iter().any(|finding| finding.was_wrong)
        };
        let blind = |node| seen(vec![not_known(node)]);
        assert!(marked(&[(0, down.clone()), (10, blind(NODE))]));
        assert!(!marked(&[(0, down.clone()), (10, blind(OTHER))]), "another's question");
        assert!(!marked(&[(0, seen(Vec::new())), (10, blind(NODE))]), "it never was wrong");
        assert!(!marked(&[(0, down.clone()), (10, seen(Vec::new())), (20, blind(NODE))]), "it was well since");
        assert!(!marked(&[(0, down)]), "it is wrong now, and says so itself");
    }

    #[test]
    fn a_look_that_could_not_tell_ends_nothing() {
        let down = seen(vec![off(NODE)]);
        let lost = vec![Finding::fail(CheckCode::Sight, "The appliance cannot be read.")];
        for blind in [seen(vec![not_known(NODE)]), lost] {
            let looks = [(0, seen(Vec::new())), (10, down.clone()), (20, blind.clone()), (30, down.clone())];
            assert_eq!(after(&looks).of(&off(NODE)), Some(since(10, false)), "{blind:?}");
        }
        // A node more that is not known says nothing of this one.
        let looks = [(10, down.clone()), (20, seen(vec![not_known(OTHER)])), (30, down)];
        assert_eq!(after(&looks).of(&off(NODE)), Some(since(30, false)));
    }

    #[test]
    fn what_is_well_is_well_only_while_somebody_watches() {
        let mut watch = Watch::default();
        let fine = seen(Vec::new());
        let mut judge = |second, findings: &[Finding], tone| {
            watch = watch.clone().judged(noted(second), INTERVAL, findings, tone);
            watch.told(noted(second)).of_verdict(tone, findings)
        };
        assert_eq!(judge(0, &fine, Tone::Good), Some(since(0, true)));
        assert_eq!(judge(10, &fine, Tone::Good), Some(since(0, true)));
        let down = seen(vec![off(NODE)]);
        assert_eq!(judge(20, &down, Tone::Warn), Some(since(20, false)));
        assert_eq!(judge(30, &[], Tone::Unknown), Some(since(30, false)));
        assert_eq!(judge(40, &down, Tone::Warn), Some(since(20, false)), "nobody said that it was over");
        assert_eq!(judge(50, &fine, Tone::Good), Some(since(50, false)));
        assert_eq!(judge(80, &fine, Tone::Good), Some(since(80, true)), "a gap in which anything may have been");
        let other = seen(vec![off(OTHER)]);
        assert_eq!(judge(90, &other, Tone::Warn), Some(since(90, false)));
        assert_eq!(judge(100, &down, Tone::Warn), Some(since(100, false)), "another thing is said");
    }

    #[test]
    fn a_clock_that_is_set_puts_nothing_into_the_future_and_brings_it_back() {
        let down = seen(vec![off(NODE)]);
        let watch = Watch::default().judged(noted(990), INTERVAL, &seen(Vec::new()), Tone::Good);
        let watch = watch.judged(noted(1_000), INTERVAL, &down, Tone::Warn);
        let told = |at: i64, ahead: i64, run| {
            let now = Noted { at: from_millis(at * 1000), ahead_ms: ahead * 1000, run };
            watch.told(now).of(&off(NODE)).unwrap()
        };
        let looked = |at: i64, or_earlier| Since { at: from_millis(at * 1000), or_earlier };
        assert_eq!(told(1_030, 0, 1), looked(1_000, false));
        assert_eq!(told(430, -600, 1), looked(400, false), "set back by ten minutes: half a minute is half a minute");
        assert_eq!(told(1_060, 0, 1), looked(1_000, false), "and set right again");
        assert_eq!(told(500, 0, 2), looked(500, true), "set back while the program was off: no later than now");
        assert_eq!(told(2_000, 0, 2), looked(1_000, false));

        // The next look of that run takes it over by its own clock.
        let now = Noted { at: from_millis(500_000), ahead_ms: 7, run: 2 };
        let watch = watch.judged(now, INTERVAL, &down, Tone::Warn);
        let later = Noted { at: from_millis(2_000_000), ahead_ms: 7, run: 2 };
        assert_eq!(watch.told(later).of(&off(NODE)), Some(looked(500, true)));
    }

    #[test]
    fn it_is_kept_as_json() {
        let watch = Watch::default().judged(noted(5), INTERVAL, &seen(vec![off(NODE), not_known(OTHER)]), Tone::Warn);
        let json = serde_json::to_string(&watch).unwrap();
        assert_eq!(serde_json::from_str::<Watch>(&json).unwrap(), watch);
    }
}
