//! Plans: made from the desired state and a fresh look, kept as they were made.

mod adoption;
mod owners;
mod view;

use crate::{
    AdminCx, Failure, ReadCx, Topic, WriteCx,
    adapters::NetScaler,
    gate::{Gate, way_back_in},
    ground::Ground,
    judging::{ours, told_of},
    long_act::LongAct,
    pool::Pool,
    purpose::{Purpose, purpose},
    refusal::Refusal,
    runs::WriteLocks,
    setup::told,
};
use engine::Observe;
use jiff::SignedDuration;
use model::{
    ActNo, ClusterId, Freshness, PlanId,
    cluster::Cluster,
    desired::Desired,
    object::{Kind, ObjectRef},
    plan::Plan,
    readiness::Wish,
    record::{Actor, Entry, Outcome, RecordKind},
    run::{OpState, RunStatus},
    snapshot::Snapshot,
};
pub(crate) use owners::owners_named;
use std::{collections::BTreeSet, sync::Arc};
use store::{
    desired::DesiredVersion,
    owned::disown_in,
    plans::{NewPlan, add_plan_in},
    records::append_in,
};
pub use view::{OperationView, PlanView, TakeBack, views};

/// How long what a plan was made from is kept, where it has not run well before.
pub(crate) const SNAPSHOTS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A plan that is being made.
struct Making {
    by: Actor,
    cluster: Cluster,
    version: DesiredVersion,
    title: String,
    purpose: Purpose,
}

#[derive(Clone)]
pub struct Plans {
    pub(crate) ground: Arc<Ground>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) locks: Arc<WriteLocks>,
    pub(crate) gate: Gate,
}

impl Plans {
    /// Looks at the appliance and computes the difference. Changes nothing there.
    pub async fn make(&self, cx: &WriteCx, id: ClusterId) -> Result<PlanId, Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let title = format!("Plan for {}", cluster.title);
        self.make_with(cx, cluster, title, Purpose::SetUp, engine::plan_keeping).await
    }

    /// Plans the way back from a run. Changes nothing; what it would do is seen and applied like any other plan.
    pub async fn make_undo(&self, cx: &WriteCx, act: ActNo) -> Result<PlanId, Failure> {
        let (stored, cluster) = self.ground.run_in_scope(cx, act).await?;
        let run = self.gate.fold(act, &stored).await?;
        if run.status == RunStatus::Running {
            return Err(Refusal::RunAtWork.into());
        }
        let done = stored.plan;
        let states: Vec<OpState> = run.operations.iter().map(|operation| operation.state).collect();
        let title = format!("Undo of run {act} for {}", cluster.title);
        let name = format!("run {act}");
        self.make_with(cx, cluster, title, Purpose::Undo(act), move |_, snapshot, owned, _| {
            engine::undo(&done, &states, &name, snapshot, owned)
        })
        .await
    }

    /// Plans that everything which Gatehouse made for the cluster goes from its appliance. Applied like any other plan.
    pub async fn make_removal(&self, cx: &AdminCx, id: ClusterId) -> Result<PlanId, Failure> {
        let writer = cx.writer()?;
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let title = format!("Removal of {} from its appliance", cluster.title);
        self.make_with(&writer, cluster, title, Purpose::Removal, |_, snapshot, owned, kept| {
            engine::removal(snapshot, owned, kept)
        })
        .await
    }

    /// A fresh look, a plan computed from it, both stored with their records.
    async fn make_with(
        &self,
        cx: &WriteCx,
        cluster: Cluster,
        title: String,
        purpose: Purpose,
        compute: impl FnOnce(&Desired, &Snapshot, &BTreeSet<ObjectRef>, &BTreeSet<ObjectRef>) -> Plan + Send + 'static,
    ) -> Result<PlanId, Failure> {
        let id = cluster.id;
        let version = self
            .ground
            .store
            .latest_desired(id)
            .await?
            .ok_or_else(|| Failure::from(Refusal::NothingDescribed { cluster: cluster.title.clone() }))?;
        let mut begun = cx.entry(self.ground.now(), RecordKind::PlanBegun, format!("{title} begun."));
        (begun.cluster, begun.appliance) = (Some(id), Some(cluster.appliance));
        let not_done = format!("{title} was not made.");
        let (making, plans) = (Making { by: cx.actor(), cluster, version, title, purpose }, self.clone());
        self.ground
            .long_act(begun, RecordKind::PlanEnded, not_done, async move |act| plans.made(making, &act, compute).await)
            .await
    }

    async fn made(
        &self,
        making: Making,
        act: &LongAct,
        compute: impl FnOnce(&Desired, &Snapshot, &BTreeSet<ObjectRef>, &BTreeSet<ObjectRef>) -> Plan + Send,
    ) -> Result<PlanId, Failure> {
        let Making { by, cluster, version, title, purpose } = making;
        let id = cluster.id;
        let look = async {
            let appliance = NetScaler::connect(&self.ground, &self.pool, cluster.appliance).await?;
            let snapshot = appliance.snapshot().await;
            match appliance.instead(&self.pool).await? {
                Some(other) => other.snapshot().await.map(|snapshot| (other, snapshot)),
                None => snapshot.map(|snapshot| (appliance, snapshot)),
            }
        };
        let look: Result<_, model::read_error::ReadError> = look.await;
        let (reader, mut snapshot) = look.map_err(Refusal::NotRead)?;
        let owners = self.ground.store.owned(cluster.appliance).await?;
        let (owned, kept) = ours(&owners, id);
        // What was made and is gone is nobody's: should somebody make one of that name, it is theirs. Nothing is
        // concluded from what could not be read.
        // Nor from a secondary, whose copy may be empty while the pair synchronises; nor before it is saved that something
        // is gone: a restart would bring it back, and it would be ours.
        let complete = snapshot.unread.is_empty()
            && snapshot.unsaved != Some(true)
            && snapshot.role.is_primary()
            && !self.locks.writes_to(cluster.appliance).await;
        let (owned, lost): (BTreeSet<_>, BTreeSet<_>) =
            owned.into_iter().partition(|object| !complete || snapshot.has(object));
        let mut plan = compute(&version.desired, &snapshot, &owned, &kept);
        owners_named(&mut plan, id, &owners);
        // How much passes through a member is asked for only where one is taken out.
        if plan.removals().any(|op| op.object.kind == Kind::Member) {
            reader.count(&mut snapshot).await;
            plan.cuts = engine::cuts(&plan, &snapshot);
        }
        let told = told_of(&self.ground, id, &version.desired).await?;
        let judged = engine::checks::Input {
            desired: Some(&version.desired),
            seen: Some((&snapshot, Freshness::Fresh)),
            failure: None,
            owned: &owned,
            nodes: &told.facts,
            keys: &told.keys,
            accounts: &told.accounts,
            fqdn: &cluster.fqdn,
            now: self.ground.now(),
            interval: self.ground.interval,
        };
        plan.remains = engine::remains(&judged, &plan);
        let counts = plan.counts();
        let summary = if plan.only_saves() {
            format!("{title}: nothing to change, the configuration to save.")
        } else {
            format!(
                "{title}: {} to add, {} to change, {} to remove, {} unchanged.",
                counts.add, counts.change, counts.remove, counts.unchanged
            )
        };
        let at = self.ground.now();
        let new = NewPlan { cluster: id, version: version.id, plan, snapshot, by, at, act: act.number };
        let ended = act.ended(at, Outcome::Succeeded, summary);
        let plan = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let plan = add_plan_in(conn, &new).await?;
                    for object in &lost {
                        disown_in(conn, cluster.appliance, object).await?;
                    }
                    let detail = serde_json::json!({
                        "plan": plan, "fingerprint": new.plan.fingerprint, "undo_of": purpose.undoes(),
                        "removal": purpose == Purpose::Removal, "gone": lost,
                    });
                    append_in(conn, &Entry { detail, ..ended }).await?;
                    Ok(plan)
                })
            })
            .await?;
        self.ground.bus.tell(Topic::Cluster(id));
        Ok(plan)
    }

    pub async fn show(&self, cx: &ReadCx, id: PlanId) -> Result<PlanView, Failure> {
        let (stored, cluster) = self.ground.plan_in_scope(cx, id).await?;
        let operations = views(&stored.plan);
        let undo_of = purpose(&self.ground, &stored).await?.undoes();
        let standing = self.gate.standing(cx, &stored, &cluster).await?;
        let run = standing.run.as_ref().map(|run| run.act);
        let (obstacle, no_adoption) = (standing.may(Wish::Apply).err(), standing.may(Wish::Adopt).err());
        let take_back = match undo_of.filter(|_| run.is_none()) {
            Some(undone) => Some(self.take_back(&cluster, undone).await?),
            None => None,
        };
        let set_up_stays = matches!(take_back, Some(None));
        // Where the set-up is as it was already, there is nothing to ask.
        let take_back = take_back.flatten().filter(|back| !back.changes.is_empty());
        let owners = self.ground.clusters_in_scope(cx).await?.into_iter().map(|cluster| (cluster.id, cluster.title));
        let named: BTreeSet<ClusterId> = stored.plan.conflicts.iter().filter_map(|conflict| conflict.owner).collect();
        let owners = owners.filter(|(id, _)| named.contains(id)).collect();
        Ok(PlanView {
            id,
            cluster,
            operations,
            undo_of,
            take_back,
            set_up_stays,
            owners,
            run,
            obstacle,
            no_adoption,
            by: stored.by_name,
            at: stored.at,
            plan: stored.plan,
        })
    }

    /// What of the set-up would go back with the run that is undone.
    async fn take_back(&self, cluster: &Cluster, undone: ActNo) -> Result<Option<TakeBack>, Failure> {
        let latest =
            self.ground.store.latest_desired(cluster.id).await?.map(|latest| latest.desired).unwrap_or_default();
        let of = cluster.clone();
        let back =
            self.ground.store.read(move |conn| Box::pin(async move { way_back_in(conn, &of, undone).await })).await?;
        Ok(back.map(|(version, wanted)| TakeBack { number: version.number, changes: told(&latest, &wanted) }))
    }
}
