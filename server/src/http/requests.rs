//! What is known of a request before anybody looks at it: its number, and where it comes from.

use crate::http::{assets, site::Site};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use services::Origin;
use std::{
    net::{IpAddr, SocketAddr},
    sync::atomic::{AtomicU64, Ordering},
};
use tracing::Instrument;

/// Counts requests; with the process's start it makes an id that stands in the log and on error pages.
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// Puts an [`Origin`] into the request.
pub async fn begin(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with(assets::PATH) {
        // Several for each page, and the same for everybody.
        return next.run(request).await;
    }
    let id = format!("{}-{}", site.started, REQUESTS.fetch_add(1, Ordering::Relaxed));
    let path: String = request.uri().path().chars().take(200).collect();
    let span = tracing::info_span!("request", request.id = %id, http.path = %path);
    let from = from(&request, &site.reach.proxies).map(|address| address.to_string()).unwrap_or_default();
    let agent = header_text(request.headers(), header::USER_AGENT.as_str());
    request.extensions_mut().insert(Origin { from, request: id, agent, ..Origin::default() });
    next.run(request).instrument(span).await
}

/// Of the request that is being answered.
pub fn origin(request: &Request) -> Origin {
    request.extensions().get::<Origin>().cloned().unwrap_or_default()
}

/// The other end of the connection; where that is a proxy of ours, whom it speaks for.
fn from(request: &Request, proxies: &[IpAddr]) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical())?;
    let is_ours = |address: &IpAddr| proxies.iter().any(|proxy| proxy.to_canonical() == *address);
    if !is_ours(&peer) {
        return Some(peer);
    }
    let told = request.headers().get_all("x-forwarded-for");
    let told: Vec<&str> =
        told.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    // Each proxy appends whom it heard: from the right, the first that is none of ours. What stands left of it was
    // written by whoever that is.
    let mut heard = told.iter().rev().map_while(|text| text.trim().parse::<IpAddr>().ok()).map(|ip| ip.to_canonical());
    Some(heard.find(|address| !is_ours(address)).unwrap_or(peer))
}

pub fn header_text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn a_proxy_of_ours_is_believed_and_nobody_else() {
        let proxies: Vec<IpAddr> = vec!["10.0.0.5".parse().unwrap(), "10.0.0.6".parse().unwrap()];
        let from = |peer: &str, told: &[&str]| {
            let mut request = http::Request::builder();
            for value in told {
                request = request.header("x-forwarded-for", *value);
            }
            let mut request = request.body(Body::empty()).unwrap();
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
            from(&request, &proxies).unwrap().to_string()
        };
        assert_eq!(from("192.0.2.1", &["198.51.100.1"]), "192.0.2.1", "a stranger says what they like");
        assert_eq!(from("10.0.0.5", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(from("10.0.0.5", &["1.1.1.1, 198.51.100.1", "10.0.0.6"]), "198.51.100.1", "through both");
        assert_eq!(from("10.0.0.5", &["198.51.100.1, nonsense"]), "10.0.0.5");
        assert_eq!(from("10.0.0.5", &[]), "10.0.0.5");
        assert_eq!(from("::ffff:10.0.0.5", &["2001:db8::1"]), "2001:db8::1");
    }
}
