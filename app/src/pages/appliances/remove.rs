//! Whether an appliance is really to go.

use crate::{
    pages::{asked, filled, layout::Page, loaded, param},
    routes,
    ui::{
        field::Text,
        form::Token,
        notice::{Note, Problem},
    },
};
use leptos::{either::Either, prelude::*};
use model::{ApplianceId, fields::Typed};

#[component]
pub fn Remove() -> impl IntoView {
    let (asked, id) = (asked(), param::<ApplianceId>("id", "such appliance"));
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        cx.admin()?;
        let view = services.appliances().show(&cx, id).await?;
        Ok((view, filled(&routes::appliance_removal_form(id), Typed::default()).await?))
    };
    loaded(load, |(view, filled)| {
        let id = view.appliance.id;
        let title = view.appliance.spec.title.clone();
        let clusters = view.clusters.into_iter().map(|(cluster, title)| {
            view! {
                <li>
                    <a href=routes::cluster(cluster)>{title}</a>
                </li>
            }
        });
        let needed = clusters.len() > 0;
        let clusters = clusters.collect_view();
        view! {
            <Page title=format!("Remove {title}")>
                <section class="narrow">
                    <p class="crumbs">
                        <a href=routes::appliance(id)>{title.clone()}</a>
                    </p>
                    <h1>{format!("Remove {title}")}</h1>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    {if needed {
                        Either::Left(
                            view! {
                                <Note
                                    tone="warn"
                                    sentence="These clusters need the appliance. Move each to another one or remove it first."
                                />
                                <ul>{clusters}</ul>
                            },
                        )
                    } else {
                        Either::Right(
                            view! {
                                <p class="lead">
                                    "Gatehouse forgets its address and its account and looks at it no more. Nothing is changed on the appliance itself. The log keeps its name."
                                </p>
                                <form method="post" action="/rpc/remove_appliance" class="stack">
                                    <Token door="/rpc/remove_appliance" />
                                    <input type="hidden" name="appliance" value=id.to_string() />
                                    <Text filled name="confirm" label="Type its name to remove it" />
                                    <button type="submit" class="button danger">
                                        "Remove the appliance"
                                    </button>
                                </form>
                            },
                        )
                    }}
                </section>
            </Page>
        }
    })
}
