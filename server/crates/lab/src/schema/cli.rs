//! Command lines from the tables, in the form of `nitro.md` 4.3.

use serde_json::Value;

use super::{Attribute, Fields, Kind, Place, Schema};

impl Schema {
    /// `add lb vserver name SSL 10.0.10.52 8443 -persistenceType NONE`: arguments first, then options.
    pub fn line(&self, verb: &str, fields: &Fields) -> String {
        let mut line = format!("{verb} {}", self.noun);
        let bare = |attribute: &Attribute| match attribute.place {
            Place::Argument => true,
            Place::ArgumentOnAdd => matches!(verb, "add" | "bind" | "unbind" | "rm"),
            Place::Option => false,
        };
        for attribute in self.attributes.iter().filter(|attribute| bare(attribute)) {
            if let Some(value) = fields.get(attribute.name) {
                line = format!("{line} {}", argument(attribute, value));
            }
        }
        for attribute in self.attributes.iter().filter(|attribute| !bare(attribute)) {
            if let Some(value) = fields.get(attribute.name) {
                line = match (attribute.kind, value) {
                    // A switch stands alone, or not at all.
                    (Kind::Boolean, "true") => format!("{line} -{}", attribute.cli),
                    (Kind::Boolean, _) => line,
                    _ => format!("{line} -{} {}", attribute.cli, argument(attribute, value)),
                };
            }
        }
        line
    }

    /// `unset lb vserver name -comment -timeout`.
    pub fn unset_line(&self, key: &Fields, unset: &[&Attribute]) -> String {
        unset.iter().fold(self.line("unset", key), |line, attribute| format!("{line} -{}", attribute.cli))
    }
}

/// A list stays a list of words: `enable ns feature LB SSL`.
fn argument(attribute: &Attribute, value: &str) -> String {
    match attribute.kind {
        _ if attribute.secret => "********".to_owned(),
        Kind::Texts | Kind::Addresses => value.split_whitespace().map(quoted).collect::<Vec<_>>().join(" "),
        _ => quoted(value),
    }
}

/// A word of a command line: in double quotes when it has a character that the shell of the box would read.
pub(crate) fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-*".contains(c);
    if !value.is_empty() && (value.chars().all(plain) || value.parse::<std::net::IpAddr>().is_ok()) {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// A JSON value as a bracket of an error text shows it.
pub(crate) fn words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_the_command_reference_does() {
        assert_eq!(quoted("_XM_LB_MDM_xms.example.com_10.0.10.51_443"), "_XM_LB_MDM_xms.example.com_10.0.10.51_443");
        assert_eq!(quoted(r#"HTTP.REQ.COOKIE.VALUE("ACNODEID")"#), r#""HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")""#);
        assert_eq!(quoted("https://xms.example.com:8443"), r#""https://xms.example.com:8443""#);
        assert_eq!(quoted("2001:db8::1"), "2001:db8::1");
    }
}
