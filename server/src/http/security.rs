//! What every answer carries, and what no request may try.

use crate::http::{reach::Public, said::Told, site::Site};
use app::shell::FIXED_POLICY;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// Headers on every answer, errors included.
pub async fn headers(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, FIXED_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // A page that says what went wrong leads back to where a form came from, so our own pages need the referrer.
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if site.cookies.secure {
        // Half a year, this host alone: what else lies under its name is not ours to decide.
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=15768000");
    }
    response
}

/// Whatever changes something must come from our own pages.
pub async fn same_origin(State(site): State<Site>, request: Request, next: Next) -> Response {
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if reads || ours(request.headers(), site.reach.public.as_ref()) {
        return next.run(request).await;
    }
    let sentence = "This request came from another site's page, so nothing was done. \
         Open Gatehouse in its own tab and try again there.";
    site.said_of(&Told::of(&request), StatusCode::FORBIDDEN, "From another site", sentence)
}

/// Browsers of today say where a request comes from; those that do not at least name the origin. A request with
/// neither is not a form of ours. Where people open the console is not asked of the request, if it is known.
fn ours(headers: &HeaderMap, public: Option<&Public>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => match (text("origin"), public, text("host")) {
            (Some(origin), Some(public), _) => origin == public.origin(),
            (Some(origin), None, Some(host)) => origin.split_once("://").is_some_and(|(_, rest)| rest == host),
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_may_write() {
        let ask = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            (ours(&headers, None), ours(&headers, Some(&"https://gatehouse.example.com".parse().unwrap())))
        };
        assert_eq!(ask(&[("sec-fetch-site", "same-origin")]), (true, true));
        assert_eq!(ask(&[("sec-fetch-site", "cross-site")]), (false, false));
        assert_eq!(ask(&[("sec-fetch-site", "same-site")]), (false, false), "a sister host is not us");
        // What agrees with itself is enough only where nobody said where the console is.
        assert_eq!(ask(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]), (true, false));
        assert_eq!(ask(&[("origin", "http://evil.example"), ("host", "evil.example")]), (true, false));
        let public = ("origin", "https://gatehouse.example.com");
        assert_eq!(ask(&[public, ("host", "gatehouse.example.com")]), (true, true));
        assert_eq!(ask(&[public, ("host", "10.0.0.1:3000")]), (false, true), "a proxy may write its own");
        assert_eq!(ask(&[("origin", "http://evil.example"), ("host", "127.0.0.1:3000")]), (false, false));
        assert_eq!(ask(&[("origin", "null"), ("host", "127.0.0.1:3000")]), (false, false));
        assert_eq!(ask(&[]), (false, false));
    }
}
