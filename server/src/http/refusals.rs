//! A form that was refused is answered in words, not in the data that a program would want.

use app::error::AppError;
use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

pub async fn in_words(request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let form =
        request.method() == Method::POST && request.uri().path().starts_with("/rpc/") && accepts.contains("text/html");
    let response = next.run(request).await;
    let error = match response.status() {
        StatusCode::FORBIDDEN if form => AppError::Forbidden,
        StatusCode::NOT_FOUND if form => AppError::NotFound,
        _ => return response,
    };
    (response.status(), error.sentence()).into_response()
}
