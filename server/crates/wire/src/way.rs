//! The way to an address: straight, mapped, or through a proxy.

use serde::{Deserialize, Serialize};

/// The way to an address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectBy {
    /// Straight.
    #[default]
    Direct,
    /// `host:port` as configured → `host:port` to connect to, as curl's `--connect-to`; for NAT. Others go straight.
    /// The `Host` header and the name in the certificate stay those of the configured address.
    Map(Vec<(String, String)>),
    /// Through a SOCKS5 proxy at `host:port`, which also resolves names.
    Socks5(String),
}

/// A connection to make: where to, and what is in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// `host:port` to connect to; with a proxy, what to ask it for.
    pub target: String,
    /// The proxy's `host:port`.
    pub proxy: Option<String>,
    /// What we go through, for people.
    pub via: Option<String>,
}

impl ConnectBy {
    /// The way to `address`. `check` says whether a text is `host:port`; it sees the address and everything that was
    /// configured beside it, because what is no host must not become part of another address. Each client has its own:
    /// what they take for a host differs.
    ///
    /// # Errors
    /// The first one of `check`.
    pub fn way<E>(&self, address: String, check: impl Fn(&str) -> Result<(), E>) -> Result<Way, E> {
        check(&address)?;
        Ok(match self {
            Self::Direct => Way { target: address, proxy: None, via: None },
            Self::Map(map) => {
                for (_, real) in map {
                    check(real)?;
                }
                let real = map.iter().find(|(logical, _)| logical.eq_ignore_ascii_case(&address));
                let real = real.map(|(_, real)| real.clone());
                Way { target: real.clone().unwrap_or(address), proxy: None, via: real }
            }
            Self::Socks5(proxy) => {
                check(proxy)?;
                let via = Some(format!("SOCKS5 proxy {proxy}"));
                Way { target: address, proxy: Some(proxy.clone()), via }
            }
        })
    }
}
