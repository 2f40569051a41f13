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
use services::{Failure, SignedIn};

/// How our cookies are called and guarded; decided by the server, which knows whether it is reached by TLS.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    pub secure: bool,
}

/// A browser that somebody signed in with is known for this long.
const DEVICE_SECONDS: u32 = 90 * 24 * 3_600;

impl Cookies {
    /// The prefix makes a browser refuse the cookie from anywhere but this host over TLS.
    fn named(self, plain: &'static str, prefixed: &'static str) -> &'static str {
        if self.secure { prefixed } else { plain }
    }

    /// The session's token.
    pub fn session(self) -> &'static str {
        self.named("gatehouse", "__Host-gatehouse")
    }

    /// Before sign-in a browser is told apart by this, so that a form that failed keeps what was typed.
    pub fn browser(self) -> &'static str {
        self.named("gatehouse-browser", "__Host-gatehouse-browser")
    }

    /// Whom the browser has been signed in as.
    pub fn device(self) -> &'static str {
        self.named("gatehouse-device", "__Host-gatehouse-device")
    }

    /// What a form before sign-in left in the browser, sealed.
    pub fn typed(self) -> &'static str {
        self.named("gatehouse-typed", "__Host-gatehouse-typed")
    }

    /// For our own pages alone, never for scripts. Without an age it goes with the browser.
    pub fn value(self, name: &str, value: &str, age: Option<u32>) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let age = age.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
    }

    fn set(self, name: &str, value: &str, age: Option<u32>) {
        if let (Some(response), Some(value)) = (use_context::<ResponseOptions>(), self.value(name, value, age)) {
            response.append_header(header::SET_COOKIE, value);
        }
    }

    /// The session goes on under another token.
    pub fn set_session(self, token: &str) {
        self.set(self.session(), token, None);
    }
}

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
    // The one-time token acts once by itself; a form's token would be a row on disk for whoever sends one.
    let submission = Submission::new("first-use", token, routes::FIRST_USE.to_owned(), &())?.repeatable();
    let (services, visitor) = (submission.services.clone(), Visitor::current().ok_or(AppError::SignedOut)?);
    submission
        .finish(async move { begin(services.first_use(&visitor.origin, &once, &name, &password).await, routes::HOME) })
        .await
}

#[server(prefix = "/rpc", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    let cx = visitor::reader().inspect_err(|_| status(StatusCode::UNAUTHORIZED))?;
    visitor::services().sign_out(&cx).await.map_err(super::internal)?;
    let cookies = expect_context::<Cookies>();
    cookies.set(cookies.session(), "", Some(0));
    leptos_axum::redirect(routes::SIGN_IN);
    Ok(())
}
