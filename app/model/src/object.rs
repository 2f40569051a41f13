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
    /// The appliance's configuration as a whole: what `save ns config` saves. No key.
    Config,
}

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
