//! Runs: a plan carried out in the background, resumable, told from its records.

mod beginning;
mod ending;
mod locks;
mod outcome;

use crate::{
    Failure, ReadCx, Topic, WriteCx,
    acting::to_its_end,
    adapters::{NetScaler, RunJournal},
    cx::{detail, entry},
    gate::{Gate, standing_in},
    ground::Ground,
    health::Health,
    observer::Observer,
    plans::{OperationView, views},
    pool::Pool,
    purpose::purpose,
    refusal::Refusal,
    under_way::UnderWay,
};
use beginning::{Asked, Beginning};
use engine::{Mode, RunOutcome};
pub(crate) use locks::WriteLocks;
use locks::{take, writer};
use model::{
    ActNo, At, PlanId,
    cluster::Cluster,
    plan::ApplyForm,
    readiness::{Obstacle, Wish},
    record::{Actor, Outcome, RecordKind},
    run::{OpState, Run, RunDetail, RunEnd, RunStatus},
    snapshot::Snapshot,
};
use outcome::end_of;
use std::sync::Arc;
use store::{plans::StoredPlan, records::append_in};

/// A run as its page shows it.
#[derive(Clone, Debug)]
pub struct RunView {
    pub run: Run,
    pub cluster: Cluster,
    pub operations: Vec<OperationView>,
    /// Why it cannot be resumed; `None`: it can.
    pub obstacle: Option<Obstacle>,
    /// It takes this run back.
    pub undo_of: Option<ActNo>,
    pub now: At,
}

/// What a background task needs to know of its run.
struct Task {
    act: ActNo,
    actor: Actor,
    stored: StoredPlan,
    cluster: Cluster,
    states: Vec<OpState>,
    mode: Mode,
}

#[derive(Clone)]
pub struct Runs {
    pub(crate) ground: Arc<Ground>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) locks: Arc<WriteLocks>,
    pub(crate) gate: Gate,
    pub(crate) health: Arc<Health>,
    pub(crate) observer: Observer,
    pub(crate) under_way: Arc<UnderWay>,
}

impl Runs {
    /// Begins the plan's run, or finds the one it already has: a plan is applied once, however often it is asked for.
    pub async fn apply(&self, cx: &WriteCx, plan: PlanId, form: &ApplyForm) -> Result<ActNo, Failure> {
        let (runs, cx, form) = (self.clone(), cx.clone(), form.clone());
        // Between a run's record and its beginning nobody may go away.
        to_its_end(async move { runs.begun(&cx, plan, form).await }).await
    }

    async fn begun(&self, cx: &WriteCx, plan: PlanId, form: ApplyForm) -> Result<ActNo, Failure> {
        self.ground.not_stopping()?;
        let (stored, cluster) = self.ground.plan_in_scope(cx, plan).await?;
        let mut begun =
            cx.entry(self.ground.now(), RecordKind::RunBegun, format!("Applying plan {plan} to {}.", cluster.title));
        (begun.cluster, begun.appliance) = (Some(cluster.id), Some(cluster.appliance));
        begun.detail = detail(&RunDetail { plan, fingerprint: stored.plan.fingerprint.clone() })?;
        let undone = if form.takes_back() { purpose(&self.ground, &stored).await?.undoes() } else { None };

        // Held until the run has its record, so that of two clicks at once one begins it and the other finds it.
        let mut locks = self.locks.0.lock().await;
        let writer = writer(&locks, cx, cluster.appliance, plan);
        let beginning = Beginning { stored: stored.clone(), cluster: cluster.clone(), begun, writer, undone };
        let begun = self.ground.store.write(move |conn| Box::pin(async move { beginning.begin_in(conn, &form).await }));
        let act = match begun.await? {
            Asked::Begun(act) => act,
            Asked::Already(act) => return Ok(act),
            Asked::Refused(obstacle) => return Err(Refusal::Plan(obstacle).into()),
            Asked::Unconfirmed(sentence) => return Err(Failure::field("confirm", sentence)),
        };
        take(&mut locks, cx, &cluster, plan, self.ground.now());
        drop(locks);
        self.start(Task { act, actor: cx.actor(), stored, cluster, states: Vec::new(), mode: Mode::Fresh });
        Ok(act)
    }

    /// Takes a run up again that stopped. What is in doubt is read again before anything is sent.
    pub async fn resume(&self, cx: &WriteCx, act: ActNo) -> Result<(), Failure> {
        let (runs, cx) = (self.clone(), cx.clone());
        to_its_end(async move { runs.resumed(&cx, act).await }).await
    }

    async fn resumed(&self, cx: &WriteCx, act: ActNo) -> Result<(), Failure> {
        self.ground.not_stopping()?;
        let (stored, cluster) = self.ground.run_in_scope(cx, act).await?;
        let mut locks = self.locks.0.lock().await;
        if locks.values().any(|holder| holder.plan == stored.id) {
            // A second click finds the run going.
            return Ok(());
        }
        // Under the lock nobody else begins it: what the records say now stands.
        let mut run = self.gate.told_by_records(act, &stored).await?;
        if run.status == RunStatus::Running {
            run.interrupt("");
        }
        let writer = writer(&locks, cx, cluster.appliance, stored.id);
        let mut resumed =
            cx.entry(self.ground.now(), RecordKind::RunResumed, format!("Resuming the run on {}.", cluster.title));
        (resumed.act, resumed.cluster, resumed.appliance) = (Some(act), Some(cluster.id), Some(cluster.appliance));
        let (asked, at_rest) = (stored.clone(), run.clone());
        let refused = self.ground.store.write(move |conn| {
            Box::pin(async move {
                let standing = standing_in(conn, &asked, Some(&at_rest), writer).await?;
                if let Err(obstacle) = standing.may(Wish::Resume) {
                    return Ok(Some(obstacle));
                }
                append_in(conn, &resumed).await?;
                Ok(None)
            })
        });
        match refused.await? {
            None => {}
            Some(Obstacle::NothingToResume) => return Ok(()),
            Some(obstacle) => return Err(Refusal::Plan(obstacle).into()),
        }
        // Where nothing was ever sent there is nothing of ours to start from: the appliance must be as the plan saw it.
        let untouched = run.operations.iter().all(|op| op.state == OpState::Planned && op.attempts == 0);
        let mode = if untouched { Mode::Fresh } else { Mode::Resume };
        take(&mut locks, cx, &cluster, run.plan, self.ground.now());
        drop(locks);
        self.health.said(act);
        let states = run.operations.iter().map(|operation| operation.state).collect();
        self.start(Task { act, actor: cx.actor(), stored, cluster, states, mode });
        Ok(())
    }

    pub async fn show(&self, cx: &ReadCx, act: ActNo) -> Result<RunView, Failure> {
        let (stored, cluster) = self.ground.run_in_scope(cx, act).await?;
        let standing = self.gate.standing(cx, &stored, &cluster).await?;
        let obstacle = standing.may(Wish::Resume).err();
        let run = self.gate.fold(act, &stored).await?;
        let undo_of = purpose(&self.ground, &stored).await?.undoes();
        Ok(RunView { operations: views(&stored.plan), run, cluster, obstacle, undo_of, now: self.ground.now() })
    }

    /// What the plan was made from. That it cannot be had keeps no run from its end.
    async fn seen_by(&self, plan: PlanId) -> Option<Snapshot> {
        self.ground.store.plan_snapshot(plan).await.unwrap_or_else(|error| {
            tracing::error!(plan = plan.0, "What the plan was made from cannot be had: {}", error.sentence());
            None
        })
    }

    /// The page that began it may go; the run does not.
    fn start(&self, task: Task) {
        let runs = self.clone();
        tokio::spawn(async move {
            let (appliance, cluster) = (task.cluster.appliance, task.cluster.id);
            let act = task.act;
            runs.under_way.begins(&task.cluster, act, &task.stored.plan.operations);
            runs.ground.bus.count(Topic::Cluster(cluster));
            // In a task of its own, so that even a panic gives the lock back.
            let worker = runs.clone();
            let went_well = tokio::spawn(async move { worker.work(task).await }).await.unwrap_or_else(|error| {
                tracing::error!(run = act.0, "The run's task ended abnormally: {error}");
                false
            });
            let store = &runs.ground.store;
            let well = went_well.then(|| (store.noted(runs.ground.reckoning()), store.begin_look()));
            runs.under_way.ends(appliance, act, well);
            runs.locks.0.lock().await.remove(&appliance);
            runs.ground.bus.count(Topic::Cluster(cluster));
            runs.ground.bus.tell(Topic::Run(act));
            runs.observer.look_soon(appliance);
        });
    }

    /// Whether what was asked for took effect, and that is recorded.
    async fn work(&self, task: Task) -> bool {
        let Task { act, actor, stored, cluster, states, mode } = task;
        let outcome = match NetScaler::connect_to_write(&self.ground, &self.pool, cluster.appliance).await {
            Err(error) => RunOutcome::Unreachable { error },
            Ok(appliance) => {
                let journal = RunJournal {
                    ground: self.ground.clone(),
                    act,
                    actor: actor.clone(),
                    cluster: cluster.id,
                    appliance: cluster.appliance,
                    removed: stored.plan.removals().map(|op| op.object.clone()).collect(),
                };
                engine::execute(&stored.plan, &states, mode, &appliance, &appliance, &journal).await
            }
        };
        let seen = match &outcome {
            RunOutcome::Moved { .. } => self.seen_by(stored.id).await,
            _ => None,
        };
        let (result, summary, stop) = match end_of(&outcome, &stored, seen.as_ref(), &states, mode) {
            (Outcome::Succeeded, summary, stop) => {
                let (result, summary) = self.on_the_peer(act, cluster.appliance, summary).await;
                (result, summary, stop)
            }
            other => other,
        };
        let mut ended = entry(actor, self.ground.now(), RecordKind::RunEnded, summary);
        (ended.act, ended.cluster, ended.appliance) = (Some(act), Some(cluster.id), Some(cluster.appliance));
        ended.outcome = Some(result);
        let written = match stop.map(|stop| detail(&RunEnd { stop: Some(stop) })).transpose() {
            Ok(said) => {
                ended.detail = said.unwrap_or_default();
                self.write_end(act, &stored, &cluster, ended).await
            }
            Err(failure) => Err(failure),
        };
        if let Err(failure) = &written {
            self.health.could_not_say(act, failure);
            tracing::error!(run = act.0, "The end of the run could not be recorded: {failure}");
        }
        written.is_ok() && result.is_done()
    }
}
