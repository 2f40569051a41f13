//! What surrounds every step: where one is, why the step exists, what is there now, the buttons, and the twins.

use super::{
    drawn::{Drawn, typed},
    now::{Blind, Look},
    overview::standing,
};
use crate::{
    pages::layout::Page,
    routes,
    ui::{
        badge::Badge,
        form::{ButtonForm, ReadOnly, Token},
        notice::{Note, Problem},
        time::Ago,
    },
};
use leptos::prelude::*;
use model::{
    ClusterId,
    desired::{Desired, Step},
    excerpt::{Excerpt, LISTED, sentences},
    step_state::counted,
};
use services::{OperationView, SetupView};

/// The step's own part is its children.
#[component]
pub fn Frame(
    step: Step,
    drawn: Drawn,
    /// Where its form goes; `None`: there is nothing to fill in.
    door: Option<&'static str>,
    beside: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let Drawn { setup, filled, may_operate, .. } = drawn;
    let id = setup.view.cluster.id;
    let title = setup.view.cluster.title.clone();
    let conflicts = sentences(
        setup.conflicts(step),
        "thing stands in the way; a plan names each",
        "things stand in the way; a plan names each",
    );
    let operations = typed(step, &filled).map(|form| setup.twins(&form)).unwrap_or_default();
    let look = Look::of(&setup);
    let leave = may_operate.then(|| view! { <LeaveOut setup=setup.clone() step /> });
    let blind = view! { <Blind setup=setup.clone() /> };
    let version = setup.version;
    let problem = filled.problem();
    // Boxed piece by piece: a page as one type is more than the compiler will lay out.
    let body = children().into_any();
    let rail = view! { <Rail setup=setup.clone() here=step /> }.into_any();
    let body = match door {
        None => view! { {body} <Next id step /> }.into_any(),
        Some(door) => view! {
            <form method="post" action=door class="stack wide">
                <Token door />
                <input type="hidden" name="cluster" value=id.to_string() />
                <input type="hidden" name="version" value=version.to_string() />
                <ReadOnly may_operate>{body}</ReadOnly>
                {may_operate.then(|| view! { <Buttons step /> })}
            </form>
        }
        .into_any(),
    };
    let heading = view! {
        <h1>{step.title()}</h1>
        <p class="sub">
            {step.about().procedure}
            {(version > 0).then(|| format!(" · set-up version {version}, saved by {}", setup.by))}
        </p>
        <p class="lead">{step.about().why}</p>
        {problem.map(|sentence| view! { <Problem sentence /> })}
        {blind}
        <Waits id step desired=setup.desired.clone() />
        {conflicts.into_iter().map(|sentence| view! { <Note tone="warn" sentence /> }).collect_view()}
    }
    .into_any();
    let twins = view! { <Twins operations look /> }.into_any();
    view! {
        <Page title=format!("{} step of {title}", step.title())>
            <p class="crumbs">
                <a href=routes::cluster(id)>{title}</a>
                " / "
                <a href=routes::setup(id)>"Set-up"</a>
            </p>
            <div class="setup">
                {rail} <div class="setup-step">{heading} {body} {beside} {twins} {leave}</div>
            </div>
        </Page>
    }
}

/// What it waits for, each with a way there.
#[component]
fn Waits(id: ClusterId, step: Step, desired: Desired) -> impl IntoView {
    let waits = step.waits_for(&desired).into_iter().map(move |other| {
        view! {
            <div class="notice" data-tone="quiet" role="status">
                "The "
                <a href=routes::step(id, other)>{other.title()}</a>
                " step is not filled in yet. "
                {step.about().until}
            </div>
        }
    });
    waits.collect_view()
}

/// All steps, with how far each is.
#[component]
pub fn Rail(setup: SetupView, here: Step) -> impl IntoView {
    let id = setup.view.cluster.id;
    let items = Step::ALL.map(|step| {
        let (tone, word) = standing(&setup, step);
        view! {
            <li>
                <a href=routes::step(id, step) aria-current=(step == here).then_some("step")>
                    <span class="rail-title">
                        <span class="rail-name">{step.title()}</span>
                    </span>
                    {(!word.is_empty()).then(|| view! { <Badge tone word=word.clone() /> })}
                </a>
            </li>
        }
    });
    view! {
        <nav class="rail" aria-label="Steps of the set-up">
            <ol>{items.collect_view()}</ol>
        </nav>
    }
}

#[component]
fn Buttons(step: Step) -> impl IntoView {
    let more = step.next().is_some();
    let plan = if more { "button" } else { "button primary" };
    view! {
        <div class="actions">
            {more
                .then(|| {
                    view! {
                        <button type="submit" name="intent" value="next" class="button primary">
                            "Save and continue"
                        </button>
                    }
                })}
            <button type="submit" name="intent" value="plan" class=plan>
                "Save and plan"
            </button>
            <button type="submit" name="intent" value="save" class="button">
                "Save only"
            </button>
        </div>
        <p class="sub">"Saving changes nothing on the appliance; a plan does, once you apply it."</p>
    }
}

#[component]
fn Next(id: ClusterId, step: Step) -> impl IntoView {
    step.next().map(|next| {
        view! {
            <p class="actions">
                <a class="button primary" href=routes::step(id, next)>
                    "Continue: " {next.title()}
                </a>
            </p>
        }
    })
}

/// What a plan would do for this step, as one would type it and as it goes over the wire.
#[component]
fn Twins(operations: Vec<OperationView>, look: Look) -> impl IntoView {
    let any = !operations.is_empty();
    let Excerpt { shown, rest } = Excerpt::first(operations, LISTED);
    let rest = rest.more("request of the same kinds", "requests of the same kinds").map(|more| {
        view! { <p class="more">{more} "; a plan lists each."</p> }
    });
    let rows = shown.into_iter().map(|view| {
        let body = view.operation.call.body.as_ref().map(ToString::to_string);
        view! {
            <li>
                <code>{view.operation.cli}</code>
                <div class="sub">
                    <code>{view.request}</code>
                    {body.map(|text| view! { " " <code>{text}</code> })}
                </div>
            </li>
        }
    });
    any.then(|| {
        let now = look.now;
        let seen = look.at.map(|at| view! { ", " <Ago at now /> });
        let doubt = (!look.known).then_some(" What is there now is not known, so these may be others.");
        view! {
            <details class="twins">
                <summary>"The same by hand: CLI and NITRO"</summary>
                <p class="sub">
                    "What a plan would do for this step as the form stands, by the last look at the appliance" {seen} "." {doubt}
                </p>
                <ol>{rows.collect_view()}</ol>
                {rest}
            </details>
        }
    })
}

/// The way out of a step: a version without it, and what a plan would make of that.
#[component]
fn LeaveOut(setup: SetupView, step: Step) -> impl IntoView {
    let fields = vec![
        ("cluster", setup.view.cluster.id.to_string()),
        ("step", step.slug().to_owned()),
        ("version", setup.version.to_string()),
    ];
    let possible = step.is_described(&setup.desired) && step.left_out(&setup.desired).is_some();
    let mut gone_objects = Vec::new();
    let what = match setup.without(step) {
        None => "What is on the appliance is not known now, so what a plan would do then is not known either; the plan says it before it is applied.".to_owned(),
        Some(gone) if gone.is_empty() => {
            "Nothing is planned for it any more, and what is on the appliance for it stays there.".to_owned()
        }
        Some(gone) => {
            gone_objects = gone.iter().map(|op| op.object.to_string()).collect();
            let count = counted(gone_objects.len(), "object", "objects");
            format!("A plan then takes away the {count} that Gatehouse made for it.")
        }
    };
    let any = !gone_objects.is_empty();
    let Excerpt { shown, rest } = Excerpt::first(gone_objects, LISTED);
    let rest = rest.more("object; a plan lists each", "objects; a plan lists each");
    let list = shown
        .into_iter()
        .chain(rest.map(|more| format!("{more}.")))
        .map(|name| view! { <li>{name}</li> })
        .collect_view();
    possible.then(|| {
        view! {
            <section class="leave-out">
                <h2>"Without this step"</h2>
                <p>{what} " Earlier versions of the set-up are kept, and you can go back to one."</p>
                {any
                    .then(|| {
                        view! {
                            <details class="folded">
                                <summary>"Which objects"</summary>
                                <ul>{list}</ul>
                            </details>
                        }
                    })}
                <ButtonForm action="/rpc/leave_out" label="Leave this step out" fields />
            </section>
        }
    })
}
