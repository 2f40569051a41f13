//! The other half of a pair: what it lacks, and bringing it into step.

use crate::{Failure, Services, Topic, WriteCx, adapters::NetScaler, refusal::Refusal};
use model::{
    ApplianceId, ClusterId,
    pair::{Behind, Pair, Sync},
    record::{Outcome, RecordKind},
};

impl Services {
    /// What the peer lacks by all that is known, after a look at it. That it has everything counts only once a
    /// synchronisation was seen to run since: the word for "in step" stays while the peer has never heard of a change.
    pub(crate) async fn behind(&self, appliance: ApplianceId, pair: &Pair) -> Option<Behind> {
        let lag = match self.store.pair_lag(appliance).await {
            Ok(lag) => lag?,
            Err(error) => {
                tracing::error!(
                    appliance.id = appliance.0,
                    "What the peer lacks could not be read: {}",
                    error.sentence()
                );
                return None;
            }
        };
        let noted = match (pair.sync(), lag.syncing) {
            (Sync::Running, false) => self.store.pair_syncs(appliance).await,
            (Sync::InStep, true) if pair.is_ready() => match self.store.pair_in_step(appliance).await {
                Ok(()) => return None,
                failed => failed,
            },
            _ => Ok(()),
        };
        if let Err(error) = noted {
            tracing::error!(
                appliance.id = appliance.0,
                "The pair's synchronisation could not be noted: {}",
                error.sentence()
            );
        }
        Some(lag.behind)
    }

    /// Orders a full synchronisation of the pair that serves a cluster: an explicit repair, never done by itself.
    pub async fn synchronise_pair(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        self.not_stopping()?;
        let cluster = self.cluster_in_scope(cx, id).await?;
        let appliance = cluster.appliance;
        if self.writes_to(appliance).await {
            return Err(Refusal::PairWaits.into());
        }
        let title = format!("Synchronising the pair of {}", cluster.title);
        let mut begun = cx.entry(self.now(), RecordKind::PairSyncBegun, format!("{title} begun."));
        (begun.cluster, begun.appliance) = (Some(id), Some(appliance));
        let not_done = format!("{title} was not ordered.");
        self.long_act(begun, RecordKind::PairSyncEnded, not_done, async move |services, act| {
            let ordered = async { NetScaler::connect(&services, appliance).await?.synchronise().await }.await;
            ordered.map_err(|error| Refusal::NotRead(error.sentence))?;
            let summary = format!("{title} was ordered. The checks say when it has ended.");
            services.store.append(&act.ended(services.now(), Outcome::Succeeded, summary)).await?;
            // Ordered it is, whether that can be noted or not.
            let noted = services.store.pair_syncs(appliance).await;
            services.observe_soon(appliance);
            services.bus.tell(Topic::Other);
            Ok(noted)
        })
        .await??;
        Ok(())
    }
}
