//! Whether a cluster is really to go, and what becomes of what Gatehouse made for it.

use crate::{
    pages::{asked, filled, layout::Page, loaded, param},
    routes,
    ui::{
        field::{Filled, Text},
        form::{ButtonForm, Token},
        notice::Problem,
        prose::prose,
    },
};
use leptos::prelude::*;
use model::{ClusterId, fields::Typed};
use services::RemovalView;

#[component]
pub fn Remove() -> impl IntoView {
    let (asked, id) = (asked(), param::<ClusterId>("id", "such cluster"));
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        let view = services.clusters().removal(&cx.admin()?, id).await?;
        Ok((view, filled(&routes::cluster_removal_form(id), Typed::default()).await?))
    };
    loaded(load, |(view, filled)| {
        let id = view.cluster.id;
        let title = view.cluster.title.clone();
        let any = !view.owned.is_empty();
        let objects = any.then(|| view! { <Objects view=view.clone() filled=filled.clone() /> });
        view! {
            <Page title=format!("Remove {title}")>
                <section class="narrow">
                    <p class="crumbs">
                        <a href=routes::cluster(id)>{title.clone()}</a>
                    </p>
                    <h1>{format!("Remove {title}")}</h1>
                    <p class="lead">
                        "Its set-up, its nodes' accounts and keys and its uploaded certificates are forgotten. The nodes themselves are not touched. The log keeps all that was done, under its name."
                    </p>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })} {objects}
                    <form method="post" action="/rpc/remove_cluster" class="stack">
                        <Token door="/rpc/remove_cluster" />
                        <input type="hidden" name="cluster" value=id.to_string() />
                        {any
                            .then(|| {
                                let error = filled.error("objects");
                                let invalid = error.is_some().then_some("true");
                                let left = filled.value("objects") == "leave";
                                view! {
                                    <div class="field" data-invalid=invalid>
                                        <label class="tick">
                                            <input type="checkbox" name="objects" value="leave" checked=left />
                                            <span>
                                                "Leave these objects there as they are. Gatehouse forgets that it made them; from then on they are yours."
                                            </span>
                                        </label>
                                        {error.map(|sentence| view! { <p class="field-error">{prose(&sentence)}</p> })}
                                    </div>
                                }
                            })} <Text filled name="confirm" label="Type its name to remove it" />
                        <button type="submit" class="button danger">
                            "Remove the cluster"
                        </button>
                    </form>
                </section>
            </Page>
        }
    })
}

/// What stands on the appliance, and the plan that takes it away.
#[component]
fn Objects(view: RemovalView, filled: Filled) -> impl IntoView {
    let RemovalView { cluster, appliance, owned } = view;
    let count = owned.len();
    let list = owned.into_iter().map(|object| view! { <li>{object.to_string()}</li> }).collect_view();
    // Somebody who was refused wants to see what it is about.
    let open = filled.error("objects").is_some().then_some("open");
    view! {
        <section>
            <h2>{format!("What Gatehouse made on {}", appliance.spec.title)}</h2>
            <p>
                "A plan takes it away, object by object, and is looked at and applied like any other. Traffic through these virtual servers ends with it."
            </p>
            <details class="folded" open=open>
                <summary>{if count == 1 { "1 object".to_owned() } else { format!("{count} objects") }}</summary>
                <ul>{list}</ul>
            </details>
            <ButtonForm
                action="/rpc/plan_removal"
                label="Plan their removal"
                class="button primary"
                fields=vec![("cluster", cluster.id.to_string())]
            />
        </section>
    }
}
