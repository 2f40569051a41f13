//! What a person may see. Here, and nowhere else, a thing is loaded by its number: what is out of scope is answered
//! exactly as what does not exist, so that nothing is told. A test reads the sources and fails when another file asks
//! the store by number (`tests/it/scopes.rs`).

use crate::{Failure, ReadCx, ground::Ground};
use model::{
    ActNo, ApplianceId, ClusterId, PlanId, RecordId, appliance::Appliance, cluster::Cluster, person::Scope,
    record::Record,
};
use std::collections::BTreeSet;
use store::{
    appliances::StoredAppliance,
    plans::StoredPlan,
    records::{Filter, LogScope},
};

impl ReadCx {
    /// What the person has to do with. As it was when the request came in; streams ask again.
    pub fn scope(&self) -> &Scope {
        &self.person.scope
    }

    pub(crate) fn sees(&self, cluster: ClusterId) -> bool {
        self.scope().includes(cluster)
    }
}

/// "Not there", in the words of what was asked for: whichever thing behind it was missing.
fn absent<T>(found: Result<T, store::Error>, what: &'static str) -> Result<T, Failure> {
    found.map_err(|error| match error {
        store::Error::NotFound => Failure::NotFound(what),
        other => other.into(),
    })
}

impl Ground {
    pub async fn cluster_in_scope(&self, cx: &ReadCx, id: ClusterId) -> Result<Cluster, Failure> {
        let found = absent(self.store.cluster(id).await, "such cluster")?;
        if cx.sees(id) { Ok(found) } else { Err(Failure::NotFound("such cluster")) }
    }

    /// By title.
    pub async fn clusters_in_scope(&self, cx: &ReadCx) -> Result<Vec<Cluster>, Failure> {
        let all = self.store.clusters().await?;
        Ok(all.into_iter().filter(|cluster| cx.sees(cluster.id)).collect())
    }

    /// An appliance is anybody's who has a cluster on it; one without clusters is theirs who have all.
    pub async fn appliance_in_scope(&self, cx: &ReadCx, id: ApplianceId) -> Result<StoredAppliance, Failure> {
        let found = absent(self.store.appliance(id).await, "such appliance")?;
        let seen = *cx.scope() == Scope::All || self.appliances_seen(cx).await?.contains(&id);
        if seen { Ok(found) } else { Err(Failure::NotFound("such appliance")) }
    }

    /// The appliance of a cluster that was loaded here.
    pub async fn appliance_of(&self, cluster: &Cluster) -> Result<Appliance, Failure> {
        Ok(self.store.appliance(cluster.appliance).await?.appliance)
    }

    /// By title.
    pub async fn appliances_in_scope(&self, cx: &ReadCx) -> Result<Vec<StoredAppliance>, Failure> {
        let mut all = self.store.appliances().await?;
        if *cx.scope() != Scope::All {
            let seen = self.appliances_seen(cx).await?;
            all.retain(|stored| seen.contains(&stored.appliance.id));
        }
        Ok(all)
    }

    async fn appliances_seen(&self, cx: &ReadCx) -> Result<BTreeSet<ApplianceId>, Failure> {
        Ok(self.clusters_in_scope(cx).await?.into_iter().map(|cluster| cluster.appliance).collect())
    }

    pub async fn plan_in_scope(&self, cx: &ReadCx, id: PlanId) -> Result<(StoredPlan, Cluster), Failure> {
        self.plan_asked_for_as(cx, id, "such plan").await
    }

    /// The plan that a run carries out.
    pub async fn run_in_scope(&self, cx: &ReadCx, act: ActNo) -> Result<(StoredPlan, Cluster), Failure> {
        let plan = self.store.plan_of_run(act).await?.ok_or(Failure::NotFound("such run"))?;
        self.plan_asked_for_as(cx, plan, "such run").await
    }

    async fn plan_asked_for_as(
        &self,
        cx: &ReadCx,
        id: PlanId,
        what: &'static str,
    ) -> Result<(StoredPlan, Cluster), Failure> {
        // Whose it is comes first: that a plan cannot be read is told to nobody from whom it is hidden.
        let of = absent(self.store.cluster_of_plan(id).await, what)?;
        let cluster = self.cluster_in_scope(cx, of).await.map_err(|failure| match failure {
            Failure::NotFound(_) => Failure::NotFound(what),
            other => other,
        })?;
        Ok((absent(self.store.plan(id).await, what)?, cluster))
    }

    /// What of the log is theirs to read.
    pub async fn sight(&self, cx: &ReadCx) -> Result<LogScope, Failure> {
        Ok(match cx.scope() {
            Scope::All => LogScope::All,
            Scope::Only(clusters) => LogScope::Only {
                person: cx.person.id,
                clusters: clusters.clone(),
                appliances: self.appliances_seen(cx).await?,
            },
        })
    }

    /// A record, by the same rule as in the list.
    pub async fn record_in_scope(&self, cx: &ReadCx, id: RecordId) -> Result<Record, Failure> {
        let filter = Filter { id: Some(id), sight: self.sight(cx).await?, limit: 1, ..Filter::default() };
        self.store.list(filter).await?.pop().ok_or(Failure::NotFound("such record"))
    }
}
