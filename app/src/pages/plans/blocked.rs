//! What keeps a plan from being applied, and what of it can be taken over by consent to each thing.

use crate::{
    pages::listing::{Place, pager_of, remarks},
    ui::{field::Filled, form::Token, notice::Problem, prose::prose},
};
use leptos::prelude::*;
use model::{
    listing::{A_PAGE, ListForm, Sheet},
    readiness::Obstacle,
    state::Tone,
};
use services::PlanView;

/// One page of a list of the plan, by the field of the address that says which; `place` has them all.
fn sheet<T>(all: Vec<T>, place: &Place, name: &'static str) -> Sheet<T> {
    let form = ListForm { page: place.value(name), ..ListForm::default() };
    Sheet::of(all, &form, A_PAGE, |_| (Tone::Quiet, String::new()))
}

/// One form for the ticks of a section. It stays as it is while the page moves; its button stands beside it, for that
/// comes and goes.
#[component]
fn Consent(view: PlanView, filled: Filled, form: &'static str, children: Children) -> impl IntoView {
    let error = filled.error("objects");
    view! {
        <form method="post" action="/rpc/adopt" class="stack" id=form>
            <Token door="/rpc/adopt" />
            <input type="hidden" name="cluster" value=view.cluster.id.to_string() />
            <input type="hidden" name="plan" value=view.id.to_string() />
            {children()}
            {error.map(|sentence| view! { <Problem sentence /> })}
        </form>
    }
}

/// Fields of the address: which page of each list.
pub const BLOCKED: &str = "blocked";
pub const KEPT: &str = "kept";

const ADOPT: &str = "adopt-form";
const TAKE_AWAY: &str = "take-away-form";

/// The button of what blocks the plan, for as long as it can be adopted by it.
#[component]
pub fn Adopt(view: PlanView, may_operate: bool) -> impl IntoView {
    view! {
        <div id="plan-adopt" class="actions">
            {press(&view, may_operate, ADOPT, "Adopt what is ticked, and plan again")}
        </div>
    }
}

/// The same of what was adopted once.
#[component]
pub fn TakeAway(view: PlanView, may_operate: bool) -> impl IntoView {
    view! {
        <div id="plan-take-away" class="actions">
            {press(&view, may_operate, TAKE_AWAY, "Remove what is ticked: plan again")}
        </div>
    }
}

fn press(view: &PlanView, may_operate: bool, form: &'static str, label: &'static str) -> impl IntoView + use<> {
    let obstacle = view.no_adoption.as_ref().map(Obstacle::sentence);
    let open = may_operate && obstacle.is_none();
    view! {
        {obstacle.map(|sentence| view! { <span class="sub">{prose(&sentence)}</span> })}
        {open
            .then(|| {
                view! {
                    <button type="submit" form=form class="button">
                        {label}
                    </button>
                }
            })}
    }
}

/// A thing with its sentence, and the tick that consents to its adoption.
fn row(place: Option<usize>, object: String, sentence: String) -> impl IntoView {
    let text = view! {
        <strong>{object}</strong>
        ": "
        {prose(&sentence)}
    };
    match place {
        None => view! { <li>{text}</li> }.into_any(),
        Some(place) => view! {
            <li>
                <label class="tick">
                    <input type="checkbox" name="objects[]" value=place.to_string() />
                    <span>{text}</span>
                </label>
            </li>
        }
        .into_any(),
    }
}

#[component]
pub fn Blocked(view: PlanView, filled: Filled, place: Place, may_operate: bool) -> impl IntoView {
    // Each keeps its number in the whole: that is what a tick says.
    let sheet = sheet(view.plan.conflicts.iter().cloned().enumerate().collect(), &place, BLOCKED);
    let around = view! { {remarks(&sheet)} {pager_of(&Place { many: "obstacles", ..place }, BLOCKED, &sheet)} };
    let conflicts = sheet.lines;
    let open = may_operate && view.no_adoption.is_none();
    let any = !conflicts.is_empty();
    let owners = view.owners.clone();
    let adoptable = open && conflicts.iter().any(|(_, conflict)| conflict.adoptable);
    let removes = conflicts.iter().any(|(_, conflict)| conflict.adoptable && conflict.removes);
    let rows = conflicts.into_iter().map(move |(place, conflict)| {
        let owner = conflict.owner.and_then(|owner| owners.get(&owner).cloned());
        let owner = owner.map(|title| format!(" (The other cluster is {title}.)")).unwrap_or_default();
        let place = (open && conflict.adoptable).then_some(place);
        row(place, conflict.object.to_string(), format!("{}{owner}", conflict.sentence))
    });
    any.then(|| {
        let rows = rows.collect_view();
        let body = if adoptable {
            let button = view.clone();
            view! {
                <Consent view filled form=ADOPT>
                    <ul class="consents">{rows}</ul>
                    <p>
                        "Adopting hands an object over to Gatehouse: the next plan may change it, undoing its run restores the values from before, and no plan removes it"
                        {if removes { ", but where its sentence says that the plan takes it away." } else { "." }}
                    </p>
                </Consent>
                <Adopt view=button may_operate />
            }
            .into_any()
        } else {
            view! { <ul>{rows}</ul> }.into_any()
        };
        view! {
            <section class="notice" data-tone="bad" aria-label="Blocked">
                <h2>"Blocked"</h2>
                {body} {around}
            </section>
        }
    })
}

/// What was adopted once and is described no more.
#[component]
pub fn Kept(view: PlanView, filled: Filled, place: Place, may_operate: bool) -> impl IntoView {
    let open = may_operate && view.no_adoption.is_none();
    // They are numbered on from what blocks it.
    let first = view.plan.conflicts.len();
    let sheet = sheet(view.plan.kept.iter().cloned().enumerate().collect(), &place, KEPT);
    let around = view! { {remarks(&sheet)} {pager_of(&Place { many: "objects that stay", ..place }, KEPT, &sheet)} };
    let kept = sheet.lines;
    (!kept.is_empty()).then(|| {
        let rows = kept.into_iter().map(|(index, object)| {
            let sentence = "it was there before Gatehouse and was adopted. The set-up has it no more, and it stays.";
            row(open.then_some(first + index), object.to_string(), sentence.into())
        });
        let rows = rows.collect_view();
        let body = if open {
            let button = view.clone();
            view! {
                <Consent view filled form=TAKE_AWAY>
                    <ul class="consents">{rows}</ul>
                </Consent>
                <TakeAway view=button may_operate />
            }
            .into_any()
        } else {
            view! { <ul>{rows}</ul> }.into_any()
        };
        view! {
            <section class="notice" aria-label="Kept">
                <h2>"Adopted, and not described any more"</h2>
                {body} {around}
            </section>
        }
    })
}
