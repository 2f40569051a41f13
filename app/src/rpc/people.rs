//! Signing in and out, and the first person of all.

use super::Submission;
use crate::{
    cookies::Cookies,
    error::AppError,
    routes,
    visitor::{self, Visitor},
};
use leptos::prelude::*;
use services::{Failure, SignedIn};

/// A browser that somebody signed in with is known for this long.
const DEVICE_SECONDS: u32 = 90 * 24 * 3_600;

/// Nothing typed is kept: before sign-in, a password may stand in any field.
fn begin(signed_in: Result<SignedIn, Failure>, then: &str) -> Result<String, Failure> {
    let (signed_in, cookies) = (signed_in?, expect_context::<Cookies>());
    cookies.set_session(&signed_in.token);
    cookies.set(cookies.device(), &signed_in.device, Some(DEVICE_SECONDS));
    Ok(then.to_owned())
}

#[server(prefix = "/rpc", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] token: String,
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] to: String,
) -> Result<(), AppError> {
    // It comes from an address that anybody may have made: only a page of ours counts.
    let then = routes::own_path(&to).map(str::to_owned);
    let back = routes::sign_in(then.as_deref());
    let submission = Submission::new("sign-in", token, back, &())?.repeatable();
    let (services, visitor) = (submission.services.clone(), Visitor::current().ok_or(AppError::SignedOut)?);
    submission
        .finish(async move {
            let signed_in = services.sessions().sign_in(&visitor.origin, &name, &password).await;
            begin(signed_in, then.as_deref().unwrap_or(routes::HOME))
        })
        .await
}

#[server(prefix = "/rpc", endpoint = "first_use")]
pub async fn first_use(
    #[server(default)] token: String,
    #[server(default)] once: String,
    #[server(default)] name: String,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    // The one-time token acts once by itself; a form's token would be a row on disk for whoever sends one.
    let submission = Submission::new("first-use", token, routes::FIRST_USE.to_owned(), &())?.repeatable();
    let (services, visitor) = (submission.services.clone(), Visitor::current().ok_or(AppError::SignedOut)?);
    submission
        .finish(async move {
            begin(services.people().first_use(&visitor.origin, &once, &name, &password).await, routes::HOME)
        })
        .await
}

#[server(prefix = "/rpc", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    let cx = super::reader()?;
    visitor::services().sessions().sign_out(&cx).await.map_err(super::internal)?;
    let cookies = expect_context::<Cookies>();
    cookies.set(cookies.session(), "", Some(0));
    leptos_axum::redirect(routes::SIGN_IN);
    Ok(())
}
