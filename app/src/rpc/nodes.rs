//! Nodes: accounts, keys, node IDs. Each door leads back to the part of the page where its result is seen.

use super::door::operated;
use crate::{
    error::AppError,
    routes::{self, NodesPart},
};
use leptos::prelude::*;
use model::{
    ClusterId, FieldErrors,
    fields::Typed,
    node::{Keys, NodeAccessForm},
};
use services::{Failure, Services, WriteCx};
use std::{collections::BTreeMap, net::Ipv4Addr};

/// Two buttons: `intent` is `save`, or `fetch` to go on to the keys at once, for which no password is needed.
#[server(prefix = "/rpc", endpoint = "save_node_access")]
pub async fn save_node_access(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] intent: String,
    #[server(default)] rest_user: String,
    #[server(default)] rest_password: String,
    #[server(default)] ssh_user: String,
    #[server(default)] ssh_password: String,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let form = NodeAccessForm { rest_user, ssh_user };
    let (typed, back) = (form.clone(), routes::nodes_part(id, NodesPart::Accounts));
    operated(routes::node_access_form(id), token, back.clone(), &typed, async move |services, cx| {
        services.nodes().save_access(&cx, id, &form, &rest_password, &ssh_password).await?;
        if intent == "fetch" {
            // The accounts are saved; what a silent node means is said where the keys are.
            let fetched = services.nodes().fetch_all_keys(&cx, id).await;
            told_at(&services, &cx, routes::node_keys_form(id), fetched).await?;
            return Ok(routes::nodes_part(id, NodesPart::Keys));
        }
        services.nodes().look_now(&cx, id).await?;
        Ok(back)
    })?
    .await
}

/// What was done besides, and why some of it was not: kept for another part of the page.
async fn told_at(services: &Services, cx: &WriteCx, form: String, done: Result<(), Failure>) -> Result<(), Failure> {
    match done {
        Err(Failure::Refused(refusal)) => services.forms().keep(cx, &form, Typed::saying(refusal.sentence())).await,
        other => other,
    }
}

#[server(prefix = "/rpc", endpoint = "retry_node_credentials")]
pub async fn retry_node_credentials(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let back = routes::nodes_part(id, NodesPart::Accounts);
    operated(routes::nodes_form(id), token, back.clone(), &(), async move |services, cx| {
        services.nodes().retry_credentials(&cx, id).await?;
        services.nodes().look_now(&cx, id).await?;
        Ok(back)
    })?
    .await
}

#[server(prefix = "/rpc", endpoint = "fetch_node_keys")]
pub async fn fetch_node_keys(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] address: String,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let back = routes::nodes_part(id, NodesPart::Keys);
    operated(routes::node_keys_form(id), token, back.clone(), &(), async move |services, cx| {
        services.nodes().fetch_keys(&cx, id, node(&address)?).await.map(|()| back)
    })?
    .await
}

/// Of all nodes whose keys are not accepted.
#[server(prefix = "/rpc", endpoint = "fetch_all_node_keys")]
pub async fn fetch_all_node_keys(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let back = routes::nodes_part(id, NodesPart::Keys);
    operated(routes::node_keys_form(id), token, back.clone(), &(), async move |services, cx| {
        services.nodes().fetch_all_keys(&cx, id).await.map(|()| back)
    })?
    .await
}

/// The form carries the keys that its reader saw; only these are accepted.
#[server(prefix = "/rpc", endpoint = "accept_node_keys")]
pub async fn accept_node_keys(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] address: String,
    #[server(default)] tls: String,
    #[server(default)] ssh: String,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let back = routes::nodes_part(id, NodesPart::Keys);
    operated(routes::node_keys_form(id), token, back.clone(), &(), async move |services, cx| {
        let Keys { tls, ssh } = shown(&tls, &ssh);
        services.nodes().accept_keys(&cx, id, node(&address)?, tls.as_deref(), ssh.as_deref()).await?;
        services.nodes().look_now(&cx, id).await?;
        Ok(back)
    })?
    .await
}

/// The same of several nodes in one act: `shown[]=10.20.30.11|<certificate>|<host key>`.
#[server(prefix = "/rpc", endpoint = "accept_all_node_keys")]
pub async fn accept_all_node_keys(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] shown: Vec<String>,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let back = routes::nodes_part(id, NodesPart::Keys);
    operated(routes::node_keys_form(id), token, back.clone(), &(), async move |services, cx| {
        // A cluster that is not there is told from keys that are not.
        services.nodes().access(&cx, id).await?;
        let seen = shown.iter().map(|line| seen_keys(line)).collect::<Result<Vec<_>, Failure>>()?;
        services.nodes().accept_keys_together(&cx, id, seen).await?;
        services.nodes().look_now(&cx, id).await?;
        Ok(back)
    })?
    .await
}

fn seen_keys(line: &str) -> Result<(Ipv4Addr, Keys), Failure> {
    let mut parts = line.splitn(3, '|');
    let mut part = || parts.next().unwrap_or_default();
    Ok((node(part())?, shown(part(), part())))
}

/// An empty text is a key that was not shown.
fn shown(tls: &str, ssh: &str) -> Keys {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Keys { tls: some(tls), ssh: some(ssh) }
}

/// `intent` is `pages` for asking the nodes' pages alone, which takes no account.
#[server(prefix = "/rpc", endpoint = "read_node_ids")]
pub async fn read_node_ids(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] intent: String,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let back = routes::nodes_part(id, NodesPart::Ids);
    operated(routes::node_ids_form(id), token, back.clone(), &(), async move |services, cx| {
        let read = if intent == "pages" {
            services.nodes().read_ids(&cx, id).await
        } else {
            services.nodes().ask_ids(&cx, id).await
        };
        read.map(|()| back)
    })?
    .await
}

#[server(prefix = "/rpc", endpoint = "paste_node_status")]
pub async fn paste_node_status(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] address: String,
    #[server(default)] text: String,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let typed = BTreeMap::from([("address", address.clone()), ("text", text.replace("\r\n", "\n"))]);
    let back = routes::nodes_part(id, NodesPart::Paste);
    operated(routes::node_paste_form(id), token, back, &typed, async move |services, cx| {
        // A cluster that is not there is told from a node that has left it.
        services.nodes().access(&cx, id).await?;
        // Empty: the node whose address gives the ID.
        let address = if address.is_empty() { None } else { Some(node(&address)?) };
        match services.nodes().paste_status(&cx, id, address, &text).await {
            // The form's own words: its node left the set-up meanwhile.
            Err(Failure::NotFound(_)) => Err(FieldErrors::one("address", GONE).into()),
            outcome => outcome.map(|()| routes::nodes_part(id, NodesPart::Ids)),
        }
    })?
    .await
}

const GONE: &str = "This node is not part of the set-up any more. Choose another.";

fn node(address: &str) -> Result<Ipv4Addr, Failure> {
    address.parse().map_err(|_| Failure::NotFound("such node"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_says_of_keys_is_read_with_its_gaps() {
        let (address, keys) = seen_keys("10.20.30.11|ab|ssh-ed25519 SHA256:x|y").unwrap();
        assert_eq!((address.to_string().as_str(), keys.tls.as_deref()), ("10.20.30.11", Some("ab")));
        assert_eq!(keys.ssh.as_deref(), Some("ssh-ed25519 SHA256:x|y"));
        assert_eq!(seen_keys("10.20.30.11|ab").unwrap().1.ssh, None);
        assert!(matches!(seen_keys("xms01|ab|cd"), Err(Failure::NotFound(_))));
    }
}
