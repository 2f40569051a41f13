//! Earlier versions of a set-up: what changed with each, and the way back to one. Nothing is rewritten: going back makes
//! a new version.

use super::{Setup, saving::Saving, told::told};
use crate::{Failure, WriteCx};
use model::{
    At, ClusterId,
    desired::{Desired, Step},
};

/// How many are shown.
const SHOWN: u32 = 20;

/// One version as the set-up's page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionLine {
    pub number: i64,
    pub by: String,
    pub at: At,
    /// What it changed.
    pub changes: Vec<String>,
    /// What going back to it would change now; empty for the one that stands.
    pub back: Vec<String>,
    /// It was applied last.
    pub applied: bool,
}

/// What a version changed, or why nobody can tell.
fn changed(before: &Result<Desired, String>, after: &Result<Desired, String>) -> Vec<String> {
    match (before, after) {
        (Ok(before), Ok(after)) => told(before, after),
        (_, Err(sentence)) => vec![sentence.clone()],
        (Err(_), Ok(_)) => vec!["The version before it cannot be read, so nobody can tell what changed.".into()],
    }
}

impl Setup {
    /// The newest first.
    pub(super) async fn versions(&self, id: ClusterId) -> Result<Vec<VersionLine>, Failure> {
        // One more than is shown: what the last of them changed is told by its predecessor.
        let versions = self.ground.store.desired_versions(id, SHOWN + 1).await?;
        let applied = self.ground.store.last_applied(id).await?.and_then(|applied| applied.version);
        let applied = applied.map(|version| version.number);
        let nothing = Ok(Desired::default());
        let latest = versions.first().map_or(&nothing, |version| &version.desired);
        let lines = versions.iter().enumerate().take(SHOWN as usize).map(|(index, version)| {
            let before = versions.get(index + 1).map_or(&nothing, |before| &before.desired);
            VersionLine {
                number: version.number,
                by: version.by_name.clone(),
                at: version.at,
                changes: changed(before, &version.desired),
                // To what cannot be read nobody goes back.
                back: match (latest, &version.desired) {
                    (Ok(latest), Ok(desired)) => told(latest, desired),
                    _ => Vec::new(),
                },
                applied: applied == Some(version.number),
            }
        });
        Ok(lines.collect())
    }

    /// Writes a new version with what an earlier one described. `drawn_from` is the version that the page showed.
    pub async fn back_to_version(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        number: i64,
        drawn_from: Option<i64>,
    ) -> Result<(), Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let earlier = self.ground.store.desired_version(id, number).await?.ok_or(Failure::NotFound("such version"))?;
        let saving = Saving {
            steps: Step::ALL.to_vec(),
            form: None,
            drawn_from,
            summary: format!("The set-up of {} was taken back to version {number}.", cluster.title),
            detail: serde_json::json!({ "back_to": number }),
        };
        // The cluster may have been given another name since.
        let wanted = earlier.desired.clone().renamed(&cluster.fqdn);
        self.save(cx, &cluster, saving, move |_| Ok(wanted)).await
    }
}
