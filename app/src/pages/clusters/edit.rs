//! A cluster as it is named, to be changed; also to another appliance.

use crate::{
    pages::{asked, filled, layout::Page, loaded, param, stored},
    routes,
    ui::{
        field::{Choice, Text},
        form::Token,
        notice::Problem,
    },
};
use leptos::prelude::*;
use model::{ClusterId, cluster::ClusterForm};

#[component]
pub fn Edit() -> impl IntoView {
    let (asked, id) = (asked(), param::<ClusterId>("id", "such cluster"));
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        let view = services.clusters().removal(&cx.admin()?, id).await?;
        let appliances = services.appliances().list(&cx).await?;
        let form = ClusterForm::of(&view.cluster);
        Ok((view, appliances, filled(&routes::cluster_edit_form(id), stored(&form)).await?))
    };
    loaded(load, |(view, appliances, filled)| {
        let id = view.cluster.id;
        let title = view.cluster.title.clone();
        let there = view.appliance.spec.title.clone();
        let options = appliances.into_iter().map(|view| {
            let spec = &view.appliance.spec;
            (view.appliance.id.to_string(), format!("{} ({})", spec.title, spec.url()))
        });
        let options = options.collect();
        let owned = view.owned.len();
        let leave = filled.value("leave") == "yes";
        view! {
            <Page title=format!("Edit {title}")>
                <section class="narrow">
                    <p class="crumbs">
                        <a href=routes::cluster(id)>{title.clone()}</a>
                    </p>
                    <h1>"Edit the cluster"</h1>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    <form method="post" action="/rpc/edit_cluster" class="stack">
                        <Token door="/rpc/edit_cluster" />
                        <input type="hidden" name="cluster" value=id.to_string() />
                        <Text
                            filled=filled.clone()
                            name="title"
                            label="Name"
                            hint="What your team calls it. Objects on the appliance keep the names that they have."
                        />
                        <Text
                            filled=filled.clone()
                            name="fqdn"
                            label="FQDN"
                            hint="The one name that enrolment, MDM and MAM use. With another one the Gateway and DNS steps follow; the next plan changes them on the appliance. Enrolled devices know the old name."
                        />
                        <Choice
                            filled
                            name="appliance"
                            label="Appliance"
                            hint="On another one the set-up is planned anew."
                            options
                        />
                        {(owned > 0)
                            .then(|| {
                                view! {
                                    <label class="tick">
                                        <input type="checkbox" name="leave" value="yes" checked=leave />
                                        <span>
                                            {format!(
                                                "When it goes to another appliance: leave the {owned} objects that Gatehouse made on {there} as they are, and forget them.",
                                            )}
                                        </span>
                                    </label>
                                }
                            })}
                        <button type="submit" class="button primary">
                            "Save"
                        </button>
                    </form>
                    <p class="aside">
                        <a href=routes::cluster_removal(id)>"Remove this cluster…"</a>
                    </p>
                </section>
            </Page>
        }
    })
}
