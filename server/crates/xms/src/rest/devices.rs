//! Device counts (`xenmobile.md` 1.13). They are the whole database's; there are none per node.

use crate::{Error, Request, de};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const WHAT: &str = "device counts";

/// How many devices there are, and how many a filter matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCount {
    /// All.
    pub total: Option<u64>,
    /// Those that match.
    pub matched: Option<u64>,
    /// The filter tree's counts by filter id, where asked for.
    pub by_filter: BTreeMap<String, u64>,
}

/// Asks for counters only, by way of a page of one. `filters` are ids such as `device.platform.ios`; `tree` also fills
/// the counts of the filter tree, at some cost to the server.
pub fn count(filters: &[&str], tree: bool) -> Request {
    let mut body = json!({
        "start": 0, "limit": 1, "sortColumn": "ID", "sortOrder": "ASC", "enableCount": tree.to_string(),
    });
    if !filters.is_empty() {
        body["filterIds"] = Value::String(filter_ids(filters));
    }
    Request::query("/device/filter", WHAT, body)
}

/// A text that holds a list with single quotes: not a JSON array (1.6).
pub fn filter_ids(filters: &[&str]) -> String {
    // An id is made of words and dots; what could end the quotes is left out.
    let word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ' ' | '#');
    let quoted: Vec<_> =
        filters.iter().map(|id| format!("'{}'", id.chars().filter(|&c| word(c)).collect::<String>())).collect();
    format!("[{}]", quoted.join(","))
}

/// Reads the answer to [`count`].
pub fn read(body: &Value) -> Result<DeviceCount, Error> {
    let number = |key: &str| body.get(key).and_then(de::as_u64);
    let (total, matched) = (number("totalCount"), number("matchedRecords"));
    if total.is_none() && matched.is_none() {
        return Err(Error::decode(200, WHAT, body.to_string().as_bytes(), "there is no totalCount in it"));
    }
    let mut by_filter = BTreeMap::new();
    if let Some(tree) = body.get("currentFilter").and_then(|filter| filter.get("detail")) {
        collect(tree, &mut by_filter, 0);
    }
    Ok(DeviceCount { total, matched, by_filter })
}

/// -1 stands for "not counted".
fn collect(value: &Value, into: &mut BTreeMap<String, u64>, depth: u32) {
    match value {
        Value::Array(list) if depth < 16 => list.iter().for_each(|item| collect(item, into, depth + 1)),
        Value::Object(map) => {
            let count = map.get("value").and_then(de::as_u64);
            if let (Some(name), Some(count)) = (map.get("name").and_then(Value::as_str), count) {
                into.insert(name.to_owned(), count);
            }
            if let Some(nodes) = map.get("nodes") {
                collect(nodes, into, depth + 1);
            }
        }
        _ => {}
    }
}
