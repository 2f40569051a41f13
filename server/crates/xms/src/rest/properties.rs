//! Server properties (`xenmobile.md` 1.8) and the session's lifetime in them (1.3).

use crate::{Error, Item, Method, Request, de};
use serde::Deserialize;
use serde_json::{Value, json};

const PATH: &str = "/serverproperties";
const WHAT: &str = "server properties";

/// One server property. Writes are live only once **all nodes** have been restarted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ServerProperty {
    /// The server's number of it.
    #[serde(deserialize_with = "de::opt_i64")]
    pub id: Option<i64>,
    /// The key.
    #[serde(deserialize_with = "de::text")]
    pub name: String,
    /// The value stored; a node may still work with another until its restart.
    #[serde(deserialize_with = "de::opt_text")]
    pub value: Option<String>,
    /// For people.
    #[serde(deserialize_with = "de::opt_text")]
    pub display_name: Option<String>,
    /// For people.
    #[serde(deserialize_with = "de::opt_text")]
    pub description: Option<String>,
    /// The factory value.
    #[serde(deserialize_with = "de::opt_text")]
    pub default_value: Option<String>,
}

/// All of them.
pub fn all() -> Request {
    Request::get(PATH, WHAT)
}

/// Those whose name contains a text, one page.
pub fn search(text: &str, start: u32, limit: u32) -> Request {
    let body = json!({"start": start, "limit": limit, "orderBy": "name", "sortOrder": "asc", "searchStr": text});
    Request::query(format!("{PATH}/filter"), WHAT, body)
}

/// Changes one; takes effect after each node's restart.
pub fn set(property: &ServerProperty) -> Request {
    let body = json!({
        "name": property.name,
        "value": property.value.as_deref().unwrap_or_default(),
        "displayName": property.display_name.as_deref().unwrap_or_default(),
        "description": property.description.as_deref().unwrap_or_default(),
    });
    Request::write(Method::Put, PATH, WHAT, Some(body))
}

/// Returns some to their factory values; takes effect after each node's restart.
pub fn reset(names: &[&str]) -> Request {
    Request::write(Method::Post, format!("{PATH}/reset"), WHAT, Some(json!({"names": names})))
}

/// Reads the answer to [`all`] or [`search`].
pub fn read(body: &Value) -> Result<Vec<Item<ServerProperty>>, Error> {
    de::list(body, "allEwProperties", WHAT)
}

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Minutes from the login.
    Static(u64),
    /// Minutes from the last request.
    Inactivity(u64),
}

impl Lifetime {
    /// From the properties, where they say it; they have no documented defaults.
    pub fn of<'a>(properties: impl IntoIterator<Item = &'a ServerProperty>) -> Option<Self> {
        let (mut kind, mut fixed, mut idle) = (None, None, None);
        for property in properties {
            let value = property.value.as_deref().or(property.default_value.as_deref()).unwrap_or_default().trim();
            match property.name.trim() {
                "xms.publicapi.timeout.type" => kind = Some(value),
                "xms.publicapi.static.timeout" => fixed = value.parse().ok(),
                "xms.publicapi.inactivity.timeout" => idle = value.parse().ok(),
                _ => {}
            }
        }
        match kind?.to_ascii_uppercase().as_str() {
            "STATIC_TIMEOUT" => fixed.map(Self::Static),
            "INACTIVITY_TIMEOUT" => idle.map(Self::Inactivity),
            _ => None,
        }
    }
}
