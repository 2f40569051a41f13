//! The other half of a pair: what it lacks, and bringing it into step.

pub(crate) mod behind;

use crate::{
    Failure, Topic, WriteCx, adapters::NetScaler, ground::Ground, observer::Observer, pool::Pool, refusal::Refusal,
    runs::WriteLocks,
};
use engine::Observe;
use model::{
    ClusterId,
    read_error::{ReadError, ReadErrorKind},
    record::{Outcome, RecordKind},
};
use std::sync::Arc;

#[derive(Clone)]
pub struct Pairs {
    pub(crate) ground: Arc<Ground>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) locks: Arc<WriteLocks>,
    pub(crate) observer: Observer,
}

impl Pairs {
    /// Orders a full synchronisation of the pair that serves a cluster: an explicit repair, never done by itself.
    pub async fn synchronise(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        self.ground.not_stopping()?;
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let appliance = cluster.appliance;
        if self.locks.writes_to(appliance).await {
            return Err(Refusal::PairWaits.into());
        }
        let title = format!("Synchronising the pair of {}", cluster.title);
        let mut begun = cx.entry(self.ground.now(), RecordKind::PairSyncBegun, format!("{title} begun."));
        (begun.cluster, begun.appliance) = (Some(id), Some(appliance));
        let (not_done, pairs) = (format!("{title} was not ordered."), self.clone());
        self.ground
            .long_act(begun, RecordKind::PairSyncEnded, not_done, async move |act| {
                let Self { ground, pool, observer, .. } = pairs;
                let ordered = async {
                    let netscaler = NetScaler::connect_to_write(&ground, &pool, appliance).await?;
                    let role = netscaler.role().await?;
                    if !role.is_primary() {
                        let sentence =
                            format!("{}; a pair is synchronised from its primary. Nothing was sent.", role.said());
                        return Err(ReadError::new(ReadErrorKind::NotReady, sentence));
                    }
                    netscaler.synchronise().await
                };
                ordered.await.map_err(Refusal::NotRead)?;
                let summary = format!("{title} was ordered. The checks say when it has ended.");
                ground.store.append(&act.ended(ground.now(), Outcome::Succeeded, summary)).await?;
                // Ordered it is, whether that can be noted or not.
                let noted = ground.store.pair_syncs(appliance).await;
                observer.look_soon(appliance);
                ground.bus.tell(Topic::Other);
                Ok(noted)
            })
            .await??;
        Ok(())
    }
}
