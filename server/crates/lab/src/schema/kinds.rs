//! Which values a kind takes, and the spelling it keeps.

use super::{Attribute, Kind};
use crate::refusal::{Outcome, Refusal};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr};

impl Attribute {
    /// The canonical text of a JSON value from a request.
    ///
    /// Numbers and quoted numbers are alike on input (`nitro.md` 3.0), and so are a list and a single text, and whole
    /// numbers with and without a decimal point: some clients know floats only.
    pub fn accept(&self, value: &Value) -> Outcome<String> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Array(values) if matches!(self.kind, Kind::Texts | Kind::Addresses) => {
                let words: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                if words.len() != values.len() {
                    return Err(Refusal::about(1234, &[self.cli]));
                }
                words.join(" ")
            }
            Value::Null | Value::Array(_) | Value::Object(_) => return Err(Refusal::about(1234, &[self.cli])),
        };
        self.accept_text(&text)
    }

    /// The canonical form of a text, as `args=` carries it too.
    pub fn accept_text(&self, text: &str) -> Outcome<String> {
        match self.kind {
            Kind::Text | Kind::Texts => self.accept_length(text),
            Kind::Name { alphabetic } => accept_name(self.accept_length(text)?, alphabetic),
            Kind::Ip => match text.parse::<IpAddr>() {
                Ok(address) => Ok(address.to_string()),
                Err(_) => Err(Refusal::about(1110, &[self.cli, text])),
            },
            Kind::Addresses => {
                let words = text.split_whitespace().map(|word| match word.parse::<Ipv4Addr>() {
                    Ok(address) => Ok(address.to_string()),
                    Err(_) => Err(Refusal::about(1110, &[self.cli, word])),
                });
                let words = words.collect::<Outcome<Vec<_>>>()?;
                if words.is_empty() { Err(Refusal::about(1107, &[self.cli])) } else { Ok(words.join(" ")) }
            }
            Kind::Choice(words) => words
                .iter()
                .find(|word| word.eq_ignore_ascii_case(text))
                .map(|word| (*word).to_owned())
                .ok_or_else(|| Refusal::about(1097, &[text])),
            Kind::Double | Kind::Integer => self.accept_number(text),
            Kind::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" => Ok("true".to_owned()),
                "false" | "no" => Ok("false".to_owned()),
                _ => Err(Refusal::about(1097, &[text])),
            },
        }
    }

    fn accept_length(&self, text: &str) -> Outcome<String> {
        let (low, high) = self.length;
        match text.chars().count() {
            count if count < low => Err(Refusal::about(1107, &[self.cli])),
            count if count > high => Err(Refusal::about(1106, &[self.cli, &high.to_string()])),
            _ => Ok(text.to_owned()),
        }
    }

    fn accept_number(&self, text: &str) -> Outcome<String> {
        let whole = match text.split_once('.') {
            Some((whole, rest)) if !rest.is_empty() && rest.bytes().all(|digit| digit == b'0') => whole,
            _ => text,
        };
        let number: i64 = whole.parse().map_err(|_| Refusal::about(1097, &[text]))?;
        match self.range {
            Some((low, _)) if number < low => Err(Refusal::about(1109, &[self.cli, text])),
            Some((_, high)) if number > high => Err(Refusal::about(1108, &[self.cli, text])),
            _ => Ok(number.to_string()),
        }
    }
}

/// The rule of `nitro.md` 5.4. An IPv4 text is a legal name everywhere, because the appliance makes such servers itself.
/// Characters beyond ASCII pass, whatever the text of the refusal says (6.2 A9).
fn accept_name(name: String, alphabetic: bool) -> Outcome<String> {
    if name.trim() != name {
        return Err(Refusal::about(1053, &[&name]));
    }
    let beyond = |c: char| !c.is_ascii() && !c.is_control();
    let first = |c: char| c == '_' || c.is_ascii_alphabetic() || beyond(c) || (!alphabetic && c.is_ascii_digit());
    let later = |c: char| c.is_ascii_alphanumeric() || beyond(c) || "_#. :@=-".contains(c);
    let legal = name.chars().next().is_some_and(first) && name.chars().all(later);
    if legal || name.parse::<IpAddr>().is_ok() { Ok(name) } else { Err(Refusal::new(1075)) }
}

#[cfg(test)]
mod tests {
    use super::{
        super::attribute::{attribute, choice, integer, ip},
        *,
    };
    use serde_json::json;

    const PORT: Attribute = integer("port").range(1, 65535);

    fn code(outcome: Outcome<String>) -> u16 {
        outcome.unwrap_err().code
    }

    #[test]
    fn numbers_come_with_and_without_quotes() {
        assert_eq!(PORT.accept(&json!("8443")).unwrap(), "8443");
        assert_eq!(PORT.accept(&json!(8443)).unwrap(), "8443");
        assert_eq!(PORT.accept(&json!(8443.0)).unwrap(), "8443");
        assert_eq!(PORT.accept(&json!("8443.0")).unwrap(), "8443");
        assert_eq!(code(PORT.accept(&json!(8443.5))), 1097);
        assert_eq!(code(PORT.accept(&json!(0))), 1109);
        assert_eq!(code(PORT.accept(&json!(65536))), 1108);
        assert_eq!(code(PORT.accept(&json!("https"))), 1097);
        assert_eq!(code(PORT.accept(&json!([443]))), 1234);
    }

    #[test]
    fn choices_come_in_any_case_and_keep_the_listed_one() {
        let kind = choice("servicetype", &["SSL", "SSL_BRIDGE"]);
        assert_eq!(kind.accept(&json!("ssl_bridge")).unwrap(), "SSL_BRIDGE");
        let refusal = kind.accept(&json!(true)).unwrap_err();
        assert_eq!((refusal.code, refusal.message().as_str()), (1097, "Invalid argument value [true]"));
    }

    #[test]
    fn names_follow_their_rule() {
        let server = attribute("name", Kind::Name { alphabetic: true }).key();
        let vserver = attribute("name", Kind::Name { alphabetic: false }).key();
        assert_eq!(server.accept_text("10.0.20.11").unwrap(), "10.0.20.11");
        assert_eq!(vserver.accept_text("1st #.:@=-").unwrap(), "1st #.:@=-");
        assert_eq!(server.accept_text("Let’s Encrypt").unwrap(), "Let’s Encrypt");
        assert_eq!(code(server.accept_text("a\u{85}b")), 1075);
        assert_eq!(code(server.accept_text("1st")), 1075);
        assert_eq!(code(vserver.accept_text("a/b")), 1075);
        assert_eq!(code(vserver.accept_text(" a")), 1053);
        assert_eq!(code(vserver.accept_text("")), 1107);
        assert_eq!(code(vserver.accept_text(&"a".repeat(128))), 1106);
    }

    #[test]
    fn addresses_are_parsed() {
        assert_eq!(ip("ipv46").accept_text("2001:DB8::0:1").unwrap(), "2001:db8::1");
        assert_eq!(code(ip("ipv46").accept_text("10.0.0")), 1110);
    }
}
