//! Clusters: which there are, how each stands, and how they change.

mod edit;
mod fleet;
mod history;

use crate::{
    AdminCx, Failure, ReadCx, Topic, WriteCx, cluster_view::ClusterView, contact::Contact, ground::Ground,
    nodes::NodePool, observer::Observer, runs::WriteLocks, standings::Standings, watch::Watch,
};
pub use edit::RemovalView;
pub use history::HistoryView;
use model::{
    ClusterId,
    cluster::{Cluster, ClusterForm},
    record::RecordKind,
};
use std::sync::Arc;
use store::{clusters, records};

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

#[derive(Clone)]
pub struct Clusters {
    pub(crate) ground: Arc<Ground>,
    pub(crate) standings: Arc<Standings>,
    pub(crate) watch: Watch,
    pub(crate) observer: Observer,
    pub(crate) contact: Arc<Contact>,
    pub(crate) locks: Arc<WriteLocks>,
    pub(crate) node_pool: Arc<NodePool>,
}

impl Clusters {
    pub async fn list(&self, cx: &ReadCx) -> Result<Vec<ClusterView>, Failure> {
        let mut views = Vec::new();
        for cluster in self.ground.clusters_in_scope(cx).await? {
            views.push(self.watch.judged(cluster).await?.view(self.ground.now()));
        }
        Ok(views)
    }

    pub async fn show(&self, cx: &ReadCx, id: ClusterId) -> Result<ClusterView, Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let judged = self.watch.judged(cluster).await?;
        let plans = self.ground.store.plans_of(id, PLANS).await?;
        let view = judged.view(self.ground.now());
        Ok(ClusterView { plans, findings: judged.mended().to_vec(), outage: self.contact.outage(cx), ..view })
    }

    /// The clusters that there are, each by its name.
    pub async fn choices(&self, cx: &ReadCx) -> Result<Vec<(ClusterId, String)>, Failure> {
        let clusters = self.ground.clusters_in_scope(cx).await?;
        Ok(clusters.into_iter().map(|cluster| (cluster.id, cluster.title)).collect())
    }

    /// Looks at the cluster's appliance now, in the background.
    pub async fn look_again(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        self.observer.look_soon(cluster.appliance);
        Ok(())
    }

    pub async fn add(&self, cx: &AdminCx, form: &ClusterForm) -> Result<ClusterId, Failure> {
        let new = form.parse()?;
        match self.ground.appliance_in_scope(cx, new.appliance).await {
            Ok(_) => {}
            Err(Failure::NotFound(_)) => {
                return Err(Failure::field("appliance", "This appliance does not exist any more. Choose another."));
            }
            Err(other) => return Err(other),
        }
        let at = self.ground.now();
        let mut added = cx.entry(at, RecordKind::ClusterAdded, format!("{} ({}) was added.", new.title, new.fqdn));
        added.appliance = Some(new.appliance);
        let title = new.title.clone();
        let written = self
            .ground
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
        self.ground.bus.tell(Topic::Other);
        Ok(id)
    }
}
