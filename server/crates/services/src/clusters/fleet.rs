//! All clusters that somebody may see, as one list.

use super::Clusters;
use crate::{Failure, ReadCx};
use futures::{StreamExt, TryStreamExt, stream};
use model::{
    cluster::Cluster,
    finding::Tally,
    fleet::{FleetForm, FleetLine, FleetPage},
    standing::Standing,
    state::Tone,
};

/// Clusters that are judged at the same time, where a list needs many: their questions and writes are made together.
const AT_ONCE: usize = 16;

impl Clusters {
    /// The part of it that is asked for.
    pub async fn fleet(&self, cx: &ReadCx, form: &FleetForm) -> Result<FleetPage, Failure> {
        Ok(FleetPage::of(self.fleet_lines(cx).await?, form, self.contact.outage(cx), self.ground.now()))
    }

    /// How each of them stands, by title.
    pub async fn standings(&self, cx: &ReadCx) -> Result<Vec<Standing>, Failure> {
        let clusters = self.ground.clusters_in_scope(cx).await?;
        Ok(stream::iter(clusters).map(|cluster| self.standing(cluster)).buffered(AT_ONCE).collect().await)
    }

    async fn standing(&self, cluster: Cluster) -> Standing {
        let (id, title) = (cluster.id, cluster.title.clone());
        match self.watch.judged_for_a_list(cluster).await {
            Ok(judged) => {
                let line = judged.line();
                Standing { cluster: id, title, tone: line.tone, words: line.words.clone(), tally: line.tally }
            }
            Err(failure) => {
                tracing::error!(cluster.id = id.0, "How the cluster stands could not be read: {failure}");
                let words = "not known, because it could not be read".to_owned();
                Standing { cluster: id, title, tone: Tone::Unknown, words, tally: Tally::default() }
            }
        }
    }

    async fn fleet_lines(&self, cx: &ReadCx) -> Result<Vec<FleetLine>, Failure> {
        let clusters = self.ground.clusters_in_scope(cx).await?;
        let line = async |cluster| Ok(self.watch.judged_for_a_list(cluster).await?.line().clone());
        stream::iter(clusters).map(line).buffered(AT_ONCE).try_collect().await
    }
}
