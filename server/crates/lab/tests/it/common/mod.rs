//! A plain HTTP client with a session, and shorthands. Nothing here knows a client crate of ours.

use lab::{ClockMode, Lab, Options, Seed};
use serde_json::{Value, json};
use std::{net::Ipv4Addr, sync::Arc, time::Duration};

pub const NODES: [Ipv4Addr; 3] =
    [Ipv4Addr::new(10, 20, 30, 11), Ipv4Addr::new(10, 20, 30, 12), Ipv4Addr::new(10, 20, 30, 13)];

pub const MEMBER: &str = "servicegroup_servicegroupmember_binding";
pub const BIND: &str = "lbvserver_servicegroup_binding";
pub const CERT: &str = "sslvserver_sslcertkey_binding";

/// Where certificate files are.
pub const WHERE: &str = "args=filelocation:%2Fnsconfig%2Fssl";

/// An appliance of a lab with somebody logged in.
pub struct Bench {
    pub lab: Arc<Lab>,
    pub http: reqwest::Client,
    pub base: String,
    pub token: String,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Reply {
    pub async fn from(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.expect("a body") }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn code(&self) -> Option<i64> {
        if self.text.is_empty() { Some(0) } else { self.json()["errorcode"].as_i64() }
    }

    /// Status, errorcode and message at once.
    #[track_caller]
    pub fn is(&self, status: u16, code: i64, message: &str) -> &Self {
        let found = (self.status, self.code(), self.json()["message"].as_str().unwrap_or_default().to_owned());
        assert_eq!(found, (status, Some(code), message.to_owned()));
        self
    }

    /// A write that worked: the status and nothing else.
    #[track_caller]
    pub fn ok(&self, status: u16) -> &Self {
        assert_eq!((self.status, self.text.as_str()), (status, ""));
        self
    }

    /// Status and errorcode.
    #[track_caller]
    pub fn fails(&self, status: u16, code: i64) -> &Self {
        assert_eq!((self.status, self.code()), (status, Some(code)), "{}", self.text);
        self
    }
}

pub fn client() -> reqwest::Client {
    builder().build().expect("a client")
}

pub fn builder() -> reqwest::ClientBuilder {
    // Another test of this program may have been first.
    let _first = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().danger_accept_invalid_certs(true).no_proxy().timeout(Duration::from_secs(20))
}

pub fn options() -> Options {
    Options { clock: ClockMode::Manual, password: Some("secret".to_owned()), ..Options::default() }
}

impl Bench {
    pub async fn empty() -> Self {
        Self::start(options()).await
    }

    pub async fn set_up() -> Self {
        Self::start(Options { seed: Seed::SetUp, ..options() }).await
    }

    pub async fn start(options: Options) -> Self {
        Self::over(lab::start(options).await.expect("a lab")).await
    }

    pub async fn over(lab: Lab) -> Self {
        let base = lab.description().netscaler[0].http.clone();
        let mut bench = Self { lab: Arc::new(lab), http: client(), base, token: String::new() };
        bench.login().await;
        bench
    }

    /// The same lab through its second appliance.
    pub async fn second(&self) -> Self {
        let base = self.lab.description().netscaler[1].http.clone();
        let mut second = Self { lab: Arc::clone(&self.lab), http: client(), base, token: String::new() };
        second.login().await;
        second
    }

    /// A call of the control API.
    pub async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let url = format!("{}{path}", self.lab.description().control);
        let mut request = self.http.request(method.parse().expect("a method"), url);
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        Reply::from(request.send().await.expect("an answer")).await
    }

    /// The object of a resource that is not a list.
    pub async fn object(&self, path: &str) -> Value {
        let reply = self.send_as(Some(&format!("sessionid={}", self.token)), "GET", path, None).await;
        let name = path.split(['?', '/']).nth(1).expect("a resource");
        reply.json()[name].clone()
    }

    pub async fn login(&mut self) {
        let password = &self.lab.description().netscaler[0].password;
        let body = json!({ "login": { "username": "nsroot", "password": password } });
        let reply = self.send_as(None, "POST", "config/login", Some(body)).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()["sessionid"].as_str().expect("a token").clone_into(&mut self.token);
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("a method");
        self.http.request(method, format!("{}/nitro/v1/{path}", self.base))
    }

    pub async fn send_as(&self, cookie: Option<&str>, method: &str, path: &str, body: Option<Value>) -> Reply {
        let mut request = self.request(method, path);
        if let Some(cookie) = cookie {
            request = request.header("Cookie", cookie);
        }
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        Reply::from(request.send().await.expect("an answer")).await
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let cookie = format!("NITRO_AUTH_TOKEN={}", self.token);
        self.send_as(Some(&cookie), method, &format!("config/{path}"), body).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None).await
    }

    /// `body` is wrapped in the resource's name.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        let resource = path.split(['?', '/']).next().expect("a resource");
        self.send("POST", path, Some(json!({ resource: body }))).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        let resource = path.split(['?', '/']).next().expect("a resource");
        self.send("PUT", path, Some(json!({ resource: body }))).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None).await
    }

    /// The only item of a GET.
    pub async fn item(&self, path: &str) -> Value {
        let reply = self.get(path).await;
        let resource = path.split(['?', '/']).next().expect("a resource");
        let found = &reply.json()[resource];
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{path}: {}", reply.text);
        found[0].clone()
    }

    /// One attribute of the only item.
    pub async fn word(&self, path: &str, attribute: &str) -> Value {
        self.item(path).await[attribute].clone()
    }

    pub async fn advance(&self, seconds: u64) {
        self.lab.advance(Duration::from_secs(seconds)).await;
    }

    pub async fn server(&self, name: &str, ip: &str) {
        self.post("server", json!({ "name": name, "ipaddress": ip })).await.ok(201);
    }

    pub async fn group(&self, name: &str, kind: &str) {
        self.post("servicegroup", json!({ "servicegroupname": name, "servicetype": kind })).await.ok(201);
    }

    pub async fn member(&self, group: &str, server: &str, port: u16) {
        let body = json!({ "servicegroupname": group, "servername": server, "port": port });
        self.put(MEMBER, body).await.ok(201);
    }

    pub async fn vserver(&self, name: &str, kind: &str, ip: &str, port: u16) {
        let body = json!({ "name": name, "servicetype": kind, "ipv46": ip, "port": port });
        self.post("lbvserver", body).await.ok(201);
    }

    pub async fn bind(&self, vserver: &str, group: &str) {
        self.put(BIND, json!({ "name": vserver, "servicegroupname": group })).await.ok(201);
    }

    /// An SSL virtual server on 10.20.40.52:8443 with a group of one member, everything but its certificate.
    pub async fn mam(&self, vserver: &str, group: &str) {
        self.features(&["LB", "SSL"]).await;
        self.post("server", json!({ "name": "mam01", "ipaddress": "10.20.30.12" })).await.ok(201);
        self.group(group, "SSL").await;
        self.member(group, "mam01", 8443).await;
        self.vserver(vserver, "SSL", "10.20.40.52", 8443).await;
        self.bind(vserver, group).await;
    }

    pub async fn features(&self, features: &[&str]) {
        self.post("nsfeature?action=enable", json!({ "feature": features })).await.ok(200);
    }

    /// Server, group, member, virtual server, bound, with the features on.
    pub async fn chain(&self) {
        self.features(&["LB", "SSL"]).await;
        self.server("xms01", "10.20.30.11").await;
        self.group("sg", "SSL_BRIDGE").await;
        self.member("sg", "xms01", 443).await;
        self.vserver("vs", "SSL_BRIDGE", "10.20.40.51", 443).await;
        self.bind("vs", "sg").await;
    }
}

/// Puts a file under `/nsconfig/ssl`.
pub async fn upload(bench: &Bench, name: &str, content: &[u8]) {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let content = BASE64_STANDARD.encode(content);
    let body = json!({ "filename": name, "filelocation": "/nsconfig/ssl", "filecontent": content });
    bench.post("systemfile", body).await.ok(201);
}

/// A key pair of its own: the certificate as PEM, and its key.
pub fn pair(name: &str) -> (String, rcgen::KeyPair) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).expect("a certificate");
    (made.cert.pem(), made.signing_key)
}
