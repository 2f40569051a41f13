//! Clusters: add one, look again.

use super::{Submission, admin, writer};
use crate::{error::AppError, routes};
use leptos::prelude::*;
use model::{ClusterId, cluster::ClusterForm};

#[server(prefix = "/rpc", endpoint = "add_cluster")]
pub async fn add_cluster(
    #[server(default)] token: String,
    #[server(default)] title: String,
    #[server(default)] fqdn: String,
    #[server(default)] appliance: String,
) -> Result<(), AppError> {
    let form = ClusterForm { title, fqdn, appliance };
    let submission = Submission::new(routes::CLUSTER_FORM, token, routes::CLUSTER_NEW.to_owned(), &form)?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission.finish(async move { services.clusters().add(&cx, &form).await.map(routes::setup) }).await
}

/// Looks at the appliance now, in the background; the page does not wait for it.
#[server(prefix = "/rpc", endpoint = "look_again")]
pub async fn look_again(#[server(default)] token: String, #[server(default)] cluster: i64) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let submission = Submission::new(routes::cluster_form(id), token, routes::cluster(id), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission.finish(async move { services.clusters().look_again(&cx, id).await.map(|()| routes::cluster(id)) }).await
}
