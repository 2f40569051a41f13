//! One HTTP client per appliance, in NITRO's dialect: what a request looks like, how long it may take, what is logged.

use crate::{
    Endpoint, Error, Limits, Reply, Request, Scheme,
    endpoint::Base,
    response::{Answer, Expect, decode},
    session::Token,
};
use http::{HeaderName, HeaderValue, header};
use std::time::{Duration, Instant};
use wire::{Destination, Fault, Http, HttpRequest, Patience, Received, SeenLeaf, Tls};

pub(crate) struct Transport {
    http: Http,
    limits: Limits,
}

impl Transport {
    pub(crate) fn new(endpoint: &Endpoint, limits: Limits) -> Result<Self, Error> {
        let tls = match endpoint.base.scheme {
            Scheme::Https => Tls::trusting(&endpoint.trust, &endpoint.base.host)?,
            Scheme::Http => Tls::none()?,
        };
        let place = place(endpoint)?;
        let http = Http::new(place, tls, limits.of_http()).map_err(|fault| Error::below(fault, "", false))?;
        Ok(Self { http, limits })
    }

    pub(crate) fn seen(&self) -> &SeenLeaf {
        self.http.seen()
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
        let received = self.receive(http, request, None).await?;
        *status = received.status;
        let warning = received.header(HeaderName::from_static("x-nitro-warning"));
        let answer = Answer {
            status: received.status,
            content_type: received.content_type.as_deref(),
            warning: warning.as_deref(),
            body: &received.body,
        };
        let expect = if request.is_write() { Expect::Done } else { Expect::Items };
        let reply = decode(answer, expect, &request.resource)?;
        Ok((reply, received))
    }

    /// The first bytes of an answer whose rest nobody needs. A refusal is read whole, as ever.
    pub(crate) async fn beginning(&self, request: &Request, token: &Token, bytes: usize) -> Result<Vec<u8>, Error> {
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

    fn build(&self, request: &Request, body: Option<Vec<u8>>, token: Option<&Token>) -> Result<HttpRequest, Error> {
        let mut http = self
            .http
            .request(request.method, &request.path_and_query())
            .map_err(|fault| Self::below(fault, request))?;
        let headers = http.headers_mut();
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

    /// `enough`: of a success no more is read than this, in bytes.
    async fn receive(&self, http: HttpRequest, request: &Request, enough: Option<usize>) -> Result<Received, Error> {
        let piece = self.patience(request);
        // What a write is answered with is a few bytes: however they come, nobody waits longer for them than for the first.
        let whole = if request.is_write() { piece } else { self.limits.whole.max(piece) };
        let patience = Patience { piece, whole: Some(whole), enough };
        Box::pin(self.http.send(http, &patience)).await.map_err(|fault| Self::below(fault, request))
    }

    fn below(fault: Fault, request: &Request) -> Error {
        // Whoever logs in or out changes nothing that anybody would have to read again.
        let write = request.is_write() && !["login", "logout"].contains(&request.resource.as_str());
        Error::below(fault, &request.resource, write)
    }
}

/// Where requests to an appliance go.
pub(crate) fn place(endpoint: &Endpoint) -> Result<Destination, Error> {
    let base = &endpoint.base;
    let address = base.authority();
    let way = endpoint.connect_by.way(address.clone(), host_port)?;
    let host = HeaderValue::from_str(&base.host_header())
        .map_err(|_| Error::Build(format!("“{}” is not a host", base.host)))?;
    Ok(Destination { address, way, host, named: None })
}

/// Checks that a text is `host:port`.
fn host_port(text: &str) -> Result<(), Error> {
    match format!("http://{text}").parse::<Base>() {
        Ok(base) if base.authority() == text => Ok(()),
        _ => Err(Error::Build(format!("“{text}” is not host:port"))),
    }
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
