//! Who is asking: resolved once, before any page or form sees the request.

use crate::{
    connections::Connection,
    http::{assets, requests, site::Site},
};
use app::{
    routes,
    visitor::{LapsedForm, Visitor},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use services::{Ended, Failure, Origin, Refused};
use std::sync::{Arc, OnceLock};

/// What anybody may ask for.
fn open(path: &str) -> bool {
    [routes::SIGN_IN, routes::FIRST_USE, "/rpc/sign_in", "/rpc/first_use", "/health"].contains(&path)
}

/// Puts the [`Visitor`] into the request. Who is not signed in comes no further than the sign-in page; a form of
/// theirs is answered with 401.
pub async fn resolve(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with(assets::PATH) {
        // The same for everybody, and several for each page: nobody has to be looked up.
        return next.run(request).await;
    }
    let cookies = site.cookies;
    let token = token(&site, request.headers());
    let origin = requests::origin(&request).presenting(token.as_deref(), cookie(request.headers(), cookies.device()));
    let mut cx = match &token {
        None => None,
        Some(token) => match site.services.sessions().visitor(token, origin.clone()).await {
            Ok(cx) => cx,
            Err(failure) => {
                tracing::error!("Who is asking could not be looked up: {failure}");
                // Why stands in the log, under the request's number; strangers are told nothing of our disk.
                let sentence = "Who is asking could not be looked up just now. Try again; if it stays, look into the program's log.";
                return site.said(StatusCode::SERVICE_UNAVAILABLE, "Not now", sentence);
            }
        },
    };
    if let Some(connection) = request.extensions().get::<Arc<Connection>>() {
        connection.is_known(cx.is_some());
    }
    let (ended, lapsed) = match (&cx, &token) {
        (None, Some(token)) => over(&site, token).await,
        _ => (None, None),
    };
    let returns = lapsed.is_some() && request.method() == Method::POST && path.starts_with("/rpc/");
    if cx.is_none() && !open(&path) && !returns {
        return turned_away(&site, request.method(), &path).await;
    }
    let renewed = match &mut cx {
        // A stream's answer begins long before it ends, and what it was begun with is good for a moment.
        Some(cx) if path != "/live" => site.services.sessions().renewed(cx).await.unwrap_or_else(|failure| {
            tracing::error!("A session could not be given another token: {failure}");
            None
        }),
        _ => None,
    };
    let typed = cookie(request.headers(), cookies.typed());
    let returning = lapsed.clone().filter(|_| cx.is_none() && !open(&path));
    request.extensions_mut().insert(Visitor { cx, origin: origin.clone(), ended, lapsed, typed });
    let mut response = next.run(request).await;
    if let Some(lapsed) = returning {
        return kept_for_return(&site, &lapsed, (&origin, &path), response).await;
    }
    // Whoever signs out or in with this very request has the last word.
    let spoken = response.headers().contains_key(header::SET_COOKIE);
    let renewed = renewed.filter(|_| !spoken).and_then(|token| cookies.value(cookies.session(), &token, None));
    if let Some(value) = renewed {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The session's token, as the browser has it.
pub fn token(site: &Site, headers: &HeaderMap) -> Option<String> {
    cookie(headers, site.cookies.session())
}

/// Why the session is over, and whose it was, if they may come in again.
async fn over(site: &Site, token: &str) -> (Option<Ended>, Option<Arc<LapsedForm>>) {
    let look = async {
        let Some(ended) = site.services.sessions().end_of(token).await? else { return Ok((None, None)) };
        let lapsed = site.services.sessions().lapsed(token, &ended).await?;
        Ok((Some(ended), lapsed.map(|who| Arc::new(LapsedForm { who, form: OnceLock::new() }))))
    };
    look.await.unwrap_or_else(|failure: Failure| {
        tracing::error!("Why a session ended could not be looked up: {failure}");
        (None, None)
    })
}

/// A form of somebody whose session is over: its door has turned them away, nothing was done, and what they typed waits
/// until they have signed in again. Then they come back to its page.
async fn kept_for_return(
    site: &Site,
    lapsed: &LapsedForm,
    (origin, path): (&Origin, &str),
    refused: Response,
) -> Response {
    let Some(form) = lapsed.form.get() else {
        // Too large to be a form of ours, or nothing that anybody typed.
        let said = refused.status() != StatusCode::UNAUTHORIZED && refused.status().is_client_error();
        return if said { refused } else { turned_away(site, &Method::POST, path).await };
    };
    if let Err(failure) = site.services.forms().keep_for_return(&lapsed.who, &form.name, form.values.clone()).await {
        tracing::error!("What somebody sent whose session was over could not be kept: {failure}");
        return turned_away(site, &Method::POST, path).await;
    }
    // Whoever sent it is led on, so that nothing else tells of the refusal.
    let told = Refused { door: Some(path), status: StatusCode::UNAUTHORIZED.as_u16() };
    if let Err(failure) = site.services.refusals().note(origin, None, told).await {
        tracing::error!("That a request was refused could not be written down: {failure}");
    }
    let page = form.back.split(['#', '?']).next().unwrap_or_default();
    Redirect::to(&routes::sign_in(routes::own_path(page))).into_response()
}

/// A reader is shown where to sign in; a form gets its refusal, so that nothing is thought to be done.
async fn turned_away(site: &Site, method: &Method, path: &str) -> Response {
    if method != Method::GET && method != Method::HEAD {
        let sentence =
            "You are not signed in, or no longer. Nothing was changed. Sign in, and do it again from its page.";
        return site.said(StatusCode::UNAUTHORIZED, "Not signed in", sentence);
    }
    if site.services.people().nobody_yet().await.unwrap_or(false) {
        return Redirect::to(routes::FIRST_USE).into_response();
    }
    // The path alone comes along: what was typed into a page stays out of addresses.
    Redirect::to(&routes::sign_in(routes::own_path(path))).into_response()
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
