//! Where an appliance is, how to get there, and how long we wait.

use crate::{ConnectBy, Error, Trust};
use http::uri::Authority;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, net::Ipv6Addr, str::FromStr, time::Duration};

/// `http` or `https`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Plain: the password travels readable. For the lab, and for appliances that offer nothing else.
    Http,
    /// TLS.
    Https,
}

impl Scheme {
    /// The word in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// An appliance's address: scheme, host and port, nothing else. Read from `https://10.0.0.10` or `ns1.example.com:8443`
/// (without a scheme it is `https`), shown as the former; serde as that text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Base {
    /// `http` or `https`.
    pub scheme: Scheme,
    /// Name or address; an IPv6 address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Base {
    /// `host:port`, with brackets around an IPv6 address.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.bracketed(), self.port)
    }

    /// The value of the `Host` header: the port only where it is not the scheme's own.
    pub(crate) fn host_header(&self) -> String {
        if self.port == self.scheme.default_port() { self.bracketed() } else { self.authority() }
    }

    fn bracketed(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }
}

impl FromStr for Base {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Scheme::Https, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Scheme::Http, rest),
            Some((scheme, _)) => return Err(Error::Build(format!("“{scheme}” is neither http nor https"))),
            None => (Scheme::Https, text),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // The text is not repeated in the message: somebody may have put a password in front of the @.
        let bad =
            || Error::Build("an appliance's address is a host name or IP address, with a port if need be".to_owned());
        if rest.contains('@') {
            return Err(bad());
        }
        let authority: Authority = rest.parse().map_err(|_| bad())?;
        let inner = authority.host().strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = match inner {
            Some(address) if address.parse::<Ipv6Addr>().is_ok() => address,
            // `Authority` takes brackets in other places, too.
            None if !authority.host().is_empty() && !authority.host().contains(['[', ']', ':']) => authority.host(),
            _ => return Err(bad()),
        };
        let port = match authority.port() {
            Some(port) if port.as_u16() != 0 => port.as_u16(),
            Some(_) => return Err(bad()),
            // `Authority` takes "host:" and "host:99999" for a host without a port.
            None if authority.as_str().len() != authority.host().len() => return Err(bad()),
            None => scheme.default_port(),
        };
        Ok(Self { scheme, host: host.to_owned(), port })
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.host_header())
    }
}

impl Serialize for Base {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Base {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One appliance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its address.
    pub base: Base,
    /// The way there.
    #[serde(default)]
    pub connect_by: ConnectBy,
    /// How it proves who it is; not used with plain HTTP.
    pub trust: Trust,
}

/// Limits, in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For TCP, proxy and TLS together.
    pub connect: Duration,
    /// For the first byte of the answer, counted from the start, and again for each later piece; of a write's answer, for
    /// all of it.
    pub read: Duration,
    /// For all of an answer to a read, however steadily it comes.
    pub whole: Duration,
    /// Instead of `read` for `nsconfig?action=save`, which writes to a disk. What comes later is read back: a run that waits
    /// any longer only looks as if it were at work.
    pub save: Duration,
    /// How long an idle connection is kept. Shorter than the appliance's own limit (Apache's default is 5 s): a write
    /// sent into a connection that is just being closed would be in doubt for nothing.
    pub idle: Duration,
    /// Requests at a time (`nitro.md` 2.4: 2 to 4).
    pub in_flight: usize,
    /// Largest answer in bytes.
    pub body: usize,
    /// How often a GET is repeated after 503 or a broken connection. Writes never are.
    pub retries: u32,
    /// Wait before the first repetition; doubled for the second.
    pub backoff: Duration,
    /// Idle time, in whole seconds, after which the appliance ends our session; short, because a session that is not
    /// logged out occupies one of its few places.
    pub session: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(30),
            whole: Duration::from_mins(2),
            save: Duration::from_mins(1),
            idle: Duration::from_secs(4),
            in_flight: 4,
            body: 32 * 1024 * 1024,
            retries: 2,
            backoff: Duration::from_millis(200),
            session: Duration::from_mins(15),
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
    fn addresses_are_read_and_shown() {
        for (text, shown) in [
            ("https://10.0.0.10", "https://10.0.0.10"),
            ("10.0.0.10", "https://10.0.0.10"),
            ("HTTP://ns1.example.com/", "http://ns1.example.com"),
            ("https://[fd00::1]:8443", "https://[fd00::1]:8443"),
            ("http://127.0.0.1:9080", "http://127.0.0.1:9080"),
        ] {
            assert_eq!(text.parse::<Base>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for text in [
            "",
            "ftp://x",
            "https://u:geheim@ns1",
            "https://ns1/path",
            "ns1:0",
            "ns1:99999",
            "ns 1",
            "https://",
            "ns[]",
            "[x]",
            "[]",
        ] {
            let error = text.parse::<Base>().unwrap_err();
            assert!(!error.to_string().contains("geheim"), "{error}");
        }
    }
}
