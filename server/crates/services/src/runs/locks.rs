//! Who writes to which appliance: one run at a time (invariant 13).

use crate::{Failure, ReadCx, WriteCx, refusal::Refusal};
use model::{ApplianceId, At, ClusterId, PlanId, cluster::Cluster, readiness::Writer};
use std::collections::HashMap;
use tokio::sync::{Mutex, MutexGuard};

/// Who writes to an appliance now.
#[derive(Clone, Debug)]
pub struct Holder {
    pub plan: PlanId,
    by: String,
    since: At,
    cluster: ClusterId,
    title: String,
}

/// One writer per appliance. Held in memory only: after a crash nobody writes.
#[derive(Default)]
pub struct WriteLocks(pub Mutex<HashMap<ApplianceId, Holder>>);

impl WriteLocks {
    /// Who writes to this appliance now, as this reader may know it; not counting the plan's own run.
    pub(crate) async fn writer_on(&self, cx: &ReadCx, appliance: ApplianceId, plan: PlanId) -> Option<Writer> {
        writer(&self.0.lock().await, cx, appliance, plan)
    }

    /// Keeps runs on the appliance from beginning for as long as the guard lives; refused while one is at work, because
    /// what it is doing must not become something else under its feet.
    pub(crate) async fn no_run_on(
        &self,
        appliance: ApplianceId,
    ) -> Result<MutexGuard<'_, HashMap<ApplianceId, Holder>>, Failure> {
        let locks = self.0.lock().await;
        match locks.get(&appliance) {
            None => Ok(locks),
            Some(holder) => {
                let (by, title) = (holder.by.clone(), holder.title.clone());
                Err(Refusal::Busy { by, since: holder.since, plan: holder.plan, title }.into())
            }
        }
    }

    /// A run writes to this appliance now.
    pub(crate) async fn writes_to(&self, appliance: ApplianceId) -> bool {
        self.0.lock().await.contains_key(&appliance)
    }

    /// The plan's run is at work.
    pub(crate) async fn carries_out(&self, plan: PlanId) -> bool {
        self.0.lock().await.values().any(|holder| holder.plan == plan)
    }

    /// How many runs are at work.
    pub(crate) async fn at_work(&self) -> usize {
        self.0.lock().await.len()
    }
}

pub fn writer(
    locks: &MutexGuard<'_, HashMap<ApplianceId, Holder>>,
    cx: &ReadCx,
    appliance: ApplianceId,
    plan: PlanId,
) -> Option<Writer> {
    let holder = locks.get(&appliance).filter(|holder| holder.plan != plan)?;
    let known = cx.sees(holder.cluster).then(|| (holder.by.clone(), holder.plan, holder.title.clone()));
    Some(Writer { since: holder.since, known })
}

pub fn take(
    locks: &mut MutexGuard<'_, HashMap<ApplianceId, Holder>>,
    cx: &WriteCx,
    cluster: &Cluster,
    plan: PlanId,
    since: At,
) {
    let by = cx.person().name.clone();
    locks.insert(cluster.appliance, Holder { plan, by, since, cluster: cluster.id, title: cluster.title.clone() });
}
