//! The forms of somebody who is not signed in: what could not be taken goes back into their own browser as a sealed
//! cookie, so that nobody fills our disk before anybody knows who it is.

use crate::{rpc::people::SessionCookie, visitor::Visitor};
use http::{HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use model::FieldErrors;
use services::{Failure, Kept, Services};
use std::collections::BTreeMap;

/// The cookie's name.
pub const COOKIE: &str = "gatehouse-typed";
const SECONDS: u32 = 600;

/// For the form's next drawing.
pub fn keep(
    services: &Services,
    form: &str,
    values: BTreeMap<String, String>,
    errors: FieldErrors,
) -> Result<(), Failure> {
    set(&services.hand_out(form, Kept { values, errors })?, SECONDS);
    Ok(())
}

/// What the browser brought back.
pub fn kept(services: &Services, visitor: &Visitor, form: &str) -> Option<Kept> {
    services.handed_back(form, visitor.typed.as_deref()?)
}

/// It was taken.
pub fn forget(visitor: &Visitor) {
    if visitor.typed.is_some() {
        set("", 0);
    }
}

fn set(word: &str, seconds: u32) {
    let secure = if use_context::<SessionCookie>().is_some_and(|cookie| cookie.secure) { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={word}; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age={seconds}");
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(header::SET_COOKIE, value);
    }
}
