//! All steps at a glance, and what a plan would do.

use super::{asked, loaded, param};
use crate::{
    pages::problem,
    routes,
    ui::{
        badge::Badge,
        form::ButtonForm,
        layout::Page,
        notice::{Note, Problem},
        table::Table,
    },
};
use leptos::prelude::*;
use model::{desired::Step, state::Tone};
use services::SetupView;

#[component]
pub fn Overview() -> impl IntoView {
    let (asked, id) = (asked(), param("id", "such cluster"));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        Ok((services.setup(&cx, id).await?, problem(&routes::cluster_form(id)).await?))
    };
    loaded(load, move |(setup, problem)| {
        let cluster = setup.view.cluster.clone();
        let id = cluster.id;
        let rows = Step::ALL.map(|step| {
            let (tone, word) = standing(&setup, step);
            let count = setup.operations(step);
            let conflicts = setup.conflicts(step);
            view! {
                <tr>
                    <th scope="row">
                        <a href=routes::step(id, step)>{step.title()}</a>
                        <div class="sub">{step.procedure()}</div>
                    </th>
                    <td>
                        {(!word.is_empty()).then(|| view! { <Badge tone word /> })}
                        {conflicts.into_iter().map(|sentence| view! { <p class="sub">{sentence}</p> }).collect_view()}
                    </td>
                    <td class="number">{(count > 0).then_some(count)}</td>
                    <td class="number">{setup.unchanged(step)}</td>
                </tr>
            }
        });
        view! {
            <Page title=format!("Set-up of {}", cluster.title)>
                <p class="crumbs">
                    <a href=routes::cluster(id)>{cluster.title.clone()}</a>
                </p>
                <div class="title-row">
                    <div>
                        <h1>"Set-up"</h1>
                        <p class="sub">
                            {cluster.fqdn.clone()}
                            {(setup.version > 0)
                                .then(|| format!(" · version {}, saved by {}", setup.version, setup.by))}
                        </p>
                    </div>
                    {may_operate.then(|| view! { <Onward setup=setup.clone() /> })}
                </div>
                {problem.map(|sentence| view! { <Problem sentence /> })}
                <Summary setup=setup.clone() />
                <Table headings=vec!["Step", "By the last look", "#To do", "#As wanted"]>
                    {rows.collect_view()}
                </Table>
                <p class="sub">
                    "The steps may be filled in in any order. Nothing is changed on the appliance before a plan is applied."
                </p>
            </Page>
        }
    })
}

/// The one thing to do next: the first step that is open, and when none is, the plan.
#[component]
fn Onward(setup: SetupView) -> impl IntoView {
    let id = setup.view.cluster.id;
    let open = Step::first_open(&setup.desired);
    let described = !setup.desired.is_blank();
    let class = if open.is_some() { "button" } else { "button primary" };
    view! {
        <div class="actions">
            {described
                .then(|| {
                    let fields = vec![("cluster", id.to_string())];
                    view! { <ButtonForm action="/rpc/make_plan" label="Plan" class fields /> }
                })}
            {open
                .map(|step| {
                    view! {
                        <a class="button primary" href=routes::step(id, step)>
                            {format!("Next: {}", step.title())}
                        </a>
                    }
                })}
        </div>
    }
}

/// The one sentence: what opening the set-up again shows.
#[component]
fn Summary(setup: SetupView) -> impl IntoView {
    let described = !setup.desired.is_blank();
    match (&setup.preview, described) {
        (_, false) => view! { <Note sentence="Nothing is described yet. Begin with the first step and follow the procedure." /> }.into_any(),
        (None, true) => view! { <Note sentence="The appliance was not seen yet, so what is there now is not known." /> }.into_any(),
        (Some(plan), true) if plan.is_empty() && plan.conflicts.is_empty() => {
            view! { <Note tone="good" sentence="Nothing is to be done: the appliance is as the set-up describes it." /> }.into_any()
        }
        (Some(plan), true) => {
            let (todo, way) = (plan.operations.len(), plan.conflicts.len());
            let way = match way {
                0 => String::new(),
                1 => " One thing stands in the way.".to_owned(),
                more => format!(" {more} things stand in the way."),
            };
            let sentence = format!("A plan would do {todo} operations.{way}");
            view! { <Note tone="warn" sentence /> }.into_any()
        }
    }
}

/// How far a step is: described, applied, in the way. Words for its badge; empty where nothing can be said.
pub fn standing(setup: &SetupView, step: Step) -> (Tone, String) {
    if step == Step::Prerequisites {
        return match super::prerequisites::worst(setup) {
            Tone::Good => (Tone::Good, "met".into()),
            Tone::Bad => (Tone::Bad, "missing".into()),
            Tone::Warn => (Tone::Warn, "look".into()),
            other => (other, "not known".into()),
        };
    }
    if !step.is_described(&setup.desired) {
        return (Tone::Quiet, "open".into());
    }
    let conflicts = setup.conflicts(step).len();
    let todo = setup.operations(step);
    match (&setup.preview, conflicts, todo) {
        (None, ..) => (Tone::Unknown, "saved".into()),
        (_, 1.., _) => (Tone::Bad, "in the way".into()),
        (_, 0, 0) if setup.unchanged(step) > 0 => (Tone::Good, "as wanted".into()),
        (_, 0, 0) => (Tone::Quiet, "saved".into()),
        (_, 0, _) => (Tone::Warn, "to apply".into()),
    }
}
