//! Runs: a plan carried out in the background, resumable, told from its records.

use crate::{
    Failure, ReadCx, Services, Topic, WriteCx,
    adapters::{NetScaler, RunJournal},
    cx::{detail, entry},
    gate::{before_run_in, standing_in, way_back_in},
    plans::{OperationView, Purpose, views},
};
use engine::{Mode, RunOutcome};
use model::{
    ActNo, ApplianceId, At, ClusterId, PlanId, VersionId,
    cluster::Cluster,
    plan::{ApplyForm, confirmed},
    readiness::{Obstacle, Wish, Writer},
    record::{Actor, Entry, Outcome, RecordKind},
    run::{MovedField, OpState, Run, RunDetail, RunEnd, RunStatus, Stop},
};
use std::collections::HashMap;
use store::{
    Conn,
    applied::{applied_in, last_applied_in},
    desired::{latest_desired_in, save_desired_in},
    plans::StoredPlan,
    records::append_in,
    runs::{Begun, begin_run_in, version_of_run_in},
};
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

impl Services {
    /// Begins the plan's run, or finds the one it already has: a plan is applied once, however often it is asked for.
    pub async fn apply(&self, cx: &WriteCx, plan: PlanId, form: &ApplyForm) -> Result<ActNo, Failure> {
        self.not_stopping()?;
        let (stored, cluster) = self.plan_in_scope(cx, plan).await?;
        let mut begun =
            cx.entry(self.now(), RecordKind::RunBegun, format!("Applying plan {plan} to {}.", cluster.title));
        (begun.cluster, begun.appliance) = (Some(cluster.id), Some(cluster.appliance));
        begun.detail = detail(&RunDetail { plan, fingerprint: stored.plan.fingerprint.clone() })?;
        let undone = if form.takes_back() { self.purpose(&stored).await?.undoes() } else { None };

        // Held until the run has its record, so that of two clicks at once one begins it and the other finds it.
        let mut locks = self.locks.0.lock().await;
        let writer = writer(&locks, cx, cluster.appliance, plan);
        let beginning = Beginning { stored: stored.clone(), cluster: cluster.clone(), begun, writer, undone };
        let form = form.clone();
        let begun = self.store.write(move |conn| Box::pin(async move { beginning.begin_in(conn, &form).await }));
        let act = match begun.await? {
            Asked::Begun(act) => act,
            Asked::Already(act) => return Ok(act),
            Asked::Refused(obstacle) => return Err(Failure::Refused(obstacle.sentence())),
            Asked::Unconfirmed(sentence) => return Err(Failure::field("confirm", sentence)),
        };
        take(&mut locks, cx, &cluster, plan, self.now());
        drop(locks);
        self.start(Task { act, actor: cx.actor(), stored, cluster, states: Vec::new(), mode: Mode::Fresh });
        Ok(act)
    }

    /// Takes a run up again that stopped. What is in doubt is read again before anything is sent.
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
        let writer = writer(&locks, cx, cluster.appliance, stored.id);
        let mut resumed =
            cx.entry(self.now(), RecordKind::RunResumed, format!("Resuming the run on {}.", cluster.title));
        (resumed.act, resumed.cluster, resumed.appliance) = (Some(act), Some(cluster.id), Some(cluster.appliance));
        let (asked, at_rest) = (stored.clone(), run.clone());
        let refused = self.store.write(move |conn| {
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
            Some(obstacle) => return Err(Failure::Refused(obstacle.sentence())),
        }
        // Where nothing was ever sent there is nothing of ours to start from: the appliance must be as the plan saw it.
        let untouched = run.operations.iter().all(|op| op.state == OpState::Planned && op.attempts == 0);
        let mode = if untouched { Mode::Fresh } else { Mode::Resume };
        take(&mut locks, cx, &cluster, run.plan, self.now());
        drop(locks);
        self.said(act);
        let states = run.operations.iter().map(|operation| operation.state).collect();
        self.start(Task { act, actor: cx.actor(), stored, cluster, states, mode });
        Ok(())
    }

    pub async fn run(&self, cx: &ReadCx, act: ActNo) -> Result<RunView, Failure> {
        let (stored, cluster) = self.run_in_scope(cx, act).await?;
        let standing = self.plan_standing(cx, &stored, &cluster).await?;
        let obstacle = standing.may(Wish::Resume).err();
        let run = self.fold(act, &stored).await?;
        let undo_of = self.purpose(&stored).await?.undoes();
        Ok(RunView { operations: views(&stored.plan), run, cluster, obstacle, undo_of, now: self.now() })
    }

    async fn at_work(&self, plan: PlanId) -> bool {
        self.locks.0.lock().await.values().any(|holder| holder.plan == plan)
    }

    /// The run as its records tell it. Records are read without the locks: a busy page must not delay a run's begin.
    pub(crate) async fn fold(&self, act: ActNo, stored: &StoredPlan) -> Result<Run, Failure> {
        let was_at_work = self.at_work(stored.id).await;
        let mut run = self.told_by_records(act, stored).await?;
        if run.status == RunStatus::Running && !was_at_work && !self.at_work(stored.id).await {
            // Its end may have been written between the two looks.
            run = self.told_by_records(act, stored).await?;
            if run.status == RunStatus::Running {
                let why = self.unsaid(act).unwrap_or_else(|| "The run stopped without a record of its end.".to_owned());
                run.interrupt(&format!("{why} What is in doubt is read again when it is resumed."));
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
                    removed: stored.plan.removals().map(|op| op.object.clone()).collect(),
                };
                engine::execute(&stored.plan, &states, mode, &appliance, &appliance, &journal).await
            }
        };
        let (result, summary, stop) = match end_of(&outcome, &stored, &states, mode) {
            (Outcome::Succeeded, summary, stop) => {
                let (result, summary) = self.on_the_peer(act, cluster.appliance, summary).await;
                (result, summary, stop)
            }
            other => other,
        };
        let mut ended = entry(actor, self.now(), RecordKind::RunEnded, summary);
        (ended.act, ended.cluster, ended.appliance) = (Some(act), Some(cluster.id), Some(cluster.appliance));
        ended.outcome = Some(result);
        let written = match stop.map(|stop| detail(&RunEnd { stop: Some(stop) })).transpose() {
            Ok(said) => {
                ended.detail = said.unwrap_or_default();
                self.write_end(act, &stored, &cluster, ended).await
            }
            Err(failure) => Err(failure),
        };
        if let Err(failure) = written {
            self.could_not_say(act, &failure);
            tracing::error!(run = act.0, "The end of the run could not be recorded: {failure}");
        }
    }

    /// The end of a run and, where it changed anything, the version of the set-up that the appliance stands by now: a run
    /// that stopped half-way has left the old one too.
    async fn write_end(&self, act: ActNo, stored: &StoredPlan, cluster: &Cluster, ended: Entry) -> Result<(), Failure> {
        let run = self.told_by_records(act, stored).await?;
        let changed = ended.outcome == Some(Outcome::Succeeded) || run.confirmed() > 0;
        let purpose = self.purpose(stored).await?;
        let (version, cluster) = (stored.version, cluster.clone());
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    append_in(conn, &ended).await?;
                    if !changed {
                        return Ok(());
                    }
                    let left = match (version_of_run_in(conn, act).await?, purpose) {
                        (Some(version), _) => Some(version),
                        (None, Purpose::SetUp) => Some(version),
                        (None, Purpose::Undo(undone)) => left_by_undo_in(conn, &cluster, undone).await?,
                        (None, Purpose::Removal) => None,
                    };
                    applied_in(conn, act, cluster.id, left, ended.at).await
                })
            })
            .await?;
        Ok(())
    }

    /// Who writes to this appliance now, as this reader may know it; not counting the plan's own run.
    pub(crate) async fn writer_on(&self, cx: &ReadCx, appliance: ApplianceId, plan: PlanId) -> Option<Writer> {
        writer(&self.locks.0.lock().await, cx, appliance, plan)
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

/// All that beginning a run needs inside of the store's one job.
struct Beginning {
    stored: StoredPlan,
    cluster: Cluster,
    begun: Entry,
    writer: Option<Writer>,
    /// The run that is taken back, and the set-up with it.
    undone: Option<ActNo>,
}

/// What came of it.
enum Asked {
    Begun(ActNo),
    Already(ActNo),
    Refused(Obstacle),
    /// What was to be typed was not; the sentence belongs beside its field.
    Unconfirmed(String),
}

impl Beginning {
    /// Read, compared and written at one moment: no newer version of the set-up comes between the question and the begin.
    async fn begin_in(self, conn: &mut Conn, form: &ApplyForm) -> Result<Asked, store::Error> {
        let Self { stored, cluster, begun, writer, undone } = self;
        match standing_in(conn, &stored, None, writer).await?.may(Wish::Apply) {
            Ok(()) => {}
            Err(Obstacle::HasRun(act)) => return Ok(Asked::Already(act)),
            Err(obstacle) => return Ok(Asked::Refused(obstacle)),
        }
        if let Err(sentence) = confirmed(&stored.plan.cuts, &form.confirm) {
            return Ok(Asked::Unconfirmed(sentence));
        }
        let back = match undone {
            Some(undone) => way_back_in(conn, &cluster, undone).await?,
            None => None,
        };
        let latest = latest_desired_in(conn, cluster.id).await?.map(|latest| latest.desired).unwrap_or_default();
        let Some((earlier, wanted)) = back.filter(|(_, wanted)| *wanted != latest) else {
            return Ok(begun_as(begin_run_in(conn, &begun, None).await?));
        };
        let version = save_desired_in(conn, cluster.id, &wanted, &begun.actor, begun.at).await?;
        let asked = begun_as(begin_run_in(conn, &begun, Some(version.id)).await?);
        if let Asked::Begun(act) = asked {
            let summary = format!("The set-up of {} was taken back to version {}.", cluster.title, earlier.number);
            let detail = serde_json::json!({ "back_to": earlier.number, "before": latest, "after": wanted });
            let saved = Entry { act: Some(act), kind: RecordKind::DesiredSaved, summary, detail, ..begun };
            append_in(conn, &saved).await?;
        }
        Ok(asked)
    }
}

fn begun_as(begun: Begun) -> Asked {
    match begun {
        Begun::New(record) => Asked::Begun(record.act),
        Begun::Already(act) => Asked::Already(act),
    }
}

/// What stands after a run was taken back and the set-up stayed: what had been applied before it, or, where others came
/// after it, what was applied last.
async fn left_by_undo_in(conn: &mut Conn, cluster: &Cluster, undone: ActNo) -> Result<Option<VersionId>, store::Error> {
    let last = last_applied_in(conn, cluster.id, None).await?;
    let left = if last.as_ref().is_some_and(|last| last.run > undone) {
        last
    } else {
        before_run_in(conn, cluster, undone).await?
    };
    Ok(left.and_then(|applied| applied.version).map(|version| version.id))
}

fn writer(
    locks: &MutexGuard<'_, HashMap<ApplianceId, Holder>>,
    cx: &ReadCx,
    appliance: ApplianceId,
    plan: PlanId,
) -> Option<Writer> {
    let holder = locks.get(&appliance).filter(|holder| holder.plan != plan)?;
    let known = cx.sees(holder.cluster).then(|| (holder.by.clone(), holder.plan, holder.title.clone()));
    Some(Writer { since: holder.since, known })
}

fn take(
    locks: &mut MutexGuard<'_, HashMap<ApplianceId, Holder>>,
    cx: &WriteCx,
    cluster: &Cluster,
    plan: PlanId,
    since: At,
) {
    let by = cx.person().name.clone();
    locks.insert(cluster.appliance, Holder { plan, by, since, cluster: cluster.id, title: cluster.title.clone() });
}

/// An outcome as the log keeps it: for people, and as data.
fn end_of(
    outcome: &RunOutcome,
    stored: &StoredPlan,
    states: &[OpState],
    mode: Mode,
) -> (Outcome, String, Option<Stop>) {
    match outcome {
        RunOutcome::Succeeded => (
            Outcome::Succeeded,
            match stored.plan.operations.len() {
                1 => "Its one operation is confirmed, and the configuration is saved.".to_owned(),
                all => format!("All {all} operations are confirmed, and the configuration is saved."),
            },
            None,
        ),
        RunOutcome::Failed { seq, sentence } => {
            let summary = format!("Stopped at operation {seq}. {sentence}");
            (Outcome::Failed, summary, Some(Stop::Operation { seq: *seq }))
        }
        RunOutcome::InDoubt { seq, sentence } => {
            let summary = format!("Stopped in doubt at operation {seq}. {sentence}");
            (Outcome::InDoubt, summary, Some(Stop::InDoubt { seq: *seq }))
        }
        RunOutcome::Moved { now } => {
            let (moved, what) = match mode {
                Mode::Fresh => (engine::moved(&stored.snapshot, now), "The appliance is not as the plan saw it"),
                // Compared with the plan's snapshot, our own changes would be the difference.
                Mode::Resume => {
                    (engine::undone(&stored.plan, states, now), "What this run had confirmed no longer stands")
                }
            };
            let shown = moved.iter().take(5).map(MovedField::sentence).collect::<Vec<_>>().join(" ");
            let summary = format!("{what}, so nothing was sent. Make a new plan. {shown}");
            (Outcome::Refused, summary, Some(Stop::Moved { moved: moved.into_iter().take(MOST_MOVED).collect() }))
        }
        RunOutcome::NotPrimary { role } => (
            Outcome::Refused,
            format!(
                "The appliance says that it is {role}, and changes are made on the primary of a pair only. Nothing was sent."
            ),
            Some(Stop::NotPrimary { role: role.clone() }),
        ),
        RunOutcome::LogFailed { sentence } => (Outcome::Failed, sentence.clone(), Some(Stop::Log)),
        RunOutcome::Unreachable { sentence } => (Outcome::Failed, sentence.clone(), Some(Stop::Unreachable)),
    }
}

/// A record is read by people: more than these is another configuration altogether.
const MOST_MOVED: usize = 100;
