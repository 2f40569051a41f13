//! The accounts of a cluster's nodes: shown in a line once they are there, and the form to give them.

use crate::{
    routes::NodesPart,
    ui::{
        field::{Filled, Text},
        form::{ButtonForm, Token},
        notice::{Note, Problem},
        time::Time,
    },
};
use leptos::prelude::*;
use model::{ClusterId, node::NodeAccess};
use services::AccessView;

/// `keys_missing`: whether somebody still has to accept keys, so that saving goes on to fetch them.
#[component]
pub fn Access(
    cluster: ClusterId,
    view: AccessView,
    filled: Filled,
    hint: Option<String>,
    keys_missing: bool,
    may_operate: bool,
) -> impl IntoView {
    let there = view.access != NodeAccess::default();
    let open = !there || filled.kept != model::fields::Typed::default();
    let said = summary(&view.access);
    view! {
        <section id=NodesPart::Accounts.anchor() class="part" tabindex="-1" aria-labelledby="accounts-title">
            <h2 id="accounts-title">"1. Accounts"</h2>
            <Refused cluster view may_operate />
            <p class="lead">{said}</p>
            {may_operate
                .then(|| {
                    view! {
                        <details open=open>
                            <summary>{if there { "Change the accounts" } else { "Give the accounts" }}</summary>
                            <AccessForm cluster filled hint keys_missing />
                        </details>
                    }
                })}
        </section>
    }
}

fn summary(access: &NodeAccess) -> String {
    match (&access.rest_user, &access.ssh_user) {
        (None, None) => {
            "No account is known yet. Over SSH the nodes tell their IDs and who is in the cluster, over REST that \
                         they reach their database. Each account is the same on all nodes."
                .into()
        }
        (Some(rest), Some(ssh)) => format!("REST as {rest}, SSH as {ssh}; the passwords are kept encrypted."),
        (Some(rest), None) => format!("REST as {rest}; without an SSH account no node IDs are read."),
        (None, Some(ssh)) => {
            format!("SSH as {ssh}; without a REST account nobody knows whether the database is reached.")
        }
    }
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
fn AccessForm(cluster: ClusterId, filled: Filled, hint: Option<String>, keys_missing: bool) -> impl IntoView {
    view! {
        {filled.problem().map(|sentence| view! { <Problem sentence /> })}
        {hint.map(|sentence| view! { <Note sentence /> })}
        <form method="post" action="/rpc/save_node_access" class="stack wide">
            <Token door="/rpc/save_node_access" />
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
                    label="Password of the REST account"
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
                    label="Password of the SSH account"
                    kind="password"
                    complete="new-password"
                    hint="Encrypted before it is stored. Empty: the kept one stays."
                />
            </div>
            <div class="actions">
                {keys_missing
                    .then(|| {
                        view! {
                            <button type="submit" name="intent" value="fetch" class="button primary">
                                "Save and fetch keys"
                            </button>
                        }
                    })}
                <button
                    type="submit"
                    name="intent"
                    value="save"
                    class=if keys_missing { "button" } else { "button primary" }
                >
                    "Save accounts"
                </button>
                <span class="busy" role="status">
                    "The nodes are being asked; one that is silent takes a few seconds."
                </span>
            </div>
        </form>
    }
}
