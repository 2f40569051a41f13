//! Clusters, and how each is doing as far as was seen.

use crate::{AdminCx, Failure, ReadCx, Services, Topic, WriteCx, setup::told};
use jiff::SignedDuration;
use model::{
    At, ClusterId, Freshness,
    appliance::Appliance,
    certkey::CertFacts,
    cluster::{Cluster, ClusterForm},
    desired::Desired,
    finding::{CheckCode, Finding, Grade, Tally},
    freshness::next_change,
    node::{Account, NodeFacts, NodeKeys},
    object::ObjectRef,
    plan::Plan,
    record::RecordKind,
    since::{Since, Sinces},
    snapshot::Snapshot,
    state::Tone,
    verdict::verdict,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    sync::{Arc, OnceLock},
};
use store::{
    clusters,
    owned::{How, Owner},
    plans::PlanLine,
    records,
};

/// What was seen of a cluster's appliance, and how much that still counts.
#[derive(Clone, Debug)]
pub struct Sighting {
    pub now: At,
    /// Seconds between two looks.
    pub interval: u32,
    pub seen: Option<(At, Arc<Snapshot>, Freshness)>,
    /// The last look failed: when, and why.
    pub failure: Option<(At, String)>,
}

/// So many of the newest plans stand on a cluster's page.
const PLANS: u32 = 10;

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
    fn input<'a>(
        &'a self,
        desired: Option<&'a Desired>,
        keys: &'a BTreeMap<Ipv4Addr, NodeKeys>,
        accounts: &'a BTreeMap<Account, Option<At>>,
    ) -> engine::checks::Input<'a> {
        let Sighting { now, interval, seen, failure } = &self.sighting;
        engine::checks::Input {
            desired,
            seen: seen.as_ref().map(|(_, snapshot, freshness)| (&**snapshot, *freshness)),
            failure: failure.as_ref().map(|(at, sentence)| (*at, sentence.as_str())),
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
        let seen = self.sighting.seen.as_ref().map(|(_, snapshot, freshness)| (&**snapshot, *freshness));
        match verdict(self.desired.as_ref(), seen, &self.findings) {
            // That nothing is set up, or not yet, is only what is left to be read.
            (Tone::Quiet, _) if self.unreadable.is_some() => (Tone::Bad, "its set-up cannot be read".into()),
            verdict => verdict,
        }
    }

    /// Since when it is that.
    pub fn verdict_since(&self) -> Option<Since> {
        self.sinces.of_verdict(self.verdict().0, &self.findings)
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
    pub fn as_it_was(&self) -> &ClusterView {
        &self.view
    }

    /// The set-up as it is described.
    pub fn latest(&self) -> Option<&Desired> {
        self.latest.as_ref()
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

/// Two clusters of one name on one appliance cannot be told apart there. Whoever may add and edit clusters sees them all,
/// so the other one is named.
pub(crate) fn same_name(other: &Cluster) -> Failure {
    let sentence = format!(
        "{} on this appliance has the name {} already. The appliance answers for a name with one address, and its Gateway \
         finds one cluster by it; give this one a name of its own.",
        other.title, other.fqdn
    );
    Failure::field("fqdn", sentence)
}

/// What was read; what cannot be read is noted and counts as not there, so that it hides no cluster from any list.
fn said<T>(read: Result<T, store::Error>, unreadable: &mut Option<String>) -> Result<Option<T>, Failure> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error @ store::Error::Unreadable { .. }) => {
            unreadable.get_or_insert_with(|| error.sentence());
            Ok(None)
        }
        Err(other) => Err(other.into()),
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

/// What the cluster owns, and what of it was only adopted.
pub(crate) fn ours(all: &BTreeMap<ObjectRef, Owner>, cluster: ClusterId) -> (BTreeSet<ObjectRef>, BTreeSet<ObjectRef>) {
    let mine = || all.iter().filter(|(_, owner)| owner.cluster == cluster);
    let owned = mine().map(|(object, _)| object.clone()).collect();
    let kept = mine().filter(|(_, owner)| owner.how == How::Adopted).map(|(object, _)| object.clone()).collect();
    (owned, kept)
}

impl Services {
    pub async fn clusters(&self, cx: &ReadCx) -> Result<Vec<ClusterView>, Failure> {
        let mut views = Vec::new();
        for cluster in self.clusters_in_scope(cx).await? {
            views.push(self.judged(cluster).await?.view(self.now()));
        }
        Ok(views)
    }

    pub async fn cluster(&self, cx: &ReadCx, id: ClusterId) -> Result<ClusterView, Failure> {
        let cluster = self.cluster_in_scope(cx, id).await?;
        let judged = self.judged(cluster).await?;
        let plans = self.store.plans_of(id, PLANS).await?;
        Ok(ClusterView { plans, findings: judged.mended().to_vec(), ..judged.view(self.now()) })
    }

    /// Looks at the cluster's appliance now, in the background.
    pub async fn look_again(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        let cluster = self.cluster_in_scope(cx, id).await?;
        self.observe_soon(cluster.appliance);
        Ok(())
    }

    /// What the rules say of a cluster now, and all that it rests on.
    pub(crate) async fn judge_now(&self, cluster: Cluster) -> Result<Judged, Failure> {
        let id = cluster.id;
        let appliance = self.appliance_of(&cluster).await?;
        let mut unreadable = None;
        let latest = said(self.store.latest_desired(id).await, &mut unreadable)?.flatten();
        let latest = latest.map(|version| version.desired);
        let applied = said(self.store.last_applied_version(id).await, &mut unreadable)?.flatten();
        let applied = applied.map(|version| version.desired);
        let pending = match (&applied, &latest) {
            (Some(applied), Some(latest)) => told(applied, latest),
            _ => Vec::new(),
        };
        let sighting = self.sighting(cluster.appliance).await?;
        let (owned, kept) = ours(&self.store.owned(cluster.appliance).await?, id);
        let desired = applied.or_else(|| latest.clone());
        let ToldByNodes { facts: nodes, keys, accounts } = match &desired {
            Some(desired) => self.told_of(id, desired).await?,
            None => ToldByNodes::default(),
        };
        let sinces = self.store.watch(id).await?.told(self.store.noted(self.reckoning()));
        let until = until(&sighting, &nodes);
        let mut view = ClusterView {
            cluster,
            appliance,
            desired,
            unreadable,
            pending,
            sighting,
            findings: Vec::new(),
            sinces,
            nodes,
            owned,
            kept,
            plans: Vec::new(),
        };
        view.findings = engine::check(&view.input(view.desired.as_ref(), &keys, &accounts));
        view.sinces.mark(&mut view.findings);
        if let Some(sentence) = &view.unreadable {
            view.findings.insert(0, set_up_unreadable(sentence));
        }
        Ok(Judged { view, latest, keys, accounts, until, planned: OnceLock::new(), mended: OnceLock::new() })
    }

    /// What is known of the nodes of a set-up.
    pub(crate) async fn told_of(&self, id: ClusterId, desired: &Desired) -> Result<ToldByNodes, Failure> {
        let mut told = self.told_by_nodes(id).await?;
        let addresses = desired.nodes.iter().map(|node| node.address);
        let facts = addresses.map(|address| told.remove(&address).unwrap_or_else(|| NodeFacts::new(address))).collect();
        let keys = self.store.node_keys(id).await?;
        let accounts = self.store.node_accounts(id).await?;
        let accounts = accounts.into_iter().map(|(account, stored)| (account, stored.refused_at)).collect();
        Ok(ToldByNodes { facts, keys, accounts })
    }

    pub(crate) async fn sighting(&self, appliance: model::ApplianceId) -> Result<Sighting, Failure> {
        let reckoning = self.reckoning();
        let now = reckoning.now;
        let Some(observation) = self.store.observation(appliance, reckoning).await? else {
            return Ok(Sighting { now, interval: self.interval, seen: None, failure: None });
        };
        let failures = observation.failures;
        let failing = observation.failing().map(|failure| (failure.at, failure.sentence.clone()));
        // Unreadable is never seen, and is said where the look would stand.
        let unreadable = observation.unreadable.map(|sentence| {
            (
                now,
                format!(
                    "What was seen last cannot be read, and counts as not seen; the next look replaces it. ({sentence})"
                ),
            )
        });
        let seen = observation.good.map(|good| {
            let freshness = Freshness::of(good.at, now, self.interval);
            // How long ago an earlier run of the program saw it, only clocks say, and they may have been set meanwhile. And
            // what could not be seen twice in a row is not as it was.
            let doubtful = good.before_start || failures > 1;
            let freshness = if doubtful { freshness.at_most(Freshness::Stale) } else { freshness };
            (good.at, good.snapshot, freshness)
        });
        Ok(Sighting { now, interval: self.interval, seen, failure: failing.or(unreadable) })
    }

    pub async fn add_cluster(&self, cx: &AdminCx, form: &ClusterForm) -> Result<ClusterId, Failure> {
        let new = form.parse()?;
        match self.appliance_in_scope(cx, new.appliance).await {
            Ok(_) => {}
            Err(Failure::NotFound(_)) => {
                return Err(Failure::field("appliance", "This appliance does not exist any more. Choose another."));
            }
            Err(other) => return Err(other),
        }
        let at = self.now();
        let mut added = cx.entry(at, RecordKind::ClusterAdded, format!("{} ({}) was added.", new.title, new.fqdn));
        added.appliance = Some(new.appliance);
        let title = new.title.clone();
        let written = self
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let beside = clusters::clusters_on_in(conn, new.appliance).await?;
                    if let Some(same) = beside.into_iter().find(|other| other.fqdn.eq_ignore_ascii_case(&new.fqdn)) {
                        return Ok(Err(same));
                    }
                    let cluster = clusters::add_cluster_in(conn, &new, at).await?;
                    added.cluster = Some(cluster.id);
                    records::append_in(conn, &added).await?;
                    Ok(Ok(cluster.id))
                })
            })
            .await;
        let written = written.map_err(|error| match error {
            store::Error::Taken { .. } => {
                Failure::field("title", format!("There is already a cluster called {title}. Choose another name."))
            }
            other => other.into(),
        })?;
        let id = written.map_err(|same| same_name(&same))?;
        self.bus.tell(Topic::Other);
        Ok(id)
    }
}
