//! A node on the loopback that answers what the test says.

#[expect(dead_code, reason = "written for both clients; this one's tests need no answer that stalls")]
#[path = "../../../../wire/tests/support/mod.rs"]
mod loopback;

pub use loopback::{
    identity::{Identity, authority, params},
    server::{Asked, Server, raw},
    socks::socks,
};
use std::{net::SocketAddr, sync::LazyLock};
use xms::{Client, ConnectBy, Credentials, Limits, Node, Ports, Profile};

impl Server {
    /// "GET /ldap" lines, in order, without the root of the REST interface.
    pub fn lines(&self) -> Vec<String> {
        let short = |path: &str| path.strip_prefix("/xenmobile/api/v1").unwrap_or(path).to_owned();
        self.asked().iter().map(|asked| format!("{} {}", asked.method, short(&asked.path))).collect()
    }

    /// A node whose doors are all this server, without TLS.
    pub fn node(&self) -> Node {
        Node { plain: true, ..node(self.addr) }
    }

    pub fn client(&self) -> Client {
        client(&self.node())
    }
}

pub fn json(status: &str, body: &str) -> Vec<u8> {
    raw(status, "Content-Type: application/json\r\n", body)
}

pub fn fixture(name: &str) -> Vec<u8> {
    raw("200 OK", "Content-Type: application/json\r\n", crate::fixtures::file(name))
}

pub fn node(addr: SocketAddr) -> Node {
    let ports = Ports { management: addr.port(), enrolment: addr.port(), ssh: addr.port() };
    Node { ports, ..Node::at(addr.ip().to_string()) }
}

pub fn client(node: &Node) -> Client {
    Client::new(node, credentials(), profile(), Limits::default()).unwrap()
}

pub fn credentials() -> Credentials {
    Credentials { user: "console-svc".to_owned(), secret: "geheim".to_owned().into() }
}

/// Read once: it holds many regular expressions.
pub fn profile() -> Profile {
    static PROFILE: LazyLock<Profile> = LazyLock::new(|| Profile::embedded().unwrap());
    PROFILE.clone()
}

pub fn mapped(logical: &str, real: SocketAddr) -> ConnectBy {
    ConnectBy::Map(vec![(logical.to_owned(), real.to_string())])
}
