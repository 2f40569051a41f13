//! Command lines from the tables, in the form of `nitro.md` 4.3.

use super::{Access, Attribute, Fields, Kind, Place, Schema};
use serde_json::Value;

impl Schema {
    /// `add lb vserver name SSL 10.0.10.52 8443 -persistenceType NONE`: arguments first, then options.
    pub fn line(&self, verb: &str, fields: &Fields) -> String {
        let mut line = format!("{verb} {}", self.noun);
        let bare = |attribute: &Attribute| match attribute.place {
            Place::Argument => true,
            Place::ArgumentOnAdd => matches!(verb, "add" | "bind" | "unbind" | "rm"),
            Place::Option | Place::Nowhere => false,
        };
        for attribute in self.attributes.iter().filter(|attribute| bare(attribute)) {
            if let Some(value) = fields.get(attribute.name) {
                line = format!("{line} {}", argument(attribute, value));
            }
        }
        let option = |attribute: &Attribute| attribute.place != Place::Nowhere && !bare(attribute);
        for attribute in self.attributes.iter().filter(|attribute| option(attribute)) {
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

    /// A command that is one word, such as `login nsroot ********`.
    pub fn spoken(&self, word: &str, fields: &Fields) -> String {
        let line = self.line("add", fields);
        format!(
            "{word}{}",
            line.strip_prefix("add").and_then(|rest| rest.trim_start().strip_prefix(self.noun)).unwrap_or_default()
        )
    }

    /// What a GET is on the command line: `show system file x -fileLocation "/nsconfig/ssl"`.
    pub fn show_line(&self, verb: &str, name: Option<&str>, args: &[(String, String)]) -> String {
        let mut line = format!("{verb} {}", self.noun);
        if let Some(name) = name {
            line = format!("{line} {}", quoted(name));
        }
        for (arg, value) in args {
            let attribute = self.attribute(arg);
            let spelling = attribute.map_or(arg.as_str(), |attribute| attribute.cli);
            line = match (attribute.map(|attribute| attribute.kind), value.as_str()) {
                (Some(Kind::Boolean), "true" | "yes") => format!("{line} -{spelling}"),
                (Some(Kind::Boolean), _) => line,
                _ if attribute.is_some_and(|attribute| attribute.access == Access::Key) => {
                    format!("{line} {}", quoted(value))
                }
                _ => format!("{line} -{spelling} {}", quoted(value)),
            };
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
