//! How the console is reached, and under which name.

use http::{Uri, uri::Scheme};
use std::{net::IpAddr, str::FromStr};

/// How the console is reached.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Over TLS, by a proxy before it.
    pub secure: bool,
    /// Where people open it.
    pub public: Option<Public>,
    /// Proxies of ours: what they say of whom they speak for counts.
    pub proxies: Vec<IpAddr>,
}

/// `https://gatehouse.example.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Public {
    https: bool,
    host: String,
    port: u16,
}

impl Public {
    pub const fn is_secure(&self) -> bool {
        self.https
    }

    /// As a browser writes it: the scheme's own port is left out.
    pub fn origin(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        if self.port == default_port(self.https) {
            format!("{scheme}://{}", self.host)
        } else {
            format!("{scheme}://{}:{}", self.host, self.port)
        }
    }

    /// Host and port as a `Host` header has them.
    pub fn is(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            // The colons of an IPv6 address stand in brackets.
            Some((name, port)) if !port.ends_with(']') => match port.parse() {
                Ok(port) => (name, port),
                Err(_) => return false,
            },
            _ => (host, default_port(self.https)),
        };
        // A name may be written with the root's dot.
        port == self.port && name.strip_suffix('.').unwrap_or(name).eq_ignore_ascii_case(&self.host)
    }
}

const fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

impl FromStr for Public {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is no public address. Write it as https://gatehouse.example.com.");
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let https = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(wrong()),
        };
        let authority = uri.authority().ok_or_else(wrong)?;
        if authority.as_str().contains('@')
            || authority.host().is_empty()
            || !["", "/"].contains(&uri.path())
            || uri.query().is_some()
        {
            return Err(wrong());
        }
        let port = authority.port_u16().unwrap_or_else(|| default_port(https));
        Ok(Self { https, host: authority.host().to_ascii_lowercase(), port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_read_and_told_from_others() {
        let public: Public = "https://Gatehouse.example.com".parse().unwrap();
        assert_eq!((public.origin().as_str(), public.is_secure()), ("https://gatehouse.example.com", true));
        for host in ["gatehouse.example.com", "GATEHOUSE.example.com:443", "gatehouse.example.com."] {
            assert!(public.is(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "evil.example",
            "gatehouse.example.com:8443",
            "gatehouse.example.com:80",
            "gatehouse.example.com.evil.example",
            "gatehouse.example.com:x",
            "127.0.0.1",
            "[::1]:443",
        ] {
            assert!(!public.is(host), "{host}");
        }
        let local: Public = "http://127.0.0.1:3000/".parse().unwrap();
        assert!(local.is("127.0.0.1:3000") && !local.is("127.0.0.1") && !local.is("localhost:3000"));
        let six: Public = "http://[::1]".parse().unwrap();
        assert!(six.is("[::1]") && six.is("[::1]:80") && !six.is("[::2]"));
        for wrong in
            ["gatehouse.example.com", "ftp://x", "https://", "https://x/path", "https://x?y", "https://a@b", ""]
        {
            assert!(wrong.parse::<Public>().is_err(), "{wrong}");
        }
    }
}
