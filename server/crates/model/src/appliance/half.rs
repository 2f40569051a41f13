//! One NetScaler of an appliance: the only one, or one of a pair.

use super::trust::Trust;
use crate::{address, clock::At, pair_role::PairRole};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How connections get there. Real networks have NAT and jump hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum ConnectBy {
    #[default]
    Direct,
    /// `real` is dialled instead of the appliance's own address.
    Map { real: String },
    /// A SOCKS5 proxy, `host:port`.
    Socks5 { proxy: String },
}

/// Where it is, how it is reached, and whom to trust there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Half {
    /// False only where somebody typed `http://`.
    pub tls: bool,
    pub host: String,
    pub port: u16,
    pub connect: ConnectBy,
    pub trust: Trust,
}

impl Half {
    /// Empty where nobody knows the host any more.
    pub fn url(&self) -> String {
        if self.host.is_empty() {
            return String::new();
        }
        let scheme = if self.tls { "https" } else { "http" };
        let usual = if self.tls { 443 } else { 80 };
        let host = address::bracketed(&self.host);
        if self.port == usual { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{}", self.port) }
    }
}

/// The one or the other, as they were described.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    First,
    Second,
}

impl Which {
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    /// The form's name for one of its fields.
    pub const fn field(self, of: HalfField) -> &'static str {
        match (self, of) {
            (Self::First, HalfField::Address) => "address",
            (Self::First, HalfField::Connect) => "connect",
            (Self::First, HalfField::Via) => "via",
            (Self::First, HalfField::Pin) => "pin",
            (Self::Second, HalfField::Address) => "second_address",
            (Self::Second, HalfField::Connect) => "second_connect",
            (Self::Second, HalfField::Via) => "second_via",
            (Self::Second, HalfField::Pin) => "second_pin",
        }
    }
}

/// What is asked of each half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HalfField {
    Address,
    Connect,
    Via,
    Pin,
}

/// What was heard last when one was asked who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HalfSeen {
    pub which: Which,
    pub at: At,
    pub heard: Heard,
}

/// What it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum Heard {
    Role {
        role: PairRole,
    },
    /// It could not be asked; why, in a sentence for people.
    Trouble {
        sentence: String,
    },
}

impl fmt::Display for ConnectBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct => f.write_str("directly"),
            Self::Map { real } => write!(f, "at {real} instead of its own address"),
            Self::Socks5 { proxy } => write!(f, "through the SOCKS5 proxy {proxy}"),
        }
    }
}
