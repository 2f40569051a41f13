//! Counts, and what can be done: apply, with what has to be typed and ticked for it, or plan again.

use crate::{
    routes,
    ui::{
        field::{Filled, Text},
        form::{ButtonForm, Token},
        prose::prose,
        time::Time,
    },
};
use leptos::prelude::*;
use model::{ActNo, ClusterId, readiness::Obstacle};
use services::PlanView;

/// `Plan 7`, `Plan 9, undo of run 12`.
pub fn name(view: &PlanView) -> String {
    let plan = format!("Plan {}", view.id);
    view.undo_of.map_or(plan.clone(), |act| format!("{plan}, undo of run {act}"))
}

/// The same kind of plan once more: an undo is planned as an undo.
#[component]
pub fn Again(
    cluster: ClusterId,
    undo_of: Option<ActNo>,
    #[prop(default = "button")] class: &'static str,
    /// `Plan again`, `Make a new plan`.
    label: &'static str,
) -> impl IntoView {
    let cluster = ("cluster", cluster.to_string());
    match undo_of {
        None => view! { <ButtonForm action="/rpc/make_plan" label class fields=vec![cluster] /> },
        Some(act) => {
            let fields = vec![cluster, ("run", act.to_string())];
            view! { <ButtonForm action="/rpc/plan_undo" label="Plan the undo again" class fields /> }
        }
    }
}

/// Moves when the plan is carried out, outdated, or another run is at work.
#[component]
pub fn Header(view: PlanView, may_operate: bool) -> impl IntoView {
    let cluster = view.cluster.id;
    let ready = view.obstacle.is_none();
    let again = may_operate && !ready;
    let outdated = matches!(view.obstacle, Some(Obstacle::Outdated(_)));
    let class = if outdated { "button primary" } else { "button" };
    let (undo_of, run) = (view.undo_of, view.run);
    let typed = asks(&view);
    let fields = vec![("cluster", cluster.to_string()), ("plan", view.id.to_string())];
    view! {
        <div id="plan-live" class="title-row sticky" data-obstacle=view.obstacle.as_ref().map(Obstacle::code)>
            <div>
                <h1>{name(&view)}</h1>
                {counts(&view)}
            </div>
            <div class="actions">
                {run
                    .map(|act| {
                        view! {
                            <a class="button" href=routes::run(cluster, act)>
                                {format!("Applied by run {act}")}
                            </a>
                        }
                    })}
                {again.then(|| view! { <Again cluster undo_of class label="Plan again" /> })}
                {(may_operate && ready && !typed)
                    .then(|| view! { <ButtonForm action="/rpc/apply" label="Apply" class="button primary" fields /> })}
            </div>
        </div>
    }
}

/// Applying it wants something typed or ticked.
fn asks(view: &PlanView) -> bool {
    !view.plan.cuts.is_empty() || view.take_back.is_some()
}

fn counts(view: &PlanView) -> impl IntoView + use<> {
    let counts = view.plan.counts();
    // Nothing of a kind is no news.
    let some = |tone: &'static str, count: usize| (count > 0).then_some(tone);
    let what = if view.plan.only_saves() {
        view! { <span>"nothing to change, the configuration to save"</span> }.into_any()
    } else {
        view! {
            <span data-tone=some("good", counts.add)>{format!("+{} add", counts.add)}</span>
            <span data-tone=some("warn", counts.change)>{format!("~{} change", counts.change)}</span>
            <span data-tone=some("bad", counts.remove)>{format!("−{} remove", counts.remove)}</span>
        }
        .into_any()
    };
    view! {
        <p class="counts">
            {what} <span>{format!("{} in sync", counts.unchanged)}</span>
            <span class="sub">"made by " {view.by.clone()} " " <Time at=view.at /></span>
        </p>
    }
}

/// Its form, which stays as it is while the page moves: only its button comes and goes.
const FORM: &str = "apply-form";

/// Applying with a question: connections that are cut, and the set-up that goes back with an undo. Nothing where there is
/// none, or where the plan cannot be applied any more.
#[component]
pub fn Asking(view: PlanView, filled: Filled, may_operate: bool) -> impl IntoView {
    // Another run ends; then this one may be applied.
    let open = matches!(view.obstacle, None | Some(Obstacle::Writer(_)));
    (may_operate && open && asks(&view)).then(|| view! { <Questions view filled /> })
}

#[component]
fn Questions(view: PlanView, filled: Filled) -> impl IntoView {
    let cuts = view.plan.cuts.iter().map(|cut| view! { <li>{prose(&cut.sentence())}</li> }).collect_view();
    let cut = !view.plan.cuts.is_empty();
    let names: Vec<&str> = view.plan.cuts.iter().map(|cut| cut.node.as_str()).collect();
    let hint = format!("To go on, type: {}", names.join(" "));
    let back = view.take_back.clone().map(|back| {
        let changes = back.changes.into_iter().map(|sentence| view! { <li>{prose(&sentence)}</li> }).collect_view();
        view! {
            <label class="tick">
                <input type="checkbox" name="take_back" value="yes" checked=true />
                <span>{format!("Take the set-up back to version {} as well", back.number)}</span>
            </label>
            <p class="sub">
                "Otherwise the set-up still describes what is taken back here, and the next plan would do it again. What changes in it:"
            </p>
            <ul>{changes}</ul>
        }
    });
    let act = view.clone();
    view! {
        <section class="notice stack" data-tone=cut.then_some("bad") aria-label="Apply">
            <form method="post" action="/rpc/apply" class="stack" id=FORM>
                <Token door="/rpc/apply" />
                <input type="hidden" name="cluster" value=view.cluster.id.to_string() />
                <input type="hidden" name="plan" value=view.id.to_string() />
                {cut
                    .then(|| {
                        view! {
                            <h2>"Connections are cut"</h2>
                            <ul>{cuts}</ul>
                            <p>{hint}</p>
                            <Text filled name="confirm" label="Names of the nodes" />
                        }
                    })}
                {back}
            </form>
            <Act view=act may_operate=true />
        </section>
    }
}

/// The button of that form, while it may be pressed.
#[component]
pub fn Act(view: PlanView, may_operate: bool) -> impl IntoView {
    let (ready, obstacle) = (view.obstacle.is_none(), view.obstacle.as_ref().map(Obstacle::sentence));
    view! {
        <div id="plan-act" class="actions">
            {obstacle.map(|sentence| view! { <span class="sub">{prose(&sentence)}</span> })}
            {(ready && may_operate)
                .then(|| {
                    view! {
                        <button type="submit" form=FORM class="button primary">
                            "Apply"
                        </button>
                    }
                })}
        </div>
    }
}
