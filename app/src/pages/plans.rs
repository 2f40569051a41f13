//! A plan: what would change, and the button that does it, in the same place.

use super::{asked, loaded, param, problem, remains::Remains};
use crate::{
    routes,
    ui::{
        form::ButtonForm,
        layout::Page,
        notice::{Note, Problem},
        time::Time,
    },
};
use leptos::prelude::*;
use model::{
    object::Value,
    plan::{Conflict, Inverse, Verb},
};
use services::{OperationView, PlanView};

#[component]
pub fn Show() -> impl IntoView {
    let (asked, id) = (asked(), param("plan", "such plan"));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        let view = services.plan(&cx, id).await?;
        Ok((view, problem(&routes::plan_form(id)).await?))
    };
    loaded(load, move |(view, problem)| {
        let cluster = view.cluster.id;
        let empty = view.plan.is_empty() && view.plan.conflicts.is_empty();
        let sound = view.plan.remains.is_empty();
        let whole = view.plan.clone();
        let notes = view.plan.notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect_view();
        let any_notes = !view.plan.notes.is_empty();
        let unchanged = view.plan.unchanged.iter().map(|object| view! { <li>{object.to_string()}</li> }).collect_view();
        let unchanged_count = view.plan.unchanged.len();
        view! {
            <Page title=format!("{} for {}", name(&view), view.cluster.title)>
                <p class="crumbs">
                    <a href=routes::cluster(cluster)>{view.cluster.title.clone()}</a>
                </p>
                <Header view=view.clone() may_operate />
                <Remains plan=whole />
                {problem.map(|sentence| view! { <Problem sentence /> })}
                {view
                    .outdated
                    .then(|| {
                        view! {
                            <Note
                                tone="warn"
                                sentence="The set-up was changed after this plan was made. Plan again before applying."
                            />
                        }
                    })}
                {empty
                    .then(|| {
                        if view.undo_of.is_some() {
                            view! { <Note sentence="Nothing can be taken back any more; below is why." /> }
                        } else if sound {
                            view! { <Note tone="good" sentence="Nothing is to be done: the appliance is as it should be." /> }
                        } else {
                            view! { <Note sentence="Nothing differs from the set-up, so there is nothing to apply. What is wrong all the same is named above." /> }
                        }
                    })}
                <Conflicts conflicts=view.plan.conflicts.clone() view=view.clone() may_operate />
                {(!view.operations.is_empty())
                    .then(|| {
                        let rows = view.operations.clone().into_iter();
                        view! {
                            <h2>"Operations, in this order"</h2>
                            <ol class="operations">
                                {rows.map(|operation| view! { <OperationRow view=operation /> }).collect_view()}
                            </ol>
                        }
                    })}
                {any_notes
                    .then(|| {
                        view! {
                            <h2>"To know before applying"</h2>
                            <ul>{notes}</ul>
                        }
                    })}
                {(unchanged_count > 0)
                    .then(|| {
                        view! {
                            <details>
                                <summary>{format!("{unchanged_count} unchanged")}</summary>
                                <ul>{unchanged}</ul>
                            </details>
                        }
                    })}
            </Page>
        }
    })
}

/// `Plan 7`, `Plan 9, undo of run 12`.
fn name(view: &PlanView) -> String {
    let plan = format!("Plan {}", view.id);
    view.undo_of.map_or(plan.clone(), |act| format!("{plan}, undo of run {act}"))
}

/// The same kind of plan once more: an undo is planned as an undo.
#[component]
fn Again(view: PlanView) -> impl IntoView {
    let cluster = ("cluster", view.cluster.id.to_string());
    match view.undo_of {
        None => view! { <ButtonForm action="/rpc/make_plan" label="Plan again" fields=vec![cluster] /> },
        Some(act) => {
            let fields = vec![cluster, ("run", act.to_string())];
            view! { <ButtonForm action="/rpc/plan_undo" label="Plan the undo again" fields /> }
        }
    }
}

#[component]
fn Header(view: PlanView, may_operate: bool) -> impl IntoView {
    let counts = view.plan.counts();
    let cluster = view.cluster.id;
    let ready = view.plan.conflicts.is_empty() && !view.plan.is_empty() && view.run.is_none() && !view.outdated;
    let again = may_operate && !ready;
    // Nothing of a kind is no news.
    let some = |tone: &'static str, count: usize| (count > 0).then_some(tone);
    let fields = || vec![("cluster", cluster.to_string()), ("plan", view.id.to_string())];
    view! {
        <div class="title-row sticky">
            <div>
                <h1>{name(&view)}</h1>
                <p class="counts">
                    <span data-tone=some("good", counts.add)>{format!("+{} add", counts.add)}</span>
                    <span data-tone=some("warn", counts.change)>{format!("~{} change", counts.change)}</span>
                    <span data-tone=some("bad", counts.remove)>{format!("−{} remove", counts.remove)}</span>
                    <span>{format!("{} unchanged", counts.unchanged)}</span>
                    <span class="sub">"made by " {view.by.clone()} " " <Time at=view.at /></span>
                </p>
            </div>
            <div class="actions">
                {view
                    .run
                    .map(|act| {
                        view! {
                            <a class="button" href=routes::run(cluster, act)>
                                {format!("Applied by run {act}")}
                            </a>
                        }
                    })}
                {again.then(|| view! { <Again view=view.clone() /> })}
                {(may_operate && ready)
                    .then(|| {
                        view! {
                            <ButtonForm action="/rpc/apply" label="Apply" class="button primary" fields=fields() />
                        }
                    })}
            </div>
        </div>
    }
}

#[component]
fn Conflicts(conflicts: Vec<Conflict>, view: PlanView, may_operate: bool) -> impl IntoView {
    let adoptable = may_operate && view.run.is_none() && conflicts.iter().any(|conflict| conflict.adoptable);
    let any = !conflicts.is_empty();
    let rows = conflicts.into_iter().map(|conflict| {
        view! {
            <li>
                <strong>{conflict.object.to_string()}</strong>
                ": "
                {conflict.sentence}
            </li>
        }
    });
    any.then(|| {
        let fields = vec![("cluster", view.cluster.id.to_string()), ("plan", view.id.to_string())];
        view! {
            <section class="notice" data-tone="bad" aria-label="In the way">
                <h2>"In the way"</h2>
                <ul>{rows.collect_view()}</ul>
                {adoptable
                    .then(|| {
                        view! {
                            <p>
                                "Adopting hands these objects over to Gatehouse: the next plan may change them, and undoing its run restores the values from before."
                            </p>
                            <ButtonForm action="/rpc/adopt" label="Adopt and plan again" fields />
                        }
                    })}
            </section>
        }
    })
}

/// One operation: what, why, and, unfolded, its twins and what it changes.
#[component]
fn OperationRow(view: OperationView) -> impl IntoView {
    let op = view.operation;
    let tone = match op.verb {
        Verb::FeatureOn | Verb::Add | Verb::Bind | Verb::Enable => "good",
        Verb::Set | Verb::Unset => "warn",
        Verb::Unbind | Verb::Remove | Verb::Disable => "bad",
        Verb::Save => "quiet",
    };
    let body = op.call.body.as_ref().map(|body| serde_json::to_string(body).unwrap_or_default());
    let shown = |value: Option<&Value>| value.map_or_else(|| "default".to_owned(), ToString::to_string);
    let attrs: Vec<_> = op
        .attrs
        .iter()
        .map(|(name, value)| {
            let before = (matches!(op.verb, Verb::Set | Verb::Enable | Verb::Disable))
                .then(|| format!("{} → ", shown(op.before.get(name))));
            view! {
                <dt>{name.clone()}</dt>
                <dd>{before} {value.to_string()}</dd>
            }
        })
        .collect();
    let undo = match &op.inverse {
        Inverse::Do { verb, .. } => format!("Can be taken back: {}.", verb.word().to_lowercase()),
        Inverse::Stays(reason) => reason.clone(),
    };
    view! {
        <li class="operation" data-tone=tone>
            <span class="mark" aria-hidden="true">
                {op.verb.mark()}
            </span>
            <div>
                <p class="operation-title">{op.title()}</p>
                <p class="sub">{op.reason}</p>
                <details>
                    <summary>"Command, request, undo"</summary>
                    <dl class="facts">
                        {attrs} <dt>"CLI"</dt> <dd>
                            <code>{op.cli}</code>
                        </dd> <dt>"NITRO"</dt> <dd>
                            <code>{view.request}</code>
                            {body.map(|text| view! { <pre>{text}</pre> })}
                        </dd> <dt>"Undo"</dt> <dd>{undo}</dd>
                    </dl>
                </details>
            </div>
        </li>
    }
}
