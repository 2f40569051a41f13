//! The set-up steps.

#![expect(clippy::too_many_arguments, reason = "a form's fields arrive one by one")]

use super::{Submission, writer};
use crate::{error::AppError, routes};
use leptos::prelude::*;
use model::{ClusterId, FieldErrors, desired::MdmForm};
use services::{Failure, Form};
use std::collections::BTreeMap;

/// Two buttons, one form: `intent` is `save` or `plan`, which saves and plans.
#[server(prefix = "/rpc", endpoint = "save_mdm")]
pub async fn save_mdm(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] intent: String,
    #[server(default)] vip: String,
    #[server(default)] port: String,
    #[server(default)] persistence: String,
    #[server(default)] timeout: String,
    #[server(default)] vserver: String,
    #[server(default)] group: String,
    #[server(default)] nodes: String,
) -> Result<(), AppError> {
    let (cx, id) = (writer()?, ClusterId(cluster));
    // A browser sends a text area's lines with carriage returns; kept as typed, compared without them.
    let nodes = nodes.replace("\r\n", "\n");
    let form = MdmForm { vip, port, persistence, timeout, vserver, group, nodes };
    let submission = Submission::new(routes::mdm_form(id), token, routes::mdm(id), &form)?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            services.save_mdm(&cx, id, &form).await?;
            if intent == "save" {
                return Ok(routes::cluster(id));
            }
            // It is saved; why there is no plan is said on the cluster's page, and no draft hides what others save now.
            match services.make_plan(&cx, id).await {
                Ok(plan) => Ok(routes::plan(id, plan)),
                Err(Failure::Refused(sentence)) => {
                    let form = Form { owner: cx.owner(), name: routes::cluster_form(id) };
                    services.keep(&form, BTreeMap::new(), FieldErrors::one("", sentence)).await?;
                    Ok(routes::cluster(id))
                }
                Err(failure) => Err(failure),
            }
        })
        .await
}
