//! The doors through which forms come in: read the form, call one method of `services`, say where to go.
//!
//! A form that cannot be taken is kept as the sender's draft with a sentence for each field, and the sender goes back
//! to its page; one that was taken leads to what it made, or back to its page, which says the answer. That it acts to its end
//! and once is [`services::Acting::once`]; what is of this door alone is here: the form's token, its draft, where to go. To add a
//! door: a function here with a [`Submission`], its page's form, and a line in the walk over all routes (`server/tests`).

pub mod account;
pub mod appliances;
pub mod certificate;
pub mod clusters;
mod door;
pub mod editing;
mod multipart;
pub mod nodes;
pub mod people;
pub mod plans;
pub mod setup;
pub mod switches;
pub mod team;

use crate::{error::AppError, stranger, visitor};
use http::{StatusCode, request::Parts};
use leptos::{prelude::use_context, reactive::computed::ScopedFuture};
use leptos_axum::{ResponseOptions, redirect};
use model::{
    FieldErrors,
    appliance::{HalfField, Which},
    fields::{FormAnswer, Typed},
};
use serde::Serialize;
use services::{AdminCx, Failure, ReadCx, Services, WriteCx};
use std::{collections::BTreeMap, future::Future, pin::Pin};
use visitor::{Described, Visitor};

/// A form being dealt with. Boxed: what a use case holds while it waits is kilobytes.
pub type Finished = Pin<Box<dyn Future<Output = Result<(), AppError>> + Send>>;

/// What a form that was taken leads to.
pub enum Reply {
    /// A page.
    Page(String),
    /// The form's own, which says this beside it.
    Beside(FormAnswer),
}

impl From<String> for Reply {
    fn from(page: String) -> Self {
        Self::Page(page)
    }
}

/// One form on its way in.
pub struct Submission {
    pub services: Services,
    /// Its name: one person has one draft of it.
    pub form: String,
    token: String,
    /// The form's page.
    back: String,
    /// What was typed, without secrets.
    values: BTreeMap<String, String>,
    once: bool,
    /// Which element of the form's page its errors stand at.
    beside: fn(&FieldErrors) -> Option<&'static str>,
}

impl Submission {
    /// `typed` must not hold secrets: it is what a failing form keeps.
    pub fn new(name: impl Into<String>, token: String, back: String, typed: &impl Serialize) -> Result<Self, AppError> {
        let (form, values) = (name.into(), values(typed));
        let visitor = Visitor::current().ok_or(AppError::SignedOut)?;
        if let Some(lapsed) = &visitor.lapsed {
            // Nothing more is done for them; what they typed is kept by whoever turns them away.
            let described = Described { name: form.clone(), back: back.clone(), values: values.clone() };
            let _ = lapsed.form.set(described);
        }
        Ok(Self { services: visitor::services(), form, token, back, values, once: true, beside: |_| None })
    }

    /// Does the work to its end, and once, and leads on.
    pub fn finish<R: Into<Reply> + 'static>(
        self,
        work: impl Future<Output = Result<R, Failure>> + Send + 'static,
    ) -> Finished {
        Box::pin(async move {
            let path = self.dealt_with(work).await.map_err(answered)?;
            redirect(&path);
            Ok(())
        })
    }

    /// The form may be sent again: each sending has its own answer. For sign-in, whose answer is a cookie.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.once = false;
        self
    }

    /// A form that cannot be taken leads back to this element of its page, where the reason is seen.
    #[must_use]
    pub fn leads_back_to(mut self, beside: fn(&FieldErrors) -> Option<&'static str>) -> Self {
        self.beside = beside;
        self
    }

    /// Where to go.
    async fn dealt_with<R: Into<Reply> + 'static>(
        self,
        work: impl Future<Output = Result<R, Failure>> + Send + 'static,
    ) -> Result<String, Failure> {
        let (services, token, back) = (self.services.clone(), self.token.clone(), self.back.clone());
        let Some(cx) = visitor::reader().filter(|_| self.once) else {
            return services.acting().to_its_end(ScopedFuture::new(self.led(work))).await;
        };
        let door = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
        if let Err(failure) = services.forms().is_token(&token, &door, Some(cx.person().id)) {
            return self.not_taken(failure).await;
        }
        let answer = services.acting().once(&cx, token, ScopedFuture::new(self.led(work))).await?;
        Ok(answer.unwrap_or(back))
    }

    async fn led<R: Into<Reply>>(self, work: impl Future<Output = Result<R, Failure>>) -> Result<String, Failure> {
        match work.await.map(Into::into) {
            Ok(Reply::Page(path)) => {
                self.forget().await?;
                Ok(path)
            }
            Ok(Reply::Beside(answer)) => self.back_with(FieldErrors::default(), Some(answer)).await,
            Err(failure) => self.not_taken(failure).await,
        }
    }

    async fn not_taken(self, failure: Failure) -> Result<String, Failure> {
        let (errors, answer) = match failure {
            // Nothing of the form can be kept either, or is anybody's to see.
            Failure::Internal(_) | Failure::Unwritten(_) | Failure::Forbidden(_) | Failure::NotFound(_) => {
                return Err(failure);
            }
            Failure::Fields(errors) => (errors, None),
            Failure::Untrusted { which, sha256, problem } => {
                let beside = |sentence| FieldErrors::one(which.field(HalfField::Pin), sentence);
                let answer = match which {
                    Which::First => FormAnswer::Certificate(sha256),
                    Which::Second => FormAnswer::SecondCertificate(sha256),
                };
                (problem.map(beside).unwrap_or_default(), Some(answer))
            }
            other => (FieldErrors::one("", other.to_string()), None),
        };
        self.back_with(errors, answer).await
    }

    /// To the form's page, which shows what was typed and what is said of it; until then that is kept.
    async fn back_with(self, errors: FieldErrors, answer: Option<FormAnswer>) -> Result<String, Failure> {
        let place = (self.beside)(&errors).map(|element| format!("#{element}")).unwrap_or_default();
        let typed = Typed { values: self.values, errors, answer };
        match visitor::reader() {
            Some(cx) => self.services.forms().keep(&cx, &self.form, typed).await?,
            None => stranger::keep(&self.services, &self.form, typed)?,
        }
        Ok(format!("{}{place}", self.back))
    }

    async fn forget(&self) -> Result<(), Failure> {
        match Visitor::current() {
            Some(Visitor { cx: Some(cx), .. }) => self.services.forms().forget(&cx, &self.form).await?,
            Some(visitor) => stranger::forget(&visitor),
            None => {}
        }
        Ok(())
    }
}

/// May operate, or the answer is 403.
pub fn writer() -> Result<WriteCx, AppError> {
    reader()?.writer().map_err(|_| forbidden())
}

/// May administer, or the answer is 403.
pub fn admin() -> Result<AdminCx, AppError> {
    reader()?.admin().map_err(|_| forbidden())
}

/// Somebody signed in, or the answer is 401.
pub fn reader() -> Result<ReadCx, AppError> {
    visitor::reader().ok_or(AppError::SignedOut).inspect_err(|_| status(StatusCode::UNAUTHORIZED))
}

fn forbidden() -> AppError {
    status(StatusCode::FORBIDDEN);
    AppError::Forbidden
}

fn not_found() -> AppError {
    status(StatusCode::NOT_FOUND);
    AppError::NotFound
}

/// Leptos answers every error with 500 unless told otherwise.
fn status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// What is no matter of the form's page, as the answer to the request.
fn answered(failure: Failure) -> AppError {
    match failure {
        Failure::Forbidden(_) => forbidden(),
        Failure::NotFound(_) => not_found(),
        other => internal(other),
    }
}

/// Logs the failure once, under the request's id, and keeps its words from the browser.
fn internal(failure: Failure) -> AppError {
    let request = Visitor::current().map(|visitor| visitor.origin.request).unwrap_or_default();
    tracing::error!(request.id = %request, "A form could not be dealt with: {failure}");
    match failure {
        Failure::Unwritten(trouble) => {
            status(StatusCode::SERVICE_UNAVAILABLE);
            AppError::Unwritten { trouble }
        }
        _ => AppError::Internal { request },
    }
}

/// A form's struct as text by field.
fn values(typed: &impl Serialize) -> BTreeMap<String, String> {
    let json = serde_json::to_value(typed).unwrap_or_default();
    let fields = json.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect()
}
