//! The team: add people, change what they may do, let them in or not.

use super::{Reply, Submission, admin};
use crate::{error::AppError, routes};
use leptos::prelude::*;
use model::{PersonId, fields::FormAnswer, person::RightsForm};
use serde::Serialize;

/// A new person as typed, without the password.
#[derive(Serialize)]
struct Typed {
    name: String,
    #[serde(flatten)]
    rights: RightsForm,
}

/// A list of ticked boxes as one value, so that it is kept like any other.
fn rights(role: String, scope: String, clusters: &[String]) -> RightsForm {
    RightsForm { role, scope, clusters: clusters.join(",") }
}

#[server(prefix = "/rpc", endpoint = "add_person")]
pub async fn add_person(
    #[server(default)] token: String,
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] role: String,
    #[server(default)] scope: String,
    #[server(default)] clusters: Vec<String>,
) -> Result<(), AppError> {
    let typed = Typed { name, rights: rights(role, scope, &clusters) };
    let submission = Submission::new(routes::PERSON_FORM, token, routes::TEAM_NEW.to_owned(), &typed)?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission
        .finish(
            async move { services.team().add(&cx, &typed.name, &typed.rights, &password).await.map(routes::person) },
        )
        .await
}

#[server(prefix = "/rpc", endpoint = "change_rights")]
pub async fn change_rights(
    #[server(default)] token: String,
    #[server(default)] person: i64,
    #[server(default)] role: String,
    #[server(default)] scope: String,
    #[server(default)] clusters: Vec<String>,
) -> Result<(), AppError> {
    let id = PersonId(person);
    let typed = rights(role, scope, &clusters);
    let submission = Submission::new(routes::rights_form(id), token, routes::person(id), &typed)?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission
        .finish(async move { services.team().change_rights(&cx, id, &typed).await.map(|()| routes::person(id)) })
        .await
}

#[server(prefix = "/rpc", endpoint = "set_password")]
pub async fn set_password(
    #[server(default)] token: String,
    #[server(default)] person: i64,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    let id = PersonId(person);
    let submission = Submission::new(routes::set_password_form(id), token, routes::person(id), &())?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            services.team().set_password(&cx, id, &password).await?;
            let done = "The new password is set, and all sessions of this person have ended.";
            Ok(Reply::Beside(FormAnswer::Done(done.into())))
        })
        .await
}

#[server(prefix = "/rpc", endpoint = "disable_person")]
pub async fn disable_person(#[server(default)] token: String, #[server(default)] person: i64) -> Result<(), AppError> {
    let id = PersonId(person);
    let submission = Submission::new(routes::state_form(id), token, routes::person(id), &())?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission.finish(async move { services.team().disable(&cx, id).await.map(|()| routes::person(id)) }).await
}

#[server(prefix = "/rpc", endpoint = "enable_person")]
pub async fn enable_person(#[server(default)] token: String, #[server(default)] person: i64) -> Result<(), AppError> {
    let id = PersonId(person);
    let submission = Submission::new(routes::state_form(id), token, routes::person(id), &())?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission.finish(async move { services.team().enable(&cx, id).await.map(|()| routes::person(id)) }).await
}

/// One session of somebody's; without `session`, all of them.
#[server(prefix = "/rpc", endpoint = "end_session")]
pub async fn end_session(
    #[server(default)] token: String,
    #[server(default)] person: i64,
    #[server(default)] session: String,
) -> Result<(), AppError> {
    let id = PersonId(person);
    let submission = Submission::new(routes::state_form(id), token, routes::person(id), &())?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            if session.is_empty() {
                services.team().end_sessions(&cx, id).await?;
            } else {
                services.team().end_session(&cx, id, &session).await?;
            }
            Ok(routes::person(id))
        })
        .await
}

/// A sign-in that waits after wrong passwords may be tried again at once.
#[server(prefix = "/rpc", endpoint = "lift_delay")]
pub async fn lift_delay(#[server(default)] token: String, #[server(default)] delay: i64) -> Result<(), AppError> {
    let submission = Submission::new(routes::DELAYS_FORM, token, routes::TEAM.to_owned(), &())?;
    let cx = admin()?;
    let services = submission.services.clone();
    submission.finish(async move { services.delays().lift(&cx, delay).await.map(|()| routes::TEAM.to_owned()) }).await
}
