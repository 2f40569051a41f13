//! Where a node is, how to get there, and how long we wait.

use crate::{ConnectBy, Error, Trust};
use http::uri::Authority;
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr, time::Duration};
use wire::Way;

/// One of a node's doors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Port {
    /// Console and REST: 4443.
    Management,
    /// Enrolment, store and the pages without login: 8443.
    Enrolment,
    /// The menu program: 22.
    Ssh,
}

/// The ports; each can be set at the first start of a node, so none is a constant for callers (`xenmobile.md` 1.1, 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ports {
    /// Console and REST.
    pub management: u16,
    /// Enrolment and store.
    pub enrolment: u16,
    /// The menu program.
    pub ssh: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { management: 4443, enrolment: 8443, ssh: 22 }
    }
}

/// One node of a cluster. Its certificate carries the cluster's name, so the two are given apart: we connect to `host`
/// and check for `fqdn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// The node's own address, never the load balancer's.
    pub host: String,
    /// The cluster's name: in the certificate and in the `Host` header. `host` where not given.
    #[serde(default)]
    pub fqdn: Option<String>,
    /// Its ports.
    #[serde(default)]
    pub ports: Ports,
    /// The way there; also for SSH.
    #[serde(default)]
    pub connect_by: ConnectBy,
    /// How it proves who it is over TLS.
    #[serde(default)]
    pub trust: Trust,
    /// Without TLS: the password travels readable. For tests only.
    #[serde(default)]
    pub plain: bool,
}

impl Node {
    /// A node at an address, with the usual ports, straight, trusted by the system's roots.
    pub fn at(host: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            fqdn: None,
            ports: Ports::default(),
            connect_by: ConnectBy::Direct,
            trust: Trust::SystemRoots,
            plain: false,
        }
    }

    /// The number of a port.
    pub fn port(&self, port: Port) -> u16 {
        match port {
            Port::Management => self.ports.management,
            Port::Enrolment => self.ports.enrolment,
            Port::Ssh => self.ports.ssh,
        }
    }

    /// `host:port` of a door, with brackets around an IPv6 address.
    pub fn address(&self, port: Port) -> String {
        join(&self.host, self.port(port))
    }

    /// The name in the certificate.
    pub fn name(&self) -> &str {
        self.fqdn.as_deref().unwrap_or(&self.host)
    }

    /// The value of the `Host` header: the port only where it is not the scheme's own.
    pub(crate) fn host_header(&self, port: Port) -> String {
        let usual = if self.plain { 80 } else { 443 };
        let text = join(self.name(), self.port(port));
        if self.port(port) == usual {
            text.rsplit_once(':').map_or(text.clone(), |(name, _)| name.to_owned())
        } else {
            text
        }
    }

    pub(crate) const fn scheme(&self) -> &'static str {
        if self.plain { "http" } else { "https" }
    }

    pub(crate) fn way(&self, port: Port) -> Result<Way, Error> {
        self.connect_by.way(self.address(port), check)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)
    }
}

fn join(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Takes `host:port` apart; the host without brackets.
pub(crate) fn split(text: &str) -> Result<(&str, u16), Error> {
    let bad = || Error::Build(format!("“{text}” is not host:port"));
    let (host, port) = text.rsplit_once(':').ok_or_else(bad)?;
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let port: u16 = port.parse().map_err(|_| bad())?;
    if host.is_empty() || port == 0 { Err(bad()) } else { Ok((host, port)) }
}

/// The fields are public: a host that is none must not become part of another address.
fn check(text: &str) -> Result<(), Error> {
    let (host, _) = split(text)?;
    if host.contains(':') {
        return host.parse::<IpAddr>().map(|_| ()).map_err(|_| Error::Build(format!("“{host}” is not an address")));
    }
    match text.parse::<Authority>() {
        Ok(authority) if authority.host() == host && !text.contains('@') => Ok(()),
        _ => Err(Error::Build(format!("“{host}” is neither a host name nor an address"))),
    }
}

/// Limits, in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For TCP, proxy, and TLS or SSH key exchange together.
    pub connect: Duration,
    /// For the first byte of an answer, and again for each later piece.
    pub read: Duration,
    /// For one menu or one answer of the menu program: cluster and database calls are slow.
    pub menu: Duration,
    /// How long an idle HTTP connection is kept.
    pub idle: Duration,
    /// Requests at a time to one node.
    pub in_flight: usize,
    /// Largest answer in bytes.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(30),
            menu: Duration::from_secs(30),
            idle: Duration::from_secs(4),
            in_flight: 4,
            body: 8 * 1024 * 1024,
        }
    }
}

impl Limits {
    /// Those of them that every client has.
    pub(crate) const fn of_http(&self) -> wire::Limits {
        let Self { connect, read, idle, in_flight, body, .. } = *self;
        wire::Limits { connect, read, idle, in_flight, body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_not_the_address() {
        let mut node = Node { fqdn: Some("mdm.example.test".to_owned()), ..Node::at("10.20.30.11") };
        assert_eq!(node.address(Port::Management), "10.20.30.11:4443");
        assert_eq!(node.host_header(Port::Management), "mdm.example.test:4443");
        node.ports.management = 443;
        assert_eq!(node.host_header(Port::Management), "mdm.example.test");
        assert_eq!(Node::at("fe80::1").address(Port::Ssh), "[fe80::1]:22");
    }

    #[test]
    fn a_host_that_is_none_goes_nowhere() {
        for host in ["", "a b", "a/b", "user@a", "a:1:b", "a?x", "a#x"] {
            assert!(matches!(Node::at(host).way(Port::Ssh), Err(Error::Build(_))), "{host}");
        }
        let map = |real: &str| ConnectBy::Map(vec![("10.0.0.1:22".to_owned(), real.to_owned())]);
        let node = Node { connect_by: map("127.0.0.1"), ..Node::at("10.0.0.1") };
        assert!(node.way(Port::Ssh).is_err());
        let node = Node { connect_by: map("127.0.0.1:2222"), ..Node::at("10.0.0.1") };
        assert_eq!(node.way(Port::Ssh).unwrap().target, "127.0.0.1:2222");
        assert_eq!(node.way(Port::Management).unwrap().target, "10.0.0.1:4443");
    }
}
