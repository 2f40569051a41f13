//! Requests and answers of a node's web server.

use super::{Profile, profile::Refusal};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

pub(super) struct Request {
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// The subject of the certificate that the client has shown.
    pub client: Option<String>,
}

impl Request {
    /// A header as text; the first one if there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether JSON is wanted more than anything else that could be had.
    pub fn accepts_json(&self) -> bool {
        let weight = |kind: &str| {
            let named = self.header("accept").unwrap_or_default().split(',').find_map(|one| {
                let (name, rest) = one.split_once(';').unwrap_or((one, ""));
                let quality = rest.split(';').find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok());
                name.trim().to_ascii_lowercase().ends_with(kind).then(|| quality.unwrap_or(1.0))
            });
            named.unwrap_or(0.0)
        };
        weight("json") > 0.0 && weight("json") >= weight("xml")
    }

    /// A cookie by its exact name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let all = self.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    /// A field of a form.
    pub fn field(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.body);
        let value = text.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1;
        Some(percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
    }
}

#[derive(Debug)]
pub(super) struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn new(status: u16, kind: &'static str, body: String) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        Self { status, headers, body: body.into_bytes() }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// Status 0, "Success", and what comes with it.
    pub fn success(mut payload: Value) -> Self {
        payload["status"] = json!(0);
        payload["message"] = json!("Success");
        Self::json(200, &payload)
    }

    /// A file to be kept.
    pub fn file(name: &str, body: String) -> Self {
        Self::new(200, "application/octet-stream", body)
            .with(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))
    }

    pub fn html(body: &str) -> Self {
        Self::new(200, "text/html;charset=UTF-8", body.to_owned())
    }

    pub fn xml(status: u16, body: &str) -> Self {
        Self::new(status, "application/xml", body.to_owned())
    }

    /// The web server's own page for an error.
    pub fn page(profile: &Profile, status: u16, path: &str) -> Self {
        let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
        let path = path.replace('&', "&amp;").replace('<', "&lt;");
        let page = profile.console.error_page.trim_start();
        let page = page.replace("{status}", &status.to_string()).replace("{reason}", reason).replace("{path}", &path);
        Self::new(status, "text/html;charset=utf-8", page)
    }

    pub fn refused(profile: &Profile, refusal: &Refusal, path: &str) -> Self {
        if refusal.status.is_none() && refusal.message.is_none() {
            return Self::page(profile, refusal.http, path);
        }
        Self::json(refusal.http, &json!({ "status": refusal.status, "message": refusal.message }))
    }

    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    pub fn with_cookie(self, name: &str, value: &str) -> Self {
        self.with(header::SET_COOKIE, &format!("{name}={value}; Path=/; Secure; HttpOnly"))
    }

    pub fn respond(self) -> http::Response<Full<Bytes>> {
        let mut response = http::Response::new(Full::new(Bytes::from(self.body)));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        response
    }
}
