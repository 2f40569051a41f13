//! All clusters that somebody may see, as one list.

use super::Clusters;
use crate::{ClusterView, Failure, ReadCx};
use model::{
    cluster::Cluster,
    finding::Tally,
    fleet::{FleetForm, FleetLine, FleetPage},
    standing::Standing,
    state::Tone,
};

impl Clusters {
    /// The part of it that is asked for.
    pub async fn fleet(&self, cx: &ReadCx, form: &FleetForm) -> Result<FleetPage, Failure> {
        Ok(FleetPage::of(self.fleet_lines(cx).await?, form, self.ground.now()))
    }

    /// How each of them stands, by title.
    pub async fn standings(&self, cx: &ReadCx) -> Result<Vec<Standing>, Failure> {
        let mut standings = Vec::new();
        for cluster in self.ground.clusters_in_scope(cx).await? {
            standings.push(self.standing(cluster).await);
        }
        Ok(standings)
    }

    async fn standing(&self, cluster: Cluster) -> Standing {
        let (id, title) = (cluster.id, cluster.title.clone());
        match self.watch.judged(cluster).await {
            Ok(judged) => {
                let view = judged.as_it_was();
                let (tone, words) = view.verdict();
                Standing { cluster: id, title, tone, words, tally: view.tally() }
            }
            Err(failure) => {
                tracing::error!(cluster.id = id.0, "How the cluster stands could not be read: {failure}");
                let words = "not known, because it could not be read".to_owned();
                Standing { cluster: id, title, tone: Tone::Unknown, words, tally: Tally::default() }
            }
        }
    }

    async fn fleet_lines(&self, cx: &ReadCx) -> Result<Vec<FleetLine>, Failure> {
        let mut lines = Vec::new();
        for cluster in self.ground.clusters_in_scope(cx).await? {
            lines.push(line(self.watch.judged(cluster).await?.as_it_was()));
        }
        Ok(lines)
    }
}

fn line(view: &ClusterView) -> FleetLine {
    let (tone, words) = view.verdict();
    // What was not read lately is not known, whatever it was then.
    let known = view.sighting.seen.as_ref().filter(|_| view.sighting.is_known());
    FleetLine {
        tone,
        words,
        since: view.verdict_since(),
        tally: view.tally(),
        pending: view.pending.len(),
        certificate_days: view.certificate_days(),
        unsaved: known.and_then(|(_, snapshot, _)| snapshot.unsaved),
        seen: view.sighting.seen.as_ref().map(|(at, _, freshness)| (*at, *freshness)),
        cluster: view.cluster.id,
        title: view.cluster.title.clone(),
        fqdn: view.cluster.fqdn.clone(),
        appliance: view.appliance.id,
        appliance_title: view.appliance.spec.title.clone(),
    }
}
