//! The set-up steps: what is typed becomes a version of the desired state. Nothing is applied by saving.

use crate::{Failure, ReadCx, Services, Sighting, Topic, WriteCx};
use model::{ClusterId, cluster::Cluster, desired::MdmForm, record::RecordKind};
use store::{desired, records};

/// The MDM step as its page draws it.
#[derive(Clone, Debug)]
pub struct MdmStep {
    pub cluster: Cluster,
    /// What was saved last, or sensible defaults.
    pub form: MdmForm,
    /// Number of the version that the form shows; `None`: never saved.
    pub version: Option<i64>,
    pub sighting: Sighting,
}

impl Services {
    pub async fn mdm_step(&self, cx: &ReadCx, id: ClusterId) -> Result<MdmStep, Failure> {
        let view = self.cluster(cx, id).await?;
        let version = self.store.latest_desired(id).await?;
        let form = version
            .as_ref()
            .and_then(|version| MdmForm::of(&version.desired))
            .unwrap_or_else(|| MdmForm::fresh(&view.cluster.title));
        Ok(MdmStep {
            form,
            version: version.map(|version| version.number),
            cluster: view.cluster,
            sighting: view.sighting,
        })
    }

    /// Saves the step as a new version of the desired state. Saving what is already there makes no version.
    pub async fn save_mdm(&self, cx: &WriteCx, id: ClusterId, form: &MdmForm) -> Result<(), Failure> {
        let cluster = self.cluster_in_scope(cx, id).await?;
        let wanted = form.parse()?;
        let latest = self.store.latest_desired(id).await?;
        if latest.as_ref().is_some_and(|latest| latest.desired == wanted) {
            return Ok(());
        }
        let at = self.now();
        let mut saved = cx.entry(at, RecordKind::DesiredSaved, format!("The MDM step of {} was saved.", cluster.title));
        saved.cluster = Some(id);
        saved.appliance = Some(cluster.appliance);
        saved.detail = serde_json::json!({ "before": latest.map(|latest| latest.desired), "after": wanted });
        let actor = cx.actor();
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    desired::save_desired_in(conn, id, &wanted, &actor, at).await?;
                    records::append_in(conn, &saved).await
                })
            })
            .await?;
        self.bus.tell(Topic::Other);
        Ok(())
    }
}
