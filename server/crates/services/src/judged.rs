//! A cluster as it was found: the rules are run once for all who read it.

use crate::cluster_view::{ClusterView, Sighting};
use jiff::SignedDuration;
use model::{
    At,
    desired::Desired,
    expected::Work,
    finding::{CheckCode, Finding, Grade, Tally},
    fleet::{FleetLine, Otherwise},
    freshness::next_change,
    node::{Account, NodeFacts, NodeKeys},
    noted::Noted,
    plan::Plan,
    since::Sinces,
    state::Tone,
    verdict::Verdict,
};
use std::{collections::BTreeMap, net::Ipv4Addr, sync::OnceLock};

/// A cluster as it was found when something of it was seen or changed last; it is so until `until`, by itself.
#[derive(Debug)]
pub(crate) struct Judged {
    view: ClusterView,
    /// The set-up as it is described.
    latest: Option<Desired>,
    keys: BTreeMap<Ipv4Addr, NodeKeys>,
    accounts: BTreeMap<Account, Option<At>>,
    pub until: At,
    /// Made when they are asked for first: most of what is judged is only a line in a list.
    planned: OnceLock<Option<Plan>>,
    mended: OnceLock<Vec<Finding>>,
    line: OnceLock<FleetLine>,
}

/// What is said in days or hours is said anew after this, whatever is seen.
const SAID_ANEW: SignedDuration = SignedDuration::from_mins(1);

/// Until when everything that was read is worth what it is worth now.
fn until(sighting: &Sighting, nodes: &[NodeFacts]) -> At {
    let (now, interval) = (sighting.now, sighting.interval);
    let mut until = now.checked_add(SAID_ANEW).unwrap_or(now);
    let mut meet = |at: At, interval: u32| {
        until = next_change(at, now, interval).map_or(until, |border| border.min(until));
    };
    if let Some((at, ..)) = &sighting.seen {
        meet(*at, interval);
    }
    for facts in nodes {
        facts.each_time(|door, at| meet(at, interval.saturating_mul(door.every())));
    }
    until
}

impl Judged {
    /// Runs the rules over `view`, of which all is known but their findings.
    pub fn of(
        mut view: ClusterView,
        latest: Option<Desired>,
        keys: BTreeMap<Ipv4Addr, NodeKeys>,
        accounts: BTreeMap<Account, Option<At>>,
        works: &[Work],
        now: Noted,
    ) -> Self {
        let mut until = until(&view.sighting, &view.nodes);
        view.findings = engine::check(&view.input(view.desired.as_ref(), &keys, &accounts));
        view.sinces.mark(&mut view.findings);
        if let Some(look) = view.sighting.look.filter(|_| !works.is_empty()) {
            view.sinces.troubles.explain(&mut view.findings, works, look, now);
            // What nobody expects comes first.
            view.findings.sort_by_key(|finding| (!finding.alarms(), !finding.is_trouble()));
            let lapses = works.iter().filter_map(|work| work.until(now)).min();
            let after = lapses.and_then(|at| at.checked_add(SignedDuration::from_millis(1)).ok());
            until = after.map_or(until, |after| after.min(until));
        }
        if let Some(sentence) = &view.unreadable {
            view.findings.insert(0, set_up_unreadable(sentence));
        }
        Self {
            view,
            latest,
            keys,
            accounts,
            until,
            planned: OnceLock::new(),
            mended: OnceLock::new(),
            line: OnceLock::new(),
        }
    }

    pub fn as_it_was(&self) -> &ClusterView {
        &self.view
    }

    /// The set-up as it is described.
    pub fn latest(&self) -> Option<&Desired> {
        self.latest.as_ref()
    }

    /// As a list of many has it.
    pub fn line(&self) -> &FleetLine {
        self.line.get_or_init(|| line(&self.view))
    }

    /// As it is read at `now`.
    pub fn view(&self, now: At) -> ClusterView {
        let mut view = self.view.clone();
        view.sighting.now = now;
        view
    }

    /// Since when things are so is known better now.
    pub fn since(&mut self, sinces: Sinces) {
        self.view.sinces = sinces;
    }

    /// What a plan of the set-up as it is described would do, by what was seen last.
    pub fn planned(&self) -> Option<&Plan> {
        let plan = || {
            let (_, snapshot, _) = self.view.sighting.seen.as_ref()?;
            let latest = self.latest.clone().unwrap_or_default();
            Some(engine::plan_keeping(&latest, snapshot, &self.view.owned, &self.view.kept))
        };
        self.planned.get_or_init(plan).as_ref()
    }

    /// The findings, with what a plan would mend; that is known where the last look still counts.
    pub fn mended(&self) -> &[Finding] {
        self.mended.get_or_init(|| {
            let (findings, sighting) = (self.view.findings.clone(), &self.view.sighting);
            if !sighting.is_known() || !findings.iter().any(Finding::is_trouble) {
                return findings;
            }
            let (Some(latest), Some(plan)) = (&self.latest, self.planned()) else { return findings };
            let input = self.view.input(Some(latest), &self.keys, &self.accounts);
            engine::remedies::with_plan(findings, &input, plan)
        })
    }
}

/// A cluster is not well while nobody can read what it should be.
fn set_up_unreadable(sentence: &str) -> Finding {
    Finding {
        cause: "Another version of Gatehouse may have written it. What is judged here is without it.".into(),
        fix: "Start the version of Gatehouse that saved it; the server's log has the details.".into(),
        aspect: "unreadable".into(),
        brief: "its set-up cannot be read".into(),
        ..Finding::new(CheckCode::Applied, Grade::Fail, sentence)
    }
}

fn line(view: &ClusterView) -> FleetLine {
    let (tone, words) = view.verdict();
    // What was not read lately is not known, whatever it was then.
    let known = view.sighting.seen.as_ref().filter(|_| view.sighting.is_known());
    FleetLine {
        tone,
        words,
        since: view.verdict_since(),
        tally: view.tally(),
        pending: view.pending.len(),
        certificate_days: view.certificate_days(),
        unsaved: known.and_then(|(_, snapshot, _)| snapshot.unsaved),
        seen: view.sighting.seen.as_ref().map(|(at, _, freshness)| (*at, *freshness)),
        cluster: view.cluster.id,
        title: view.cluster.title.clone(),
        fqdn: view.cluster.fqdn.clone(),
        appliance: view.appliance.id,
        appliance_title: view.appliance.spec.title.clone(),
        unanswered: unanswered(view),
    }
}

/// How it stands but for an appliance that does not answer.
fn unanswered(view: &ClusterView) -> Option<Otherwise> {
    let silent = view.sighting.failure.as_ref().is_some_and(|(_, error)| error.kind.is_no_answer());
    let says = |finding: &Finding| finding.code == CheckCode::Sight && finding.alarms();
    if !silent || !view.findings.iter().any(says) {
        return None;
    }
    let rest: Vec<Finding> = view.findings.iter().filter(|finding| !says(finding)).cloned().collect();
    let Verdict { tone, words, .. } = view.verdict_by(&rest);
    // What nobody sees is not known, whatever is left.
    let tone = if tone.rank() < Tone::Unknown.rank() { Tone::Unknown } else { tone };
    Some(Otherwise { tone, words, tally: Tally::of(&rest) })
}
