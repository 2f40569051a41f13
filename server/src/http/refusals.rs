//! What was not done: answered in words, never in the data that a program would want, and told of in the log.

use crate::http::{requests, said::Told, sessions, site::Site};
use app::{error::AppError, routes};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use services::{ReadCx, Refused};

/// An error of a door as it is written by `server_fn`.
const LONGEST: usize = 4_096;

/// The library would lead whoever sent a form back to where their browser says they came from, with the error in the
/// address. It is said where it happened instead, and nobody is led anywhere that is not ours.
pub async fn in_words(State(site): State<Site>, request: Request, next: Next) -> Response {
    let accepts = requests::header_text(request.headers(), header::ACCEPT.as_str());
    let (page, told) = (accepts.contains("text/html"), Told::of(&request));
    let door = request.uri().path().starts_with("/rpc/");
    let reads = is_read(request.method());
    let mut response = next.run(request).await;
    if door && response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        let error = error(response).await;
        return if page {
            site.said_of(&told, error.status(), error.title(), &error.sentence())
        } else {
            (error.status(), axum::Json(error)).into_response()
        };
    }
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED if page => {
            let sentence = "Nothing is read or changed in this way here. Open the page and use what it offers.";
            let allowed = response.headers().get(header::ALLOW).cloned();
            let mut said = site.said_of(&told, StatusCode::METHOD_NOT_ALLOWED, "Not possible", sentence);
            said.headers_mut().extend(allowed.map(|methods| (header::ALLOW, methods)));
            said
        }
        // Of the library again: it tells how the program is built.
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND if door => {
            let error = if reads { AppError::NotFound } else { AppError::Malformed };
            let status = response.status();
            site.said_of(&told, status, error.title(), &error.sentence())
        }
        _ => {
            if door {
                leads_to_ours(response.headers_mut());
            }
            response
        }
    }
}

async fn error(response: Response) -> AppError {
    let unreadable = || AppError::Internal { request: String::new() };
    let bytes = to_bytes(response.into_body(), LONGEST).await.unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_else(|_| unreadable())
}

/// Our doors lead to paths; where one forgot to, its answer would lead to whatever `Referer` said.
fn leads_to_ours(headers: &mut HeaderMap) {
    let ours = |value: &HeaderValue| {
        value.to_str().is_ok_and(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'))
    };
    if headers.get(header::LOCATION).is_some_and(|value| !ours(value)) {
        headers.insert(header::LOCATION, HeaderValue::from_static(routes::HOME));
    }
}

fn is_read(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// What would have changed something and was not let has a record and a line in the log; how many of them, the services
/// decide, for strangers cause them.
pub async fn recorded(State(site): State<Site>, request: Request, next: Next) -> Response {
    if is_read(request.method()) {
        return next.run(request).await;
    }
    let (origin, token) = (requests::origin(&request), sessions::token(&site, request.headers()));
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() {
        return response;
    }
    let door = crate::http::doors::all().into_iter().find(|door| *door == path);
    let reader = match token {
        // Who cannot be looked up is a stranger.
        Some(token) => site.services.sessions().visitor(&token, origin.clone()).await.ok().flatten(),
        None => None,
    };
    let person = reader.as_ref().map(ReadCx::person);
    match site.services.refusals().note(&origin, person, Refused { door, status: status.as_u16() }).await {
        Ok(true) => {
            let name = person.map_or("somebody not signed in", |person| person.name.as_str());
            let door = door.unwrap_or("an address where there is no form");
            tracing::warn!(status = status.as_u16(), from = %origin.from, "A request by {name} to {door} was refused.");
        }
        Ok(false) => {}
        Err(failure) => tracing::error!("That a request was refused could not be written down: {failure}"),
    }
    response
}

/// For what is no door: an address that its own extractor cannot read.
pub fn unreadable(site: &Site, told: &Told) -> Response<Body> {
    let sentence = "A part of this address cannot be read. It may have been cut off or mistyped; open the page from its \
         link again.";
    site.said_of(told, StatusCode::BAD_REQUEST, "Not understood", sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        let led = |to: &str| {
            let mut headers = HeaderMap::from_iter([(header::LOCATION, HeaderValue::from_str(to).unwrap())]);
            leads_to_ours(&mut headers);
            headers[header::LOCATION].to_str().unwrap().to_owned()
        };
        for ours in ["/", "/clusters/1#nodes", "/sign-in?to=/audit"] {
            assert_eq!(led(ours), ours);
        }
        for theirs in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""] {
            assert_eq!(led(theirs), "/", "{theirs}");
        }
    }
}
