//! Runs: a plan carried out in the background, resumable, told from its records.

use crate::{
    Failure, ReadCx, Services, Topic, WriteCx,
    adapters::{NetScaler, RunJournal},
    cx::entry,
    plans::{OperationView, views},
};
use engine::{Mode, RunOutcome};
use model::{
    ActNo, ApplianceId, At, PlanId,
    cluster::Cluster,
    record::{Actor, Outcome, RecordKind},
    run::{OpState, Run, RunDetail, RunStatus},
};
use std::collections::HashMap;
use store::{plans::StoredPlan, runs::Begun};
use tokio::sync::{Mutex, MutexGuard};

/// Who writes to an appliance now (invariant 13).
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    plan: PlanId,
    by: String,
    since: At,
    title: String,
}

/// One writer per appliance. Held in memory only: after a crash nobody writes.
#[derive(Default)]
pub(crate) struct WriteLocks(Mutex<HashMap<ApplianceId, Holder>>);

/// A run as its page shows it.
#[derive(Clone, Debug)]
pub struct RunView {
    pub run: Run,
    pub cluster: Cluster,
    pub operations: Vec<OperationView>,
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

impl Services {
    /// Begins the plan's run, or finds the one it already has: a plan is applied once, however often it is asked for.
    pub async fn apply(&self, cx: &WriteCx, plan: PlanId) -> Result<ActNo, Failure> {
        let stored = self.stored_plan(plan).await?;
        let cluster = self.cluster(cx, stored.cluster).await?.cluster;
        if let Some(conflict) = stored.plan.conflicts.first() {
            return Err(Failure::Refused(format!("This plan cannot be applied as it is. {}", conflict.sentence)));
        }
        if stored.plan.is_empty() {
            return Err(Failure::Refused("This plan has nothing to do.".into()));
        }
        let mut begun =
            cx.entry(self.now(), RecordKind::RunBegun, format!("Applying plan {plan} to {}.", cluster.title));
        (begun.cluster, begun.appliance) = (Some(cluster.id), Some(cluster.appliance));
        let detail = RunDetail { plan, fingerprint: stored.plan.fingerprint.clone() };
        begun.detail = serde_json::to_value(detail).unwrap_or_default();

        // Held until the run has its record, so that of two clicks at once one begins it and the other finds it.
        let mut locks = self.locks.0.lock().await;
        if let Some(act) = self.store.run_of_plan(plan).await? {
            return Ok(act);
        }
        if self.store.latest_desired(cluster.id).await?.is_some_and(|latest| latest.id != stored.version) {
            return Err(Failure::Refused(
                "The set-up was changed after this plan was made. Make a new plan, so that what is applied is what was seen.".into(),
            ));
        }
        take(&mut locks, &cluster, plan, cx.person().name.clone(), self.now())?;
        let act = match self.store.begin_run(&begun).await {
            Ok(Begun::New(record)) => record.act,
            Ok(Begun::Already(act)) => {
                locks.remove(&cluster.appliance);
                return Ok(act);
            }
            Err(error) => {
                locks.remove(&cluster.appliance);
                return Err(error.into());
            }
        };
        drop(locks);
        self.start(Task { act, actor: cx.actor(), stored, cluster, states: Vec::new(), mode: Mode::Fresh });
        Ok(act)
    }

    /// Goes on with a run that stopped. What is in doubt is read again before anything is sent.
    pub async fn resume(&self, cx: &WriteCx, act: ActNo) -> Result<(), Failure> {
        let view = self.run(cx, act).await?;
        let mut locks = self.locks.0.lock().await;
        // Read again under the lock: a second click finds the run going.
        let run = self.fold(act, &locks).await?.0;
        if !run.status.may_resume() {
            return Ok(());
        }
        let stored = self.stored_plan(run.plan).await?;
        let cluster = view.cluster;
        take(&mut locks, &cluster, run.plan, cx.person().name.clone(), self.now())?;
        let mut resumed =
            cx.entry(self.now(), RecordKind::RunResumed, format!("Going on with the run on {}.", cluster.title));
        (resumed.act, resumed.cluster, resumed.appliance) = (Some(act), Some(cluster.id), Some(cluster.appliance));
        if let Err(error) = self.store.append(&resumed).await {
            locks.remove(&cluster.appliance);
            return Err(error.into());
        }
        drop(locks);
        let states = run.operations.iter().map(|operation| operation.state).collect();
        self.start(Task { act, actor: cx.actor(), stored, cluster, states, mode: Mode::Resume });
        Ok(())
    }

    pub async fn run(&self, cx: &ReadCx, act: ActNo) -> Result<RunView, Failure> {
        let locks = self.locks.0.lock().await;
        let (run, stored) = self.fold(act, &locks).await?;
        drop(locks);
        let cluster = self.cluster(cx, stored.cluster).await?.cluster;
        Ok(RunView { operations: views(&stored.plan), run, cluster, now: self.now() })
    }

    async fn fold(&self, act: ActNo, locks: &HashMap<ApplianceId, Holder>) -> Result<(Run, StoredPlan), Failure> {
        let plan = self.store.plan_of_run(act).await?.ok_or(Failure::NotFound("such run"))?;
        let stored = self.stored_plan(plan).await?;
        let records = self.store.of_act(act).await?;
        let mut run = Run::fold(&stored.plan, &records).ok_or(Failure::NotFound("such run"))?;
        let alive = locks.values().any(|holder| holder.plan == plan);
        if run.status == RunStatus::Running && !alive {
            // Its end could not be written, or Gatehouse has only just started: nobody is at work on it.
            run.interrupt(
                "The run stopped without a record of its end. What is in doubt is read again when it goes on.",
            );
        }
        Ok((run, stored))
    }

    /// The page that began it may go; the run does not.
    fn start(&self, task: Task) {
        let services = self.clone();
        tokio::spawn(async move {
            let appliance = task.cluster.appliance;
            let act = task.act;
            services.work(task).await;
            services.locks.0.lock().await.remove(&appliance);
            services.bus.tell(Topic::Run(act));
            services.observe_soon(appliance);
        });
    }

    async fn work(&self, task: Task) {
        let Task { act, actor, stored, cluster, states, mode } = task;
        let outcome = match NetScaler::connect(self, cluster.appliance).await {
            Err(error) => RunOutcome::Unreachable { sentence: error.sentence },
            Ok(appliance) => {
                let journal = RunJournal {
                    services: self.clone(),
                    act,
                    actor: actor.clone(),
                    cluster: cluster.id,
                    appliance: cluster.appliance,
                };
                engine::execute(&stored.plan, &states, mode, &appliance, &appliance, &journal).await
            }
        };
        let (result, summary) = told(&outcome, &stored, mode);
        let mut ended = entry(actor, self.now(), RecordKind::RunEnded, summary);
        (ended.act, ended.cluster, ended.appliance) = (Some(act), Some(cluster.id), Some(cluster.appliance));
        ended.outcome = Some(result);
        if let Err(error) = self.store.append(&ended).await {
            tracing::error!(run = act.0, "The end of the run could not be recorded: {}", error.sentence());
        }
    }

    /// Waits until no run is at work; for an orderly stop.
    pub(crate) async fn runs_at_work(&self) -> usize {
        self.locks.0.lock().await.len()
    }
}

fn take(
    locks: &mut MutexGuard<'_, HashMap<ApplianceId, Holder>>,
    cluster: &Cluster,
    plan: PlanId,
    by: String,
    since: At,
) -> Result<(), Failure> {
    if let Some(holder) = locks.get(&cluster.appliance) {
        return Err(Failure::Refused(format!(
            "{} has been writing to this appliance since {} (plan {} for {}). Wait until that run has ended: two writers \
             at once would not know what they are changing.",
            holder.by,
            model::clock::time_text(holder.since),
            holder.plan,
            holder.title
        )));
    }
    locks.insert(cluster.appliance, Holder { plan, by, since, title: cluster.title.clone() });
    Ok(())
}

/// An outcome as the log keeps it.
fn told(outcome: &RunOutcome, stored: &StoredPlan, mode: Mode) -> (Outcome, String) {
    match outcome {
        RunOutcome::Succeeded => (
            Outcome::Succeeded,
            format!("All {} operations are confirmed, and the configuration is saved.", stored.plan.operations.len()),
        ),
        RunOutcome::Failed { seq, sentence } => (Outcome::Failed, format!("Stopped at operation {seq}. {sentence}")),
        RunOutcome::InDoubt { seq, sentence } => {
            (Outcome::InDoubt, format!("Stopped in doubt at operation {seq}. {sentence}"))
        }
        RunOutcome::Moved { now } => {
            let summary = match mode {
                Mode::Fresh => {
                    let differences = engine::moved(&stored.snapshot, now);
                    let shown = differences.iter().take(5).cloned().collect::<Vec<_>>().join(" ");
                    format!("The appliance is not as the plan saw it, so nothing was sent. Make a new plan. {shown}")
                }
                // Compared with the plan's snapshot, our own changes would be the difference.
                Mode::Resume => format!(
                    "What this run had confirmed no longer stands, or the appliance ({}) is not the primary any more, so \
                     nothing was sent. Make a new plan.",
                    now.role
                ),
            };
            (Outcome::Refused, summary)
        }
        RunOutcome::LogFailed { sentence } | RunOutcome::Unreachable { sentence } => {
            (Outcome::Failed, sentence.clone())
        }
    }
}
