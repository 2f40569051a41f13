//! Who is asking: resolved once, before any page or form sees the request.

use crate::http::{assets, router::Site};
use app::{routes, visitor::Visitor};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use services::Origin;
use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
};
use tracing::Instrument;

/// Before sign-in a browser is told apart by this cookie, so that a form that failed keeps what was typed.
const BROWSER: &str = "gatehouse-browser";

/// What anybody may ask for.
fn open(path: &str) -> bool {
    [routes::SIGN_IN, routes::FIRST_USE, "/rpc/sign_in", "/rpc/first_use", "/health"].contains(&path)
}

/// Counts requests; with the process's start it makes an id that stands in the log and on error pages.
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// Puts the [`Visitor`] into the request. Who is not signed in comes no further than the sign-in page; a form of
/// theirs is answered with 401.
pub async fn resolve(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with(assets::PATH) {
        // The same for everybody, and several for each page: nobody has to be looked up.
        return next.run(request).await;
    }
    let id = format!("{}-{}", site.started, REQUESTS.fetch_add(1, Ordering::Relaxed));
    let span = tracing::info_span!("request", request.id = %id, http.path = %path);
    async move {
        let origin = Origin {
            from: from(&request),
            request: id,
            agent: header_text(request.headers(), header::USER_AGENT.as_str()),
        };
        let token = cookie(request.headers(), site.cookie.name);
        let cx = match &token {
            None => None,
            Some(token) => match site.services.visitor(token, origin.clone()).await {
                Ok(cx) => cx,
                Err(failure) => {
                    tracing::error!("Who is asking could not be looked up: {failure}");
                    // Why stands in the log, under the request's number; strangers are told nothing of our disk.
                    let sentence = "Who is asking could not be looked up just now. Try again; if it stays, look into the program's log.";
                    return site.said(StatusCode::SERVICE_UNAVAILABLE, "Not now", sentence);
                }
            },
        };
        if cx.is_none() && !open(&path) {
            return turned_away(&site, request.method(), &path).await;
        }
        let ended = match (&cx, token) {
            (None, Some(token)) => site.services.session_end(&token).await.unwrap_or_else(|failure| {
                tracing::error!("Why a session ended could not be looked up: {failure}");
                None
            }),
            _ => None,
        };
        let known = cookie(request.headers(), BROWSER);
        let fresh = if cx.is_none() && known.is_none() { site.services.form_token().ok() } else { None };
        let browser = known.or_else(|| fresh.clone()).unwrap_or_default();
        request.extensions_mut().insert(Visitor { cx, browser, origin, ended });
        let mut response = next.run(request).await;
        if let Some(value) = fresh
            .and_then(|token| HeaderValue::from_str(&format!("{BROWSER}={token}; Path=/; HttpOnly; SameSite=Lax")).ok())
        {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// A reader is shown where to sign in; a form gets its refusal, so that nothing is thought to be done.
async fn turned_away(site: &Site, method: &Method, path: &str) -> Response {
    if method != Method::GET && method != Method::HEAD {
        let sentence = "You are not signed in, or no longer. Nothing was changed. Open Gatehouse and sign in.";
        return site.said(StatusCode::UNAUTHORIZED, "Not signed in", sentence);
    }
    if site.services.nobody_yet().await.unwrap_or(false) {
        return Redirect::to(routes::FIRST_USE).into_response();
    }
    // The path alone comes along: what was typed into a page stays out of addresses.
    Redirect::to(&routes::sign_in(routes::own_path(path))).into_response()
}

fn from(request: &Request) -> String {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string()).unwrap_or_default()
}

fn header_text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}
