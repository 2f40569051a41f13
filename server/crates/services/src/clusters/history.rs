//! How a cluster stood over time, for those who may see it.

use super::Clusters;
use crate::{Failure, ReadCx};
use model::{
    At, ClusterId,
    cluster::Cluster,
    stretch::{Stood, told},
};

/// A cluster's verdicts.
#[derive(Clone, Debug)]
pub struct HistoryView {
    pub cluster: Cluster,
    /// The newest first, all that are kept.
    pub stood: Vec<Stood>,
    pub now: At,
}

impl Clusters {
    pub async fn history(&self, cx: &ReadCx, id: ClusterId) -> Result<HistoryView, Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        // What it is now belongs to it, though nobody looked since.
        self.watch.judged(cluster.clone()).await?;
        let reckoning = self.ground.reckoning();
        let stretches = self.ground.store.stretches(id).await?;
        Ok(HistoryView { cluster, stood: told(&stretches, self.ground.store.noted(reckoning)), now: reckoning.now })
    }
}
