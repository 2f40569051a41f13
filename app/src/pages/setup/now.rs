//! What was read of the appliance, and what that is worth.

use crate::ui::{badge::Badge, prose::prose, time::Ago};
use leptos::prelude::*;
use model::{At, state::Tone};
use services::SetupView;

/// What the last look is worth.
#[derive(Clone, Copy)]
pub struct Look {
    pub at: Option<At>,
    pub now: At,
    pub known: bool,
}

impl Look {
    pub fn of(setup: &SetupView) -> Self {
        Self { at: setup.seen_at(), now: setup.view.sighting.now, known: setup.is_known() }
    }
}

/// What was not read lately is not known, and nothing on the page says otherwise. Why it was not read stands beside it.
#[component]
pub fn Blind(setup: SetupView) -> impl IntoView {
    let (look, sighting) = (Look::of(&setup), &setup.view.sighting);
    let why = sighting.failure.as_ref().map(|(_, error)| error.to_string());
    let when = match look.at {
        Some(at) => {
            let now = look.now;
            view! { "What is on the appliance now is not known: it was read last " <Ago at now /> ". " }.into_any()
        }
        None => "What is on the appliance is not known: it was not read yet. ".into_any(),
    };
    (!look.known).then(|| {
        view! {
            <div class="notice" data-tone="unknown" role="status">
                {when} {why.map(|sentence| prose(&sentence))}
            </div>
        }
    })
}

/// Facts that were read from the appliance, above a form.
#[component]
pub fn Now(
    #[prop(into)] title: String,
    lines: Vec<(Tone, String, String)>,
    /// The look still counts: what it showed may be called right.
    known: bool,
) -> impl IntoView {
    let any = !lines.is_empty();
    let rows = lines.into_iter().map(|(tone, word, text)| {
        let tone = if known || tone != Tone::Good { tone } else { Tone::Unknown };
        view! {
            <li>
                <Badge tone word />
                <span>{prose(&text)}</span>
            </li>
        }
    });
    any.then(|| {
        view! {
            <section class="now" aria-label=title.clone()>
                <h2>{title.clone()}</h2>
                <ul>{rows.collect_view()}</ul>
            </section>
        }
    })
}
