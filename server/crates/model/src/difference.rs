//! What changed between two JSON values, leaf by leaf.

use serde_json::Value;

/// One leaf that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// `mdm.nodes[0].ip`; empty where the values themselves are leaves.
    pub path: String,
    /// `None`: it was not there.
    pub before: Option<String>,
    /// `None`: it is gone.
    pub after: Option<String>,
}

/// In the order of the paths: objects by key, lists by position.
pub fn difference(before: &Value, after: &Value) -> Vec<Changed> {
    let mut changed = Vec::new();
    compare("", Some(before), Some(after), &mut changed);
    changed
}

fn compare(path: &str, before: Option<&Value>, after: Option<&Value>, changed: &mut Vec<Changed>) {
    // Nothing there, and nothing to speak of there, are the same to a reader.
    let (before, after) = (before.filter(|value| !value.is_null()), after.filter(|value| !value.is_null()));
    if before == after {
        return;
    }
    let inner = children(before, after);
    if inner.is_empty() {
        changed.push(Changed { path: path.to_owned(), before: before.map(text), after: after.map(text) });
        return;
    }
    // A leaf that became a branch, or the other way: the leaf is told as such.
    for (value, was) in [(before, true), (after, false)] {
        if let Some(leaf) = value.filter(|value| !value.is_object() && !value.is_array()) {
            let side = |here: bool| here.then(|| text(leaf));
            changed.push(Changed { path: path.to_owned(), before: side(was), after: side(!was) });
        }
    }
    for (name, before, after) in inner {
        compare(format!("{path}{name}").trim_start_matches('.'), before, after, changed);
    }
}

type Child<'v> = (String, Option<&'v Value>, Option<&'v Value>);

fn children<'v>(before: Option<&'v Value>, after: Option<&'v Value>) -> Vec<Child<'v>> {
    let keys = |value: Option<&'v Value>| value.and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys);
    let mut names: Vec<&String> = keys(before).chain(keys(after)).collect();
    names.sort_unstable();
    names.dedup();
    let of = |value: Option<&'v Value>, name: &str| value.and_then(|value| value.get(name));
    let mut found: Vec<Child<'v>> =
        names.into_iter().map(|name| (format!(".{name}"), of(before, name), of(after, name))).collect();
    let length = |value: Option<&Value>| value.and_then(Value::as_array).map_or(0, Vec::len);
    let at = |value: Option<&'v Value>, index: usize| value.and_then(|value| value.get(index));
    found.extend(
        (0..length(before).max(length(after))).map(|index| (format!("[{index}]"), at(before, index), at(after, index))),
    );
    found
}

/// Strings bare, the rest as JSON.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lines(before: &Value, after: &Value) -> Vec<String> {
        let side = |side: Option<String>| side.unwrap_or_else(|| "–".into());
        difference(before, after)
            .into_iter()
            .map(|changed| format!("{}: {} → {}", changed.path, side(changed.before), side(changed.after)))
            .collect()
    }

    #[test]
    fn only_what_changed_is_told() {
        let before = json!({"mdm": {"timeout": 20, "vip": "10.20.40.51", "nodes": ["a", "b"]}, "old": true});
        let after = json!({"mdm": {"timeout": 30, "vip": "10.20.40.51", "nodes": ["a", "c", "d"]}, "new": ""});
        let expected =
            ["mdm.nodes[1]: b → c", "mdm.nodes[2]: – → d", "mdm.timeout: 20 → 30", "new: – → ", "old: true → –"];
        assert_eq!(lines(&before, &after), expected);
        assert!(lines(&after, &after).is_empty());
    }

    #[test]
    fn what_was_not_there_before_is_all_new() {
        assert_eq!(lines(&Value::Null, &json!({"a": {"b": 1}, "c": []})), ["a.b: – → 1", "c: – → []"]);
        assert_eq!(lines(&json!({"a": null}), &json!({})), [""; 0]);
        assert_eq!(lines(&json!(1), &json!(2)), [": 1 → 2"]);
    }

    #[test]
    fn a_leaf_may_become_a_branch() {
        let lines = lines(&json!({"a": 1}), &json!({"a": {"b": 2}}));
        assert_eq!(lines, ["a: 1 → –", "a.b: – → 2"]);
    }
}
