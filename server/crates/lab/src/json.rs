//! JSON as the appliance writes it: members in a fixed order, a blank after every colon, bracket and comma.
//!
//! One vendor client matches `"errorcode": 293` as text, with the blank, so the spelling is part of the contract.
//! `serde_json` sorts members and leaves the blanks out, hence this small writer. Reading is left to `serde_json`.

use std::fmt;

/// A JSON value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Bool(bool),
    Int(i64),
    /// A number with places behind the point, printed as it is.
    Decimal(String),
    Text(String),
    List(Vec<Json>),
    Object(Item),
}

/// An object whose members keep the order in which they were put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item(pub Vec<(&'static str, Json)>);

impl Item {
    /// Appends a member.
    pub fn with(mut self, name: &'static str, value: impl Into<Json>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// The member called `name`.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// A member as text, the way `filter` compares it.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(Json::as_text)
    }
}

impl Json {
    /// The value without quotes, as `filter` and `args` spell it.
    pub fn as_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<Item>> for Json {
    fn from(items: Vec<Item>) -> Self {
        Self::List(items.into_iter().map(Self::Object).collect())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Decimal(text) => f.write_str(text),
            // serde_json knows the escapes; a string has no member order to lose.
            Self::Text(text) => write!(f, "{}", serde_json::Value::String(text.clone())),
            Self::List(values) => {
                f.write_str("[ ")?;
                for (at, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str(" ]")
            }
            Self::Object(item) => write!(f, "{item}"),
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{ ")?;
        for (at, (name, value)) in self.0.iter().enumerate() {
            write!(f, "{}\"{name}\": {value}", if at == 0 { "" } else { ", " })?;
        }
        f.write_str(" }")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_blanks_and_keeps_the_order() {
        let item = Item::default()
            .with("errorcode", 0)
            .with("message", "a \"quoted\" word")
            .with("lbvserver", vec![Item::default().with("port", 443).with("isgslb", false)])
            .with("iptype", Json::List(vec!["VIP".into()]));
        assert_eq!(
            item.to_string(),
            r#"{ "errorcode": 0, "message": "a \"quoted\" word", "lbvserver": [ { "port": 443, "isgslb": false } ], "iptype": [ "VIP" ] }"#
        );
    }
}
