//! What a plan was made from, as a short text, and field by field what has moved since (invariant 2).

use crate::{apply::stands, kinds};
use model::{
    object::{Attrs, Kind, ObjectRef, Value},
    plan::{Plan, Verb},
    run::{MovedField, OpState},
    snapshot::{Seen, Snapshot},
};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// SHA-256, in hexadecimal, over the configuration of every object that was read, ours or not. States, health, times
/// and the question whether everything is saved are left out: they move by themselves. So is the management address, which
/// each half of a pair has for itself: what was planned on one half stands on the other one after a failover.
pub fn fingerprint(snapshot: &Snapshot) -> String {
    // Object by object: of thousands the whole text would be megabytes.
    let mut digest = Sha256::new_with_prefix("[");
    for (place, (object, attrs)) in by_object(snapshot).into_iter().enumerate() {
        let key = object.key.iter().map(|part| part.as_str().into()).collect();
        let pairs = attrs.iter().map(|(name, value)| Json::Array(vec![name.as_str().into(), json(value)]));
        // Arrays all the way down: their order cannot depend on how serde_json was compiled.
        let one = Json::Array(vec![kinds::of(object.kind).resource.into(), Json::Array(key), pairs.collect()]);
        digest.update(if place == 0 { "" } else { "," });
        digest.update(one.to_string());
    }
    digest.update("]");
    hex::encode(digest.finalize())
}

/// What differs between two readings, for the page that refuses to apply.
pub fn moved(before: &Snapshot, after: &Snapshot) -> Vec<MovedField> {
    let mut fields = Vec::new();
    if before.role != after.role {
        fields.push(field("appliance", "role", &before.role, &after.role));
    }
    let (old, new) = (by_object(before), by_object(after));
    let objects: BTreeSet<&ObjectRef> = old.keys().chain(new.keys()).copied().collect();
    for object in objects {
        match (old.get(object), new.get(object)) {
            (Some(old), Some(new)) => fields.extend(changes(object, old, new)),
            (Some(_), None) => fields.push(field(object, "", "there", "gone")),
            (None, Some(_)) => fields.push(field(object, "", "not there", "there")),
            (None, None) => {}
        }
    }
    fields
}

/// What of the confirmed operations no longer stands.
pub fn undone(plan: &Plan, states: &[OpState], now: &Snapshot) -> Vec<MovedField> {
    let confirmed = plan
        .operations
        .iter()
        .zip(states)
        .filter(|(op, state)| **state == OpState::Confirmed && op.verb != Verb::Save && !stands(op, now));
    let mut fields = Vec::new();
    for (op, _) in confirmed {
        let leaves = !matches!(op.verb, Verb::Unbind | Verb::Remove);
        match now.find(&op.object) {
            Some(seen) if leaves => {
                let wrong = op.attrs.iter().filter(|(name, value)| seen.attrs.get(*name) != Some(value));
                let wrong: Vec<_> = wrong
                    .map(|(name, value)| field(&op.object, name, value, said(&op.object, &seen.attrs, name)))
                    .collect();
                fields.extend(wrong);
            }
            Some(_) => fields.push(field(&op.object, "", "taken away", "there again")),
            None => fields.push(field(&op.object, "", "there", "gone")),
        }
    }
    fields
}

fn field(object: impl ToString, field: &str, was: impl ToString, is: impl ToString) -> MovedField {
    MovedField { object: object.to_string(), field: field.to_owned(), was: was.to_string(), is: is.to_string() }
}

fn by_object(snapshot: &Snapshot) -> BTreeMap<&ObjectRef, &Attrs> {
    let shared = snapshot.objects.iter().filter(|seen| !is_own_address(seen));
    shared.map(|seen| (&seen.object, &seen.attrs)).collect()
}

/// The address of the half that answered.
fn is_own_address(seen: &Seen) -> bool {
    let told = seen.attrs.get("type").map(ToString::to_string).unwrap_or_default();
    seen.object.kind == Kind::Address && told.eq_ignore_ascii_case("NSIP")
}

fn said(object: &ObjectRef, attrs: &Attrs, name: &str) -> String {
    let value = attrs.get(name).cloned().or_else(|| kinds::of(object.kind).preset(name));
    value.map_or_else(|| "not set".to_owned(), |value| value.to_string())
}

fn changes(object: &ObjectRef, old: &Attrs, new: &Attrs) -> Vec<MovedField> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| field(object, name, said(object, old, name), said(object, new, name)))
        .collect()
}

fn json(value: &Value) -> Json {
    match value {
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
    }
}
