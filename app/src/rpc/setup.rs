//! The set-up steps.

#![expect(clippy::too_many_arguments, reason = "a form's fields arrive one by one")]

use super::{Submission, writer};
use crate::{error::AppError, routes};
use leptos::prelude::*;
use model::{ClusterId, desired::MdmForm};

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
            services.make_plan(&cx, id).await.map(|plan| routes::plan(id, plan))
        })
        .await
}
