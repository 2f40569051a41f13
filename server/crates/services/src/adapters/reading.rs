//! From NITRO's objects to ours.

use engine::kinds;
use model::{
    object::{Attrs, Kind, ObjectRef, Value},
    snapshot::Seen,
    state::StateWord,
};
use nitro::{Object, Request};

/// What is read of a kind besides its configuration: its state, and facts for pages.
const fn shown(kind: Kind) -> (&'static str, &'static [&'static str]) {
    match kind {
        Kind::LbVserver => ("curstate", &["effectivestate", "health", "totalservices", "activeservices", "value"]),
        Kind::ServiceGroup => ("servicegroupeffectivestate", &["state", "value"]),
        Kind::Member => ("svrstate", &["state", "statechangetimesec"]),
        Kind::Server => ("state", &[]),
        Kind::Feature | Kind::LbVserverGroup | Kind::Config => ("", &[]),
    }
}

/// The query for all objects of a kind, with no more attributes than we use: beside a thousand foreign objects the
/// difference is megabytes.
pub fn list(kind: Kind) -> Request {
    let rules = kinds::of(kind);
    let request = Request::get(rules.resource);
    if rules.bound {
        return request.bulk_bindings();
    }
    let (state, facts) = shown(kind);
    let more = std::iter::once(state).chain(facts.iter().copied()).filter(|name| !name.is_empty());
    request.attrs(rules.fields().chain(more).collect::<Vec<_>>())
}

/// One object as it was read. `None` when a part of its key is missing: such an item is nobody's.
pub fn seen(kind: Kind, raw: &Object) -> Option<Seen> {
    let rules = kinds::of(kind);
    let key = rules.key.iter().map(|part| text(raw.get(part.name)?)).collect::<Option<Vec<_>>>()?;
    let (state, facts) = shown(kind);
    let word = raw.get(state).and_then(text).map(StateWord);
    let facts: Attrs =
        facts.iter().filter_map(|name| Some(((*name).to_owned(), Value::Text(text(raw.get(*name)?)?)))).collect();
    Some(Seen { object: ObjectRef { kind, key }, attrs: kinds::normalise_json(kind, raw), state: word, facts })
}

fn text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(on) => Some(on.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_read_whatever_the_numbers_look_like() {
        for port in [serde_json::json!(443), serde_json::json!("443")] {
            let raw = serde_json::json!({
                "servicegroupname": "sg", "servername": "xms01", "port": port, "svrstate": "UP", "weight": "1",
                "customserverid": "None", "state": "ENABLED",
            });
            let member = seen(Kind::Member, raw.as_object().unwrap()).unwrap();
            assert_eq!(member.object, ObjectRef::member("sg", "xms01", 443));
            assert_eq!(member.state.unwrap().0, "UP");
            assert!(member.attrs.is_empty(), "defaults are left out: {:?}", member.attrs);
        }
        assert!(seen(Kind::Member, serde_json::json!({"servername": "x"}).as_object().unwrap()).is_none());
    }
}
