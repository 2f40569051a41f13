//! All steps at a glance, what a plan would do, and the versions that there were.

use super::{asked, loaded, now::Blind, param};
use crate::{
    pages::{layout::Page, problem},
    routes,
    ui::{
        badge::Badge,
        form::ButtonForm,
        notice::{Note, Problem},
        prose::prose,
        table::Table,
        time::Time,
    },
};
use leptos::prelude::*;
use model::{desired::Step, excerpt::sentences, state::Tone, step_state::counted};
use services::SetupView;

#[component]
pub fn Overview() -> impl IntoView {
    let (asked, id) = (asked(), param("id", "such cluster"));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        Ok((services.setup().show(&cx, id).await?, problem(&routes::cluster_form(id)).await?))
    };
    loaded(load, move |(setup, problem)| {
        let cluster = setup.view.cluster.clone();
        let id = cluster.id;
        view! {
            <Page title=format!("Set-up of {}", cluster.title)>
                <p class="crumbs">
                    <a href=routes::cluster(id)>{cluster.title.clone()}</a>
                </p>
                <Head setup=setup.clone() may_operate />
                {problem.map(|sentence| view! { <Problem sentence /> })}
                <Steps setup=setup.clone() />
                <p class="sub">
                    "The steps may be filled in in any order, and any of them left out. Nothing is changed on the appliance before a plan is applied."
                </p>
                <Versions setup may_operate />
            </Page>
        }
    })
}

/// Moves when somebody saves a version.
#[component]
pub fn Head(setup: SetupView, may_operate: bool) -> impl IntoView {
    view! {
        <div id="setup-head" class="title-row">
            <div>
                <h1>"Set-up"</h1>
                <p class="sub">
                    {setup.view.cluster.fqdn.clone()}
                    {(setup.version > 0).then(|| format!(" · version {}, saved by {}", setup.version, setup.by))}
                </p>
            </div>
            {may_operate.then(|| view! { <Onward setup /> })}
        </div>
    }
}

/// Moves when the appliance is seen.
#[component]
pub fn Steps(setup: SetupView) -> impl IntoView {
    let id = setup.view.cluster.id;
    let number = |count: Option<usize>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    let rows = Step::ALL.map(|step| {
        let (tone, word) = standing(&setup, step);
        let conflicts = sentences(setup.conflicts(step), "stands in the way", "stand in the way");
        view! {
            <tr data-key=step.slug()>
                <th scope="row">
                    <a href=routes::step(id, step)>{step.title()}</a>
                    <div class="sub">{step.about().procedure}</div>
                </th>
                <td>
                    {(!word.is_empty()).then(|| view! { <Badge tone word /> })}
                    {conflicts.into_iter().map(|sentence| view! { <p class="sub">{prose(&sentence)}</p> }).collect_view()}
                </td>
                <td class="number" data-label="Operations">{number(setup.operations(step))}</td>
                <td class="number" data-label="In sync">{number(setup.in_sync(step))}</td>
            </tr>
        }
    });
    view! {
        <div id="setup-live">
            <Summary setup />
            <Table headings=vec!["Step", "State", "#Operations", "#In sync"] cards=true>{rows.collect_view()}</Table>
        </div>
    }
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
    if setup.version == 0 {
        return view! { <Note sentence="Nothing is described yet. Begin with the first step and follow the procedure." /> }
            .into_any();
    }
    let Some((todo, way)) = setup.to_do() else { return view! { <Blind setup /> }.into_any() };
    if setup.nothing_to_do() {
        let sentence = "In sync: by the last look there is nothing to do, the appliance is as the set-up describes it.";
        return view! { <Note tone="good" sentence /> }.into_any();
    }
    let way = match way {
        0 => String::new(),
        one => format!(" It is blocked by {}, named below.", counted(one, "thing", "things")),
    };
    let sentence = format!("A plan would do {}.{way}", counted(todo, "operation", "operations"));
    view! { <Note tone="warn" sentence /> }.into_any()
}

/// How far a step is. Words for its badge.
pub fn standing(setup: &SetupView, step: Step) -> (Tone, String) {
    if step == Step::Prerequisites {
        let (tone, word) = setup.prerequisites_standing();
        return (tone, word.into());
    }
    let state = setup.state(step);
    (state.tone(), state.word().into())
}

/// Every version, and the way back to it. Moves when there is one more.
#[component]
pub fn Versions(setup: SetupView, may_operate: bool) -> impl IntoView {
    let (id, latest) = (setup.view.cluster.id, setup.version);
    let any = !setup.versions.is_empty();
    let list = |told: Vec<String>| {
        let told = sentences(told, "difference", "differences");
        view! { <ul>{told.into_iter().map(|sentence| view! { <li>{prose(&sentence)}</li> }).collect_view()}</ul> }
    };
    let rows = setup.versions.into_iter().map(move |line| {
        let fields = vec![
            ("cluster", id.to_string()),
            ("number", line.number.to_string()),
            ("version", latest.to_string()),
        ];
        let back = may_operate && !line.back.is_empty();
        let label = format!("Back to version {}", line.number);
        view! {
            <tr data-key=line.number.to_string()>
                <th scope="row">
                    {line.number} {line.applied.then(|| view! { " " <Badge tone=Tone::Quiet word="applied last" /> })}
                </th>
                <td>{line.by}</td>
                <td>
                    <Time at=line.at />
                </td>
                <td>{list(line.changes)}</td>
                <td>
                    {back
                        .then(|| {
                            view! {
                                <details data-key=format!("back-{}", line.number)>
                                    <summary>{label.clone()}</summary>
                                    <p class="sub">"Writes a new version; nothing is changed on the appliance. It changes:"</p>
                                    {list(line.back)}
                                    <ButtonForm action="/rpc/back_to_version" label fields />
                                </details>
                            }
                        })}
                </td>
            </tr>
        }
    });
    let list = any.then(|| {
        view! {
            <section>
                <h2>"Versions"</h2>
                <Table headings=vec!["Version", "Saved by", "At", "What it changed", "Back"] cards=true>{rows.collect_view()}</Table>
            </section>
        }
    });
    view! { <div id="setup-versions">{list}</div> }
}
