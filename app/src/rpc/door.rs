//! What most doors for operators are: one form, one use case, one page to go to.

use super::{Finished, Reply, Submission, writer};
use crate::error::AppError;
use serde::Serialize;
use services::{Failure, Services, WriteCx};
use std::future::Future;

/// A form of somebody who may operate. `name` is the form's, `back` its page, `typed` what a failing form keeps, without
/// secrets; `work` says where it led.
pub fn operated<W, R>(
    name: String,
    token: String,
    back: String,
    typed: &impl Serialize,
    work: impl FnOnce(Services, WriteCx) -> W,
) -> Result<Finished, AppError>
where
    W: Future<Output = Result<R, Failure>> + Send + 'static,
    R: Into<Reply> + 'static,
{
    // The form first: of somebody whose session has ended it keeps what was typed.
    let submission = Submission::new(name, token, back, typed)?;
    let cx = writer()?;
    let work = work(submission.services.clone(), cx);
    Ok(submission.finish(work))
}
