//! All clusters that somebody may see, as one list.

use super::Clusters;
use crate::{ClusterView, Failure, ReadCx};
use model::fleet::{FleetForm, FleetLine, FleetPage};

impl Clusters {
    /// The part of it that is asked for.
    pub async fn fleet(&self, cx: &ReadCx, form: &FleetForm) -> Result<FleetPage, Failure> {
        Ok(FleetPage::of(self.fleet_lines(cx).await?, form, self.ground.now()))
    }

    async fn fleet_lines(&self, cx: &ReadCx) -> Result<Vec<FleetLine>, Failure> {
        let mut lines = Vec::new();
        for cluster in self.ground.clusters_in_scope(cx).await? {
            lines.push(line(self.standings.judged(cluster).await?.as_it_was()));
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
