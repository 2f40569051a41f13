//! Signing in and out, and the first person of all.

use super::{Submission, status};
use crate::{
    error::AppError,
    routes,
    visitor::{self, Visitor},
};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use serde::Serialize;
use services::{Failure, SignedIn};

/// How the session's cookie is called and guarded; decided by the server, which knows whether it is reached by TLS.
#[derive(Clone, Debug)]
pub struct SessionCookie {
    pub name: &'static str,
    pub secure: bool,
}

impl SessionCookie {
    fn set(&self, value: &str, age: Option<u32>) {
        let secure = if self.secure { "; Secure" } else { "" };
        let age = age.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", self.name);
        if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
            response.append_header(header::SET_COOKIE, value);
        }
    }
}

#[derive(Serialize)]
struct Named {
    name: String,
}

fn begin(signed_in: Result<SignedIn, Failure>, then: &str) -> Result<String, Failure> {
    let signed_in = signed_in?;
    expect_context::<SessionCookie>().set(&signed_in.token, None);
    Ok(then.to_owned())
}

#[server(prefix = "/rpc", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] token: String,
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] to: String,
) -> Result<(), AppError> {
    let typed = Named { name: name.clone() };
    // It comes from an address that anybody may have made: only a page of ours counts.
    let then = routes::own_path(&to).map(str::to_owned);
    let back = routes::sign_in(then.as_deref());
    let submission = Submission::new("sign-in", token, back, &typed)?.repeatable();
    let (services, visitor) = (submission.services.clone(), Visitor::current().ok_or(AppError::SignedOut)?);
    submission
        .finish(async move {
            let signed_in = services.sign_in(&visitor.origin, &name, &password).await;
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
    let typed = Named { name: name.clone() };
    // The one-time token acts once by itself; a form's token would be a row on disk for whoever sends one.
    let submission = Submission::new("first-use", token, routes::FIRST_USE.to_owned(), &typed)?.repeatable();
    let (services, visitor) = (submission.services.clone(), Visitor::current().ok_or(AppError::SignedOut)?);
    submission
        .finish(async move { begin(services.first_use(&visitor.origin, &once, &name, &password).await, routes::HOME) })
        .await
}

#[server(prefix = "/rpc", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    let cx = visitor::reader().inspect_err(|_| status(StatusCode::UNAUTHORIZED))?;
    visitor::services().sign_out(&cx).await.map_err(super::internal)?;
    expect_context::<SessionCookie>().set("", Some(0));
    leptos_axum::redirect(routes::SIGN_IN);
    Ok(())
}
