//! Appliances: test, add, let a refused account be tried again.

#![expect(clippy::too_many_arguments, reason = "a form's fields arrive one by one")]

use super::{Reply, Submission, admin};
use crate::{error::AppError, pages::appliances::ANSWER, routes};
use leptos::prelude::*;
use model::{ApplianceId, FieldErrors, appliance::ApplianceForm, fields::FormAnswer};

/// Two buttons, one form: `intent` is `add` or `test`; with `trust-` before it, the certificate that the form shows is
/// accepted by the same click. A password that was typed a moment ago needs not be typed again.
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
    #[server(default)] second_address: String,
    #[server(default)] second_connect: String,
    #[server(default)] second_via: String,
    #[server(default)] second_pin: String,
    #[server(default)] shown: String,
    #[server(default)] second_shown: String,
) -> Result<(), AppError> {
    let trusted = intent.strip_prefix("trust-").map(str::to_owned);
    let accepted = |pin: String, shown: String| if trusted.is_some() && !shown.is_empty() { shown } else { pin };
    let (pin, second_pin) = (accepted(pin, shown), accepted(second_pin, second_shown));
    let intent = trusted.unwrap_or(intent);
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
    let submission = Submission::new(routes::APPLIANCE_FORM, token, routes::APPLIANCE_NEW.to_owned(), &form)?;
    let cx = admin()?;
    let (services, of) = (submission.services.clone(), submission.form.clone());
    submission
        .leads_back_to(beside)
        .finish(async move {
            if intent == "test" {
                let tested = services.appliances().try_new(&cx, &of, &form, &password).await?;
                return Ok(Reply::Beside(FormAnswer::Works(tested.greeting)));
            }
            let added = services.appliances().add_new(&cx, &of, &form, &password).await?;
            Ok(Reply::Page(routes::appliance(added)))
        })
        .await
}

/// The element that a try's result stands at: the first field that is wrong, else the answer.
fn beside(errors: &FieldErrors) -> Option<&'static str> {
    let fields =
        ["title", "address", "user", "password", "connect", "via", "second_address", "second_connect", "second_via"];
    let wrong = fields.into_iter().find(|field| errors.get(field).is_some());
    wrong.or_else(|| errors.get("").is_none().then_some(ANSWER))
}

#[server(prefix = "/rpc", endpoint = "retry_credential")]
pub async fn retry_credential(
    #[server(default)] token: String,
    #[server(default)] appliance: i64,
) -> Result<(), AppError> {
    let id = ApplianceId(appliance);
    let submission = Submission::new(format!("retry:{id}"), token, routes::appliance(id), &())?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission
        .finish(async move { services.appliances().retry_credential(&cx, id).await.map(|()| routes::appliance(id)) })
        .await
}
