//! What stays wrong after a plan: said in its header, so that nobody takes a plan that works for a cluster that does.

use crate::ui::{badge::Badge, prose::prose};
use leptos::prelude::*;
use model::{finding::Outcome, plan::Plan};

/// Nothing where nothing is known to stay wrong.
#[component]
pub fn Remains(plan: Plan) -> impl IntoView {
    let any = !plan.remains.is_empty();
    let fails = plan.remains.iter().any(|remains| remains.outcome == Outcome::Fail);
    let heading = if plan.is_empty() { "Still wrong, and no plan mends it" } else { "Still wrong after this plan" };
    let rows = plan.remains.into_iter().map(|remains| {
        view! {
            <li>
                <Badge tone=remains.outcome.tone() word=remains.outcome.word() />
                " "
                <strong>{prose(&remains.sentence)}</strong>
                " "
                {prose(&remains.fix)}
            </li>
        }
    });
    any.then(|| {
        view! {
            <section class="notice remains" data-tone=if fails { "bad" } else { "warn" } aria-label=heading>
                <h2>{heading}</h2>
                <ul>{rows.collect_view()}</ul>
            </section>
        }
    })
}
