//! An appliance as people describe it: where it is, how to reach it, whom to trust.

use crate::{address, fields::FieldErrors, ids::ApplianceId, names};
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
    /// The form that shows `spec`.
    pub fn of(spec: &ApplianceSpec) -> Self {
        let (connect, via) = match &spec.connect {
            ConnectBy::Direct => ("direct", String::new()),
            ConnectBy::Map { real } => ("map", real.clone()),
            ConnectBy::Socks5 { proxy } => ("socks5", proxy.clone()),
        };
        let pin = match &spec.trust {
            Trust::System => String::new(),
            Trust::Pinned { sha256 } => fingerprint_text(sha256),
        };
        let (title, user) = (spec.title.clone(), spec.user.clone());
        Self { title, address: spec.url(), user, connect: connect.into(), via, pin }
    }

    pub fn parse(&self) -> Result<ApplianceSpec, FieldErrors> {
        let mut errors = FieldErrors::default();
        let title = errors.keep("title", names::title(&self.title, "the appliance"));
        let address = errors.keep("address", address::address(&self.address));
        let user = errors.keep("user", account(&self.user));
        let connect = self.connect_by(&mut errors);
        let trust = match self.pin.trim() {
            "" => Some(Trust::System),
            typed => errors.keep("pin", fingerprint(typed)).map(|sha256| Trust::Pinned { sha256 }),
        };
        if let (Some((tls, host, _)), Some(connect)) = (&address, &connect) {
            if !tls && trust.as_ref().is_some_and(|trust| *trust != Trust::System) {
                errors.add(
                    "pin",
                    "With http:// no certificate is shown, so the pin would guard nothing. Use https://, or take the tick \
                     away and know that the password travels readable.",
                );
            }
            if host.contains(':') && matches!(connect, ConnectBy::Socks5 { .. }) {
                errors.add(
                    "address",
                    "An IPv6 address is not reached through a SOCKS5 proxy from here. Give its name, its IPv4 address, or \
                     another way to connect.",
                );
            }
        }
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
            "map" => errors.keep("via", address::host_port(via)).map(|real| ConnectBy::Map { real }),
            "socks5" => errors.keep("via", address::host_port(via)).map(|proxy| ConnectBy::Socks5 { proxy }),
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

    #[test]
    fn a_stored_appliance_survives_its_form() {
        for (address, connect, via, pin) in [
            ("https://10.0.0.10", "socks5", "127.0.0.1:1080", fingerprint_text(&"0a".repeat(32))),
            ("http://ns1.example.com:9080", "map", "127.0.0.1:9080", String::new()),
            ("https://[2001:db8::10]:8443", "direct", "", String::new()),
        ] {
            let form = ApplianceForm {
                title: "ns".into(),
                address: address.into(),
                user: "nsroot".into(),
                connect: connect.into(),
                via: via.into(),
                pin,
            };
            let spec = form.parse().unwrap();
            assert_eq!(ApplianceForm::of(&spec), form);
            assert_eq!(spec.url(), address);
        }
    }

    #[test]
    fn what_contradicts_itself_is_said_and_not_dropped() {
        let form = |address: &str, connect: &str, via: &str, pin: &str| ApplianceForm {
            title: "ns".into(),
            address: address.into(),
            user: "nsroot".into(),
            connect: connect.into(),
            via: via.into(),
            pin: pin.into(),
        };
        let plain = form("http://10.0.0.10", "direct", "", &"0a".repeat(32)).parse().unwrap_err();
        assert!(plain.get("pin").is_some_and(|sentence| sentence.contains("guard nothing")));
        let far = form("2001:db8::10", "socks5", "10.9.9.9:1080", "").parse().unwrap_err();
        assert!(far.get("address").is_some_and(|sentence| sentence.contains("SOCKS5")));
    }
}
