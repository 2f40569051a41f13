//! Clusters, and how each is doing as far as was seen.

use crate::{AdminCx, Failure, ReadCx, Services, Topic, WriteCx};
use model::{
    At, ClusterId, Freshness,
    appliance::Appliance,
    certkey::CertFacts,
    cluster::{Cluster, ClusterForm},
    desired::Desired,
    finding::{Finding, Tally},
    node::NodeFacts,
    object::ObjectRef,
    record::RecordKind,
    snapshot::Snapshot,
    state::Tone,
    verdict::verdict,
};
use std::collections::BTreeSet;
use store::{clusters, plans::PlanLine, records};

/// What was seen of a cluster's appliance, and how much that still counts.
#[derive(Clone, Debug)]
pub struct Sighting {
    pub now: At,
    /// Seconds between two looks.
    pub interval: u32,
    pub seen: Option<(At, Snapshot, Freshness)>,
    /// The last look failed: when, and why.
    pub failure: Option<(At, String)>,
}

/// One cluster as its page shows it.
#[derive(Clone, Debug)]
pub struct ClusterView {
    pub cluster: Cluster,
    pub appliance: Appliance,
    pub desired: Option<Desired>,
    pub sighting: Sighting,
    /// What the checks say of the last sighting, the worst first.
    pub findings: Vec<Finding>,
    /// What the nodes told, in the order of the set-up.
    pub nodes: Vec<NodeFacts>,
    /// What Gatehouse made or adopted for it.
    pub owned: BTreeSet<ObjectRef>,
    /// Newest first.
    pub plans: Vec<PlanLine>,
}

impl ClusterView {
    /// One word for the whole.
    pub fn verdict(&self) -> (Tone, String) {
        let seen = self.sighting.seen.as_ref().map(|(_, snapshot, freshness)| (snapshot, *freshness));
        verdict(self.desired.as_ref(), seen, &self.findings)
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
        let key = snapshot.find(&ObjectRef::cert_key(&name)).filter(|_| *freshness != Freshness::Unknown)?;
        CertFacts::of(key).days_left(self.sighting.now)
    }
}

impl Services {
    pub async fn clusters(&self, cx: &ReadCx) -> Result<Vec<ClusterView>, Failure> {
        let mut views = Vec::new();
        for cluster in self.clusters_in_scope(cx).await? {
            // The list shows no plans; parsing them for each row would be the most of the work.
            views.push(self.cluster_view(cluster, 0).await?);
        }
        Ok(views)
    }

    pub async fn cluster(&self, cx: &ReadCx, id: ClusterId) -> Result<ClusterView, Failure> {
        let cluster = self.cluster_in_scope(cx, id).await?;
        self.cluster_view(cluster, 10).await
    }

    /// Looks at the cluster's appliance now, in the background.
    pub async fn look_again(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        let cluster = self.cluster_in_scope(cx, id).await?;
        self.observe_soon(cluster.appliance);
        Ok(())
    }

    pub(crate) async fn cluster_view(&self, cluster: Cluster, plans: u32) -> Result<ClusterView, Failure> {
        let id = cluster.id;
        let appliance = self.appliance_of(&cluster).await?;
        let desired = self.store.latest_desired(id).await?.map(|version| version.desired);
        let sighting = self.sighting(cluster.appliance).await?;
        let owned = self.store.owned_by(cluster.appliance, id).await?;
        let plans = self.store.plans_of(id, plans).await?;
        let nodes = match &desired {
            Some(desired) => self.told_of(id, desired).await?,
            None => Vec::new(),
        };
        let findings = engine::check(&engine::checks::Input {
            desired: desired.as_ref(),
            seen: sighting.seen.as_ref().map(|(_, snapshot, freshness)| (snapshot, *freshness)),
            owned: &owned,
            nodes: &nodes,
            fqdn: &cluster.fqdn,
            now: sighting.now,
        });
        Ok(ClusterView { cluster, appliance, desired, sighting, findings, nodes, owned, plans })
    }

    /// What the nodes of a set-up told, in its order.
    pub(crate) async fn told_of(&self, id: ClusterId, desired: &Desired) -> Result<Vec<NodeFacts>, Failure> {
        let mut told = self.store.node_facts(id).await?;
        let addresses = desired.nodes.iter().map(|node| node.address);
        Ok(addresses.map(|address| told.remove(&address).unwrap_or_else(|| NodeFacts::new(address))).collect())
    }

    pub(crate) async fn sighting(&self, appliance: model::ApplianceId) -> Result<Sighting, Failure> {
        let now = self.now();
        let observation = self.store.observation(appliance).await?;
        let (good, failure) = observation.map_or((None, None), |observation| (observation.good, observation.failure));
        let seen = good.map(|good| (good.at, good.snapshot, Freshness::of(good.at, now, self.interval)));
        let failure = failure
            .filter(|failure| seen.as_ref().is_none_or(|(at, _, _)| failure.at > *at))
            .map(|failure| (failure.at, failure.sentence));
        Ok(Sighting { now, interval: self.interval, seen, failure })
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
                    let cluster = clusters::add_cluster_in(conn, &new, at).await?;
                    added.cluster = Some(cluster.id);
                    records::append_in(conn, &added).await?;
                    Ok(cluster.id)
                })
            })
            .await;
        let id = written.map_err(|error| match error {
            store::Error::Taken { .. } => {
                Failure::field("title", format!("There is already a cluster called {title}. Choose another name."))
            }
            other => other.into(),
        })?;
        self.bus.tell(Topic::Other);
        Ok(id)
    }
}
