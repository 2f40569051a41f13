//! Role and scope: the part that the forms for a new person and for a known one share.

use crate::ui::{
    field::{Choice, Filled},
    prose::prose,
};
use leptos::{either::Either, prelude::*};
use model::{ClusterId, person::Role};
use std::collections::BTreeSet;

const fn may(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer: reads",
        Role::Operator => "operator: drafts, plans and applies",
        Role::Admin => "admin: also manages appliances and people; always all clusters",
        Role::Auditor => "auditor: reads, and exports the log",
    }
}

#[component]
pub fn Rights(filled: Filled, clusters: Vec<(ClusterId, String)>) -> impl IntoView {
    let options = Role::ALL.iter().map(|role| (role.word().to_owned(), may(*role).to_owned())).collect();
    let error = filled.error("scope");
    let invalid = error.is_some().then_some("true");
    let chosen = filled.value("scope");
    let ticked: BTreeSet<String> = filled.value("clusters").split(',').map(str::to_owned).collect();
    let described = error.is_some().then_some("scope-error");
    let radio = move |value: &'static str, text: &'static str| {
        let input = if chosen == value {
            Either::Left(
                view! { <input type="radio" name="scope" value=value checked="checked" aria-describedby=described /> },
            )
        } else {
            Either::Right(view! { <input type="radio" name="scope" value=value aria-describedby=described /> })
        };
        view! { <label class="tick">{input} <span>{text}</span></label> }
    };
    let any = !clusters.is_empty();
    let boxes = clusters.into_iter().map(move |(id, title)| {
        let id = id.to_string();
        let input = if ticked.contains(&id) {
            Either::Left(view! { <input type="checkbox" name="clusters[]" value=id checked="checked" /> })
        } else {
            Either::Right(view! { <input type="checkbox" name="clusters[]" value=id /> })
        };
        view! { <label class="tick">{input} <span>{title}</span></label> }
    });
    view! {
        <Choice filled=filled.clone() name="role" label="Role" options />
        <fieldset class="field scope" data-scope data-invalid=invalid>
            <legend>"Scope"</legend>
            {any.then(|| radio("some", "Only these clusters:"))} <div class="ticks">{boxes.collect_view()}</div>
            {radio("all", "All clusters")}
            // Which of them is true as the form stands is shown by the style sheet, so that it holds without script; the
            // names are put in by script.
            <p class="sees" data-sees="some">
                "Sees " <span data-sees-names>"the ticked clusters"</span> " only."
            </p>
            <p class="sees" data-sees="none">"Sees nothing yet: tick a cluster, or choose all."</p>
            <p class="sees" data-sees="all">"Sees all clusters, also those that are added later."</p>
            <p class="sees" data-sees="both">"All are chosen, and some are ticked as well: say which of the two."</p>
            {error
                .map(|sentence| {
                    view! {
                        <p class="field-error" id="scope-error">
                            {prose(&sentence)}
                        </p>
                    }
                })}
            <p class="field-hint">
                "What is out of scope does not exist for this person: not on pages, not in lists, not in the log."
            </p>
        </fieldset>
    }
}
