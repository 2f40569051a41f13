//! A new cluster: its name, the devices' name for it, and its appliance.

use crate::{
    pages::{asked, filled, layout::Page, loaded, stored},
    routes,
    ui::{
        field::{Choice, Text},
        form::Token,
        notice::Problem,
    },
    visitor::Hints,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::cluster::ClusterForm;

#[component]
pub fn New() -> impl IntoView {
    let asked = asked();
    let hints = use_context::<Hints>().unwrap_or_default();
    let wanted = use_query_map().try_get_untracked().and_then(|query| query.get("appliance"));
    let load = async move {
        let (services, cx) = asked?;
        cx.admin()?;
        let appliances = services.appliances().list(&cx).await?;
        let known = |id: &String| appliances.iter().any(|view| view.appliance.id.to_string() == *id);
        let only = if let [one] = appliances.as_slice() { one.appliance.id.to_string() } else { String::new() };
        let appliance = wanted.filter(known).unwrap_or(only);
        let clusters = services.clusters().list(&cx).await?;
        let names: Vec<&str> = clusters.iter().map(|view| view.cluster.fqdn.as_str()).collect();
        let fqdn = hints.fresh_name(&names).unwrap_or_default().to_owned();
        let fresh = ClusterForm { appliance, fqdn, ..ClusterForm::default() };
        Ok((filled(routes::CLUSTER_FORM, stored(&fresh)).await?, appliances))
    };
    loaded(load, |(filled, appliances)| {
        let mut options = vec![(String::new(), "Choose…".to_owned())];
        options.extend(appliances.into_iter().map(|view| {
            let spec = &view.appliance.spec;
            (view.appliance.id.to_string(), format!("{} ({})", spec.title, spec.url()))
        }));
        view! {
            <Page title="Add a cluster">
                <section class="narrow">
                    <h1>"Add a cluster"</h1>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    <form method="post" action="/rpc/add_cluster" class="stack">
                        <Token door="/rpc/add_cluster" />
                        <Text
                            filled=filled.clone()
                            name="title"
                            label="Name"
                            hint="What your team calls it. It is also the beginning of the names proposed on the appliance."
                        />
                        <Text
                            filled=filled.clone()
                            name="fqdn"
                            label="FQDN"
                            hint="The one name that enrolment, MDM and MAM use, for example xms.example.com."
                        />
                        <Choice
                            filled=filled
                            name="appliance"
                            label="Appliance"
                            hint="The NetScaler that has, or will have, its virtual servers."
                            options
                        />
                        <button type="submit" class="button primary">
                            "Add the cluster"
                        </button>
                    </form>
                </section>
            </Page>
        }
    })
}
