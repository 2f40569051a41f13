//! Plans: made from the desired state and a fresh look, kept as they were made.

use crate::{
    Failure, ReadCx, Services, Topic, WriteCx,
    adapters::{NetScaler, request_line},
};
use engine::Observe;
use model::{
    ActNo, ClusterId, Freshness, PlanId,
    cluster::Cluster,
    desired::Desired,
    object::ObjectRef,
    plan::{Operation, Plan},
    record::{Entry, Outcome, RecordKind},
    run::{OpState, RunStatus},
    snapshot::Snapshot,
};
use std::collections::BTreeSet;
use store::{
    owned::{Ownership, disown_in, own_in},
    plans::{NewPlan, add_plan_in},
    records::append_in,
};

/// An operation with its twins: what goes over the wire, and what one would type.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationView {
    pub operation: Operation,
    pub request: String,
}

/// A plan as its page shows it.
#[derive(Clone, Debug)]
pub struct PlanView {
    pub id: PlanId,
    pub cluster: Cluster,
    pub plan: Plan,
    pub operations: Vec<OperationView>,
    pub by: String,
    pub at: model::At,
    /// The run it was used for: a plan is applied once.
    pub run: Option<ActNo>,
    /// A newer version of the desired state exists.
    pub outdated: bool,
    /// It takes this run back.
    pub undo_of: Option<ActNo>,
}

impl Services {
    /// Looks at the appliance and computes the difference. Changes nothing there.
    pub async fn make_plan(&self, cx: &WriteCx, id: ClusterId) -> Result<PlanId, Failure> {
        let cluster = self.cluster_in_scope(cx, id).await?;
        let title = format!("Plan for {}", cluster.title);
        self.plan_with(cx, cluster, title, None, engine::plan).await
    }

    /// Plans the way back from a run. Changes nothing; what it would do is seen and applied like any other plan.
    pub async fn plan_undo(&self, cx: &WriteCx, act: ActNo) -> Result<PlanId, Failure> {
        let view = self.run(cx, act).await?;
        if view.run.status == RunStatus::Running {
            return Err(Failure::Refused("This run is still at work. Wait until it has ended, then undo it.".into()));
        }
        let done = self.plan_in_scope(cx, view.run.plan).await?.0.plan;
        let states: Vec<OpState> = view.run.operations.iter().map(|operation| operation.state).collect();
        let title = format!("Undo of run {act} for {}", view.cluster.title);
        let name = format!("run {act}");
        self.plan_with(cx, view.cluster, title, Some(act), move |_, snapshot, owned| {
            engine::undo(&done, &states, &name, snapshot, owned)
        })
        .await
    }

    /// A fresh look, a plan computed from it, both stored with their records.
    pub(crate) async fn plan_with(
        &self,
        cx: &WriteCx,
        cluster: Cluster,
        title: String,
        undo_of: Option<ActNo>,
        compute: impl FnOnce(&Desired, &Snapshot, &BTreeSet<ObjectRef>) -> Plan,
    ) -> Result<PlanId, Failure> {
        let id = cluster.id;
        let version = self.store.latest_desired(id).await?.ok_or_else(|| {
            Failure::Refused(format!(
                "Nothing is described for {} yet. Fill in and save the MDM step first.",
                cluster.title
            ))
        })?;
        let mut begun = cx.entry(self.now(), RecordKind::PlanBegun, format!("{title} begun."));
        (begun.cluster, begun.appliance) = (Some(id), Some(cluster.appliance));
        let act = self.store.append(&begun).await?.act;
        let ended = Entry { act: Some(act), kind: RecordKind::PlanEnded, ..begun };

        let look = async { NetScaler::connect(self, cluster.appliance).await?.snapshot().await };
        let snapshot = match look.await {
            Ok(snapshot) => snapshot,
            Err(error) => {
                let summary = format!("{title} was not made. {}", error.sentence);
                let ended = Entry { at: self.now(), outcome: Some(Outcome::Failed), summary, ..ended };
                self.store.append(&ended).await?;
                return Err(Failure::Refused(error.sentence));
            }
        };
        let owned = self.store.owned_by(cluster.appliance, id).await?;
        // What was made and is gone is nobody's: should somebody make one of that name, it is theirs. Nothing is
        // concluded from what could not be read.
        // Nor from a secondary, whose copy may be empty while the pair synchronises.
        let complete = snapshot.unread.is_empty()
            && engine::plan::primary(&snapshot.role)
            && !self.writes_to(cluster.appliance).await;
        let (owned, lost): (BTreeSet<_>, BTreeSet<_>) =
            owned.into_iter().partition(|object| !complete || snapshot.find(object).is_some());
        let mut plan = compute(&version.desired, &snapshot, &owned);
        let told = self.told_of(id, &version.desired).await?;
        let judged = engine::checks::Input {
            desired: Some(&version.desired),
            seen: Some((&snapshot, Freshness::Fresh)),
            failure: None,
            owned: &owned,
            nodes: &told.facts,
            keys: &told.keys,
            accounts: &told.accounts,
            fqdn: &cluster.fqdn,
            now: self.now(),
            interval: self.interval,
        };
        plan.remains = engine::remains(&judged, &plan);
        let counts = plan.counts();
        let summary = format!(
            "{title}: {} to add, {} to change, {} to remove, {} unchanged.",
            counts.add, counts.change, counts.remove, counts.unchanged
        );
        let at = self.now();
        let new = NewPlan { cluster: id, version: version.id, plan, snapshot, by: cx.actor(), at, act };
        let plan = self
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let plan = add_plan_in(conn, &new).await?;
                    for object in &lost {
                        disown_in(conn, cluster.appliance, object).await?;
                    }
                    let detail = serde_json::json!({
                        "plan": plan, "fingerprint": new.plan.fingerprint, "undo_of": undo_of, "gone": lost,
                    });
                    let ended = Entry { at, outcome: Some(Outcome::Succeeded), summary, detail, ..ended };
                    append_in(conn, &ended).await?;
                    Ok(plan)
                })
            })
            .await?;
        self.bus.tell(Topic::Other);
        Ok(plan)
    }

    pub async fn plan(&self, cx: &ReadCx, id: PlanId) -> Result<PlanView, Failure> {
        let (stored, cluster) = self.plan_in_scope(cx, id).await?;
        let latest = self.store.latest_desired(stored.cluster).await?;
        let operations = views(&stored.plan);
        let undo_of = self
            .store
            .of_act(stored.act)
            .await?
            .iter()
            .find_map(|record| record.entry.detail.get("undo_of").and_then(serde_json::Value::as_i64).map(ActNo));
        Ok(PlanView {
            id,
            cluster,
            operations,
            undo_of,
            by: stored.by_name,
            at: stored.at,
            run: self.store.run_of_plan(id).await?,
            outdated: latest.is_some_and(|latest| latest.id != stored.version),
            plan: stored.plan,
        })
    }

    /// Takes over, by consent, what the plan found in its way, and plans again.
    pub async fn adopt(&self, cx: &WriteCx, id: PlanId) -> Result<PlanId, Failure> {
        let (stored, cluster) = self.plan_in_scope(cx, id).await?;
        let others = self.store.owned(cluster.appliance).await?;
        let adopted: Vec<_> = stored
            .plan
            .conflicts
            .iter()
            .filter(|conflict| conflict.adoptable)
            .map(|conflict| conflict.object.clone())
            .collect();
        if adopted.is_empty() {
            return Err(Failure::Refused("This plan has nothing that could be adopted.".into()));
        }
        if let Some((object, _)) =
            adopted.iter().filter_map(|object| others.get_key_value(object)).find(|(_, owner)| **owner != cluster.id)
        {
            return Err(Failure::Refused(format!(
                "The {object} belongs to another cluster in Gatehouse and cannot be adopted."
            )));
        }
        let (cx_entry, at) = (cx.entry(self.now(), RecordKind::ObjectAdopted, ""), self.now());
        let (cluster_id, appliance) = (cluster.id, cluster.appliance);
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    for object in adopted {
                        let entry = Entry {
                            cluster: Some(cluster_id),
                            appliance: Some(appliance),
                            summary: format!("The {object} was adopted."),
                            detail: serde_json::json!({ "object": object, "plan": id }),
                            ..cx_entry.clone()
                        };
                        let act = append_in(conn, &entry).await?.act;
                        own_in(conn, &Ownership { appliance, object, cluster: cluster_id, since: at, act }).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.make_plan(cx, stored.cluster).await
    }
}

pub fn views(plan: &Plan) -> Vec<OperationView> {
    plan.operations
        .iter()
        .map(|operation| OperationView { operation: operation.clone(), request: request_line(&operation.call) })
        .collect()
}
