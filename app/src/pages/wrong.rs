//! Pages that say why there is no other.

use crate::{pages::layout::Page, routes, ui::prose::prose, visitor::Visitor};
use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use services::Failure;

fn status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// No route has this address.
#[component]
pub fn NoPage() -> impl IntoView {
    status(StatusCode::NOT_FOUND);
    view! {
        <Page title="Not found">
            <h1>"There is no such page"</h1>
            <p>"The address may be mistyped, or from an older version."</p>
            <p>
                <a href=routes::HOME>"All clusters"</a>
            </p>
        </Page>
    }
}

/// The page's data could not be had.
pub fn page(failure: &Failure) -> impl IntoView + use<> {
    let request = Visitor::current().map(|visitor| visitor.origin.request).unwrap_or_default();
    let (code, title, sentence) = match failure {
        Failure::NotFound(_) => (StatusCode::NOT_FOUND, "Not found", failure.to_string()),
        Failure::Forbidden(_) => (StatusCode::FORBIDDEN, "Not allowed", failure.to_string()),
        Failure::Refused(refusal) => {
            let code = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::CONFLICT);
            (code, "Not possible now", refusal.sentence())
        }
        Failure::Fields(_) | Failure::Untrusted { .. } => {
            (StatusCode::CONFLICT, "Not possible now", failure.to_string())
        }
        Failure::Unreadable(sentence) => (StatusCode::INTERNAL_SERVER_ERROR, "Cannot be read", sentence.clone()),
        Failure::Unwritten(trouble) => (StatusCode::SERVICE_UNAVAILABLE, "Not possible now", trouble.sentence()),
        Failure::Internal(sentence) => {
            tracing::error!(request.id = %request, "A page could not be drawn: {sentence}");
            let told =
                format!("Gatehouse could not read its own data. The server's log says why under request {request}.");
            (StatusCode::INTERNAL_SERVER_ERROR, "Something is wrong", told)
        }
    };
    status(code);
    view! {
        <Page title=title>
            <h1>{title}</h1>
            <p>{prose(&sentence)}</p>
            <p>
                <a href=routes::HOME>"All clusters"</a>
            </p>
        </Page>
    }
}
