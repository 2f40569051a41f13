//! The form of an appliance: parsed here, its halves alike.

use super::{
    ApplianceSpec,
    half::{ConnectBy, Half, HalfField, Which},
    trust::{Trust, fingerprint, fingerprint_text},
};
use crate::{address, fields::FieldErrors, names};
use serde::{Deserialize, Serialize};

/// The form as it was typed, without the password. A pair whose other half has no address here has nothing in the fields
/// that begin with `second`.
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
    pub second_address: String,
    pub second_connect: String,
    pub second_via: String,
    pub second_pin: String,
}

/// What was typed of one half.
struct Typed<'a> {
    which: Which,
    address: &'a str,
    connect: &'a str,
    via: &'a str,
    pin: &'a str,
}

impl ApplianceForm {
    /// The form that shows `spec`.
    pub fn of(spec: &ApplianceSpec) -> Self {
        let (connect, via, pin) = shown(&spec.first);
        let (title, user) = (spec.title.clone(), spec.user.clone());
        let form = Self { title, address: spec.first.url(), user, connect, via, pin, ..Self::default() };
        let Some(second) = &spec.second else { return form };
        let (second_connect, second_via, second_pin) = shown(second);
        Self { second_address: second.url(), second_connect, second_via, second_pin, ..form }
    }

    pub fn parse(&self) -> Result<ApplianceSpec, FieldErrors> {
        let mut errors = FieldErrors::default();
        let title = errors.keep("title", names::title(&self.title, "the appliance"));
        let user = errors.keep("user", account(&self.user));
        let first = Typed {
            which: Which::First,
            address: &self.address,
            connect: &self.connect,
            via: &self.via,
            pin: &self.pin,
        };
        let first = first.parse(&mut errors);
        let second = self.second().map(|typed| typed.parse(&mut errors));
        if let (Some(first), Some(Some(second))) = (&first, &second)
            && (&first.host, first.port) == (&second.host, second.port)
        {
            errors.add(
                Which::Second.field(HalfField::Address),
                "This is the same address once more. Give the NSIP of the other half, or leave the field empty.",
            );
        }
        match (title, user, first, second) {
            (Some(title), Some(user), Some(first), second) if errors.is_empty() => {
                Ok(ApplianceSpec { title, user, first, second: second.flatten() })
            }
            _ => Err(errors),
        }
    }

    /// `None`: nothing was typed of a second one. How it is connected to has a word even then.
    fn second(&self) -> Option<Typed<'_>> {
        let typed = Typed {
            which: Which::Second,
            address: &self.second_address,
            connect: &self.second_connect,
            via: &self.second_via,
            pin: &self.second_pin,
        };
        let any = [typed.address, typed.via].iter().any(|text| !text.trim().is_empty());
        any.then_some(typed)
    }
}

impl Typed<'_> {
    fn parse(&self, errors: &mut FieldErrors) -> Option<Half> {
        let [address_field, pin_field] = [HalfField::Address, HalfField::Pin].map(|of| self.which.field(of));
        let address = errors.keep(address_field, address::address(self.address));
        let connect = self.connect_by(errors);
        let trust = match self.pin.trim() {
            "" => Some(Trust::System),
            typed => errors.keep(pin_field, fingerprint(typed)).map(|sha256| Trust::Pinned { sha256 }),
        };
        if let (Some((tls, host, _)), Some(connect)) = (&address, &connect) {
            if !tls && trust.as_ref().is_some_and(|trust| *trust != Trust::System) {
                errors.add(
                    pin_field,
                    "With http:// no certificate is shown, so the pin would guard nothing. Use https://, or take the tick \
                     away and know that the password travels readable.",
                );
            }
            if host.contains(':') && matches!(connect, ConnectBy::Socks5 { .. }) {
                errors.add(
                    address_field,
                    "An IPv6 address is not reached through a SOCKS5 proxy from here. Give its name, its IPv4 address, or \
                     another way to connect.",
                );
            }
        }
        let (tls, host, port) = address?;
        Some(Half { tls, host, port, connect: connect?, trust: trust? })
    }

    fn connect_by(&self, errors: &mut FieldErrors) -> Option<ConnectBy> {
        let [via_field, connect_field] = [HalfField::Via, HalfField::Connect].map(|of| self.which.field(of));
        let via = self.via.trim();
        match self.connect.trim() {
            "" | "direct" if via.is_empty() => Some(ConnectBy::Direct),
            "" | "direct" => {
                errors
                    .add(via_field, "A direct connection needs nothing here. Empty the field, or choose another way.");
                None
            }
            "map" => errors.keep(via_field, address::host_port(via)).map(|real| ConnectBy::Map { real }),
            "socks5" => errors.keep(via_field, address::host_port(via)).map(|proxy| ConnectBy::Socks5 { proxy }),
            other => {
                errors.add(connect_field, format!("“{other}” is no way to connect. Choose one from the list."));
                None
            }
        }
    }
}

/// Its way, what that goes through, and its pin, as the form has them.
fn shown(half: &Half) -> (String, String, String) {
    let (connect, via) = match &half.connect {
        ConnectBy::Direct => ("direct", String::new()),
        ConnectBy::Map { real } => ("map", real.clone()),
        ConnectBy::Socks5 { proxy } => ("socks5", proxy.clone()),
    };
    let pin = match &half.trust {
        Trust::System => String::new(),
        Trust::Pinned { sha256 } => fingerprint_text(sha256),
    };
    (connect.to_owned(), via, pin)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn form(address: &str, connect: &str, via: &str, pin: &str) -> ApplianceForm {
        ApplianceForm {
            title: "ns".into(),
            address: address.into(),
            user: "nsroot".into(),
            connect: connect.into(),
            via: via.into(),
            pin: pin.into(),
            ..ApplianceForm::default()
        }
    }

    #[test]
    fn the_way_to_connect_and_its_address_belong_together() {
        let form = |connect: &str, via: &str| form("10.0.0.10", connect, via, "");
        assert_eq!(
            form("socks5", "127.0.0.1:1080").parse().unwrap().first.connect,
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
            let form = form(address, connect, via, &pin);
            let spec = form.parse().unwrap();
            assert_eq!(ApplianceForm::of(&spec), form);
            assert_eq!(spec.url(), address);
            let pair = ApplianceForm {
                second_address: "https://10.0.0.11".into(),
                second_connect: connect.into(),
                second_via: via.into(),
                second_pin: fingerprint_text(&"0b".repeat(32)),
                ..form
            };
            let spec = pair.parse().unwrap();
            assert_eq!(ApplianceForm::of(&spec), pair);
            assert_eq!(spec.halves().count(), 2);
            assert_eq!(spec.url(), format!("{address} and https://10.0.0.11"));
        }
    }

    #[test]
    fn what_contradicts_itself_is_said_and_not_dropped() {
        let plain = form("http://10.0.0.10", "direct", "", &"0a".repeat(32)).parse().unwrap_err();
        assert!(plain.get("pin").is_some_and(|sentence| sentence.contains("guard nothing")));
        let far = form("2001:db8::10", "socks5", "10.9.9.9:1080", "").parse().unwrap_err();
        assert!(far.get("address").is_some_and(|sentence| sentence.contains("SOCKS5")));
    }

    #[test]
    fn the_other_half_has_its_own_sentences_beside_its_own_fields() {
        let pair = |address: &str, connect: &str, via: &str| ApplianceForm {
            second_address: address.into(),
            second_connect: connect.into(),
            second_via: via.into(),
            ..form("10.0.0.10", "direct", "", "")
        };
        assert_eq!(pair("", "direct", "").parse().unwrap().second, None, "nothing was typed of it");
        let wrong = |form: ApplianceForm, field: &str| {
            let errors = form.parse().unwrap_err();
            assert!(errors.get(field).is_some() && errors.get("address").is_none(), "{errors:?}");
        };
        wrong(pair("https://10.0.0.10", "direct", ""), "second_address");
        wrong(pair("no address", "direct", ""), "second_address");
        wrong(pair("", "socks5", "10.9.9.9:1080"), "second_address");
        wrong(pair("10.0.0.11", "socks5", ""), "second_via");
        wrong(pair("10.0.0.11", "pigeon", ""), "second_connect");
    }
}
