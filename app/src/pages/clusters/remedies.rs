//! What to do about a finding: in words, and as the ways that it carries.

use crate::{
    routes,
    ui::{form::ButtonForm, prose::prose},
};
use leptos::prelude::*;
use model::{ClusterId, finding::Remedy};

/// A plan that takes it away is one click for those who may make one; others are led to the set-up, which says what a plan
/// would do.
#[component]
pub fn Remedies(fix: String, remedies: Vec<Remedy>, cluster: ClusterId, may_operate: bool) -> impl IntoView {
    let button = may_operate && remedies.contains(&Remedy::Plan);
    let link = |(href, text): (String, String)| view! { <a href=href>{text}</a> " " };
    let links: Vec<_> = remedies
        .into_iter()
        .filter_map(|remedy| match remedy {
            Remedy::Plan if may_operate => None,
            Remedy::Plan => Some((routes::setup(cluster), "What a plan would do".to_owned())),
            Remedy::Step(step) => Some((routes::step(cluster, step), format!("{} step", step.title()))),
            Remedy::Switches => Some((routes::switches(cluster), "Switches".to_owned())),
        })
        .map(link)
        .collect();
    let any = !fix.is_empty() || !links.is_empty();
    view! {
        {any.then(|| view! { <p class="finding-fix">{prose(&fix)} " " {links}</p> })}
        {button
            .then(|| {
                let fields = vec![("cluster", cluster.to_string())];
                view! {
                    <div class="finding-act">
                        <ButtonForm action="/rpc/make_plan" label="Plan the repair" fields />
                    </div>
                }
            })}
    }
}
