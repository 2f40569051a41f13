//! One HTTP client per appliance: its trust, its route, its limits. The only place that sends.

use crate::{
    ConnectBy, Endpoint, Error, Fingerprint, Limits, Method, Phase, Reply, Request, Scheme,
    endpoint::Base,
    response::{Answer, Expect, decode},
    session::Token,
};
use http::{HeaderMap, HeaderValue, header};
use std::time::{Duration, Instant};
use tokio::{sync::Semaphore, time::timeout};
use wire::{Seen, Situation, classify, config, probe_config};

/// An answer with its body complete.
#[derive(Default)]
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) warning: Option<String>,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Transport {
    http: reqwest::Client,
    /// `scheme://host:port` that we really connect to.
    target: String,
    host: HeaderValue,
    /// As configured, for people.
    address: String,
    via: Option<String>,
    limits: Limits,
    gate: Semaphore,
    seen: Seen,
}

impl Transport {
    pub(crate) fn new(endpoint: &Endpoint, limits: Limits) -> Result<Self, Error> {
        let seen = Seen::default();
        let tls = match endpoint.base.scheme {
            Scheme::Https => config(&endpoint.trust, &endpoint.base.host, seen.clone())?,
            // Never used, but without one the library would look for a process-wide provider.
            Scheme::Http => probe_config(seen.clone())?,
        };
        Self::with_tls(endpoint, limits, tls, seen)
    }

    pub(crate) fn with_tls(
        endpoint: &Endpoint,
        limits: Limits,
        tls: rustls::ClientConfig,
        seen: Seen,
    ) -> Result<Self, Error> {
        let base = &endpoint.base;
        // The fields are public: a host that is none must not become part of another address.
        host_port(&base.authority())?;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_ignore_invalid_headers_in_responses(true)
            .connect_timeout(limits.connect)
            .pool_idle_timeout(limits.idle)
            .pool_max_idle_per_host(limits.in_flight)
            .user_agent(concat!("gatehouse/", env!("CARGO_PKG_VERSION")));
        let (authority, via) = match &endpoint.connect_by {
            ConnectBy::Direct => (base.authority(), None),
            ConnectBy::Map(map) => {
                for (_, real) in map {
                    host_port(real)?;
                }
                let real = map
                    .iter()
                    .find(|(logical, _)| logical.eq_ignore_ascii_case(&base.authority()))
                    .map(|(_, real)| real.clone());
                (real.clone().unwrap_or_else(|| base.authority()), real)
            }
            ConnectBy::Socks5(proxy) => {
                host_port(proxy)?;
                let url = format!("socks5h://{proxy}");
                let rule = reqwest::Proxy::all(&url)
                    .map_err(|_| Error::Build(format!("“{proxy}” is not the host:port of a SOCKS5 proxy")))?;
                builder = builder.proxy(rule);
                (base.authority(), Some(format!("SOCKS5 proxy {proxy}")))
            }
        };
        let host = HeaderValue::from_str(&base.host_header())
            .map_err(|_| Error::Build(format!("“{}” is not a host", base.host)))?;
        Ok(Self {
            http: builder.build().map_err(|error| Error::Build(error.without_url().to_string()))?,
            target: format!("{}://{authority}", base.scheme.as_str()),
            host,
            address: base.authority(),
            via,
            limits,
            gate: Semaphore::new(limits.in_flight.max(1)),
            seen,
        })
    }

    pub(crate) fn seen(&self) -> Option<Fingerprint> {
        self.seen.get()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Sends a request in a session and reads the answer. One log line per failure.
    pub(crate) async fn send(&self, request: &Request, token: &Token) -> Result<Reply, Error> {
        let body = request.body.as_ref().map(|body| body.to_string().into_bytes());
        self.exchange(request, body, Some(token)).await.map(|(reply, _)| reply)
    }

    /// As [`send`](Self::send), with a body that is not the request's own, and the answer's cookies.
    pub(crate) async fn exchange(
        &self,
        request: &Request,
        body: Option<Vec<u8>>,
        token: Option<&Token>,
    ) -> Result<(Reply, Received), Error> {
        let started = Instant::now();
        let mut status = 0;
        let result = self.try_exchange(request, body, token, &mut status).await;
        if let Err(error) = &result {
            log(request, error, status, started.elapsed());
        }
        result
    }

    async fn try_exchange(
        &self,
        request: &Request,
        body: Option<Vec<u8>>,
        token: Option<&Token>,
        status: &mut u16,
    ) -> Result<(Reply, Received), Error> {
        request.check()?;
        let http = self.build(request, body, token)?;
        let received = {
            let _place = self.gate.acquire().await.map_err(|error| Error::Build(error.to_string()))?;
            self.receive(http, request, None).await?
        };
        *status = received.status;
        let answer = Answer {
            status: received.status,
            content_type: received.content_type.as_deref(),
            warning: received.warning.as_deref(),
            body: &received.body,
        };
        let expect = if request.is_write() { Expect::Done } else { Expect::Items };
        let reply = decode(answer, expect, &request.resource)?;
        Ok((reply, received))
    }

    /// Sends without a session and without reading anything into the answer.
    pub(crate) async fn bare(&self, request: &Request) -> Result<Received, Error> {
        self.receive(self.build(request, None, None)?, request, None).await
    }

    /// The first bytes of an answer whose rest nobody needs. A refusal is read whole, as ever.
    pub(crate) async fn beginning(&self, request: &Request, token: &Token, bytes: usize) -> Result<Vec<u8>, Error> {
        let _place = self.gate.acquire().await.map_err(|error| Error::Build(error.to_string()))?;
        let received = self.receive(self.build(request, None, Some(token))?, request, Some(bytes)).await?;
        if received.status == 200 {
            return Ok(received.body);
        }
        let answer = Answer {
            status: received.status,
            content_type: received.content_type.as_deref(),
            warning: None,
            body: &received.body,
        };
        decode(answer, Expect::Items, &request.resource).map(|_| Vec::new())
    }

    fn build(
        &self,
        request: &Request,
        body: Option<Vec<u8>>,
        token: Option<&Token>,
    ) -> Result<reqwest::Request, Error> {
        let url = format!("{}{}", self.target, request.path_and_query());
        let url = reqwest::Url::parse(&url).map_err(|error| Error::Build(format!("{}: {error}", self.target)))?;
        let method = match request.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Delete => http::Method::DELETE,
        };
        let mut http = reqwest::Request::new(method, url);
        let headers = http.headers_mut();
        headers.insert(header::HOST, self.host.clone());
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = token {
            let mut cookie = HeaderValue::from_str(&token.cookie()).map_err(|error| Error::Build(error.to_string()))?;
            cookie.set_sensitive(true);
            headers.insert(header::COOKIE, cookie);
        }
        if let Some(on_error) = request.on_error {
            headers.insert("x-nitro-onerror", HeaderValue::from_static(on_error.as_str()));
        }
        if let Some(body) = body {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *http.body_mut() = Some(body.into());
        }
        Ok(http)
    }

    fn patience(&self, request: &Request) -> Duration {
        let save = request.resource == "nsconfig" && request.action.as_deref() == Some("save");
        if save { self.limits.save } else { self.limits.read }
    }

    /// `enough`: of a success no more is read than this; the connection ends with it.
    async fn receive(
        &self,
        http: reqwest::Request,
        request: &Request,
        enough: Option<usize>,
    ) -> Result<Received, Error> {
        let patience = self.patience(request);
        // Whoever logs in or out changes nothing that anybody would have to read again.
        let write = request.is_write() && !["login", "logout"].contains(&request.resource.as_str());
        let late = |phase| Error::Timeout { address: self.address.clone(), phase, after: patience, write };
        let sort = |error, in_body| {
            let situation = Situation {
                address: &self.address,
                via: self.via.as_deref(),
                connect: self.limits.connect,
                read: self.limits.read,
                seen: &self.seen,
                in_body,
            };
            Error::below(classify(error, &situation), write)
        };
        // What a write is answered with is a few bytes: however they come, nobody waits longer for them than for the first.
        let whole = if request.is_write() { patience } else { self.limits.whole.max(patience) };
        let end = tokio::time::Instant::now() + whole;
        let mut response = match timeout(patience, self.http.execute(http)).await {
            Err(_) => return Err(late(Phase::Answer)),
            Ok(Err(error)) => return Err(sort(error, false)),
            Ok(Ok(response)) => response,
        };
        let headers = response.headers();
        let mut received = Received {
            status: response.status().as_u16(),
            content_type: text(headers, "content-type"),
            warning: text(headers, "x-nitro-warning"),
            cookies: headers
                .get_all(header::SET_COOKIE)
                .iter()
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .collect(),
            body: Vec::new(),
        };
        let enough = enough.filter(|_| received.status == 200).unwrap_or(usize::MAX);
        loop {
            if received.body.len() >= enough {
                return Ok(received);
            }
            let left = end.saturating_duration_since(tokio::time::Instant::now());
            match timeout(patience.min(left), response.chunk()).await {
                Err(_) => return Err(late(Phase::Body)),
                Ok(Err(error)) => return Err(sort(error, true)),
                Ok(Ok(None)) => return Ok(received),
                Ok(Ok(Some(chunk))) if received.body.len() + chunk.len() > self.limits.body => {
                    return Err(Error::Decode {
                        status: received.status,
                        resource: request.resource.clone(),
                        excerpt: wire::excerpt(&received.body),
                        reason: format!("it is longer than {} bytes", self.limits.body),
                    });
                }
                Ok(Ok(Some(chunk))) => received.body.extend_from_slice(&chunk),
            }
        }
    }
}

/// Checks that a text is `host:port`.
fn host_port(text: &str) -> Result<(), Error> {
    match format!("http://{text}").parse::<Base>() {
        Ok(base) if base.authority() == text => Ok(()),
        _ => Err(Error::Build(format!("“{text}” is not host:port"))),
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Resource, status, code and time; never a name's value, a body or a token.
fn log(request: &Request, error: &Error, status: u16, took: Duration) {
    let status = (status != 0).then_some(status);
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let code = error.code();
    let (resource, method) = (request.resource.as_str(), request.method.as_str());
    // "There is none" is an answer that callers ask for.
    if error.is_absent() {
        tracing::debug!(
            nitro.resource = resource,
            method,
            http.status = status,
            nitro.code = code,
            duration_ms,
            "{error}"
        );
    } else {
        tracing::warn!(
            nitro.resource = resource,
            method,
            http.status = status,
            nitro.code = code,
            duration_ms,
            "{error}"
        );
    }
}
