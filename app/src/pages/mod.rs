//! Pages: fetch, compose, draw. What to say and in which tone is decided by `model` and `services`.

pub mod account;
pub mod appliances;
pub mod audit;
pub mod clusters;
pub mod home;
pub mod layout;
pub mod listing;
pub mod nodes;
pub mod outage;
pub mod people;
pub mod plans;
pub mod remains;
pub mod router;
pub mod runs;
pub mod setup;
pub mod switches;
pub mod team;
pub mod wrong;

use crate::{
    error::AppError,
    stranger,
    ui::field::Filled,
    visitor::{self, Visitor},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::fields::{FormAnswer, Typed};
use services::{Failure, ReadCx, Services};
use std::{future::Future, str::FromStr};

/// Loads, then draws the page, or the page that says why there is none.
pub fn loaded<T, V>(
    load: impl Future<Output = Result<T, Failure>> + Send + 'static,
    draw: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    Suspend::new(async move {
        match load.await {
            Ok(data) => draw(data).into_any(),
            Err(failure) => wrong::page(&failure).into_any(),
        }
    })
}

/// Console and reader of the request that is being answered.
pub fn asked() -> Result<(Services, ReadCx), Failure> {
    let cx = visitor::reader().ok_or_else(|| Failure::Forbidden(AppError::SignedOut.sentence()))?;
    Ok((visitor::services(), cx))
}

/// A number from the path. Nonsense is "not found", like a number that nobody has.
pub fn param<T: FromStr>(name: &str, what: &'static str) -> Result<T, Failure> {
    use_params_map()
        .try_get_untracked()
        .and_then(|params| params.get(name))
        .and_then(|text| text.parse().ok())
        .ok_or(Failure::NotFound(what))
}

/// What a form shows: the reader's draft before what is stored.
pub async fn filled(name: &str, stored: Typed) -> Result<Filled, Failure> {
    let Some(visitor) = Visitor::current() else { return Ok(Filled::new(None, stored)) };
    let services = visitor::services();
    Ok(Filled::new(
        match &visitor.cx {
            Some(cx) => services.forms().typed(cx, name).await?,
            None => stranger::kept(&services, &visitor, name),
        },
        stored,
    ))
}

/// What stood in the way of a button: said once, on the page that it leads back to.
pub async fn problem(name: &str) -> Result<Option<String>, Failure> {
    let Some(cx) = visitor::reader() else { return Ok(None) };
    let services = visitor::services();
    let kept = services.forms().typed(&cx, name).await?;
    if kept.is_some() {
        services.forms().forget(&cx, name).await?;
    }
    Ok(kept.and_then(|kept| kept.errors.get("").map(str::to_owned)))
}

/// What was typed beside a button and why it cannot stay, told once as well: the page shows what is now.
pub async fn told_once(name: &str) -> Result<Filled, Failure> {
    let filled = filled(name, Typed::default()).await?;
    if let Some(cx) = visitor::reader() {
        visitor::services().forms().forget(&cx, name).await?;
    }
    Ok(filled)
}

/// That a form's work is done, told once: the page that shows it forgets it.
pub async fn done(name: &str, filled: &Filled) -> Result<Option<String>, Failure> {
    let Some(FormAnswer::Done(sentence)) = &filled.kept.answer else { return Ok(None) };
    if let Some(cx) = visitor::reader() {
        visitor::services().forms().forget(&cx, name).await?;
    }
    Ok(Some(sentence.clone()))
}

/// A form's struct as the values of its fields.
pub fn stored(form: &impl serde::Serialize) -> Typed {
    let json = serde_json::to_value(form).unwrap_or_default();
    let fields = json.as_object().into_iter().flatten();
    let values = fields.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect();
    Typed { values, ..Typed::default() }
}
