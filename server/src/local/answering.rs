//! What is asked, done by the same methods of `services` that the web door calls.

use super::words::{
    Answer, Ask, ClusterLine, ClusterShown, ConflictShown, FindingShown, OperationShown, PlanShown, ProgressShown,
    Refused, Request, RunShown,
};
use model::{
    ActNo, ClusterId,
    clock::time_text,
    finding::Grade,
    plan::ApplyForm,
    run::{OpState, RunStatus},
};
use services::{ClusterView, Failure, Origin, PlanView, ReadCx, Refusal, RunView, Services};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long a run without news is waited for.
const NEWS: Duration = Duration::from_secs(10);

pub async fn answer(services: &Services, origin: Origin, request: Request) -> Result<Answer, Failure> {
    let cx = services.sessions().at_console(&request.name, origin).await?;
    match request.ask {
        Ask::Clusters => {
            let views = services.clusters().list(&cx).await?;
            Ok(Answer::Clusters(views.iter().map(line).collect()))
        }
        Ask::Cluster(called) => {
            let id = named(services, &cx, &called).await?;
            Ok(Answer::Cluster(Box::new(cluster(&services.clusters().show(&cx, id).await?))))
        }
        Ask::MakePlan(called) => {
            let writer = cx.writer()?;
            let id = named(services, &cx, &called).await?;
            let made = services.plans().make(&writer, id).await?;
            Ok(plan(&services.plans().show(&cx, made).await?))
        }
        Ask::Plan(id) => Ok(plan(&services.plans().show(&cx, id).await?)),
        Ask::Adopt { plan: id, objects } => {
            let made = services.plans().adopt(&cx.writer()?, id, &objects).await?;
            Ok(plan(&services.plans().show(&cx, made).await?))
        }
        Ask::PlanUndo(act) => {
            let made = services.plans().make_undo(&cx.writer()?, act).await?;
            Ok(plan(&services.plans().show(&cx, made).await?))
        }
        Ask::Apply { plan, confirm, take_back } => {
            let take_back = if take_back { "yes".into() } else { String::new() };
            services.runs().apply(&cx.writer()?, plan, &ApplyForm { confirm, take_back }).await.map(Answer::Applied)
        }
        Ask::Run { run, since } => followed(services, cx, run, since).await,
    }
}

/// A cluster by its name, else by its number. One out of scope is not there.
async fn named(services: &Services, cx: &ReadCx, called: &str) -> Result<ClusterId, Failure> {
    let called = called.trim();
    let all = services.clusters().choices(cx).await?;
    let by_name = all.iter().find(|(_, title)| title.to_lowercase() == called.to_lowercase());
    let by_number = || all.iter().find(|(id, _)| called.parse() == Ok(id.0));
    by_name.or_else(by_number).map(|(id, _)| *id).ok_or(Failure::NotFound("such cluster"))
}

/// How a run stands, as soon as there is news. Whoever waits may do so for as long as they may read it.
async fn followed(services: &Services, mut cx: ReadCx, act: ActNo, since: u64) -> Result<Answer, Failure> {
    let (mut heard, deadline) = (services.listen(), Instant::now() + NEWS);
    loop {
        let told = services.told();
        let view = services.runs().show(&cx, act).await?;
        if view.run.status != RunStatus::Running || told != since || Instant::now() >= deadline {
            return Ok(Answer::Run(Box::new(run(&view, told))));
        }
        // Heard or not, and however much of it was missed: it is read again.
        let _ = timeout_at(deadline, heard.recv()).await;
        let name = cx.person().name.clone();
        cx = services.sessions().reader_again(&cx).await?.ok_or(Refusal::Disabled(name))?;
    }
}

fn line(view: &ClusterView) -> ClusterLine {
    let ((tone, verdict), tally) = (view.verdict(), view.tally());
    ClusterLine {
        id: view.cluster.id,
        name: view.cluster.title.clone(),
        fqdn: view.cluster.fqdn.clone(),
        appliance: view.appliance.spec.title.clone(),
        tone,
        verdict,
        fails: tally.fails,
        warns: tally.warns,
        not_checked: tally.not_checked,
        certificate_days: view.certificate_days(),
    }
}

fn cluster(view: &ClusterView) -> ClusterShown {
    let told = view.findings.iter().filter(|finding| finding.outcome != Grade::Pass);
    ClusterShown {
        line: line(view),
        seen: view.sighting.seen.as_ref().map(|(at, ..)| time_text(*at)),
        pending: view.pending.clone(),
        findings: told
            .map(|finding| FindingShown {
                code: finding.code,
                grade: finding.outcome.word().into(),
                title: finding.title.clone(),
                fix: finding.fix.clone(),
            })
            .collect(),
    }
}

fn plan(view: &PlanView) -> Answer {
    let (adoptable, plan) = (view.adoptable(), &view.plan);
    let conflicts = plan.conflicts.iter().enumerate().map(|(place, conflict)| ConflictShown {
        place,
        adoptable: adoptable.contains(&place),
        sentence: conflict.sentence.clone(),
    });
    let operations = plan.operations.iter().map(|operation| OperationShown {
        seq: operation.seq,
        title: operation.title(),
        cli: operation.cli.clone(),
    });
    Answer::Plan(Box::new(PlanShown {
        plan: view.id,
        cluster: view.cluster.id,
        name: view.cluster.title.clone(),
        by: view.by.clone(),
        at: time_text(view.at),
        run: view.run,
        obstacle: view.obstacle.clone().map(|obstacle| {
            let refusal = Refusal::Plan(obstacle);
            Refused { code: refusal.code().into(), sentence: refusal.sentence() }
        }),
        operations: operations.collect(),
        unchanged: plan.unchanged.len(),
        conflicts: conflicts.collect(),
        cuts: plan.cuts.iter().map(|cut| cut.node.clone()).collect(),
        notes: plan.notes.clone(),
        remains: plan.remains.iter().map(|remains| remains.sentence.clone()).collect(),
    }))
}

fn run(view: &RunView, since: u64) -> RunShown {
    let run = &view.run;
    let operations = view.operations.iter().zip(&run.operations).map(|(operation, progress)| ProgressShown {
        seq: operation.operation.seq,
        title: operation.operation.title(),
        state: progress.state.word().into(),
        ended: !matches!(progress.state, OpState::Planned | OpState::Sent),
        note: progress.note.clone(),
    });
    RunShown {
        run: run.act,
        plan: run.plan,
        name: view.cluster.title.clone(),
        by: run.by.clone(),
        status: run.status.word().into(),
        running: run.status == RunStatus::Running,
        succeeded: run.status == RunStatus::Succeeded,
        note: run.note.clone(),
        operations: operations.collect(),
        since,
    }
}
