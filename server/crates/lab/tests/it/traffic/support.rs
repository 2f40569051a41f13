//! Devices, and the set-up that they talk to.

use crate::common::{Bench, CERT, MEMBER, Reply, builder};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const IDS: [&str; 3] = ["169090571", "169090572", "169090573"];
pub const MAM: &str = "https://10.20.40.52:8443";
pub const MDM: &str = "https://10.20.40.51";
pub const STORE: &str = "/Citrix/Store/";

/// Somebody with a browser: connections of its own, an address, and cookies.
pub struct Device {
    pub http: reqwest::Client,
    pub cookies: BTreeMap<String, String>,
}

impl Device {
    pub fn at(bench: &Bench, ip: &str) -> Self {
        Self::built(bench, ip, builder())
    }

    pub fn built(bench: &Bench, ip: &str, builder: reqwest::ClientBuilder) -> Self {
        let proxy = format!("socks5h://{ip}:any@{}", bench.lab.description().socks);
        let http = builder.proxy(reqwest::Proxy::all(proxy).unwrap()).build().unwrap();
        Self { http, cookies: BTreeMap::new() }
    }

    /// The same person with new connections.
    pub fn again(&self, bench: &Bench, ip: &str) -> Self {
        Self { cookies: self.cookies.clone(), ..Self::at(bench, ip) }
    }

    pub async fn get(&mut self, url: &str) -> Reply {
        self.try_get(url).await.unwrap()
    }

    pub async fn try_get(&mut self, url: &str) -> reqwest::Result<Reply> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.http.get(url);
        if !cookies.is_empty() {
            request = request.header("Cookie", cookies.join("; "));
        }
        let reply = Reply::from(request.send().await?).await;
        for line in reply.headers.get_all("Set-Cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Ok(reply)
    }

    /// The node that the device belongs to, as its cookie has it.
    pub fn node(&self) -> &str {
        &self.cookies["ACNODEID"]
    }
}

impl Bench {
    pub async fn servers(&self) {
        self.features(&["LB", "SSL"]).await;
        for (at, name) in ["xms01", "xms02", "xms03"].into_iter().enumerate() {
            self.server(name, &format!("10.20.30.{}", at + 11)).await;
        }
    }

    /// The MAM virtual server as the procedure makes it, with these server IDs for the first nodes.
    pub async fn mam_of(&self, ids: &[&str]) {
        self.servers().await;
        self.group("sg_mam", "SSL").await;
        for (at, id) in ids.iter().enumerate() {
            let name = format!("xms{:02}", at + 1);
            let member =
                json!({ "servicegroupname": "sg_mam", "servername": name, "port": 8443, "customserverid": id });
            self.put(MEMBER, member).await.ok(201);
        }
        let vserver = json!({ "name": "mam", "servicetype": "SSL", "ipv46": "10.20.40.52", "port": 8443,
            "persistencetype": "CUSTOMSERVERID", "rule": "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")" });
        self.post("lbvserver", vserver).await.ok(201);
        self.bind("mam", "sg_mam").await;
        self.put(CERT, json!({ "vservername": "mam", "certkeyname": "wildcard-example" })).await.ok(201);
        self.advance(0).await;
    }

    /// The MDM virtual servers, for all nodes; `set` is what they have besides.
    pub async fn mdm(&self, set: Value) {
        self.servers().await;
        for (vserver, port) in [("mdm", 443), ("mdm_8443", 8443)] {
            let group = format!("sg_{vserver}");
            self.group(&group, "SSL_BRIDGE").await;
            for name in ["xms01", "xms02", "xms03"] {
                self.member(&group, name, port).await;
            }
            let mut body =
                json!({ "name": vserver, "servicetype": "SSL_BRIDGE", "ipv46": "10.20.40.51", "port": port });
            body.as_object_mut().unwrap().extend(set.as_object().unwrap().clone());
            self.post("lbvserver", body).await.ok(201);
            self.bind(vserver, &group).await;
        }
        self.advance(0).await;
    }

    pub async fn stat(&self, path: &str) -> Value {
        let resource = path.split(['?', '/']).next().unwrap();
        let cookie = format!("NITRO_AUTH_TOKEN={}", self.token);
        let reply = self.send_as(Some(&cookie), "GET", &format!("stat/{path}"), None).await;
        reply.json()[resource][0].clone()
    }

    /// Connections that the nodes have accepted on a port, probes left out by asking before and after.
    pub fn accepted(&self, port: u16) -> [u64; 3] {
        crate::common::NODES.map(|node| self.lab.connections(node, port))
    }

    pub async fn sessions(&self, query: &str) -> Vec<Value> {
        let reply = self.get(&format!("lbpersistentsessions{query}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["lbpersistentsessions"].as_array().cloned().unwrap_or_default()
    }
}

/// What came in addition.
pub fn more(before: [u64; 3], after: [u64; 3]) -> [u64; 3] {
    std::array::from_fn(|at| after[at] - before[at])
}
