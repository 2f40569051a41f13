//! Times: the instant for machines and for hovering, the words for people.

use leptos::prelude::*;
use model::{At, clock};

/// `2026-01-05 08:00:03 UTC`.
#[component]
pub fn Time(at: At) -> impl IntoView {
    view! { <time datetime=at.to_string()>{clock::time_text(at)}</time> }
}

/// `12 s ago`, with the instant on hovering.
#[component]
pub fn Ago(at: At, now: At) -> impl IntoView {
    view! {
        <time datetime=at.to_string() title=clock::time_text(at)>
            {format!("{} ago", clock::age_text(at, now))}
        </time>
    }
}
