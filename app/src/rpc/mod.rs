//! The doors through which forms come in: read the form, call one method of `services`, say where to go.
//!
//! A form that cannot be taken is kept as the sender's draft with a sentence for each field, and the sender goes back
//! to its page; one that was taken leads to what it made. Sent twice, it acts once. To add a door: a function here
//! whose body is one `submit`, its page's form, and a line in the walk over all routes (`server/tests`).

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
use model::FieldErrors;
use serde::Serialize;
use services::{AdminCx, Failure, Once, OwnForm, ReadCx, Services, WriteCx};
use std::{collections::BTreeMap, future::Future, pin::Pin};
use visitor::{Described, Visitor};

/// A form being dealt with. Boxed: what a use case holds while it waits is kilobytes.
pub type Finished = Pin<Box<dyn Future<Output = Result<(), AppError>> + Send>>;

/// One form on its way in.
pub struct Submission {
    pub services: Services,
    pub form: OwnForm,
    pub token: String,
    /// The form's page.
    pub back: String,
    /// What was typed, without secrets.
    pub values: BTreeMap<String, String>,
    once: bool,
    /// Which element of the form's page its errors stand at.
    beside: fn(&FieldErrors) -> Option<&'static str>,
}

impl Submission {
    /// `typed` must not hold secrets: it is what a failing form keeps.
    pub fn new(name: impl Into<String>, token: String, back: String, typed: &impl Serialize) -> Result<Self, AppError> {
        let visitor = Visitor::current().ok_or(AppError::SignedOut)?;
        let form = OwnForm { owner: visitor.owner(), name: name.into() };
        if let Some(lapsed) = &visitor.lapsed {
            // Nothing more is done for them; what they typed is kept by whoever turns them away.
            let described = Described { name: form.name.clone(), back: back.clone(), values: values(typed) };
            let _ = lapsed.form.set(described);
        }
        Ok(Self {
            services: visitor::services(),
            form,
            token,
            back,
            values: values(typed),
            once: true,
            beside: |_| None,
        })
    }

    /// Does the work once and leads on. `Ok` holds the page to go to.
    pub fn finish(self, work: impl Future<Output = Result<String, Failure>> + Send + 'static) -> Finished {
        // A browser that goes away (a second click, a closed tab) drops the request; what was begun is finished all the
        // same, in a task of its own.
        let task = tokio::spawn(ScopedFuture::new(self.dealt_with(work)));
        Box::pin(async move {
            task.await
                .unwrap_or_else(|error| Err(internal(Failure::Internal(format!("A form's task ended: {error}.")))))
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

    async fn dealt_with(self, work: impl Future<Output = Result<String, Failure>>) -> Result<(), AppError> {
        let (result, admitted) = match self.admit().await {
            Ok(Some(path)) => {
                redirect(&path);
                return Ok(());
            }
            Ok(None) => (work.await, true),
            Err(failure) => (Err(failure), false),
        };
        let path = match result {
            Ok(path) => {
                self.forget().await.map_err(internal)?;
                path
            }
            // Nothing of the form can be kept either.
            Err(failure @ (Failure::Internal(_) | Failure::Unwritten(_))) => return Err(internal(failure)),
            Err(Failure::Forbidden(_)) => return Err(forbidden()),
            Err(Failure::NotFound(_)) => return Err(not_found()),
            Err(failure) => {
                let errors = match failure {
                    Failure::Fields(errors) => errors,
                    other => FieldErrors::one("", other.to_string()),
                };
                let place = (self.beside)(&errors).map(|element| format!("#{element}")).unwrap_or_default();
                self.keep(errors).await.map_err(internal)?;
                format!("{}{place}", self.back)
            }
        };
        // A token that was not taken is known nowhere, so there is nothing to remember beside it.
        if self.once && admitted {
            self.services.form_led_to(&self.token, &path).await.map_err(internal)?;
        }
        redirect(&path);
        Ok(())
    }

    /// What was typed and why it cannot stay, until the form's page shows it.
    async fn keep(&self, errors: FieldErrors) -> Result<(), Failure> {
        match Visitor::current().and_then(|visitor| visitor.cx) {
            Some(_) => self.services.keep_draft(&self.form, self.values.clone(), errors).await,
            None => stranger::keep(&self.services, &self.form.name, self.values.clone(), errors),
        }
    }

    async fn forget(&self) -> Result<(), Failure> {
        match Visitor::current() {
            Some(visitor) if visitor.cx.is_none() => {
                stranger::forget(&visitor);
                Ok(())
            }
            _ => self.services.forget_draft(&self.form).await,
        }
    }

    /// `Some`: it was sent before and led there.
    async fn admit(&self) -> Result<Option<String>, Failure> {
        if !self.once {
            return Ok(None);
        }
        let door = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
        Ok(match self.services.use_form_token(&self.token, &door, Visitor::current_person()).await? {
            Once::Fresh => None,
            Once::Again(path) => Some(path.unwrap_or_else(|| self.back.clone())),
        })
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
