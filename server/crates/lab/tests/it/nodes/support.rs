//! A lab with nodes, and a plain HTTP client for them.

use lab::{ClockMode, FaultSpec, Lab, Options, XmsDescription};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use std::{net::Ipv4Addr, time::Duration};

pub const NODES: [Ipv4Addr; 3] =
    [Ipv4Addr::new(10, 20, 30, 11), Ipv4Addr::new(10, 20, 30, 12), Ipv4Addr::new(10, 20, 30, 13)];

pub const VERSION: &str = "/controlpoint/rest/xdmServices/general/version";

pub struct Desk {
    pub lab: Lab,
    pub http: reqwest::Client,
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json", "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
        let mut values = lines.filter_map(|line| line.split(';').next()?.split_once('='));
        values.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    /// A page of the web server: not JSON, and the status in its title.
    #[track_caller]
    pub fn is_page(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.text);
        assert!(self.header("content-type").starts_with("text/html"), "{:?}", self.headers);
        assert!(self.text.contains(&format!("<title>HTTP Status {status} ")), "{}", self.text);
    }
}

pub fn builder() -> reqwest::ClientBuilder {
    // Another test of this program may have been first.
    let _first = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().danger_accept_invalid_certs(true).no_proxy().timeout(Duration::from_secs(20))
}

impl Desk {
    pub async fn open() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn profiled(profile: &str) -> Self {
        Self::with(Options { profile: Some(profile.to_owned()), ..Options::default() }).await
    }

    pub async fn with(options: Options) -> Self {
        let lab = lab::start(Options { clock: ClockMode::Manual, ..options }).await.unwrap();
        Self { lab, http: builder().build().unwrap() }
    }

    pub fn node(&self, at: usize) -> &XmsDescription {
        &self.lab.description().xms[at]
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Reply { status, headers, text: response.text().await.unwrap() }
    }

    /// A page of a node: of 4443, or of 8443 when the path says so (`:8443/…`).
    pub fn page(&self, at: usize, path: &str) -> reqwest::RequestBuilder {
        match path.strip_prefix(":8443") {
            Some(path) => self.http.get(format!("{}{path}", self.node(at).enrolment)),
            None => self.http.get(format!("{}{path}", self.node(at).management)),
        }
    }

    /// A call of the REST API.
    pub async fn call(&self, at: usize, token: Option<&str>, method: &str, path: &str, body: Option<Value>) -> Reply {
        let url = format!("{}/xenmobile/api/v1/{path}", self.node(at).management);
        let mut request = self.http.request(method.parse().unwrap(), url).header("Content-Type", "application/json");
        if let Some(token) = token {
            request = request.header("auth_token", token);
        }
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        self.send(request).await
    }

    pub async fn try_login(&self, at: usize, user: &str, password: &str) -> Reply {
        let body = json!({ "login": user, "password": password });
        self.call(at, None, "POST", "authentication/login", Some(body)).await
    }

    pub async fn login(&self, at: usize) -> String {
        let reply = self.try_login(at, "administrator", &self.node(at).password).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["auth_token"].as_str().unwrap().to_owned()
    }

    pub async fn version(&self, at: usize) -> Reply {
        let request = self.page(at, VERSION).header("Accept", "application/json");
        self.send(request.header("Referer", "https://xms.example.com:4443/zdm/login_xdm_uc.jsp")).await
    }

    pub async fn fault(&self, at: usize, word: &str, ms: u64) {
        let target = NODES[at].to_string();
        self.lab.fault(FaultSpec { target, fault: word.to_owned(), ms, ..FaultSpec::default() }).await.unwrap();
    }

    pub async fn minutes(&self, minutes: u64) {
        self.lab.advance(Duration::from_secs(minutes * 60)).await;
    }

    pub fn state(&self, at: usize) -> Value {
        self.lab.state()["nodes"][at].clone()
    }
}
