//! One's own account.

use super::{Reply, Submission, reader};
use crate::{cookies::Cookies, error::AppError, routes};
use leptos::prelude::*;
use model::fields::FormAnswer;

#[server(prefix = "/rpc", endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] token: String,
    #[server(default)] old: String,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    let submission = Submission::new(routes::PASSWORD_FORM, token, routes::ACCOUNT.to_owned(), &())?;
    let cx = reader()?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            let token = services.account().change_password(&cx, &old, &password).await?;
            expect_context::<Cookies>().set_session(&token);
            let done = "Your password is changed, and your other sessions have ended.";
            Ok(Reply::Beside(FormAnswer::Done(done.into())))
        })
        .await
}

/// One of one's own sessions; without `session`, all but the present one.
#[server(prefix = "/rpc", endpoint = "end_own_session")]
pub async fn end_own_session(
    #[server(default)] token: String,
    #[server(default)] session: String,
) -> Result<(), AppError> {
    let submission = Submission::new(routes::SESSIONS_FORM, token, routes::ACCOUNT.to_owned(), &())?;
    let cx = reader()?;
    let services = submission.services.clone();
    submission
        .finish(async move {
            if session.is_empty() {
                services.account().end_other_sessions(&cx).await?;
            } else {
                services.account().end_session(&cx, &session).await?;
            }
            Ok(routes::ACCOUNT.to_owned())
        })
        .await
}
