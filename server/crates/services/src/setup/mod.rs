//! The set-up steps: what is typed becomes a version of the desired state. Nothing is applied by saving.

mod choices;
mod prerequisites;
mod proposals;
mod saving;
mod told;
mod versions;

use crate::{
    Failure, ReadCx,
    adapters::request_line,
    cluster_view::ClusterView,
    clusters::Clusters,
    ground::Ground,
    nodes::Nodes,
    plans::{OperationView, owners_named},
    uploads::sealed,
    watch::Watch,
};
pub use choices::CertificateChoice;
pub use model::desired::StepForm;
use model::{
    At, ClusterId,
    desired::{CertFiles, Desired, Neighbour, Step, StepRemark},
    object::ObjectRef,
    plan::{Operation, Plan, Verb},
    step_state::StepState,
};
pub use prerequisites::Prerequisite;
pub(crate) use saving::Saving;
use std::{collections::BTreeSet, sync::Arc};
pub(crate) use told::told;
pub use versions::VersionLine;

/// A cluster's set-up as its pages draw it.
#[derive(Clone, Debug)]
pub struct SetupView {
    pub view: ClusterView,
    /// What is described, applied or not.
    pub desired: Desired,
    /// Number of the version that is shown; 0: nothing was ever saved.
    pub version: i64,
    /// Who saved it.
    pub by: String,
    /// What was applied last; `None`: nothing ever was, as far as is known.
    pub applied: Option<Desired>,
    /// What a plan would say, by the last look; `None`: the appliance was not seen yet. A real plan looks first.
    pub preview: Option<Plan>,
    /// Certificates that were uploaded for the cluster, newest first.
    pub uploads: Vec<crate::UploadView>,
    /// The newest versions first.
    pub versions: Vec<VersionLine>,
    /// Where what is described contradicts itself.
    remarks: Vec<StepRemark>,
    files: Vec<(String, CertFiles)>,
    neighbours: Vec<Neighbour>,
}

impl SetupView {
    /// The last look still counts: what it showed may be called in sync or not.
    pub fn is_known(&self) -> bool {
        self.view.sighting.is_known()
    }

    /// When the appliance was read last.
    pub fn seen_at(&self) -> Option<At> {
        self.view.sighting.seen.as_ref().map(|(at, _, _)| *at)
    }

    /// What a plan would do, where the last look still counts.
    fn known(&self) -> Option<&Plan> {
        self.preview.as_ref().filter(|_| self.is_known())
    }

    pub fn state(&self, step: Step) -> StepState {
        let contradicted = self.remarks.iter().any(|remark| remark.step == step);
        StepState::of(step, &self.desired, self.applied.as_ref(), self.known(), contradicted)
    }

    /// How many operations a plan would have for one step, by the last look; `None`: not known.
    pub fn operations(&self, step: Step) -> Option<usize> {
        let plan = self.known()?;
        Some(plan.operations.iter().filter(|operation| step.of(&operation.object, &self.desired)).count())
    }

    /// What a plan would do for the form's step if it were saved as it stands; nothing where it could not be saved.
    pub fn twins(&self, form: &StepForm) -> Vec<OperationView> {
        let Ok(desired) = form.apply(&self.desired, &self.files) else { return Vec::new() };
        let Some(plan) = self.planned(&desired) else { return Vec::new() };
        let mine = plan.operations.into_iter().filter(|operation| form.step().of(&operation.object, &desired));
        mine.map(|operation| OperationView { request: request_line(&operation.call), operation }).collect()
    }

    /// What a plan would take away if the step were left out, by the last look; `None`: not known, or the step cannot be.
    pub fn without(&self, step: Step) -> Option<Vec<Operation>> {
        if !self.is_known() {
            return None;
        }
        let plan = self.planned(&step.left_out(&self.desired)?)?;
        let now: BTreeSet<&ObjectRef> = self.preview.iter().flat_map(Plan::removals).map(|op| &op.object).collect();
        Some(plan.removals().filter(|op| !now.contains(&op.object)).cloned().collect())
    }

    fn planned(&self, desired: &Desired) -> Option<Plan> {
        let (_, snapshot, _) = self.view.sighting.seen.as_ref()?;
        Some(engine::plan_keeping(desired, snapshot, &self.view.owned, &self.view.kept))
    }

    /// How many objects of a step are as they should be; `None`: not known.
    pub fn in_sync(&self, step: Step) -> Option<usize> {
        let plan = self.known()?;
        Some(plan.unchanged.iter().filter(|object| step.of(object, &self.desired)).count())
    }

    /// What blocks a step, in sentences: where the set-up contradicts itself, and what a plan would stop at besides, by a
    /// look that still counts.
    pub fn conflicts(&self, step: Step) -> Vec<String> {
        let own = self.remarks.iter().filter(|remark| remark.step == step).map(|remark| remark.sentence.clone());
        let mut said: Vec<String> = own.collect();
        said.dedup();
        let (Some(plan), Some((_, snapshot, _))) = (self.known(), &self.view.sighting.seen) else { return said };
        let mine = |object: &ObjectRef| step.of(object, &self.desired);
        let mut blocking = plan.conflicts.iter().filter(|conflict| mine(&conflict.object)).peekable();
        if blocking.peek().is_some() {
            let told = engine::wanted::contradicted(&self.desired, snapshot);
            said.extend(blocking.filter(|other| !told.contains(&other.object)).map(|other| other.sentence.clone()));
        }
        said
    }

    /// Whose a Gateway's sessions are, where that is another cluster: its name, as far as the reader may know it.
    pub fn gateway_serves(&self, gateway: &str) -> Option<String> {
        let other = self.neighbours.iter().find(|other| other.points(gateway))?;
        Some(other.title.clone().unwrap_or_else(|| "another cluster".into()))
    }

    /// Everything that is described is on the appliance, and nothing of ours is there besides; by a look that counts.
    pub fn nothing_to_do(&self) -> bool {
        self.known().is_some_and(|plan| plan.is_empty() && plan.conflicts.is_empty())
    }

    /// How many operations a plan would have, the save left out where it is alone; and how many things block it.
    pub fn to_do(&self) -> Option<(usize, usize)> {
        let plan = self.known()?;
        let works = plan.operations.iter().filter(|operation| operation.verb != Verb::Save).count();
        Some((if works == 0 { plan.operations.len() } else { works }, plan.conflicts.len()))
    }
}

#[derive(Clone)]
pub struct Setup {
    pub(crate) ground: Arc<Ground>,
    pub(crate) watch: Watch,
    pub(crate) clusters: Clusters,
    pub(crate) nodes: Nodes,
}

impl Setup {
    pub async fn show(&self, cx: &ReadCx, id: ClusterId) -> Result<SetupView, Failure> {
        let judged = self.watch.judged(self.ground.cluster_in_scope(cx, id).await?).await?;
        let view = self.clusters.show(cx, id).await?;
        let latest = self.ground.store.latest_desired(id).await?;
        let (version, by) =
            latest.as_ref().map_or((0, String::new()), |latest| (latest.number, latest.by_name.clone()));
        let latest = latest.map(|latest| latest.desired);
        let is_judged = judged.latest() == latest.as_ref();
        let desired = latest.unwrap_or_else(|| Desired::blank(&view.cluster.fqdn));
        let applied = self.ground.store.last_applied_version(id).await?;
        let applied = applied.map(|version| version.desired);
        let owners = self.ground.store.owned(view.cluster.appliance).await?;
        let planned = if is_judged {
            judged.planned().cloned()
        } else {
            // Saved just now.
            let seen = view.sighting.seen.as_ref();
            seen.map(|(_, snapshot, _)| engine::plan_keeping(&desired, snapshot, &view.owned, &view.kept))
        };
        let preview = planned.map(|mut plan| {
            owners_named(&mut plan, id, &owners);
            plan
        });
        let uploads = self.ground.store.uploads(id).await?;
        let files = sealed::files(&self.ground, id).await?;
        let neighbours = self.neighbours(cx, &view.cluster).await?;
        let versions = self.versions(id).await?;
        let remarks = desired.remarks();
        Ok(SetupView { view, desired, version, by, applied, preview, uploads, versions, remarks, files, neighbours })
    }

    /// What is described of a cluster; nothing where nothing was saved.
    pub async fn desired(&self, cx: &ReadCx, id: ClusterId) -> Result<Desired, Failure> {
        self.ground.cluster_in_scope(cx, id).await?;
        Ok(self.ground.store.latest_desired(id).await?.map(|latest| latest.desired).unwrap_or_default())
    }
}
