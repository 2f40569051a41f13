//! Appliances and clusters as they change, and how they go.

#![expect(clippy::too_many_arguments, reason = "a form's fields arrive one by one")]

use super::{Submission, admin};
use crate::{error::AppError, routes};
use leptos::prelude::*;
use model::{
    ApplianceId, ClusterId,
    appliance::ApplianceForm,
    cluster::{ClusterForm, RemovalForm},
};
use serde::Serialize;

/// Two buttons, one form: `intent` is `save`, which tests first, or `untested`.
#[server(prefix = "/rpc", endpoint = "edit_appliance")]
pub async fn edit_appliance(
    #[server(default)] token: String,
    #[server(default)] intent: String,
    #[server(default)] appliance: i64,
    #[server(default)] title: String,
    #[server(default)] address: String,
    #[server(default)] user: String,
    #[server(default)] password: String,
    #[server(default)] connect: String,
    #[server(default)] via: String,
    #[server(default)] pin: String,
    #[server(default)] second_address: String,
    #[server(default)] second_connect: String,
    #[server(default)] second_via: String,
    #[server(default)] second_pin: String,
) -> Result<(), AppError> {
    let id = ApplianceId(appliance);
    let form = ApplianceForm {
        title,
        address,
        user,
        connect,
        via,
        pin,
        second_address,
        second_connect,
        second_via,
        second_pin,
    };
    let submission = Submission::new(routes::appliance_edit_form(id), token, routes::appliance_edit(id), &form)?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            services.appliances().edit(&cx, id, &form, &password, intent == "untested").await?;
            Ok(routes::appliance(id))
        })
        .await
}

#[server(prefix = "/rpc", endpoint = "remove_appliance")]
pub async fn remove_appliance(
    #[server(default)] token: String,
    #[server(default)] appliance: i64,
    #[server(default)] confirm: String,
) -> Result<(), AppError> {
    let id = ApplianceId(appliance);
    let form = RemovalForm { confirm, ..RemovalForm::default() };
    let submission = Submission::new(routes::appliance_removal_form(id), token, routes::appliance_removal(id), &form)?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            services.appliances().remove(&cx, id, &form.confirm).await?;
            Ok(routes::APPLIANCES.to_owned())
        })
        .await
}

#[derive(Serialize)]
struct Edited {
    #[serde(flatten)]
    form: ClusterForm,
    leave: String,
}

#[server(prefix = "/rpc", endpoint = "edit_cluster")]
pub async fn edit_cluster(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] title: String,
    #[server(default)] fqdn: String,
    #[server(default)] appliance: String,
    #[server(default)] leave: String,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let typed = Edited { form: ClusterForm { title, fqdn, appliance }, leave };
    let submission = Submission::new(routes::cluster_edit_form(id), token, routes::cluster_edit(id), &typed)?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            services.clusters().edit(&cx, id, &typed.form, typed.leave == "yes").await?;
            Ok(routes::cluster(id))
        })
        .await
}

#[server(prefix = "/rpc", endpoint = "plan_removal")]
pub async fn plan_removal(#[server(default)] token: String, #[server(default)] cluster: i64) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let submission = Submission::new(routes::cluster_removal_form(id), token, routes::cluster_removal(id), &())?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission
        .finish(async move { services.plans().make_removal(&cx, id).await.map(|plan| routes::plan(id, plan)) })
        .await
}

#[server(prefix = "/rpc", endpoint = "remove_cluster")]
pub async fn remove_cluster(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] confirm: String,
    #[server(default)] objects: String,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let form = RemovalForm { confirm, objects };
    let submission = Submission::new(routes::cluster_removal_form(id), token, routes::cluster_removal(id), &form)?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            services.clusters().remove(&cx, id, &form).await?;
            Ok(routes::HOME.to_owned())
        })
        .await
}
