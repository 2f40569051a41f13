//! Plain forms: a POST to a door of `rpc`, with a token that is used once.

use crate::{
    live::Blank,
    visitor::{self, Visitor},
};
use leptos::prelude::*;

/// The hidden token: for this door and this reader alone. A form that is drawn without one is refused with a sentence when
/// it comes in.
#[component]
pub fn Token(door: &'static str) -> impl IntoView {
    // What several people are sent has a place for each one's own.
    let token = use_context::<Blank>().map_or_else(
        || visitor::services().forms().token(door, Visitor::current_person()).unwrap_or_default(),
        |blank| blank.word(),
    );
    view! { <input type="hidden" name="token" data-once="" value=token /> }
}

/// A form that is nothing but a button, with what it has to say hidden inside.
#[component]
pub fn ButtonForm(
    action: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "button")] class: &'static str,
    /// Hidden fields.
    #[prop(optional)]
    fields: Vec<(&'static str, String)>,
    /// What is being waited for: shown beside the button while the form is on its way.
    #[prop(optional)]
    busy: &'static str,
) -> impl IntoView {
    let hidden = fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <form method="post" action=action class="button-form">
            <Token door=action />
            {hidden.collect_view()}
            <button type="submit" class=class>
                {label}
            </button>
            {(!busy.is_empty())
                .then(|| {
                    view! {
                        <span class="busy" role="status">
                            {busy}
                        </span>
                    }
                })}
        </form>
    }
}

/// The fields of a form, as they are; for whoever may not send it they are fixed, and it says so.
#[component]
pub fn ReadOnly(may_operate: bool, children: Children) -> impl IntoView {
    if may_operate {
        return children().into_any();
    }
    view! {
        <ReadsOnly />
        <fieldset class="fixed" disabled>
            {children()}
        </fieldset>
    }
    .into_any()
}

/// Instead of the buttons that whoever reads this may not press.
#[component]
pub fn ReadsOnly() -> impl IntoView {
    view! {
        <p class="sub" role="note">
            "Your role reads this and does not change it. An operator or admin of this cluster can."
        </p>
    }
}
