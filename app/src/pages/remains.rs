//! What a plan puts into service and takes out of it, and what stays wrong after it: said in its header, so that nobody
//! takes a plan that works for a cluster that does.

use crate::ui::{badge::Badge, prose::prose};
use leptos::prelude::*;
use model::{
    excerpt::{Excerpt, LISTED, named},
    finding::Grade,
    plan::{Plan, Verb},
};

/// Nothing where nothing is switched and nothing is known to stay wrong.
#[component]
pub fn Remains(plan: Plan) -> impl IntoView {
    let switched = [(Verb::Enable, "Puts back into service: "), (Verb::Disable, "Takes out of service: ")];
    let switched = switched.map(|(verb, what)| {
        let all = plan.operations.iter().filter(|op| op.verb == verb).map(|op| op.object.to_string());
        let all: Vec<String> = all.collect();
        (!all.is_empty()).then(|| view! { <p class="switched">{what} <strong>{named(&all)}</strong> "."</p> })
    });
    let any = !plan.remains.is_empty();
    let fails = plan.remains.iter().any(|remains| remains.outcome == Grade::Fail);
    // What is in a plan's way keeps it from mending the rest: what to do is said there, and not "plan" once more.
    let blocked = !plan.conflicts.is_empty();
    let heading = match (blocked, plan.is_empty()) {
        (true, _) => "Still wrong while this plan is blocked",
        (false, true) => "Still wrong, and no plan mends it",
        (false, false) => "Still wrong after this plan",
    };
    let Excerpt { shown, rest } = Excerpt::of(plan.remains, LISTED, |remains| remains.outcome.tone().into());
    let more =
        rest.more("thing stays wrong", "things stay wrong").map(|more| view! { <li class="more">{more} "."</li> });
    let rows = shown.into_iter().map(|remains| {
        view! {
            <li>
                <Badge tone=remains.outcome.tone() word=remains.outcome.word() />
                " "
                <strong>{prose(&remains.sentence)}</strong>
                " "
                {(!blocked).then(|| prose(&remains.fix))}
            </li>
        }
    });
    let still = any.then(|| {
        view! {
            <section class="notice remains" data-tone=if fails { "bad" } else { "warn" } aria-label=heading>
                <h2>{heading}</h2>
                <ul>{rows.collect_view()} {more}</ul>
            </section>
        }
    });
    view! {
        {switched.into_iter().collect_view()}
        {still}
    }
}
