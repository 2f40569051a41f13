//! Nodes: accounts, keys, node IDs.

use super::{Submission, writer};
use crate::{error::AppError, routes};
use leptos::prelude::*;
use model::{ClusterId, FieldErrors, node::NodeAccessForm};
use services::Failure;
use std::{collections::BTreeMap, net::Ipv4Addr};

#[server(prefix = "/rpc", endpoint = "save_node_access")]
pub async fn save_node_access(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] rest_user: String,
    #[server(default)] rest_password: String,
    #[server(default)] ssh_user: String,
    #[server(default)] ssh_password: String,
) -> Result<(), AppError> {
    let (cx, id) = (writer()?, ClusterId(cluster));
    let form = NodeAccessForm { rest_user, ssh_user };
    let submission = Submission::new(routes::node_access_form(id), token, routes::nodes(id), &form)?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            services.save_node_access(&cx, id, &form, &rest_password, &ssh_password).await?;
            Ok(routes::nodes(id))
        })
        .await
}

#[server(prefix = "/rpc", endpoint = "retry_node_credentials")]
pub async fn retry_node_credentials(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
) -> Result<(), AppError> {
    let (cx, id) = (writer()?, ClusterId(cluster));
    let submission = Submission::new(routes::nodes_form(id), token, routes::nodes(id), &())?;
    let services = submission.services.clone();
    submission.finish(async move { services.retry_node_credentials(&cx, id).await.map(|()| routes::nodes(id)) }).await
}

#[server(prefix = "/rpc", endpoint = "fetch_node_keys")]
pub async fn fetch_node_keys(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] address: String,
) -> Result<(), AppError> {
    let (cx, id) = (writer()?, ClusterId(cluster));
    let submission = Submission::new(routes::nodes_form(id), token, routes::nodes(id), &())?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            services.fetch_node_keys(&cx, id, node(&address)?).await?;
            Ok(routes::nodes(id))
        })
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
    let (cx, id) = (writer()?, ClusterId(cluster));
    let submission = Submission::new(routes::nodes_form(id), token, routes::nodes(id), &())?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            let shown = |text: &String| (!text.is_empty()).then(|| text.clone());
            let (tls, ssh) = (shown(&tls), shown(&ssh));
            services.accept_node_keys(&cx, id, node(&address)?, tls.as_deref(), ssh.as_deref()).await?;
            Ok(routes::nodes(id))
        })
        .await
}

#[server(prefix = "/rpc", endpoint = "read_node_ids")]
pub async fn read_node_ids(#[server(default)] token: String, #[server(default)] cluster: i64) -> Result<(), AppError> {
    let (cx, id) = (writer()?, ClusterId(cluster));
    let submission = Submission::new(routes::nodes_form(id), token, routes::nodes(id), &())?;
    let services = submission.services.clone();
    submission.finish(async move { services.read_node_ids(&cx, id).await.map(|()| routes::nodes(id)) }).await
}

#[server(prefix = "/rpc", endpoint = "paste_node_status")]
pub async fn paste_node_status(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] address: String,
    #[server(default)] text: String,
) -> Result<(), AppError> {
    let (cx, id) = (writer()?, ClusterId(cluster));
    let typed = BTreeMap::from([("address", address.clone()), ("text", text.replace("\r\n", "\n"))]);
    let submission = Submission::new(routes::node_paste_form(id), token, routes::nodes(id), &typed)?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            // Empty: the node whose address gives the ID.
            let address = if address.is_empty() { None } else { Some(node(&address)?) };
            match services.paste_node_status(&cx, id, address, &text).await {
                // The form's own words: its node left the set-up meanwhile.
                Err(Failure::NotFound(_)) => Err(FieldErrors::one("address", GONE).into()),
                outcome => outcome.map(|()| routes::nodes(id)),
            }
        })
        .await
}

const GONE: &str = "This node is not part of the set-up any more. Choose another.";

fn node(address: &str) -> Result<Ipv4Addr, Failure> {
    address.parse().map_err(|_| Failure::NotFound("such node"))
}
