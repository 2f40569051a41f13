//! That no appliance answers, said once above whatever follows from it.

use crate::ui::{prose::prose, time::Ago};
use leptos::prelude::*;
use model::{At, outage::Outage};

#[component]
pub fn OutageNotice(
    outage: Outage,
    now: At,
    /// What of the page follows from it.
    #[prop(into)]
    follows: String,
) -> impl IntoView {
    let since = match outage.since {
        Some(at) => view! { " The last answer came " <Ago at now /> ". " }.into_any(),
        None => " There was no answer since this console was started. ".into_any(),
    };
    view! {
        <div class="notice outage" data-key="outage" data-tone="bad" role="status">
            <strong>{outage.title()}</strong>
            {since}
            {follows}
            " "
            {prose(Outage::ADVICE)}
        </div>
    }
}

/// How many clusters say nothing of it themselves.
pub fn folded(clusters: usize) -> String {
    match clusters {
        0 => String::new(),
        1 => "One cluster is not known for this reason alone.".into(),
        more => format!("{more} clusters are not known for this reason alone."),
    }
}
