//! A run: how far it is, operation by operation, while it goes and ever after.

use super::{
    asked,
    listing::{self, Place, asked_field, counts, nothing, pager, remarks},
    loaded, param,
    plans::Again,
    problem,
};
use crate::{
    pages::layout::Page,
    routes,
    ui::{
        badge::{Badge, op_tone, run_tone},
        form::ButtonForm,
        notice::Problem,
        prose::prose,
        table::Table,
        time::Time,
    },
};
use leptos::prelude::*;
use model::{
    excerpt::WHOLE,
    listing::{ListForm, Sheet},
    readiness::Obstacle,
    run::{MovedField, OpProgress, OpState, RunStatus, Stop},
    state::Tone,
};
use services::{Failure, OperationView, RunView};

#[component]
pub fn Show() -> impl IntoView {
    let (asked, act) = (asked(), param("run", "such run"));
    let (cluster, form) = (param("id", "such run"), ListForm::read(asked_field()));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let load = async move {
        let ((services, cx), act, cluster) = (asked?, act?, cluster?);
        let view = services.runs().show(&cx, act).await?;
        // Under another cluster's address it does not exist.
        if view.cluster.id != cluster {
            return Err(Failure::NotFound("such run"));
        }
        Ok((view, problem(&routes::run_form(act)).await?, form))
    };
    loaded(load, move |(view, problem, form): (RunView, _, ListForm)| {
        let running = view.run.status == RunStatus::Running;
        view! {
            <Page title=format!("Run {} on {}", view.run.act, view.cluster.title)>
                <p class="crumbs">
                    <a href=routes::cluster(view.cluster.id)>{view.cluster.title.clone()}</a>
                    " · "
                    <a href=routes::plan(view.cluster.id, view.run.plan)>{format!("Plan {}", view.run.plan)}</a>
                </p>
                <h1>{format!("Run {}", view.run.act)}</h1>
                {problem.map(|sentence| view! { <Problem sentence /> })}
                // Without script the page asks again by itself for as long as the run goes on.
                {running.then(|| view! { <noscript inner_html="<meta http-equiv=\"refresh\" content=\"2\">"></noscript> })}
                <RunPanel view form may_operate />
            </Page>
        }
    })
}

/// Replaced as a whole at each step.
#[component]
pub fn RunPanel(view: RunView, form: ListForm, may_operate: bool) -> impl IntoView {
    let run = view.run;
    let (done, all) = (run.confirmed(), run.operations.len());
    let doubt = run.in_doubt();
    let stopped = run.status.is_stopped();
    let resume = may_operate && stopped && view.obstacle.is_none();
    // Where the appliance or the set-up moved on, resuming would fail in the same way for ever.
    let replan = may_operate && stopped && matches!(view.obstacle, Some(Obstacle::Moved | Obstacle::Outdated(_)));
    let obstacle = view.obstacle.filter(|_| stopped).map(|obstacle| obstacle.sentence());
    let moved = match run.stop {
        Some(Stop::Moved { moved }) => moved,
        _ => Vec::new(),
    };
    let undo_of = view.undo_of;
    let undo = may_operate && run.status != RunStatus::Running && done > 0;
    let cluster = view.cluster.id;
    let fields = || vec![("cluster", cluster.to_string()), ("run", run.act.to_string())];
    let operations: Vec<_> = view.operations.into_iter().zip(run.operations).collect();
    let form = where_it_is(form, &operations);
    let sheet = Sheet::of(operations, &form, WHOLE, |(view, progress)| {
        (op_tone(progress.state), [view.operation.title(), view.operation.cli.clone()].join("\n"))
    });
    let path = routes::run(cluster, run.act);
    let place = Place { path, fields: listing::fields(&form), one: "operation", many: "operations", word: op_word };
    let several = sheet.all > WHOLE || !sheet.is_plain(&form);
    let counts = several.then(|| view! { {remarks(&sheet)} {counts(&place, &sheet, &form)} {nothing(&place, &sheet)} });
    let pager = pager(&place, &sheet);
    let rows = sheet.lines.into_iter().map(|(operation, progress)| {
        view! { <ProgressRow operation progress /> }
    });
    let doubt_text = (!doubt.is_empty()).then(|| {
        let numbers = doubt.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        format!(
            "In doubt: operation {numbers}. Its request may or may not have taken effect. Resuming reads it from the \
             appliance first, and sends it only if it is not there."
        )
    });
    view! {
        <div id="run-live" data-status=run.status.word()>
            <p class="verdict">
                <Badge tone=run_tone(run.status) word=run.status.word() />
                <span class="sub">"by " {run.by} ", begun " <Time at=run.begun /></span>
                {run.ended.map(|at| view! { <span class="sub">"ended " <Time at /></span> })}
            </p>
            <div class="progress">
                <progress max=all.to_string() value=done.to_string() aria-label="Confirmed operations"></progress>
                <span class="number">{format!("{done} of {all} confirmed")}</span>
            </div>
            {(!run.note.is_empty()).then(|| view! { <p class="run-note">{prose(&run.note)}</p> })}
            {doubt_text.map(|sentence| view! { <div class="notice" data-tone="warn">{prose(&sentence)}</div> })}
            {obstacle.map(|sentence| view! { <div class="notice" data-tone="warn">{prose(&sentence)}</div> })}
            <MovedTable moved />
            <div class="actions">
                {(may_operate && run.status == RunStatus::HereOnly)
                    .then(|| {
                        view! { <ButtonForm action="/rpc/synchronise_pair" label="Synchronise the pair" class="button primary" fields=fields() /> }
                    })}
                {resume
                    .then(|| view! { <ButtonForm action="/rpc/resume" label="Resume" class="button primary" fields=fields() /> })}
                {replan.then(|| view! { <Again cluster undo_of class="button primary" label="Make a new plan" /> })}
                {(run.status == RunStatus::Succeeded)
                    .then(|| {
                        view! {
                            <a class="button primary" href=routes::cluster(cluster)>
                                "See the cluster"
                            </a>
                        }
                    })}
                {undo.then(|| view! { <ButtonForm action="/rpc/plan_undo" label="Plan its undo" fields=fields() /> })}
            </div>
            {counts}
            <ol class="operations">{rows.collect_view()}</ol>
            {pager}
        </div>
    }
}

/// A run of many operations is opened where it goes on: an open page goes with it, until somebody chooses a page.
fn where_it_is(form: ListForm, operations: &[(OperationView, OpProgress)]) -> ListForm {
    if form.is_filter() || !form.page.is_empty() || operations.len() <= WHOLE {
        return form;
    }
    let open = operations.iter().position(|(_, progress)| progress.state != OpState::Confirmed);
    ListForm { page: (open.unwrap_or(0) / WHOLE + 1).to_string(), ..form }
}

/// The state that has this tone, see [`op_tone`].
const fn op_word(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => OpState::Confirmed.word(),
        Tone::Bad => OpState::Failed.word(),
        Tone::Warn => OpState::Sent.word(),
        Tone::Quiet => OpState::Planned.word(),
        Tone::Unknown => OpState::InDoubt.word(),
    }
}

/// What is not as the plan needs it, both values beside each other.
#[component]
fn MovedTable(moved: Vec<MovedField>) -> impl IntoView {
    let any = !moved.is_empty();
    let rows = moved.into_iter().map(|field| {
        view! {
            <tr>
                <th scope="row">{field.object}</th>
                <td>{field.field}</td>
                <td data-label="Was">{field.was}</td>
                <td data-label="Is now">{field.is}</td>
            </tr>
        }
    });
    any.then(|| {
        view! {
            <h2>"What moved"</h2>
            <Table headings=vec!["Object", "Field", "Was", "Is now"] cards=true>{rows.collect_view()}</Table>
        }
    })
}

#[component]
fn ProgressRow(operation: OperationView, progress: OpProgress) -> impl IntoView {
    let op = operation.operation;
    let again = (progress.attempts > 1).then(|| format!("sent {} times", progress.attempts));
    let quiet = progress.state == OpState::Planned;
    view! {
        <li class="operation" data-key=op.seq.to_string() data-quiet=quiet.then_some("true")>
            <span class="mark number" aria-hidden="true">
                {op.seq.to_string()}
            </span>
            <div>
                <p class="operation-title">
                    <span>{op.title()}</span>
                    <Badge tone=op_tone(progress.state) word=progress.state.word() />
                    {progress.ended.map(|at| view! { <span class="sub"><Time at /></span> })}
                    {again.map(|text| view! { <span class="sub">{text}</span> })}
                </p>
                {(!progress.note.is_empty()).then(|| view! { <p class="sub">{prose(&progress.note)}</p> })}
                <p class="sub">
                    <code>{op.cli}</code>
                </p>
            </div>
        </li>
    }
}
