//! A new person of the team.

use super::rights::Rights;
use crate::{
    pages::{asked, filled, layout::Page, loaded, stored},
    routes,
    ui::{field::Text, form::Token, notice::Problem},
};
use leptos::prelude::*;
use model::person::{RightsForm, Role, Scope};
use std::collections::BTreeSet;

#[component]
pub fn New() -> impl IntoView {
    let asked = asked();
    let load = async move {
        let (services, cx) = asked?;
        cx.admin()?;
        let clusters = services.clusters().choices(&cx).await?;
        // As little as can be, until somebody says otherwise.
        let least = if clusters.is_empty() { Scope::All } else { Scope::Only(BTreeSet::new()) };
        let fresh = RightsForm::of(Role::Viewer, &least);
        Ok((filled(routes::PERSON_FORM, stored(&fresh)).await?, clusters))
    };
    loaded(load, |(filled, clusters)| {
        view! {
            <Page title="Add a person">
                <section class="narrow">
                    <p class="crumbs">
                        <a href=routes::TEAM>"Team"</a>
                    </p>
                    <h1>"Add a person"</h1>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    <form method="post" action="/rpc/add_person" class="stack">
                        <Token door="/rpc/add_person" />
                        <Text
                            filled=filled.clone()
                            name="name"
                            label="Name"
                            hint="They sign in with it, and the log calls them so for ever: letters, digits, dot, hyphen, underscore and @."
                        />
                        <Text
                            filled=filled.clone()
                            name="password"
                            label="First password"
                            kind="password"
                            complete="new-password"
                            hint="At least 12 characters; longer is better than stranger. Tell it to them in person; they change it on their account's page."
                        />
                        <Rights filled clusters />
                        <button type="submit" class="button primary">
                            "Add the person"
                        </button>
                    </form>
                </section>
            </Page>
        }
    })
}
