//! A form that was refused is answered in words, not in the data that a program would want.

use crate::http::router::Site;
use app::error::AppError;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

pub async fn in_words(State(site): State<Site>, request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let form =
        request.method() == Method::POST && request.uri().path().starts_with("/rpc/") && accepts.contains("text/html");
    let response = next.run(request).await;
    let (title, error) = match response.status() {
        StatusCode::FORBIDDEN if form => ("Not allowed", AppError::Forbidden),
        StatusCode::NOT_FOUND if form => ("Not found", AppError::NotFound),
        _ => return response,
    };
    site.said(response.status(), title, &error.sentence())
}
