//! An operation as a NITRO request: which method, which path, which body (`nitro.md` 1.1, 4.3, 4.4).

use crate::kinds::{self, KindRules, ValueForm};
use model::{
    object::{Attrs, Kind, ObjectRef, Value},
    plan::{Call, Method, Operation, Verb},
};
use serde_json::{Map, Value as Json};

/// The request that does `verb` to `object`. `attrs` are sent with additions and changes, named in an unset; for a
/// removal they are what the object had.
pub fn call(verb: Verb, object: &ObjectRef, attrs: &Attrs) -> Call {
    let rules = kinds::of(object.kind);
    let values = || attrs.iter().map(|(name, value)| (name.clone(), json(value)));
    match verb {
        Verb::FeatureOn => {
            // The list takes several features; one at a time tells which of them was refused for want of a licence.
            let feature = Json::Array(vec![object.part(0).into()]);
            with_body(Method::Post, rules.resource, Some("enable"), Map::from_iter([("feature".to_owned(), feature)]))
        }
        Verb::Add => with_body(Method::Post, rules.resource, None, keyed(rules, object, values())),
        Verb::Bind if let Some((make, _)) = rules.actions => {
            with_body(Method::Post, rules.resource, Some(make), keyed(rules, object, values()))
        }
        Verb::Unbind if let Some((_, undo)) = rules.actions => {
            with_body(Method::Post, rules.resource, Some(undo), keyed(rules, object, std::iter::empty()))
        }
        // POST binds as well; PUT is what the documentation says (1.1).
        Verb::Bind => with_body(Method::Put, rules.resource, None, keyed(rules, object, values())),
        Verb::Set => with_body(Method::Put, rules.changed_through, None, keyed(rules, object, values())),
        Verb::Unset => {
            let names = attrs.keys().map(|name| (name.clone(), Json::Bool(true)));
            with_body(Method::Post, rules.changed_through, Some("unset"), keyed(rules, object, names))
        }
        // The key alone: anything else in it is refused (3.7).
        Verb::Enable => {
            with_body(Method::Post, rules.changed_through, Some("enable"), keyed(rules, object, std::iter::empty()))
        }
        Verb::Disable => {
            with_body(Method::Post, rules.changed_through, Some("disable"), keyed(rules, object, std::iter::empty()))
        }
        Verb::Save => with_body(Method::Post, rules.resource, Some("save"), Map::new()),
        Verb::Unbind | Verb::Remove => {
            // The first part of the key is the path's, the others are arguments: `…/sg?args=servername:xms01,port:443`.
            let args =
                rules.key.iter().zip(&object.key).skip(1).map(|(part, value)| (part.name.to_owned(), value.clone()));
            // A certificate is bound to a virtual server by its name, which is no part of the key (3.14).
            let named = object.kind == Kind::VserverCert;
            let more = values().filter(|_| named).filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
            Call {
                method: Method::Delete,
                resource: rules.resource.into(),
                name: object.key.first().cloned(),
                args: args.chain(more).collect(),
                action: None,
                body: None,
            }
        }
    }
}

/// One request for the objects of several operations of one form ([`crate::batches`]): their bodies in a list, in order
/// (`nitro.md` 2.3).
pub fn together(ops: &[&Operation]) -> Option<Call> {
    let items = ops.iter().filter_map(|op| op.call.body.clone()).collect();
    Some(Call { body: Some(Json::Array(items)), ..ops.first()?.call.clone() })
}

fn with_body(method: Method, resource: &str, action: Option<&str>, body: Map<String, Json>) -> Call {
    Call {
        method,
        resource: resource.into(),
        name: None,
        args: Vec::new(),
        action: action.map(Into::into),
        body: Some(Json::Object(body)),
    }
}

fn keyed(rules: &KindRules, object: &ObjectRef, rest: impl Iterator<Item = (String, Json)>) -> Map<String, Json> {
    let key = rules.key.iter().zip(&object.key).map(|(part, text)| {
        let number = (part.form == ValueForm::Number).then(|| text.parse::<i64>().ok()).flatten();
        (part.name.to_owned(), number.map_or_else(|| text.as_str().into(), Json::from))
    });
    key.chain(rest).collect()
}

fn json(value: &Value) -> Json {
    match value {
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
    }
}
