//! Saving: what stands is read, compared and written in one job of the store, so that of two savings at once the second
//! one sees the first.

use super::Setup;
use crate::{Failure, ReadCx, Topic, WriteCx, judging::sighting, refusal::Refusal, uploads::sealed::files};
use model::{
    ClusterId, FieldErrors,
    certkey::CertFacts,
    cluster::Cluster,
    desired::{Desired, Neighbour, Step, StepForm, clashes, refused},
    object::ObjectRef,
    record::{Entry, RecordKind},
};
use store::{
    Conn,
    desired::{self, DesiredVersion},
    neighbours::{Beside, neighbours_in},
    owned::{How, Ownership, own_in},
    records,
};

/// What is saved, and from which sight of the set-up.
pub(crate) struct Saving {
    /// The steps whose part it changes.
    pub steps: Vec<Step>,
    /// Whose form it was, beside whose fields it is said what cannot stay; `None`: it was a button, and all is said of the
    /// whole.
    pub form: Option<Step>,
    /// The version that the form showed; `None`: whatever stands.
    pub drawn_from: Option<i64>,
    /// The log's line.
    pub summary: String,
    /// What is to be told besides.
    pub detail: serde_json::Value,
}

impl Saving {
    /// A step's own form.
    fn of(step: Step, drawn_from: Option<i64>, summary: String) -> Self {
        Self { steps: vec![step], form: Some(step), drawn_from, summary, detail: serde_json::Value::Null }
    }
}

/// What came of it inside of the store.
enum Saved {
    Done,
    /// It stood so already.
    Same,
    Not(FieldErrors),
}

impl Setup {
    /// Saves a step as a new version of the desired state. Saving what is already there makes no version. `drawn_from` is
    /// the version that the form showed: what somebody else saved in this step since then is not overwritten unseen.
    pub async fn save_step(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        form: &StepForm,
        drawn_from: Option<i64>,
    ) -> Result<(), Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let step = form.step();
        let files = files(&self.ground, id).await?;
        if let StepForm::Mam(mam) = form
            && !files.iter().any(|(name, _)| *name == mam.certificate.trim())
        {
            self.covers(&cluster, mam.certificate.trim()).await?;
        }
        let summary = format!("The {} step of {} was saved.", step.title(), cluster.title);
        let saving = Saving::of(step, drawn_from, summary);
        let form = form.clone();
        self.save(cx, &cluster, saving, move |latest| form.apply(latest, &files)).await
    }

    /// Saves a version without the step's part. What is on the appliance stays as it is until a plan is applied.
    pub async fn leave_out(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        step: Step,
        drawn_from: Option<i64>,
    ) -> Result<(), Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        if step.left_out(&Desired::default()).is_none() {
            return Err(Refusal::NothingToLeaveOut(step).into());
        }
        let summary = format!("The {} step of {} was left out.", step.title(), cluster.title);
        let saving = Saving::of(step, drawn_from, summary);
        self.save(cx, &cluster, saving, move |latest| Ok(step.left_out(latest).unwrap_or_default())).await
    }

    /// Writes the node IDs that the nodes reported themselves into the Nodes step. One that was only computed is nobody's
    /// report and is not taken.
    pub async fn take_node_ids(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        let facts = self.nodes.facts(cx, id).await?;
        let (now, interval) = (self.ground.now(), self.ground.interval);
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let summary = format!("The node IDs that the nodes of {} reported were taken into its set-up.", cluster.title);
        let detail = serde_json::Value::Null;
        let saving = Saving { steps: vec![Step::Nodes], form: None, drawn_from: None, summary, detail };
        self.save(cx, &cluster, saving, move |latest| {
            let mut wanted = latest.clone();
            let mut taken = 0;
            for node in &mut wanted.nodes {
                let facts = facts.iter().find(|facts| facts.address == node.address);
                if let Some(told) = facts.and_then(|facts| facts.reported_id_now(now, interval)) {
                    node.id = Some(told.id.clone());
                    taken += 1;
                }
            }
            if taken == 0 {
                let sentence = "No node has reported its ID lately. Read them first, by SSH or by pasting what a node's \
                                menu shows.";
                return Err(FieldErrors::one("", sentence));
            }
            Ok(wanted)
        })
        .await
    }

    /// One job: read, compare, change, write, with its record.
    pub(crate) async fn save(
        &self,
        cx: &WriteCx,
        cluster: &Cluster,
        saving: Saving,
        change: impl FnOnce(&Desired) -> Result<Desired, FieldErrors> + Send + 'static,
    ) -> Result<(), Failure> {
        let at = self.ground.now();
        let mut entry = cx.entry(at, RecordKind::DesiredSaved, saving.summary.clone());
        (entry.cluster, entry.appliance) = (Some(cluster.id), Some(cluster.appliance));
        let (reader, cluster, id) = (ReadCx::clone(cx), cluster.clone(), cluster.id);
        let saved = self
            .ground
            .store
            .write(move |conn| Box::pin(async move { save_in(conn, &reader, &cluster, &saving, change, entry).await }));
        match saved.await? {
            Saved::Done => {
                self.ground.bus.tell(Topic::Cluster(id));
                Ok(())
            }
            Saved::Same => Ok(()),
            Saved::Not(errors) => Err(Failure::Fields(errors)),
        }
    }

    /// The clusters beside this one, as this reader may see them.
    pub(crate) async fn neighbours(&self, cx: &ReadCx, cluster: &Cluster) -> Result<Vec<Neighbour>, Failure> {
        let beside = self.ground.store.neighbours(cluster.appliance, cluster.id).await?;
        Ok(beside.into_iter().map(|beside| neighbour(cx, beside)).collect())
    }

    /// A certificate that is on the appliance and certainly is not for the cluster's name.
    async fn covers(&self, cluster: &Cluster, certificate: &str) -> Result<(), Failure> {
        let sighting = sighting(&self.ground, cluster.appliance).await?;
        let seen = sighting.seen.as_ref().and_then(|(_, snapshot, _)| snapshot.find(&ObjectRef::cert_key(certificate)));
        let facts = seen.map(CertFacts::of).filter(|facts| facts.covers(&cluster.fqdn) == Some(false));
        let Some(facts) = facts else { return Ok(()) };
        let names = facts.names.clone().map(|names| names.join(", "));
        let names = names.or_else(|| facts.common_name().map(str::to_owned)).unwrap_or_default();
        Err(Failure::field(
            "certificate",
            format!(
                "{certificate} is for {names} and does not cover {}: phones would refuse the connection. Choose another, \
                 or upload one for this name.",
                cluster.fqdn
            ),
        ))
    }
}

fn neighbour(cx: &ReadCx, beside: Beside) -> Neighbour {
    let title = cx.sees(beside.cluster.id).then_some(beside.cluster.title);
    Neighbour { title, desired: beside.desired, owned: beside.owned }
}

async fn save_in(
    conn: &mut Conn,
    reader: &ReadCx,
    cluster: &Cluster,
    saving: &Saving,
    change: impl FnOnce(&Desired) -> Result<Desired, FieldErrors> + Send,
    mut entry: Entry,
) -> Result<Saved, store::Error> {
    let latest = desired::latest_desired_in(conn, cluster.id).await?;
    if let Some(latest) = &latest
        && let Some(errors) = overtaken_in(conn, latest, saving).await?
    {
        return Ok(Saved::Not(errors));
    }
    let before = latest.as_ref().map_or_else(|| Desired::blank(&cluster.fqdn), |latest| latest.desired.clone());
    let wanted = match change(&before) {
        Ok(wanted) => wanted,
        Err(errors) => return Ok(Saved::Not(errors)),
    };
    let errors = refused(&before, &wanted, saving.form);
    if !errors.is_empty() {
        return Ok(Saved::Not(errors));
    }
    if latest.is_some() && before == wanted {
        return Ok(Saved::Same);
    }
    let beside = neighbours_in(conn, cluster.appliance, cluster.id).await?;
    let beside: Vec<Neighbour> = beside.into_iter().map(|beside| neighbour(reader, beside)).collect();
    let errors = taken(&before, &wanted, &beside, saving);
    if !errors.is_empty() {
        return Ok(Saved::Not(errors));
    }
    let saved = desired::save_desired_in(conn, cluster.id, &wanted, &entry.actor, entry.at).await?;
    entry.detail = serde_json::json!({ "before": latest.map(|latest| latest.desired), "after": saved.desired });
    if let (Some(detail), Some(more)) = (entry.detail.as_object_mut(), saving.detail.as_object()) {
        detail.extend(more.clone());
    }
    records::append_in(conn, &entry).await?;
    consented_in(conn, cluster, &before, &wanted, &entry).await?;
    Ok(Saved::Done)
}

/// What belongs to a neighbour. What stood before is not brought up again by saving something beside it.
fn taken(before: &Desired, wanted: &Desired, beside: &[Neighbour], saving: &Saving) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for remark in clashes(wanted, beside) {
        let is_saved = saving.steps.contains(&remark.step) && remark.step.part(before) != remark.step.part(wanted);
        match is_saved {
            true if saving.form == Some(remark.step) => errors.add(&remark.field, remark.sentence),
            true => errors.join("", &remark.sentence),
            false => {}
        }
    }
    errors
}

/// What somebody else saved in these steps since the form was drawn.
async fn overtaken_in(
    conn: &mut Conn,
    latest: &DesiredVersion,
    saving: &Saving,
) -> Result<Option<FieldErrors>, store::Error> {
    let Some(number) = saving.drawn_from.filter(|number| *number < latest.number) else { return Ok(None) };
    let drawn = desired::desired_version_in(conn, latest.cluster, number).await?;
    // That the cluster got another name meanwhile is nobody's saving of a step.
    let drawn = drawn.map(|version| version.desired).unwrap_or_default().renamed(&latest.desired.fqdn);
    if saving.steps.iter().all(|step| step.part(&drawn) == step.part(&latest.desired)) {
        return Ok(None);
    }
    let sentence = format!(
        "{} saved this step as version {} while this form was open, so nothing was overwritten. What you typed is still \
         here, and what they saved is in the log. Save again if yours is to count.",
        latest.by_name, latest.number
    );
    Ok(Some(FieldErrors::one("", sentence)))
}

/// Ticking a session action is the consent to change it: the plan need not ask for the same thing again.
async fn consented_in(
    conn: &mut Conn,
    cluster: &Cluster,
    before: &Desired,
    wanted: &Desired,
    saved: &Entry,
) -> Result<(), store::Error> {
    let ticked =
        |desired: &Desired| desired.gateway.as_ref().map(|gateway| gateway.actions.clone()).unwrap_or_default();
    let old = ticked(before);
    for action in ticked(wanted).into_iter().filter(|action| !old.contains(action)) {
        let object = ObjectRef::session_action(&action);
        let entry = Entry {
            act: None,
            kind: RecordKind::ObjectAdopted,
            summary: format!("The {object} was adopted: it is ticked in the Gateway step."),
            detail: serde_json::json!({ "object": object }),
            ..saved.clone()
        };
        let act = records::append_in(conn, &entry).await?.act;
        let own = Ownership {
            appliance: cluster.appliance,
            object,
            cluster: cluster.id,
            since: saved.at,
            act,
            how: How::Adopted,
        };
        own_in(conn, &own).await?;
    }
    Ok(())
}
