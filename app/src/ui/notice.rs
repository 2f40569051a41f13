//! Sentences that want to be read.

use super::prose::prose;
use leptos::prelude::*;

/// Something stands in the way, or went wrong: read out at once by a screen reader.
#[component]
pub fn Problem(#[prop(into)] sentence: String) -> impl IntoView {
    view! {
        <div class="notice" data-tone="bad" role="alert">
            {prose(&sentence)}
        </div>
    }
}

/// Good or neutral news.
#[component]
pub fn Note(#[prop(into)] sentence: String, #[prop(default = "quiet")] tone: &'static str) -> impl IntoView {
    view! {
        <div class="notice" data-tone=tone role="status">
            {prose(&sentence)}
        </div>
    }
}

/// Why there is nothing here, and the one thing to do about it.
#[component]
pub fn Empty(#[prop(into)] sentence: String, children: Children) -> impl IntoView {
    view! {
        <div class="empty">
            <p>{prose(&sentence)}</p>
            {children()}
        </div>
    }
}
