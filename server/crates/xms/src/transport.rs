//! One HTTP client per node and port: its trust, its route, its limits. The only place that sends over HTTP.

use crate::{Error, Limits, Method, Node, Phase, Port, Request, node::split, response::Answer, session::Token};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::{
    net::{IpAddr, SocketAddr},
    time::Instant,
};
use tokio::{sync::Semaphore, time::timeout};
use wire::{Seen, Situation, classify, config, probe_config};

/// An answer with its body complete.
#[derive(Debug, Default)]
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn answer(&self) -> Answer<'_> {
        Answer { status: self.status, content_type: self.content_type.as_deref(), body: &self.body }
    }
}

pub(crate) struct Transport {
    http: reqwest::Client,
    /// `scheme://host:port` that we really connect to.
    target: String,
    host: HeaderValue,
    /// The login page, which the console's own pages come from.
    origin: String,
    /// As configured, for people.
    address: String,
    via: Option<String>,
    limits: Limits,
    gate: Semaphore,
    seen: Seen,
}

impl Transport {
    pub(crate) fn new(node: &Node, port: Port, limits: Limits) -> Result<Self, Error> {
        let seen = Seen::default();
        let tls = if node.plain {
            // Never used, but without one the library would look for a process-wide provider.
            probe_config(seen.clone())?
        } else {
            config(&node.trust, node.name(), seen.clone())?
        };
        Self::with_tls(node, port, limits, tls, seen)
    }

    pub(crate) fn with_tls(
        node: &Node,
        port: Port,
        limits: Limits,
        tls: rustls::ClientConfig,
        seen: Seen,
    ) -> Result<Self, Error> {
        let way = node.way(port)?;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
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
        let mut target = way.target.clone();
        if let Some(proxy) = &way.proxy {
            let rule = reqwest::Proxy::all(format!("socks5h://{proxy}"))
                .map_err(|_| Error::Build(format!("“{proxy}” is not the host:port of a SOCKS5 proxy")))?;
            builder = builder.proxy(rule);
        } else if let Some(real) = socket(&way.target)?
            && node.name().parse::<IpAddr>().is_err()
        {
            // To the address, with the cluster's name in the handshake. A proxy would resolve the name itself, to the
            // load balancer, so there the name is left out of it; our verifier checks for it in any case.
            builder = builder.resolve(node.name(), real);
            target = format!("{}:{}", node.name(), real.port());
        }
        let header = node.host_header(port);
        let host = HeaderValue::from_str(&header)
            .map_err(|_| Error::Build(format!("“{}” is not a host name", node.name())))?;
        Ok(Self {
            http: builder.build().map_err(|error| Error::Build(error.without_url().to_string()))?,
            target: format!("{}://{target}", node.scheme()),
            host,
            origin: format!("{}://{header}", node.scheme()),
            address: node.address(port),
            via: way.via,
            limits,
            gate: Semaphore::new(limits.in_flight.max(1)),
            seen,
        })
    }

    pub(crate) fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Sends a REST request and reads its answer's bytes. One log line per failure; never a body or a token.
    pub(crate) async fn send(&self, request: &Request, token: Option<&Token>) -> Result<Received, Error> {
        let started = Instant::now();
        let outcome = self.try_send(request, token).await;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (method, what) = (request.method.as_str(), request.what);
        match &outcome {
            Ok(received) if !received.answer().success() => {
                tracing::debug!(
                    node = self.address,
                    method,
                    what,
                    http.status = received.status,
                    duration_ms,
                    "refused"
                );
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(node = self.address, method, what, duration_ms, "{error}"),
        }
        outcome
    }

    async fn try_send(&self, request: &Request, token: Option<&Token>) -> Result<Received, Error> {
        let method = match request.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Delete => http::Method::DELETE,
        };
        let mut http = self.build(method, &request.full_path())?;
        let headers = http.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = token {
            headers.insert(HeaderName::from_static("auth_token"), token.header()?);
        }
        if let Some(body) = &request.body {
            *http.body_mut() = Some(body.to_string().into_bytes().into());
        }
        self.receive(http, request.what).await
    }

    /// Reads a page of the console, as its own scripts do. Without a session.
    pub(crate) async fn page(&self, path: &str, accept: &str, agent: Option<&str>) -> Result<Received, Error> {
        let mut http = self.build(http::Method::GET, path)?;
        let text = |text: &str| {
            HeaderValue::from_str(text).map_err(|_| Error::Build(format!("“{text}” does not fit into a header")))
        };
        let headers = http.headers_mut();
        headers.insert(header::ACCEPT, text(accept)?);
        headers.insert("x-requested-with", HeaderValue::from_static("XMLHttpRequest"));
        headers.insert(header::REFERER, text(&format!("{}/zdm/login_xdm_uc.jsp", self.origin))?);
        if let Some(agent) = agent {
            headers.insert(header::USER_AGENT, text(agent)?);
        }
        self.receive(http, path).await
    }

    fn build(&self, method: http::Method, path: &str) -> Result<reqwest::Request, Error> {
        let url = reqwest::Url::parse(&format!("{}{path}", self.target))
            .map_err(|error| Error::Build(format!("{}: {error}", self.target)))?;
        let mut http = reqwest::Request::new(method, url);
        http.headers_mut().insert(header::HOST, self.host.clone());
        Ok(http)
    }

    async fn receive(&self, http: reqwest::Request, what: &str) -> Result<Received, Error> {
        let _place = self.gate.acquire().await.map_err(|error| Error::Build(error.to_string()))?;
        let patience = self.limits.read;
        let late = |phase| Error::Timeout { address: self.address.clone(), phase, after: patience };
        let sort = |error, in_body| {
            let situation = Situation {
                address: &self.address,
                via: self.via.as_deref(),
                connect: self.limits.connect,
                read: self.limits.read,
                seen: &self.seen,
                in_body,
            };
            Error::from(classify(error, &situation))
        };
        let mut response = match timeout(patience, self.http.execute(http)).await {
            Err(_) => return Err(late(Phase::Answer)),
            Ok(Err(error)) => return Err(sort(error, false)),
            Ok(Ok(response)) => response,
        };
        let headers = response.headers();
        let mut received = Received {
            status: response.status().as_u16(),
            content_type: text(headers, header::CONTENT_TYPE),
            date: text(headers, header::DATE),
            cookies: headers.get_all(header::SET_COOKIE).iter().map(lossy).collect(),
            body: Vec::new(),
        };
        loop {
            match timeout(patience, response.chunk()).await {
                Err(_) => return Err(late(Phase::Body)),
                Ok(Err(error)) => return Err(sort(error, true)),
                Ok(Ok(None)) => return Ok(received),
                Ok(Ok(Some(chunk))) if received.body.len() + chunk.len() > self.limits.body => {
                    let reason = format!("it is longer than {} bytes", self.limits.body);
                    return Err(Error::decode(received.status, what, &received.body, reason));
                }
                Ok(Ok(Some(chunk))) => received.body.extend_from_slice(&chunk),
            }
        }
    }
}

/// The address in `host:port`, where the host is one.
fn socket(text: &str) -> Result<Option<SocketAddr>, Error> {
    let (host, port) = split(text)?;
    Ok(host.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, port)))
}

fn lossy(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).map(lossy)
}
