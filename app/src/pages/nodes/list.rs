//! Nodes of a cluster: what each says, and the one flow of accounts, keys and node IDs.

use super::{NodesPanel, NodesPartView, access::Access, ids::IdSection, keys::KeySection, paste::Paste};
use crate::{
    pages::{asked, filled, layout::Page, listing::asked_field, loaded, param, problem, stored},
    routes,
    ui::{form::ReadsOnly, notice::Problem},
    visitor::Hints,
};
use leptos::prelude::*;
use model::{desired::Step, fields::Typed, listing::ListForm, node::NodeAccess};

#[component]
pub fn List() -> impl IntoView {
    let (asked, id, part_form) = (asked(), param("id", "such cluster"), ListForm::read(asked_field()));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let hints = use_context::<Hints>().unwrap_or_default();
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        let view = services.nodes().show(&cx, id).await?;
        let site = hints.site(&view.cluster.fqdn).cloned().unwrap_or_default();
        let fresh = view.access.access == NodeAccess::default();
        let form = if fresh { site.node_access } else { view.access.access.form() };
        let access = filled(&routes::node_access_form(id), stored(&form)).await?;
        let paste = filled(&routes::node_paste_form(id), Typed::default()).await?;
        let problems = [
            problem(&routes::nodes_form(id)).await?,
            problem(&routes::node_keys_form(id)).await?,
            problem(&routes::node_ids_form(id)).await?,
        ];
        let desired = services.setup().desired(&cx, id).await?;
        let hint = (!site.node_text.is_empty()).then_some(site.node_text);
        Ok((NodesPartView::of(view, part_form), access, paste, problems, hint, Step::first_open(&desired)))
    };
    loaded(load, move |(part, access, paste, [problem, keys_problem, ids_problem], hint, next)| {
        let (id, view) = (part.id(), part.view.clone());
        let nodes: Vec<_> = view.nodes.iter().map(|node| node.node.address).collect();
        let any = !nodes.is_empty();
        let survey = view.survey();
        let keys_missing = any && survey.accepted.len() < nodes.len();
        // Boxed piece by piece: a page as one type is more than the compiler will lay out.
        let accounts = {
            let view = view.access.clone();
            view! { <Access cluster=id view filled=access hint keys_missing may_operate /> }.into_any()
        };
        let keys = {
            let part = part.clone();
            any.then(|| view! { <KeySection part problem=keys_problem may_operate /> }).into_any()
        };
        let ids = {
            let part = part.clone();
            any.then(|| view! { <IdSection part problem=ids_problem next may_operate /> }).into_any()
        };
        view! {
            <Page title=format!("Nodes of {}", view.cluster.title)>
                <p class="crumbs">
                    <a href=routes::cluster(id)>{view.cluster.title.clone()}</a>
                    " / "
                    <a href=routes::setup(id)>"Set-up"</a>
                </p>
                <h1>{format!("Nodes of {}", view.cluster.title)}</h1>
                {problem.map(|sentence| view! { <Problem sentence /> })}
                {(!may_operate).then(|| view! { <ReadsOnly /> })}
                {part.looked_for()}
                <NodesPanel part />
                {(!any)
                    .then(|| {
                        view! {
                            <p class="actions">
                                <a class="button primary" href=routes::step(id, Step::Nodes)>
                                    "Describe the nodes"
                                </a>
                            </p>
                        }
                    })}
                {accounts}
                {keys}
                {ids}
                {(may_operate && any).then(|| view! { <Paste cluster=id nodes filled=paste /> })}
            </Page>
        }
    })
}
