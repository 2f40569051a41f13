//! The set-up steps: what is typed becomes a version of the desired state. Nothing is applied by saving.

use crate::{
    Failure, ReadCx, Services, Topic, WriteCx, adapters::request_line, clusters::ClusterView, neighbours::Taken,
    plans::OperationView,
};
use engine::propose;
use model::{
    ClusterId, FieldErrors,
    desired::{CertFiles, Desired, DnsForm, Gateway, GatewayForm, GroupsForm, MamForm, MdmForm, NodesForm, Step},
    node::NodeFacts,
    object::ObjectRef,
    plan::Plan,
    record::RecordKind,
    snapshot::Seen,
};
use std::{collections::BTreeSet, net::Ipv4Addr};
use store::{desired, desired::DesiredVersion, records};

/// A cluster's set-up as its pages draw it.
#[derive(Clone, Debug)]
pub struct SetupView {
    pub view: ClusterView,
    pub desired: Desired,
    /// Number of the version that is shown; 0: nothing was ever saved.
    pub version: i64,
    /// Who saved it.
    pub by: String,
    /// What a plan would say, by the last look; `None`: the appliance was not seen yet. A real plan looks first.
    pub preview: Option<Plan>,
    /// Certificates that were uploaded for the cluster, newest first.
    pub uploads: Vec<crate::UploadView>,
    files: Vec<(String, CertFiles)>,
    /// What other clusters have on the appliance.
    taken: Taken,
}

impl SetupView {
    /// How many operations a plan would have for one step, by the last look.
    pub fn operations(&self, step: Step) -> usize {
        let all = self.preview.iter().flat_map(|plan| &plan.operations);
        all.filter(|operation| step.of(&operation.object, &self.desired)).count()
    }

    /// What a plan would do for the form's step if it were saved as it stands; nothing where it could not be saved.
    pub fn twins(&self, form: &StepForm) -> Vec<OperationView> {
        let Ok(desired) = form.apply(&self.desired, &self.view.cluster.fqdn, &self.files) else { return Vec::new() };
        let Some((_, snapshot, _)) = &self.view.sighting.seen else { return Vec::new() };
        let plan = engine::plan(&desired, snapshot, &self.view.owned);
        let mine = plan.operations.into_iter().filter(|operation| form.step().of(&operation.object, &desired));
        mine.map(|operation| OperationView { request: request_line(&operation.call), operation }).collect()
    }

    /// Addresses that a form may propose, the best first: of `first` those that are free, then what is free on the
    /// appliance. None of another cluster's, and none that this set-up has already.
    pub fn free_addresses(&self, first: &[Ipv4Addr]) -> Vec<Ipv4Addr> {
        let mut taken = self.taken.clone();
        taken.add(&self.desired);
        let Some((_, snapshot, _)) = &self.view.sighting.seen else { return Vec::new() };
        let there: BTreeSet<Ipv4Addr> = snapshot.objects.iter().filter_map(propose::address).collect();
        let gateway = self.proposed_gateway().and_then(propose::address);
        let mut free: Vec<Ipv4Addr> = first
            .iter()
            .copied()
            .filter(|address| !taken.addresses.contains(address) && !there.contains(address))
            .chain(propose::addresses(snapshot, &taken.addresses, gateway).take(2))
            .collect();
        free.dedup();
        free
    }

    /// Whether another cluster's set-up has this address.
    pub fn is_elsewhere(&self, address: Ipv4Addr) -> bool {
        self.taken.addresses.contains(&address)
    }

    /// The Gateway's virtual server that the set-up names, else the one that serves no other cluster.
    pub fn proposed_gateway(&self) -> Option<&Seen> {
        let (_, snapshot, _) = self.view.sighting.seen.as_ref()?;
        if let Some(chosen) = &self.desired.gateway {
            return snapshot.find(&ObjectRef::gateway(&chosen.vserver));
        }
        let fqdn = &self.view.cluster.fqdn;
        propose::gateway(snapshot, &self.taken.gateways, fqdn, &Gateway::url_of(fqdn))
    }

    /// How many objects of a step are as they should be.
    pub fn unchanged(&self, step: Step) -> usize {
        let all = self.preview.iter().flat_map(|plan| &plan.unchanged);
        all.filter(|object| step.of(object, &self.desired)).count()
    }

    /// What stands in the way of a step, in sentences.
    pub fn conflicts(&self, step: Step) -> Vec<String> {
        let all = self.preview.iter().flat_map(|plan| &plan.conflicts);
        all.filter(|conflict| step.of(&conflict.object, &self.desired))
            .map(|conflict| conflict.sentence.clone())
            .collect()
    }
}

/// One step's form, as it was typed.
#[derive(Clone, Debug)]
pub enum StepForm {
    Nodes(NodesForm),
    Mdm(MdmForm),
    Mam(MamForm),
    Groups(GroupsForm),
    Gateway(GatewayForm),
    Dns(DnsForm),
}

impl StepForm {
    const fn step(&self) -> Step {
        match self {
            Self::Nodes(_) => Step::Nodes,
            Self::Mdm(_) => Step::Mdm,
            Self::Mam(_) => Step::Mam,
            Self::Groups(_) => Step::Groups,
            Self::Gateway(_) => Step::Gateway,
            Self::Dns(_) => Step::Dns,
        }
    }

    fn apply(&self, latest: &Desired, fqdn: &str, files: &[(String, CertFiles)]) -> Result<Desired, FieldErrors> {
        match self {
            Self::Nodes(form) => form.apply(latest),
            Self::Mdm(form) => form.apply(latest),
            Self::Mam(form) => form.apply(latest, files),
            Self::Groups(form) => form.apply(latest),
            Self::Gateway(form) => form.apply(latest, fqdn),
            Self::Dns(form) => form.apply(latest, fqdn),
        }
    }
}

impl Services {
    pub async fn setup(&self, cx: &ReadCx, id: ClusterId) -> Result<SetupView, Failure> {
        let view = self.cluster(cx, id).await?;
        let latest = self.store.latest_desired(id).await?;
        let (version, by) =
            latest.as_ref().map_or((0, String::new()), |latest| (latest.number, latest.by_name.clone()));
        let desired = latest.map(|latest| latest.desired).unwrap_or_default();
        let snapshot = view.sighting.seen.as_ref().map(|(_, snapshot, _)| snapshot);
        let preview = snapshot.map(|snapshot| engine::plan(&desired, snapshot, &view.owned));
        let uploads = self.uploads(cx, id).await?;
        let files = self.upload_files(id).await?;
        let taken = self.taken_by_others(&view.cluster).await?;
        Ok(SetupView { view, desired, version, by, preview, uploads, files, taken })
    }

    /// What is described of a cluster; nothing where nothing was saved.
    pub async fn desired(&self, cx: &ReadCx, id: ClusterId) -> Result<Desired, Failure> {
        self.cluster_in_scope(cx, id).await?;
        Ok(self.store.latest_desired(id).await?.map(|latest| latest.desired).unwrap_or_default())
    }

    /// Saves a step as a new version of the desired state. Saving what is already there makes no version. `drawn_from` is
    /// the version that the form showed: what somebody else saved in this step since then is not overwritten unseen.
    pub async fn save_step(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        form: &StepForm,
        drawn_from: Option<i64>,
    ) -> Result<(), Failure> {
        let cluster = self.cluster_in_scope(cx, id).await?;
        let latest = self.store.latest_desired(id).await?;
        let step = form.step();
        if let Some(latest) = &latest {
            self.not_overtaken(latest, step, drawn_from).await?;
        }
        let before = latest.as_ref().map(|latest| latest.desired.clone()).unwrap_or_default();
        let wanted = form.apply(&before, &cluster.fqdn, &self.upload_files(id).await?)?;
        if latest.is_some() && before == wanted {
            return Ok(());
        }
        let at = self.now();
        let summary = format!("The {} step of {} was saved.", step.title(), cluster.title);
        let mut saved = cx.entry(at, RecordKind::DesiredSaved, summary);
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

    /// Writes the node IDs that the nodes reported themselves into the Nodes step. One that was only computed is nobody's
    /// report and is not taken.
    pub async fn take_node_ids(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        let facts = self.node_facts(cx, id).await?;
        let latest = self.store.latest_desired(id).await?.map(|version| version.desired).unwrap_or_default();
        let mut nodes = latest.nodes;
        let mut taken = 0;
        for node in &mut nodes {
            let told = facts.iter().find(|facts| facts.address == node.address).and_then(NodeFacts::reported_id);
            if let Some(told) = told {
                node.id = Some(told.id.clone());
                taken += 1;
            }
        }
        if taken == 0 {
            return Err(Failure::Refused(
                "No node has reported its ID yet. Read them first, by SSH or by pasting what a node's menu shows."
                    .into(),
            ));
        }
        let form = NodesForm::of(&Desired { nodes, ..Desired::default() }).unwrap_or_default();
        self.save_step(cx, id, &StepForm::Nodes(form), None).await
    }

    async fn not_overtaken(&self, latest: &DesiredVersion, step: Step, drawn_from: Option<i64>) -> Result<(), Failure> {
        let Some(number) = drawn_from.filter(|number| *number < latest.number) else { return Ok(()) };
        let drawn = self.store.desired_version(latest.cluster, number).await?;
        let drawn = drawn.map(|version| version.desired).unwrap_or_default();
        if step.part(&drawn) == step.part(&latest.desired) {
            return Ok(());
        }
        let sentence = format!(
            "{} saved this step as version {} while this form was open, so nothing was overwritten. What you typed is still \
             here, and what they saved is in the log. Save again if yours is to count.",
            latest.by_name, latest.number
        );
        Err(Failure::Fields(FieldErrors::one("", sentence)))
    }
}
