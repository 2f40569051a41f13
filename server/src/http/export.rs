//! The log as a file.

use crate::http::{refusals, said::Told, site::Site};
use app::visitor::Visitor;
use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::stream;
use model::log::LogForm;
use services::Failure;
use std::io;

/// `GET /audit.csv?person=ada`: the filters of the log's page. Sent part by part as it is read.
pub async fn csv(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    asked: Result<Query<LogForm>, QueryRejection>,
) -> Response {
    let Ok(Query(form)) = asked else { return refusals::unreadable(&site, &Told::default()) };
    let Some(cx) = visitor.cx else { return StatusCode::UNAUTHORIZED.into_response() };
    let begun = match cx.exporter() {
        Ok(cx) => site.services.log().export(&cx, &form).await,
        Err(failure) => Err(failure),
    };
    let export = match begun {
        Ok(export) => export,
        Err(failure) => return refused(failure, cx.request()),
    };
    let headers: [(HeaderName, String); 2] = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".into()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", export.file_name)),
    ];
    let parts = stream::try_unfold(export, |mut export| async move {
        match export.next_part().await {
            Ok(part) => Ok(part.map(|bytes| (Bytes::from(bytes), export))),
            // The connection is cut: whoever fetches sees that the file is not whole.
            Err(failure) => {
                tracing::warn!("{failure}");
                Err(io::Error::other(failure))
            }
        }
    });
    (headers, Body::from_stream(parts)).into_response()
}

fn refused(failure: Failure, request: &str) -> Response {
    let (status, sentence) = match failure {
        Failure::Forbidden(sentence) => (StatusCode::FORBIDDEN, sentence),
        Failure::Fields(errors) => (StatusCode::BAD_REQUEST, errors.0.into_values().collect::<Vec<_>>().join(" ")),
        Failure::Untrusted { .. } => (StatusCode::CONFLICT, failure.to_string()),
        Failure::NotFound(_) => (StatusCode::NOT_FOUND, failure.to_string()),
        Failure::Refused(refusal) => {
            (StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::CONFLICT), refusal.sentence())
        }
        Failure::Unreadable(sentence) => (StatusCode::INTERNAL_SERVER_ERROR, sentence),
        Failure::Unwritten(trouble) => (StatusCode::SERVICE_UNAVAILABLE, trouble.sentence()),
        Failure::Internal(sentence) => {
            tracing::error!(request.id = %request, "The log could not be exported: {sentence}");
            let told = format!("The log could not be read. The server's log says why under request {request}.");
            (StatusCode::INTERNAL_SERVER_ERROR, told)
        }
    };
    (status, sentence).into_response()
}
