//! Clusters, and how each is doing as far as was seen.

use crate::{AdminCx, Failure, ReadCx, Services, Topic, WriteCx, setup::told};
use model::{
    At, ClusterId, Freshness,
    appliance::Appliance,
    certkey::CertFacts,
    cluster::{Cluster, ClusterForm},
    desired::Desired,
    finding::{CheckCode, Finding, Grade, Tally},
    node::{Account, NodeFacts, NodeKeys},
    object::ObjectRef,
    record::RecordKind,
    since::{Since, Sinces},
    snapshot::Snapshot,
    state::Tone,
    verdict::verdict,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    sync::Arc,
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

/// How much of a cluster is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// A line in a list: to read its plans, and to plan, would be the most of the work.
    Line,
    /// With its newest plans, and with what a plan would mend.
    Page,
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
            views.push(self.cluster_view(cluster, Detail::Line).await?);
        }
        Ok(views)
    }

    pub async fn cluster(&self, cx: &ReadCx, id: ClusterId) -> Result<ClusterView, Failure> {
        let cluster = self.cluster_in_scope(cx, id).await?;
        self.cluster_view(cluster, Detail::Page).await
    }

    /// Looks at the cluster's appliance now, in the background.
    pub async fn look_again(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        let cluster = self.cluster_in_scope(cx, id).await?;
        self.observe_soon(cluster.appliance);
        Ok(())
    }

    pub(crate) async fn cluster_view(&self, cluster: Cluster, detail: Detail) -> Result<ClusterView, Failure> {
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
        let desired = applied.as_ref().or(latest.as_ref());
        let told = match desired {
            Some(desired) => self.told_of(id, desired).await?,
            None => ToldByNodes::default(),
        };
        let judged = engine::checks::Input {
            desired,
            seen: sighting.seen.as_ref().map(|(_, snapshot, freshness)| (&**snapshot, *freshness)),
            failure: sighting.failure.as_ref().map(|(at, sentence)| (*at, sentence.as_str())),
            owned: &owned,
            nodes: &told.facts,
            keys: &told.keys,
            accounts: &told.accounts,
            fqdn: &cluster.fqdn,
            now: sighting.now,
            interval: sighting.interval,
        };
        let mut findings = engine::check(&judged);
        let sinces = self.store.watch(id).await?.told(self.store.noted(self.reckoning()));
        sinces.mark(&mut findings);
        let mut plans = Vec::new();
        if detail == Detail::Page {
            plans = self.store.plans_of(id, PLANS).await?;
            // What a plan would do is known where the last look still counts.
            if let (Some(latest), Some((snapshot, _)), true) = (&latest, judged.seen, sighting.is_known())
                && findings.iter().any(Finding::is_trouble)
            {
                let plan = engine::plan_keeping(latest, snapshot, &owned, &kept);
                let then = engine::checks::Input { desired: Some(latest), ..judged };
                findings = engine::remedies::with_plan(findings, &then, &plan);
            }
        }
        let nodes = told.facts;
        let desired = applied.or(latest);
        if let Some(sentence) = &unreadable {
            findings.insert(0, set_up_unreadable(sentence));
        }
        Ok(ClusterView {
            cluster,
            appliance,
            desired,
            unreadable,
            pending,
            sighting,
            findings,
            sinces,
            nodes,
            owned,
            kept,
            plans,
        })
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
