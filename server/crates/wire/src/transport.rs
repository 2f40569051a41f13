//! One HTTP client for one door of one other side: its trust, its way, its limits. The only place that sends over HTTP.

use crate::{
    Fault, Limits, Patience, Phase, SeenLeaf, Tls, Way, excerpt,
    fault::{Situation, classify},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
/// An HTTP request before it is sent. Made by [`Http::request`].
pub use reqwest::Request as HttpRequest;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

/// Where requests go.
#[derive(Debug)]
pub struct Destination {
    /// As configured, `host:port`; for people.
    pub address: String,
    /// The way there.
    pub way: Way,
    /// The value of the `Host` header.
    pub host: HeaderValue,
    /// A name for the handshake with this socket address, which is then connected to instead of the way's target. Not
    /// with a proxy, which resolves names itself.
    pub named: Option<(String, SocketAddr)>,
}

/// An answer with its body complete, or as much of it as was wanted.
#[derive(Debug, Default)]
pub struct Received {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`, if any.
    pub content_type: Option<String>,
    /// The values of `Set-Cookie`, in order.
    pub cookies: Vec<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Received {
    fn new(response: &reqwest::Response) -> Self {
        let headers = response.headers().clone();
        Self {
            status: response.status().as_u16(),
            content_type: text(&headers, header::CONTENT_TYPE),
            cookies: headers.get_all(header::SET_COOKIE).iter().map(lossy).collect(),
            headers,
            body: Vec::new(),
        }
    }

    /// A header as text; what is not UTF-8 in it is replaced.
    pub fn header(&self, name: HeaderName) -> Option<String> {
        text(&self.headers, name)
    }
}

/// The client. Each of its connections goes to one place.
pub struct Http {
    client: reqwest::Client,
    /// `scheme://host:port` that we really connect to.
    target: String,
    host: HeaderValue,
    situation: Situation,
    gate: Semaphore,
}

impl Http {
    /// A client for a place. Does not connect.
    ///
    /// # Errors
    /// [`Fault::Build`] when the way's proxy is none, or the library cannot be set up.
    pub fn new(place: Destination, tls: Tls, limits: Limits) -> Result<Self, Fault> {
        let Destination { address, way, host, named } = place;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.config)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .http1_ignore_invalid_headers_in_responses(true)
            .connect_timeout(limits.connect)
            .pool_idle_timeout(limits.idle)
            .pool_max_idle_per_host(limits.in_flight)
            .user_agent(concat!("gatehouse/", env!("CARGO_PKG_VERSION")));
        let mut target = way.target;
        if let Some(proxy) = &way.proxy {
            let rule = reqwest::Proxy::all(format!("socks5h://{proxy}"))
                .map_err(|_| Fault::Build(format!("“{proxy}” is not the host:port of a SOCKS5 proxy")))?;
            builder = builder.proxy(rule);
        } else if let Some((name, real)) = &named {
            builder = builder.resolve(name, *real);
            target = format!("{name}:{}", real.port());
        }
        Ok(Self {
            client: builder.build().map_err(|error| Fault::Build(error.without_url().to_string()))?,
            target: format!("{}://{target}", tls.scheme),
            host,
            situation: Situation { address, via: way.via, limits, seen: tls.seen },
            gate: Semaphore::new(limits.in_flight.max(1)),
        })
    }

    /// As configured, `host:port`; for people.
    pub fn address(&self) -> &str {
        &self.situation.address
    }

    /// What the last handshake showed, trusted or not.
    pub const fn seen(&self) -> &SeenLeaf {
        &self.situation.seen
    }

    /// A request with nothing but its `Host` header. `path` begins with a slash.
    ///
    /// # Errors
    /// [`Fault::Build`] when the path is none.
    pub fn request(&self, method: impl Into<http::Method>, path: &str) -> Result<HttpRequest, Fault> {
        let url = reqwest::Url::parse(&format!("{}{path}", self.target))
            .map_err(|error| Fault::Build(format!("{}: {error}", self.target)))?;
        let mut request = HttpRequest::new(method.into(), url);
        request.headers_mut().insert(header::HOST, self.host.clone());
        Ok(request)
    }

    /// Waits for a place among the requests in flight, sends, and reads the answer's bytes.
    ///
    /// # Errors
    /// All kinds of [`Fault`].
    pub async fn send(&self, request: HttpRequest, patience: &Patience) -> Result<Received, Fault> {
        let _place = self.gate.acquire().await.map_err(|error| Fault::Build(error.to_string()))?;
        let late = |phase| {
            let address = self.situation.address.clone();
            Fault::Timeout { address, phase, after: patience.piece }
        };
        let end = patience.whole.map(|whole| Instant::now() + whole);
        let mut response = match timeout(patience.piece, self.client.execute(request)).await {
            Err(_) => return Err(late(Phase::Answer)),
            Ok(Err(error)) => return Err(classify(error, &self.situation, false)),
            Ok(Ok(response)) => response,
        };
        let mut received = Received::new(&response);
        let enough = patience.enough.filter(|_| received.status == 200).unwrap_or(usize::MAX);
        loop {
            if received.body.len() >= enough {
                return Ok(received);
            }
            let left = end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
            match timeout(patience.piece.min(left), response.chunk()).await {
                Err(_) => return Err(late(Phase::Body)),
                Ok(Err(error)) => return Err(classify(error, &self.situation, true)),
                Ok(Ok(None)) => return Ok(received),
                Ok(Ok(Some(chunk))) if received.body.len() + chunk.len() > self.situation.limits.body => {
                    let reason = format!("it is longer than {} bytes", self.situation.limits.body);
                    return Err(Fault::Answer { status: received.status, excerpt: excerpt(&received.body), reason });
                }
                Ok(Ok(Some(chunk))) => received.body.extend_from_slice(&chunk),
            }
        }
    }
}

fn lossy(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).map(lossy)
}
