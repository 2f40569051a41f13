//! Where it is known under which name the console is reached, no other is served: a page of somebody else's whose name
//! leads to our address (rebinding) is of our origin to a browser, and of no name of ours to us.

use crate::http::{said::Told, site::Site};
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::Response,
};

/// Where no public address is known, any name will do. `/health` is asked by whatever watches the machine, by its address,
/// and says nothing of anybody.
pub async fn ours(State(site): State<Site>, request: Request, next: Next) -> Response {
    let Some(public) = &site.reach.public else { return next.run(request).await };
    if request.uri().path() == "/health" || asked_for(&request).is_some_and(|host| public.is(host)) {
        return next.run(request).await;
    }
    let sentence = format!(
        "Gatehouse is not served under the name that was asked for. Nothing was read or changed. Open it at {}.",
        public.origin()
    );
    site.said_of(&Told::of(&request), StatusCode::MISDIRECTED_REQUEST, "Another name", &sentence)
}

/// The one host that a request names; two are none.
fn asked_for(request: &Request) -> Option<&str> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let host = named.next()?.to_str().ok()?;
    let whole = request.uri().authority().is_none_or(|authority| authority.as_str() == host);
    (whole && named.next().is_none()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_one_host() {
        let ask = |hosts: &[&str], uri: &str| {
            let mut request = http::Request::builder().uri(uri);
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            asked_for(&request.body(axum::body::Body::empty()).unwrap()).map(str::to_owned)
        };
        assert_eq!(ask(&["a"], "/").as_deref(), Some("a"));
        assert_eq!(ask(&["a"], "http://a/").as_deref(), Some("a"));
        assert_eq!((ask(&["a", "b"], "/"), ask(&[], "/"), ask(&["a"], "http://b/")), (None, None, None));
    }
}
