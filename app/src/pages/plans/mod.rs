//! A plan: what would change, and the button that does it, in the same place.

mod blocked;
mod header;

use super::{
    asked,
    listing::{Place, asked_field, fields, nothing, pager, remarks, search},
    loaded, param,
    remains::Remains,
    told_once,
};
use crate::{
    pages::layout::Page,
    routes,
    ui::{
        notice::{Note, Problem},
        prose::prose,
    },
};
pub use blocked::{Adopt, TakeAway};
use blocked::{BLOCKED, Blocked, KEPT, Kept};
pub use header::{Act, Again, Header};
use header::{Asking, name};
use leptos::prelude::*;
use model::{
    excerpt::{Excerpt, LISTED, WHOLE},
    listing::{ListForm, Sheet},
    object::Value,
    plan::{Inverse, Verb},
    readiness::Obstacle,
    state::Tone,
};
use services::{Failure, OperationView, PlanView};

#[component]
pub fn Show() -> impl IntoView {
    let (asked, id) = (asked(), param("plan", "such plan"));
    let (cluster, asked_field) = (param("id", "such plan"), asked_field());
    let form = ListForm::read(&asked_field);
    let parts = [BLOCKED, KEPT].map(|name| (name, asked_field(name).unwrap_or_default()));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let load = async move {
        let ((services, cx), id, cluster) = (asked?, id?, cluster?);
        let view = services.plans().show(&cx, id).await?;
        // Under another cluster's address it does not exist.
        if view.cluster.id != cluster {
            return Err(Failure::NotFound("such plan"));
        }
        Ok((view, told_once(&routes::plan_form(id)).await?, form))
    };
    loaded(load, move |(view, filled, form): (PlanView, _, ListForm)| {
        let cluster = view.cluster.id;
        let place = place(&view, &form, parts);
        let problem = filled.problem();
        let notes = view.plan.notes.iter().map(|note| view! { <li>{prose(note)}</li> }).collect_view();
        let any_notes = !view.plan.notes.is_empty();
        let Excerpt { shown, rest } = Excerpt::first(view.plan.unchanged.iter().collect(), LISTED);
        let unchanged = shown.into_iter().map(ToString::to_string);
        let unchanged = unchanged.chain(rest.more("object", "objects").map(|more| format!("{more}.")));
        let unchanged = unchanged.map(|text| view! { <li>{text}</li> }).collect_view();
        let unchanged_count = view.plan.unchanged.len();
        view! {
            <Page title=format!("{} for {}", name(&view), view.cluster.title)>
                <p class="crumbs">
                    <a href=routes::cluster(cluster)>{view.cluster.title.clone()}</a>
                    " / "
                    <a href=routes::setup(cluster)>"Set-up"</a>
                </p>
                <Header view=view.clone() may_operate />
                <Asking view=view.clone() filled=filled.clone() may_operate />
                <Remains plan=view.plan.clone() />
                {problem.map(|sentence| view! { <Problem sentence /> })}
                <Standing view=view.clone() />
                <Blocked view=view.clone() filled=filled.clone() place=place.clone() may_operate />
                <Kept view=view.clone() filled=filled place=place.clone() may_operate />
                {(!view.operations.is_empty())
                    .then(|| {
                        view! {
                            <h2>"Operations, in this order"</h2>
                            <Operations view=view.clone() place form />
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
                                <summary>{format!("{unchanged_count} in sync")}</summary>
                                <ul>{unchanged}</ul>
                            </details>
                        }
                    })}
            </Page>
        }
    })
}

/// Its address, with what is asked for of each of its lists.
fn place(view: &PlanView, form: &ListForm, parts: [(&'static str, String); 2]) -> Place {
    let path = routes::plan(view.cluster.id, view.id);
    let fields = fields(form).into_iter().chain(parts).collect();
    Place { path, fields, one: "operation", many: "operations", word: Tone::word }
}

/// All of them, page by page where they are many.
#[component]
fn Operations(view: PlanView, place: Place, form: ListForm) -> impl IntoView {
    let sheet = Sheet::of(view.operations, &form, WHOLE, |view| {
        let text = [view.operation.title(), view.operation.cli.clone(), view.request.clone()].join("\n");
        (Tone::Quiet, text)
    });
    let looked_for = (!sheet.is_plain(&form)).then(|| {
        view! {
            {remarks(&sheet)}
            {search(&place, "Object, command or request", None)}
            {nothing(&place, &sheet)}
        }
    });
    let (any, pager) = (!sheet.lines.is_empty(), pager(&place, &sheet));
    let start = (sheet.before > 0).then(|| (sheet.before + 1).to_string());
    let rows = sheet.lines.into_iter().map(|operation| view! { <OperationRow view=operation /> }).collect_view();
    view! {
        {looked_for}
        {any
            .then(|| {
                view! {
                    <ol class="operations" start=start>
                        {rows}
                    </ol>
                }
            })}
        {pager}
    }
}

/// Moves with the header.
#[component]
pub fn Standing(view: PlanView) -> impl IntoView {
    view! { <div id="plan-standing">{standing(&view)}</div> }
}

/// What can be done with it, in a sentence; nothing where the buttons say it.
fn standing(view: &PlanView) -> Option<AnyView> {
    match (&view.obstacle, view.undo_of) {
        (Some(Obstacle::Empty), Some(_)) => {
            Some(view! { <Note sentence="Nothing can be taken back any more; below is why." /> }.into_any())
        }
        (Some(Obstacle::Empty), None) if !view.plan.remains.is_empty() => {
            let sentence = "Nothing differs from the set-up, so there is nothing to apply. What is wrong all the same is named above.";
            Some(view! { <Note sentence /> }.into_any())
        }
        (Some(Obstacle::Empty), None) => {
            let sentence =
                "Nothing is to be done: when this plan was made, the appliance was as the set-up describes it.";
            Some(view! { <Note tone="good" sentence /> }.into_any())
        }
        (None, Some(_)) if view.set_up_stays => {
            let sentence = "The set-up stays as it is and describes what is taken back here: the next plan would do it \
                            again. Where that is not wanted, leave the step out or go back to an earlier version.";
            Some(view! { <Note sentence /> }.into_any())
        }
        // What blocks it stands below, and its run in the header.
        (Some(Obstacle::Conflicts(..) | Obstacle::NotPrimary(_) | Obstacle::HasRun(_)) | None, _) => None,
        (Some(obstacle), _) => Some(view! { <Note tone="warn" sentence=obstacle.sentence() /> }.into_any()),
    }
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
                <p class="sub">{prose(&op.reason)}</p>
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

#[cfg(test)]
mod tests;
