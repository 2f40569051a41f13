//! The forms of somebody who is not signed in: what could not be taken goes back into their own browser as a sealed
//! cookie, so that nobody fills our disk before anybody knows who it is.

use crate::{cookies::Cookies, visitor::Visitor};
use leptos::prelude::use_context;
use model::fields::Typed;
use services::{Failure, Services};

const SECONDS: u32 = 600;

/// For the form's next drawing.
pub fn keep(services: &Services, form: &str, typed: Typed) -> Result<(), Failure> {
    set(&services.forms().hand_out(form, typed)?, SECONDS);
    Ok(())
}

/// What the browser brought back.
pub fn kept(services: &Services, visitor: &Visitor, form: &str) -> Option<Typed> {
    services.forms().handed_back(form, visitor.typed.as_deref()?)
}

/// It was taken.
pub fn forget(visitor: &Visitor) {
    if visitor.typed.is_some() {
        set("", 0);
    }
}

fn set(word: &str, seconds: u32) {
    if let Some(cookies) = use_context::<Cookies>() {
        cookies.set(cookies.typed(), word, Some(seconds));
    }
}
