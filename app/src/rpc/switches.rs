//! Enabled, or kept disabled for a reason: saved as a part of the set-up, and planned at once.

use super::{Submission, writer};
use crate::{error::AppError, routes};
use leptos::prelude::*;
use model::{ClusterId, desired::KeepOffForm, fields::Typed};
use services::{Failure, Services, WriteCx};

/// "Keep disabled, because …"
#[server(prefix = "/rpc", endpoint = "keep_disabled")]
pub async fn keep_disabled(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] object: String,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let form = KeepOffForm { object, reason };
    let submission = Submission::new(routes::switches_form(id), token, routes::switches(id), &form)?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            services.switches().keep_off(&cx, id, &form).await?;
            planned(&services, &cx, id).await
        })
        .await
}

/// "Enable again"
#[server(prefix = "/rpc", endpoint = "enable_again")]
pub async fn enable_again(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] object: String,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let form = KeepOffForm { object, reason: String::new() };
    let submission = Submission::new(routes::switches_form(id), token, routes::switches(id), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            services.switches().keep_on(&cx, id, &form).await?;
            planned(&services, &cx, id).await
        })
        .await
}

/// What was said is saved; why there is no plan is told on the page.
async fn planned(services: &Services, cx: &WriteCx, id: ClusterId) -> Result<String, Failure> {
    match services.plans().make(cx, id).await {
        Ok(plan) => Ok(routes::plan(id, plan)),
        Err(Failure::Refused(refusal)) => {
            let sentence = format!("It is saved, and no plan could be made of it now. {}", refusal.sentence());
            services.forms().keep(cx, &routes::cluster_form(id), Typed::saying(sentence)).await?;
            Ok(routes::cluster(id))
        }
        Err(failure) => Err(failure),
    }
}
