//! Clusters: which there are, and what is read to judge them.

use crate::{
    AdminCx, Failure, ReadCx, Services, Topic, WriteCx,
    cluster_view::{ClusterView, Sighting, ToldByNodes},
    judged::Judged,
    setup::told,
};
use model::{
    ClusterId, Freshness,
    cluster::{Cluster, ClusterForm},
    desired::Desired,
    node::NodeFacts,
    object::ObjectRef,
    record::RecordKind,
};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    clusters,
    owned::{How, Owner},
    records,
};

/// So many of the newest plans stand on a cluster's page.
const PLANS: u32 = 10;

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
        let view = ClusterView {
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
        let work = self.under_way(id, view.sighting.now).await?;
        Ok(Judged::of(view, latest, work, keys, accounts))
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
