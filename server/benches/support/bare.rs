//! A client with nothing behind it: the same way through the proxy and over TLS as the console goes, one request after the
//! other, no record, no reading back.

use super::{Result, browser::SECRET};
use lab::{Lab, RequestRecord};
use reqwest::{Client, Method, Proxy, header};
use serde_json::{Value, json};

pub struct Bare {
    client: Client,
    base: String,
    cookie: String,
}

impl Bare {
    /// With a session on the lab's first appliance.
    pub async fn log_in(lab: &Lab) -> Result<Self> {
        let description = lab.description();
        let client = Client::builder()
            .proxy(Proxy::all(format!("socks5h://{}", description.socks))?)
            .tls_danger_accept_invalid_certs(true)
            .build()?;
        let base = format!("https://{}", description.netscaler[0].nsip);
        let mut client = Self { client, base, cookie: String::new() };
        let login = json!({ "login": { "username": "nsroot", "password": SECRET } });
        let answer: Value = serde_json::from_slice(&client.send("POST", "/nitro/v1/config/login", &login).await?)?;
        let token = answer["sessionid"].as_str().ok_or("no session was given")?;
        client.cookie = format!("NITRO_AUTH_TOKEN={}", token.replace('#', "%23"));
        Ok(client)
    }

    /// Anything but a success fails.
    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Result<Vec<u8>> {
        let request = self.client.request(method.parse::<Method>()?, format!("{}{path}", self.base));
        let request = request.header(header::COOKIE, &self.cookie);
        let request = if body.is_null() {
            request
        } else {
            request.header(header::CONTENT_TYPE, "application/json").body(body.to_string())
        };
        let response = request.send().await?;
        let status = response.status();
        let answer = response.bytes().await?;
        if status.is_success() {
            return Ok(answer.into());
        }
        Err(format!("{method} {path} answered {status}: {}", String::from_utf8_lossy(&answer)).into())
    }

    /// As somebody sent it before; the answer's bytes.
    pub async fn again(&self, request: &RequestRecord) -> Result<usize> {
        let body = if request.method == "GET" { Value::Null } else { request.body.clone() };
        Ok(self.send(&request.method, &address(request), &body).await?.len())
    }

    /// The same, each object of a bulk request by itself; how many requests that were.
    pub async fn one_by_one(&self, request: &RequestRecord) -> Result<usize> {
        let parts = parts(&request.body);
        for part in &parts {
            self.send(&request.method, &address(request), part).await?;
        }
        Ok(parts.len())
    }
}

fn address(request: &RequestRecord) -> String {
    if request.query.is_empty() { request.path.clone() } else { format!("{}?{}", request.path, request.query) }
}

/// A body for each object of a list; what is no list stays one.
fn parts(body: &Value) -> Vec<Value> {
    let list = body.as_object().and_then(|body| body.iter().find_map(|(name, value)| Some((name, value.as_array()?))));
    match list {
        Some((name, objects)) => objects.iter().map(|object| json!({ name.as_str(): object })).collect(),
        None => vec![body.clone()],
    }
}
