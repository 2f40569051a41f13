//! Plans: made from the desired state and a fresh look, kept as they were made.

use crate::{
    AdminCx, Failure, ReadCx, Topic, WriteCx,
    adapters::{NetScaler, request_line},
    gate::{Gate, standing_in, way_back_in},
    ground::Ground,
    judging::{ours, told_of},
    long_act::LongAct,
    pool::Pool,
    purpose::{Purpose, purpose},
    refusal::Refusal,
    runs::WriteLocks,
    setup::told,
};
use engine::{Observe, ReadError};
use jiff::SignedDuration;
use model::{
    ActNo, ClusterId, Freshness, PlanId,
    cluster::Cluster,
    desired::Desired,
    object::{Kind, ObjectRef},
    plan::{Operation, Plan},
    readiness::{Obstacle, Wish},
    record::{Actor, Entry, Outcome, RecordKind},
    run::{OpState, RunStatus},
    snapshot::Snapshot,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use store::{
    desired::DesiredVersion,
    owned::{How, Owner, Ownership, disown_in, own_in, owned_in},
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
    /// Why it cannot be applied; `None`: it can.
    pub obstacle: Option<Obstacle>,
    /// Why nothing can be adopted by it; `None`: something can.
    pub no_adoption: Option<Obstacle>,
    /// It takes this run back.
    pub undo_of: Option<ActNo>,
    /// The set-up can be taken back with it.
    pub take_back: Option<TakeBack>,
    /// It is an undo, and there is no version of the set-up that goes with it: what is taken back stays described.
    pub set_up_stays: bool,
    /// Titles of the clusters that own what blocks it, as far as the reader may know them.
    pub owners: BTreeMap<ClusterId, String>,
}

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

/// The set-up as it was before the run that an undo takes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeBack {
    /// The version that it becomes again.
    pub number: i64,
    /// What that changes.
    pub changes: Vec<String>,
}

impl PlanView {
    /// What may be adopted, by its place: of the conflicts first, of what was kept after them.
    pub fn adoptable(&self) -> Vec<usize> {
        let conflicts = self.plan.conflicts.iter().enumerate().filter(|(_, conflict)| conflict.adoptable);
        conflicts.map(|(place, _)| place).collect()
    }
}

/// What Gatehouse made for another cluster is said so, and is not for adoption. The plan is kept and read by people who
/// may not know the other cluster, so it names none; the page does, for those who may.
pub(crate) fn owners_named(plan: &mut Plan, cluster: ClusterId, owners: &BTreeMap<ObjectRef, Owner>) {
    for conflict in &mut plan.conflicts {
        let object = conflict.other.as_ref().unwrap_or(&conflict.object);
        let Some(owner) = owners.get(object).filter(|owner| owner.cluster != cluster) else { continue };
        conflict.sentence = engine::plan::sentences::another_clusters(&conflict.object, object);
        (conflict.owner, conflict.adoptable, conflict.removes) = (Some(owner.cluster), false, false);
    }
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
            let snapshot = appliance.snapshot().await?;
            Ok::<_, ReadError>((appliance, snapshot))
        };
        let (reader, mut snapshot) = look.await.map_err(|error| Refusal::NotRead(error.sentence))?;
        let owners = self.ground.store.owned(cluster.appliance).await?;
        let (owned, kept) = ours(&owners, id);
        // What was made and is gone is nobody's: should somebody make one of that name, it is theirs. Nothing is
        // concluded from what could not be read.
        // Nor from a secondary, whose copy may be empty while the pair synchronises; nor before it is saved that something
        // is gone: a restart would bring it back, and it would be ours.
        let complete = snapshot.unread.is_empty()
            && snapshot.unsaved != Some(true)
            && engine::plan::primary(&snapshot.role)
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

    /// Takes over, by consent to each of them, what the plan found in its way, and plans again. `chosen` are places as
    /// [`PlanView::adoptable`] gives them; those after the conflicts ask for the removal of what was kept.
    pub async fn adopt(&self, cx: &WriteCx, id: PlanId, chosen: &[usize]) -> Result<PlanId, Failure> {
        let (stored, cluster) = self.ground.plan_in_scope(cx, id).await?;
        if let Err(obstacle) = self.gate.standing(cx, &stored, &cluster).await?.may(Wish::Adopt) {
            return Err(Refusal::Plan(obstacle).into());
        }
        let wanted = chosen_objects(&stored.plan, chosen)?;
        let (entry, at) = (cx.entry(self.ground.now(), RecordKind::ObjectAdopted, ""), self.ground.now());
        let asked = stored.clone();
        let refused = self.ground.store.write(move |conn| {
            Box::pin(async move {
                if let Err(obstacle) = standing_in(conn, &asked, None, None).await?.may(Wish::Adopt) {
                    return Ok(Some(Refusal::Plan(obstacle)));
                }
                let owners = owned_in(conn, cluster.appliance).await?;
                let theirs = |object: &ObjectRef| owners.get(object).is_some_and(|owner| owner.cluster != cluster.id);
                if let Some((object, _)) = wanted.iter().find(|(object, _)| theirs(object)) {
                    return Ok(Some(Refusal::Anothers(engine::plan::sentences::another_clusters(object, object))));
                }
                for (object, how) in wanted {
                    let summary = match how {
                        How::Doomed => format!("The removal of the {object} was consented to."),
                        _ => format!("The {object} was adopted."),
                    };
                    let entry = Entry {
                        cluster: Some(cluster.id),
                        appliance: Some(cluster.appliance),
                        summary,
                        detail: serde_json::json!({ "object": object, "plan": id, "how": how }),
                        ..entry.clone()
                    };
                    let act = append_in(conn, &entry).await?.act;
                    let own =
                        Ownership { appliance: cluster.appliance, object, cluster: cluster.id, since: at, act, how };
                    own_in(conn, &own).await?;
                }
                Ok(None)
            })
        });
        match refused.await? {
            Some(refusal) => Err(refusal.into()),
            None => self.make(cx, stored.cluster).await,
        }
    }
}

/// What somebody ticked, each with what was consented to.
fn chosen_objects(plan: &Plan, chosen: &[usize]) -> Result<Vec<(ObjectRef, How)>, Failure> {
    let mut objects = BTreeMap::new();
    for place in chosen {
        let kept = || plan.kept.get(place.checked_sub(plan.conflicts.len())?).map(|object| (object, How::Doomed));
        let conflict = plan.conflicts.get(*place).filter(|conflict| conflict.adoptable);
        let conflict =
            conflict.map(|conflict| (&conflict.object, if conflict.removes { How::Doomed } else { How::Adopted }));
        let Some((object, how)) = conflict.or_else(kept) else {
            return Err(Failure::field("objects", "This plan has no such object to adopt. Open the plan again."));
        };
        objects.insert(object.clone(), how);
    }
    if objects.is_empty() {
        let sentence = "Tick what Gatehouse shall take over. What is not ticked stays as it is, and goes on blocking.";
        return Err(Failure::field("objects", sentence));
    }
    Ok(objects.into_iter().collect())
}

pub fn views(plan: &Plan) -> Vec<OperationView> {
    plan.operations
        .iter()
        .map(|operation| OperationView { operation: operation.clone(), request: request_line(&operation.call) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::plan::Conflict;

    #[test]
    fn what_another_cluster_owns_is_said_so_and_not_for_adoption() {
        let object = ObjectRef::app_controller("gw", "https://xms.example.com:8443");
        let ours = ObjectRef::group("ours");
        let place =
            Conflict { other: Some(ObjectRef::vserver("v")), ..Conflict::refusal(ObjectRef::vserver("w"), "No.") };
        let strangers = Conflict::removable(object.clone(), "Gatehouse did not make it.");
        let mine = Conflict::adoptable(ours.clone(), "Gatehouse did not make it.");
        let mut plan = Plan {
            fingerprint: String::new(),
            operations: Vec::new(),
            unchanged: Vec::new(),
            conflicts: vec![strangers, mine.clone(), place],
            notes: Vec::new(),
            kept: Vec::new(),
            cuts: Vec::new(),
            remains: Vec::new(),
        };
        let owner = |cluster| Owner { cluster: ClusterId(cluster), how: How::Made };
        let owners = [(object, owner(1)), (ours, owner(2)), (ObjectRef::vserver("v"), owner(1))].into();
        owners_named(&mut plan, ClusterId(2), &owners);
        for conflict in [&plan.conflicts[0], &plan.conflicts[2]] {
            assert_eq!((conflict.owner, conflict.adoptable, conflict.removes), (Some(ClusterId(1)), false, false));
            assert!(conflict.sentence.contains("another cluster of Gatehouse"), "{}", conflict.sentence);
            assert!(!conflict.sentence.contains("did not make it"), "{}", conflict.sentence);
        }
        assert_eq!(plan.conflicts[1], mine, "what is its own stays as it was");
    }
}
