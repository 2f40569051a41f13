//! How a cluster stood over time, for those who may see it.

use crate::{Failure, ReadCx, Services};
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

impl Services {
    pub async fn history(&self, cx: &ReadCx, id: ClusterId) -> Result<HistoryView, Failure> {
        let cluster = self.cluster_in_scope(cx, id).await?;
        // What it is now belongs to it, though nobody looked since.
        self.judged(cluster.clone()).await?;
        let reckoning = self.reckoning();
        let stretches = self.store.stretches(id).await?;
        Ok(HistoryView { cluster, stood: told(&stretches, self.store.noted(reckoning)), now: reckoning.now })
    }
}
