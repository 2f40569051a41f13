//! An appliance as people describe it: where it is, how to reach it, whom to trust.

use crate::{fields::FieldErrors, ids::ApplianceId, names};
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

/// Whose word we take for the appliance's identity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Trust {
    /// This machine's certificate authorities.
    #[default]
    System,
    /// SHA-256 of its certificate, shown to and accepted by a person.
    Pinned { sha256: String },
}

/// Everything but the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplianceSpec {
    pub title: String,
    /// False only where somebody typed `http://`.
    pub tls: bool,
    pub host: String,
    pub port: u16,
    pub user: String,
    pub connect: ConnectBy,
    pub trust: Trust,
}

impl ApplianceSpec {
    pub fn url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        let usual = if self.tls { 443 } else { 80 };
        if self.port == usual {
            format!("{scheme}://{}", self.host)
        } else {
            format!("{scheme}://{}:{}", self.host, self.port)
        }
    }
}

/// One appliance of the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appliance {
    pub id: ApplianceId,
    pub spec: ApplianceSpec,
}

/// The form as it was typed, without the password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApplianceForm {
    pub title: String,
    pub address: String,
    pub user: String,
    /// `direct`, `map` or `socks5`.
    pub connect: String,
    pub via: String,
    /// The fingerprint that the person accepted, as shown.
    pub pin: String,
}

impl ApplianceForm {
    pub fn parse(&self) -> Result<ApplianceSpec, FieldErrors> {
        let mut errors = FieldErrors::default();
        let title = errors.keep("title", names::title(&self.title, "the appliance"));
        let address = errors.keep("address", parse_address(&self.address));
        let user = errors.keep("user", account(&self.user));
        let connect = self.connect_by(&mut errors);
        let trust = match self.pin.trim() {
            "" => Some(Trust::System),
            typed => errors.keep("pin", fingerprint(typed)).map(|sha256| Trust::Pinned { sha256 }),
        };
        match (title, address, user, connect, trust) {
            (Some(title), Some((tls, host, port)), Some(user), Some(connect), Some(trust)) if errors.is_empty() => {
                Ok(ApplianceSpec { title, tls, host, port, user, connect, trust })
            }
            _ => Err(errors),
        }
    }

    fn connect_by(&self, errors: &mut FieldErrors) -> Option<ConnectBy> {
        let via = self.via.trim();
        match self.connect.trim() {
            "" | "direct" if via.is_empty() => Some(ConnectBy::Direct),
            "" | "direct" => {
                errors.add("via", "A direct connection needs nothing here. Empty the field, or choose another way.");
                None
            }
            "map" => errors.keep("via", host_port(via)).map(|real| ConnectBy::Map { real }),
            "socks5" => errors.keep("via", host_port(via)).map(|proxy| ConnectBy::Socks5 { proxy }),
            other => {
                errors.add("connect", format!("“{other}” is no way to connect. Choose one from the list."));
                None
            }
        }
    }
}

fn account(typed: &str) -> Result<String, String> {
    let user = typed.trim();
    if user.is_empty() {
        return Err("Give the account's name, for example nsroot.".into());
    }
    if user.len() > 127 || user.chars().any(char::is_control) {
        return Err("This is no account name that a NetScaler takes.".into());
    }
    Ok(user.to_owned())
}

/// Scheme (TLS or not), host, port from `10.0.0.10`, `ns.example.com:8443` or `https://10.0.0.10`.
fn parse_address(typed: &str) -> Result<(bool, String, u16), String> {
    let text = typed.trim().trim_end_matches('/');
    if text.is_empty() {
        return Err("Give the management address (NSIP), for example 10.0.0.10.".into());
    }
    let (tls, rest) = match text.split_once("://") {
        None => (true, text),
        Some(("https", rest)) => (true, rest),
        Some(("http", rest)) => (false, rest),
        Some((other, _)) => {
            return Err(format!("“{other}://” is not spoken by a NetScaler. Use https:// or leave it out."));
        }
    };
    let (host, port) = match rest.rsplit_once(':') {
        None => (rest, if tls { 443 } else { 80 }),
        Some((host, port)) => (host, names::port(port)?),
    };
    Ok((tls, host_name(host)?, port))
}

fn host_name(host: &str) -> Result<String, String> {
    let looks_like_address = !host.is_empty() && host.chars().all(|c| c.is_ascii_digit() || c == '.');
    if looks_like_address && host.parse::<std::net::Ipv4Addr>().is_err() {
        return Err(format!("“{host}” is no IPv4 address: four numbers from 0 to 255 with dots between."));
    }
    let fits = !host.is_empty()
        && host.len() <= 253
        && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        && !host.starts_with(['-', '.'])
        && !host.ends_with('-');
    if fits { Ok(host.to_ascii_lowercase()) } else { Err(format!("“{host}” is no address and no host name.")) }
}

fn host_port(typed: &str) -> Result<String, String> {
    let Some((host, port)) = typed.rsplit_once(':') else {
        return Err("Give host and port, for example 10.9.9.9:1080.".into());
    };
    Ok(format!("{}:{}", host_name(host)?, names::port(port)?))
}

/// SHA-256 as 64 hexadecimal digits in lower case, from any of the usual spellings.
pub fn fingerprint(typed: &str) -> Result<String, String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    if digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        Ok(digits.to_ascii_lowercase())
    } else {
        Err("A SHA-256 fingerprint has 64 hexadecimal digits. Copy it whole.".into())
    }
}

/// A fingerprint as people compare it: `AB:CD:…`.
pub fn fingerprint_text(sha256: &str) -> String {
    let digits: Vec<char> = sha256.to_ascii_uppercase().chars().collect();
    digits.chunks(2).map(|pair| pair.iter().collect::<String>()).collect::<Vec<_>>().join(":")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_all_spellings() {
        assert_eq!(parse_address("10.0.0.10").unwrap(), (true, "10.0.0.10".into(), 443));
        assert_eq!(parse_address("https://NS.example.com:8443/").unwrap(), (true, "ns.example.com".into(), 8443));
        assert_eq!(parse_address("http://10.0.0.10").unwrap(), (false, "10.0.0.10".into(), 80));
        for bad in ["", "ftp://x", "10.0.0", "10.0.0.300", "a b", "x:0", "user@host", "https://"] {
            assert!(parse_address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_pin_is_taken_as_it_is_shown() {
        let shown = fingerprint_text(&"0a".repeat(32));
        assert!(shown.starts_with("0A:0A"));
        assert_eq!(fingerprint(&shown).unwrap(), "0a".repeat(32));
        assert!(fingerprint("0A:0B").is_err());
    }

    #[test]
    fn the_way_to_connect_and_its_address_belong_together() {
        let form = |connect: &str, via: &str| ApplianceForm {
            title: "ns".into(),
            address: "10.0.0.10".into(),
            user: "nsroot".into(),
            connect: connect.into(),
            via: via.into(),
            pin: String::new(),
        };
        assert_eq!(
            form("socks5", "127.0.0.1:1080").parse().unwrap().connect,
            ConnectBy::Socks5 { proxy: "127.0.0.1:1080".into() }
        );
        assert!(form("socks5", "").parse().unwrap_err().get("via").is_some());
        assert!(form("direct", "x:1").parse().unwrap_err().get("via").is_some());
        assert!(form("pigeon", "").parse().unwrap_err().get("connect").is_some());
    }
}
