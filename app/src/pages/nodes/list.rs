//! Nodes of a cluster.

use super::{NodesPanel, keys::KeyCard, paste::Paste};
use crate::{
    pages::{asked, filled, loaded, param, problem, stored},
    routes,
    ui::{
        field::{Filled, Text},
        form::{ButtonForm, ReadsOnly, Token},
        layout::Page,
        notice::{Note, Problem},
        time::Time,
    },
    visitor::Hints,
};
use leptos::prelude::*;
use model::{ClusterId, node::NodeAccess};
use services::{AccessView, Kept};

#[component]
pub fn List() -> impl IntoView {
    let (asked, id) = (asked(), param("id", "such cluster"));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let hints = use_context::<Hints>().unwrap_or_default();
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        let view = services.nodes(&cx, id).await?;
        let fresh = view.access.access == NodeAccess::default();
        let form = if fresh { hints.node_access } else { view.access.access.form() };
        let access = filled(&routes::node_access_form(id), stored(&form)).await?;
        let paste = filled(&routes::node_paste_form(id), Kept::default()).await?;
        let problem = problem(&routes::nodes_form(id)).await?;
        Ok((view, access, paste, problem, hints.node_text))
    };
    loaded(load, move |(view, access, paste, problem, hint)| {
        let id = view.cluster.id;
        let now = view.now;
        let refused = view.access.clone();
        let nodes: Vec<_> = view.nodes.iter().map(|node| node.node.address).collect();
        let any = !nodes.is_empty();
        let cards =
            view.nodes.clone().into_iter().map(move |node| view! { <KeyCard cluster=id view=node now may_operate /> });
        let cards = cards.collect_view();
        view! {
            <Page title=format!("Nodes of {}", view.cluster.title)>
                <p class="crumbs">
                    <a href=routes::cluster(id)>{view.cluster.title.clone()}</a>
                </p>
                <div class="title-row">
                    <h1>{format!("Nodes of {}", view.cluster.title)}</h1>
                    {(may_operate && any)
                        .then(|| {
                            let fields = vec![("cluster", id.to_string())];
                            view! { <ButtonForm action="/rpc/read_node_ids" label="Read node IDs" class="button primary" fields /> }
                        })}
                </div>
                {problem.map(|sentence| view! { <Problem sentence /> })}
                {(!may_operate).then(|| view! { <ReadsOnly /> })}
                <Refused cluster=id view=refused may_operate />
                <NodesPanel view />
                {any
                    .then(|| {
                        view! {
                            <section>
                                <h2>"Keys"</h2>
                                <p class="lead">
                                    "No password goes to a node before somebody has compared its keys: the certificate with what a browser shows at port 4443 from a machine that you trust, the host key with what your SSH client knows ("
                                    <code>"ssh-keygen -l -F <address>"</code>
                                    ")."
                                </p>
                                <div class="key-cards">{cards}</div>
                            </section>
                        }
                    })}
                {may_operate
                    .then(|| {
                        view! {
                            <Access cluster=id filled=access hint />
                            {any.then(|| view! { <Paste cluster=id nodes filled=paste /> })}
                        }
                    })}
            </Page>
        }
    })
}

/// Accounts that are not used any more, and the way back.
#[component]
fn Refused(cluster: ClusterId, view: AccessView, may_operate: bool) -> impl IntoView {
    let any = !view.refused.is_empty();
    let items = view.refused.into_iter().map(|(account, at)| {
        let user = view.access.user(account).unwrap_or_default().to_owned();
        view! {
            <p>
                "A node refused the " {account.to_string()} " " {user} " at " <Time at />
                ". It is shown to no node any more, because repeated failures lock accounts, often for the whole site."
            </p>
        }
    });
    let items = items.collect_view();
    any.then(|| {
        view! {
            <div class="notice" data-tone="bad" role="status">
                {items}
                {may_operate
                    .then(|| {
                        let fields = vec![("cluster", cluster.to_string())];
                        view! { <ButtonForm action="/rpc/retry_node_credentials" label="Try again" fields /> }
                    })}
            </div>
        }
    })
}

#[component]
fn Access(cluster: ClusterId, filled: Filled, hint: Option<String>) -> impl IntoView {
    view! {
        <section>
            <h2>"Accounts"</h2>
            {filled.problem().map(|sentence| view! { <Problem sentence /> })}
            {hint.map(|sentence| view! { <Note sentence /> })}
            <form method="post" action="/rpc/save_node_access" class="stack wide">
                <Token />
                <input type="hidden" name="cluster" value=cluster.to_string() />
                <div class="columns">
                    <Text
                        filled=filled.clone()
                        name="rest_user"
                        label="REST account"
                        hint="Of the web console or the directory, with the permission “Public API access”. Emptied, the account is removed and REST is not asked."
                    />
                    <Text
                        filled=filled.clone()
                        name="rest_password"
                        label="Its password"
                        kind="password"
                        complete="new-password"
                        hint="Encrypted before it is stored. Empty: the kept one stays."
                    />
                </div>
                <div class="columns">
                    <Text
                        filled=filled.clone()
                        name="ssh_user"
                        label="SSH account"
                        hint="Of the menu program, usually admin; another store than the web console's. Emptied, the account is removed and SSH is not asked."
                    />
                    <Text
                        filled
                        name="ssh_password"
                        label="Its password"
                        kind="password"
                        complete="new-password"
                        hint="Encrypted before it is stored. Empty: the kept one stays."
                    />
                </div>
                <div class="actions">
                    <button type="submit" class="button primary">
                        "Save accounts"
                    </button>
                </div>
            </form>
        </section>
    }
}
