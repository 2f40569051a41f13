//! One HTTP client per node and port, in the node's dialect: headers, tokens, what is logged.

use crate::{Error, Limits, Node, Port, Request, node::split, response::Answer, session::Token};
use http::{HeaderName, HeaderValue, header};
use std::{
    net::{IpAddr, SocketAddr},
    time::Instant,
};
use wire::{Destination, Http, HttpRequest, Method, Patience, Received, SeenLeaf, Tls};

pub(crate) struct Transport {
    http: Http,
    /// The login page, which the console's own pages come from.
    origin: String,
    patience: Patience,
}

impl Transport {
    pub(crate) fn new(node: &Node, port: Port, limits: Limits) -> Result<Self, Error> {
        let tls = if node.plain { Tls::none()? } else { Tls::trusting(&node.trust, node.name())? };
        Ok(Self {
            http: Http::new(place(node, port)?, tls, limits.of_http()).map_err(|fault| Error::below(fault, ""))?,
            origin: format!("{}://{}", node.scheme(), node.host_header(port)),
            patience: Patience { piece: limits.read, whole: None, enough: None },
        })
    }

    pub(crate) fn seen(&self) -> &SeenLeaf {
        self.http.seen()
    }

    /// Sends a REST request and reads its answer's bytes. One log line per failure; never a body or a token.
    pub(crate) async fn send(&self, request: &Request, token: Option<&Token>) -> Result<Received, Error> {
        let started = Instant::now();
        let outcome = self.try_send(request, token).await;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (node, method, what) = (self.http.address(), request.method.as_str(), request.what);
        match &outcome {
            Ok(received) if !Answer::of(received).success() => {
                tracing::debug!(node, method, what, http.status = received.status, duration_ms, "refused");
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(node, method, what, duration_ms, "{error}"),
        }
        outcome
    }

    async fn try_send(&self, request: &Request, token: Option<&Token>) -> Result<Received, Error> {
        let mut http = self.build(request.method, &request.full_path())?;
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
        let mut http = self.build(Method::Get, path)?;
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

    fn build(&self, method: Method, path: &str) -> Result<HttpRequest, Error> {
        self.http.request(method, path).map_err(|fault| Error::below(fault, path))
    }

    async fn receive(&self, http: HttpRequest, what: &str) -> Result<Received, Error> {
        self.http.send(http, &self.patience).await.map_err(|fault| Error::below(fault, what))
    }
}

/// Where requests to one of a node's doors go.
pub(crate) fn place(node: &Node, port: Port) -> Result<Destination, Error> {
    let way = node.way(port)?;
    // To the address, with the cluster's name in the handshake. A proxy would resolve the name itself, to the load
    // balancer, so there the name is left out of it; our verifier checks for it in any case.
    let named = match socket(&way.target)? {
        Some(real) if way.proxy.is_none() && node.name().parse::<IpAddr>().is_err() => {
            Some((node.name().to_owned(), real))
        }
        _ => None,
    };
    let host = HeaderValue::from_str(&node.host_header(port))
        .map_err(|_| Error::Build(format!("“{}” is not a host name", node.name())))?;
    Ok(Destination { address: node.address(port), way, host, named })
}

/// The address in `host:port`, where the host is one.
fn socket(text: &str) -> Result<Option<SocketAddr>, Error> {
    let (host, port) = split(text)?;
    Ok(host.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, port)))
}
