//! Appliances: test, add, let a refused account be tried again.

#![expect(clippy::too_many_arguments, reason = "a form's fields arrive one by one")]

use super::{Submission, admin};
use crate::{error::AppError, routes};
use leptos::prelude::*;
use model::{ApplianceId, appliance::ApplianceForm};

/// Two buttons, one form: `intent` is `test` or `add`.
#[server(prefix = "/rpc", endpoint = "add_appliance")]
pub async fn add_appliance(
    #[server(default)] token: String,
    #[server(default)] intent: String,
    #[server(default)] title: String,
    #[server(default)] address: String,
    #[server(default)] user: String,
    #[server(default)] password: String,
    #[server(default)] connect: String,
    #[server(default)] via: String,
    #[server(default)] pin: String,
) -> Result<(), AppError> {
    let cx = admin()?;
    let form = ApplianceForm { title, address, user, connect, via, pin };
    let submission = Submission::new(routes::APPLIANCE_FORM, token, routes::APPLIANCE_NEW.to_owned(), &form)?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            if intent == "test" {
                let tested = services.test_appliance(&cx, &form, &password).await?;
                // Good news goes the way of bad news: beside the form, which stays as it was typed.
                return Err(services::Failure::field("tested", tested.greeting));
            }
            services.add_appliance(&cx, &form, &password).await.map(routes::appliance)
        })
        .await
}

#[server(prefix = "/rpc", endpoint = "retry_credential")]
pub async fn retry_credential(
    #[server(default)] token: String,
    #[server(default)] appliance: i64,
) -> Result<(), AppError> {
    let (cx, id) = (admin()?, ApplianceId(appliance));
    let submission = Submission::new(format!("retry:{id}"), token, routes::appliance(id), &())?;
    let services = submission.services.clone();
    submission.finish(async move { services.retry_credential(&cx, id).await.map(|()| routes::appliance(id)) }).await
}
