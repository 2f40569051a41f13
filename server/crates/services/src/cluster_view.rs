//! One cluster as pages read it: what is described, what was seen, and what the rules say of that.

use model::{
    At, Freshness,
    appliance::Appliance,
    certkey::CertFacts,
    cluster::Cluster,
    desired::Desired,
    finding::{Finding, Tally},
    node::{Account, NodeFacts, NodeKeys},
    object::ObjectRef,
    outage::Outage,
    read_error::ReadError,
    since::{Since, Sinces},
    snapshot::Snapshot,
    state::Tone,
    verdict::{Verdict, verdict},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    sync::Arc,
};
use store::plans::PlanLine;

/// What was seen of a cluster's appliance, and how much that still counts.
#[derive(Clone, Debug)]
pub struct Sighting {
    pub now: At,
    /// Seconds between two looks.
    pub interval: u32,
    pub seen: Option<(At, Arc<Snapshot>, Freshness)>,
    /// The number of the look that saw it.
    pub look: Option<i64>,
    /// The last look failed: when, and why.
    pub failure: Option<(At, ReadError)>,
}

impl Sighting {
    /// The last look succeeded, and lately: only then is what it showed called right.
    pub fn is_known(&self) -> bool {
        self.failure.is_none() && self.seen.as_ref().is_some_and(|(_, _, freshness)| *freshness == Freshness::Fresh)
    }
}

/// One cluster as its page shows it.
#[derive(Clone, Debug)]
pub struct ClusterView {
    pub cluster: Cluster,
    pub appliance: Appliance,
    /// What it is judged by: the set-up that was applied last, or, before anything was, the one that is described. A
    /// draft turns nobody's cluster amber.
    pub desired: Option<Desired>,
    /// Why a version of the set-up cannot be read: what is judged here is without it.
    pub unreadable: Option<String>,
    /// What is described and not applied, a sentence for each difference.
    pub pending: Vec<String>,
    pub sighting: Sighting,
    /// No appliance answers, this one among them.
    pub outage: Option<Outage>,
    /// What the checks say of the last sighting, the worst first.
    pub findings: Vec<Finding>,
    /// Since when each of them, and the verdict, is so.
    pub sinces: Sinces,
    /// What the nodes told, in the order of the set-up.
    pub nodes: Vec<NodeFacts>,
    /// What Gatehouse made or adopted for it.
    pub owned: BTreeSet<ObjectRef>,
    /// What of it was only adopted: never removed without being asked for.
    pub kept: BTreeSet<ObjectRef>,
    /// Newest first.
    pub plans: Vec<PlanLine>,
}

/// What is known of a cluster's nodes: the rules' other half.
#[derive(Clone, Debug, Default)]
pub(crate) struct ToldByNodes {
    /// In the order of the set-up.
    pub facts: Vec<NodeFacts>,
    pub keys: BTreeMap<Ipv4Addr, NodeKeys>,
    /// Accounts that there are, and since when one is refused.
    pub accounts: BTreeMap<Account, Option<At>>,
}

impl ClusterView {
    /// What the rules judge by.
    pub(crate) fn input<'a>(
        &'a self,
        desired: Option<&'a Desired>,
        keys: &'a BTreeMap<Ipv4Addr, NodeKeys>,
        accounts: &'a BTreeMap<Account, Option<At>>,
    ) -> engine::checks::Input<'a> {
        let Sighting { now, interval, seen, failure, .. } = &self.sighting;
        engine::checks::Input {
            desired,
            seen: seen.as_ref().map(|(_, snapshot, freshness)| (&**snapshot, *freshness)),
            failure: failure.as_ref().map(|(at, error)| (*at, error)),
            owned: &self.owned,
            nodes: &self.nodes,
            keys,
            accounts,
            fqdn: &self.cluster.fqdn,
            now: *now,
            interval: *interval,
        }
    }

    /// One word for the whole.
    pub fn verdict(&self) -> (Tone, String) {
        let Verdict { tone, words, .. } = self.whole_verdict();
        (tone, words)
    }

    /// The same, with what it is about.
    pub fn whole_verdict(&self) -> Verdict {
        self.verdict_by(&self.findings)
    }

    pub(crate) fn verdict_by(&self, findings: &[Finding]) -> Verdict {
        let seen = self.sighting.seen.as_ref().map(|(_, snapshot, freshness)| (&**snapshot, *freshness));
        let verdict = verdict(self.desired.as_ref(), seen, findings);
        if verdict.tone == Tone::Quiet && self.unreadable.is_some() {
            // That nothing is set up, or not yet, is only what is left to be read.
            return Verdict { tone: Tone::Bad, words: "its set-up cannot be read".into(), ..verdict };
        }
        verdict
    }

    /// Since when it is that.
    pub fn verdict_since(&self) -> Option<Since> {
        self.sinces.of_verdict(&self.whole_verdict())
    }

    pub fn tally(&self) -> Tally {
        Tally::of(&self.findings)
    }

    /// Whole days that the certificate of the MAM address is still valid; `None`: not known.
    pub fn certificate_days(&self) -> Option<i64> {
        let mam = self.desired.as_ref()?.mam.as_ref()?;
        let (_, snapshot, freshness) = self.sighting.seen.as_ref()?;
        let bound = snapshot.find(&ObjectRef::vserver_cert(&mam.listener.vserver))?;
        let name = bound.attrs.get("certkeyname")?.to_string();
        let key = snapshot.find(&ObjectRef::cert_key(&name)).filter(|_| *freshness == Freshness::Fresh)?;
        CertFacts::of(key).days_left(self.sighting.now)
    }
}
