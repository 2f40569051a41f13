//! NetScaler objects as data: which one, and with which attributes.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// The kinds of object that a set-up consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A feature of the appliance: LB, SSL … Key: its token.
    Feature,
    /// Key: name.
    Server,
    /// Key: name.
    ServiceGroup,
    /// Member of a service group. Key: group, server name, port.
    Member,
    /// Load-balancing virtual server. Key: name.
    LbVserver,
    /// Service group bound to a virtual server. Key: virtual server, group.
    LbVserverGroup,
    /// A file in the appliance's store of certificates. Key: file name, folder.
    CertFile,
    /// A certificate with its key, by name. Key: name.
    CertKey,
    /// The next certificate of a chain. Key: name of the certificate key that it is the issuer of.
    CertLink,
    /// The server certificate of an SSL virtual server. Key: virtual server; a second one would replace the first.
    VserverCert,
    /// What the appliance itself answers for a name. Key: host name, address.
    AddressRecord,
    /// Where a Gateway finds the cluster. Key: Gateway virtual server, URL.
    AppController,
    /// The settings of a Gateway session. Key: name.
    SessionAction,
    /// Only read. A Gateway's virtual server. Key: name.
    Gateway,
    /// Only read. A session policy bound to a Gateway. Key: Gateway virtual server, policy.
    GatewayPolicy,
    /// Only read. Key: name.
    SessionPolicy,
    /// Only read. An address of the appliance's own. Key: address.
    Address,
    /// The appliance's configuration as a whole: what `save ns config` saves. No key.
    Config,
}

impl Kind {
    pub const ALL: [Self; 18] = [
        Self::Feature,
        Self::Server,
        Self::ServiceGroup,
        Self::Member,
        Self::LbVserver,
        Self::LbVserverGroup,
        Self::CertFile,
        Self::CertKey,
        Self::CertLink,
        Self::VserverCert,
        Self::AddressRecord,
        Self::AppController,
        Self::SessionAction,
        Self::Gateway,
        Self::GatewayPolicy,
        Self::SessionPolicy,
        Self::Address,
        Self::Config,
    ];

    /// It can be enabled and disabled where it is, and counts for the load balancing only while it is enabled.
    pub const fn has_switch(self) -> bool {
        matches!(self, Self::Server | Self::ServiceGroup | Self::Member | Self::LbVserver)
    }
}

/// Where an appliance keeps certificates and keys (`nitro.md` 3.13).
pub const CERT_FOLDER: &str = "/nsconfig/ssl";

/// One object: kind and key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectRef {
    pub kind: Kind,
    pub key: Vec<String>,
}

impl ObjectRef {
    pub fn new<I, S>(kind: Kind, key: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        Self { kind, key: key.into_iter().map(Into::into).collect() }
    }

    pub fn feature(token: &str) -> Self {
        Self::new(Kind::Feature, [token])
    }

    pub fn server(name: &str) -> Self {
        Self::new(Kind::Server, [name])
    }

    pub fn group(name: &str) -> Self {
        Self::new(Kind::ServiceGroup, [name])
    }

    pub fn member(group: &str, server: &str, port: u16) -> Self {
        Self::new(Kind::Member, [group.to_owned(), server.to_owned(), port.to_string()])
    }

    pub fn vserver(name: &str) -> Self {
        Self::new(Kind::LbVserver, [name])
    }

    pub fn vserver_group(vserver: &str, group: &str) -> Self {
        Self::new(Kind::LbVserverGroup, [vserver, group])
    }

    pub fn cert_file(name: &str) -> Self {
        Self::new(Kind::CertFile, [name, CERT_FOLDER])
    }

    pub fn cert_key(name: &str) -> Self {
        Self::new(Kind::CertKey, [name])
    }

    pub fn cert_link(name: &str) -> Self {
        Self::new(Kind::CertLink, [name])
    }

    pub fn vserver_cert(vserver: &str) -> Self {
        Self::new(Kind::VserverCert, [vserver])
    }

    pub fn address_record(hostname: &str, address: &str) -> Self {
        Self::new(Kind::AddressRecord, [hostname, address])
    }

    pub fn app_controller(gateway: &str, url: &str) -> Self {
        Self::new(Kind::AppController, [gateway, url])
    }

    pub fn session_action(name: &str) -> Self {
        Self::new(Kind::SessionAction, [name])
    }

    pub fn gateway(name: &str) -> Self {
        Self::new(Kind::Gateway, [name])
    }

    pub fn config() -> Self {
        Self { kind: Kind::Config, key: Vec::new() }
    }

    /// The `n`th part of the key; empty when a stored reference is shorter than its kind wants.
    pub fn part(&self, n: usize) -> &str {
        self.key.get(n).map_or("", String::as_str)
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Feature => write!(f, "feature {}", self.part(0)),
            Kind::Server => write!(f, "server {}", self.part(0)),
            Kind::ServiceGroup => write!(f, "service group {}", self.part(0)),
            Kind::Member => write!(f, "member {}:{} of {}", self.part(1), self.part(2), self.part(0)),
            Kind::LbVserver => write!(f, "virtual server {}", self.part(0)),
            Kind::LbVserverGroup => write!(f, "binding of {} to {}", self.part(1), self.part(0)),
            Kind::CertFile => write!(f, "file {}/{}", self.part(1), self.part(0)),
            Kind::CertKey => write!(f, "certificate key {}", self.part(0)),
            Kind::CertLink => write!(f, "chain of certificate key {}", self.part(0)),
            Kind::VserverCert => write!(f, "certificate of {}", self.part(0)),
            Kind::AddressRecord => write!(f, "address record {} → {}", self.part(0), self.part(1)),
            Kind::AppController => write!(f, "App Controller {} of {}", self.part(1), self.part(0)),
            Kind::SessionAction => write!(f, "session action {}", self.part(0)),
            Kind::Gateway => write!(f, "Gateway {}", self.part(0)),
            Kind::GatewayPolicy => write!(f, "session policy {} of {}", self.part(1), self.part(0)),
            Kind::SessionPolicy => write!(f, "session policy {}", self.part(0)),
            Kind::Address => write!(f, "address {}", self.part(0)),
            Kind::Config => write!(f, "saved configuration"),
        }
    }
}

/// One attribute's value, normalised: numbers are numbers however the appliance spelled them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Number(i64),
    Text(String),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// Attributes by NITRO name.
pub type Attrs = BTreeMap<String, Value>;
