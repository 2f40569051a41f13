//! Runs: a plan carried out in the background, resumable, told from its records.

use crate::{
    Failure, ReadCx, Services, Topic, WriteCx,
    adapters::{NetScaler, RunJournal},
    cx::entry,
    plans::{OperationView, views},
};
use engine::{Mode, RunOutcome};
use model::{
    ActNo, ApplianceId, At, ClusterId, PlanId,
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
    cluster: ClusterId,
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
        self.not_stopping()?;
        let (stored, cluster) = self.plan_in_scope(cx, plan).await?;
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
        self.still_wanted(&cluster, &stored).await?;
        take(&mut locks, cx, &cluster, plan, self.now())?;
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
        self.not_stopping()?;
        let (stored, cluster) = self.run_in_scope(cx, act).await?;
        let mut locks = self.locks.0.lock().await;
        if locks.values().any(|holder| holder.plan == stored.id) {
            // A second click finds the run going.
            return Ok(());
        }
        // Under the lock nobody else begins it: what the records say now stands.
        let mut run = self.told_by_records(act, &stored).await?;
        if run.status == RunStatus::Running {
            run.interrupt("");
        }
        if !run.status.may_resume() {
            return Ok(());
        }
        self.still_wanted(&cluster, &stored).await?;
        // Where nothing was ever sent there is nothing of ours to go on from: the appliance must be as the plan saw it.
        let untouched = run.operations.iter().all(|op| op.state == OpState::Planned && op.attempts == 0);
        let mode = if untouched { Mode::Fresh } else { Mode::Resume };
        take(&mut locks, cx, &cluster, run.plan, self.now())?;
        let mut resumed =
            cx.entry(self.now(), RecordKind::RunResumed, format!("Going on with the run on {}.", cluster.title));
        (resumed.act, resumed.cluster, resumed.appliance) = (Some(act), Some(cluster.id), Some(cluster.appliance));
        if let Err(error) = self.store.append(&resumed).await {
            locks.remove(&cluster.appliance);
            return Err(error.into());
        }
        drop(locks);
        let states = run.operations.iter().map(|operation| operation.state).collect();
        self.start(Task { act, actor: cx.actor(), stored, cluster, states, mode });
        Ok(())
    }

    pub async fn run(&self, cx: &ReadCx, act: ActNo) -> Result<RunView, Failure> {
        let (stored, cluster) = self.run_in_scope(cx, act).await?;
        let run = self.fold(act, &stored).await?;
        Ok(RunView { operations: views(&stored.plan), run, cluster, now: self.now() })
    }

    /// A set-up that was changed since is not the one that was seen.
    async fn still_wanted(&self, cluster: &Cluster, stored: &StoredPlan) -> Result<(), Failure> {
        let latest = self.store.latest_desired(cluster.id).await?;
        if latest.is_none_or(|latest| latest.id == stored.version) {
            return Ok(());
        }
        Err(Failure::Refused(
            "The set-up was changed after this plan was made. Make a new plan, so that what is applied is what was seen."
                .into(),
        ))
    }

    async fn at_work(&self, plan: PlanId) -> bool {
        self.locks.0.lock().await.values().any(|holder| holder.plan == plan)
    }

    /// The run as its records tell it. Records are read without the locks: a busy page must not delay a run's begin.
    async fn fold(&self, act: ActNo, stored: &StoredPlan) -> Result<Run, Failure> {
        let was_at_work = self.at_work(stored.id).await;
        let mut run = self.told_by_records(act, stored).await?;
        if run.status == RunStatus::Running && !was_at_work && !self.at_work(stored.id).await {
            // Its end may have been written between the two looks.
            run = self.told_by_records(act, stored).await?;
            if run.status == RunStatus::Running {
                run.interrupt(
                    "The run stopped without a record of its end. What is in doubt is read again when it goes on.",
                );
            }
        }
        Ok(run)
    }

    async fn told_by_records(&self, act: ActNo, stored: &StoredPlan) -> Result<Run, Failure> {
        let records = self.store.of_act(act).await?;
        Run::fold(&stored.plan, &records).ok_or(Failure::NotFound("such run"))
    }

    /// The page that began it may go; the run does not.
    fn start(&self, task: Task) {
        let services = self.clone();
        tokio::spawn(async move {
            let appliance = task.cluster.appliance;
            let act = task.act;
            // In a task of its own, so that even a panic gives the lock back.
            let worker = services.clone();
            if let Err(error) = tokio::spawn(async move { worker.work(task).await }).await {
                tracing::error!(run = act.0, "The run's task ended abnormally: {error}");
            }
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
        let (result, summary) = match told(&outcome, &stored, mode) {
            (Outcome::Succeeded, summary) => self.on_the_peer(act, cluster.appliance, summary).await,
            other => other,
        };
        let mut ended = entry(actor, self.now(), RecordKind::RunEnded, summary);
        (ended.act, ended.cluster, ended.appliance) = (Some(act), Some(cluster.id), Some(cluster.appliance));
        ended.outcome = Some(result);
        if let Err(error) = self.store.append(&ended).await {
            tracing::error!(run = act.0, "The end of the run could not be recorded: {}", error.sentence());
        }
    }

    /// Keeps runs on the appliance from beginning for as long as the guard lives; refused while one is at work, because
    /// what it is doing must not become something else under its feet.
    pub(crate) async fn no_run_on(
        &self,
        appliance: ApplianceId,
    ) -> Result<MutexGuard<'_, HashMap<ApplianceId, Holder>>, Failure> {
        let locks = self.locks.0.lock().await;
        match locks.get(&appliance) {
            None => Ok(locks),
            Some(holder) => Err(Failure::Refused(format!(
                "{} has been writing to this appliance since {} (plan {} for {}). Wait until that run has ended; nothing was \
                 changed here.",
                holder.by,
                model::clock::time_text(holder.since),
                holder.plan,
                holder.title
            ))),
        }
    }

    /// All of it is done here. Where the other half of a pair has not taken it over, that is another end.
    async fn on_the_peer(&self, act: ActNo, appliance: ApplianceId, summary: String) -> (Outcome, String) {
        let lag = match self.store.pair_lag(appliance).await {
            Ok(lag) => lag.filter(|lag| lag.behind.act == act),
            Err(error) => {
                tracing::error!(run = act.0, "What the peer lacks could not be read: {}", error.sentence());
                None
            }
        };
        let Some(lag) = lag else { return (Outcome::Succeeded, summary) };
        let count = match lag.behind.operations {
            1 => "one operation".to_owned(),
            more => format!("{more} operations"),
        };
        let summary = format!(
            "{summary} The peer of the pair has not taken over {count}: a failover now would lose it. Synchronise the pair; then \
             resume this run, which looks again."
        );
        (Outcome::HereOnly, summary)
    }

    /// A run writes to this appliance now.
    pub(crate) async fn writes_to(&self, appliance: ApplianceId) -> bool {
        self.locks.0.lock().await.contains_key(&appliance)
    }

    /// How many runs are at work.
    pub(crate) async fn runs_at_work(&self) -> usize {
        self.locks.0.lock().await.len()
    }
}

fn take(
    locks: &mut MutexGuard<'_, HashMap<ApplianceId, Holder>>,
    cx: &WriteCx,
    cluster: &Cluster,
    plan: PlanId,
    since: At,
) -> Result<(), Failure> {
    if let Some(holder) = locks.get(&cluster.appliance) {
        if !cx.sees(holder.cluster) {
            return Err(Failure::Refused(format!(
                "Another run has been writing to this appliance since {}. Wait until it has ended: two writers at once \
                 would not know what they are changing.",
                model::clock::time_text(holder.since)
            )));
        }
        return Err(Failure::Refused(format!(
            "{} has been writing to this appliance since {} (plan {} for {}). Wait until that run has ended: two writers \
             at once would not know what they are changing.",
            holder.by,
            model::clock::time_text(holder.since),
            holder.plan,
            holder.title
        )));
    }
    let by = cx.person().name.clone();
    locks.insert(cluster.appliance, Holder { plan, by, since, cluster: cluster.id, title: cluster.title.clone() });
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
