//! What a plan was made from, as a short text, and in sentences what has moved since (invariant 2).

use crate::kinds;
use model::{
    object::{Attrs, ObjectRef, Value},
    snapshot::Snapshot,
};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// SHA-256, in hexadecimal, over the configuration of every object that was read, ours or not. States, health, times
/// and the question whether everything is saved are left out: they move by themselves.
pub fn fingerprint(snapshot: &Snapshot) -> String {
    let objects: Vec<Json> = by_object(snapshot)
        .into_iter()
        .map(|(object, attrs)| {
            let key = object.key.iter().map(|part| part.as_str().into()).collect();
            let pairs = attrs.iter().map(|(name, value)| Json::Array(vec![name.as_str().into(), json(value)]));
            // Arrays all the way down: their order cannot depend on how serde_json was compiled.
            Json::Array(vec![kinds::of(object.kind).resource.into(), Json::Array(key), pairs.collect()])
        })
        .collect();
    hex::encode(Sha256::digest(Json::Array(objects).to_string()))
}

/// What differs between two readings, in sentences for the page that refuses to apply.
pub fn moved(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let mut sentences = Vec::new();
    if before.role != after.role {
        sentences.push(format!("The appliance was {} and is now {}.", before.role, after.role));
    }
    let (old, new) = (by_object(before), by_object(after));
    let objects: BTreeSet<&ObjectRef> = old.keys().chain(new.keys()).copied().collect();
    for object in objects {
        match (old.get(object), new.get(object)) {
            (Some(old), Some(new)) => sentences.extend(changes(object, old, new)),
            (Some(_), None) => sentences.push(format!("The {object} was there and is gone.")),
            (None, Some(_)) => sentences.push(format!("The {object} was not there and is there now.")),
            (None, None) => {}
        }
    }
    sentences
}

fn by_object(snapshot: &Snapshot) -> BTreeMap<&ObjectRef, &Attrs> {
    snapshot.objects.iter().map(|seen| (&seen.object, &seen.attrs)).collect()
}

fn changes(object: &ObjectRef, old: &Attrs, new: &Attrs) -> Vec<String> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let said = |attrs: &Attrs, name: &str| {
        let value = attrs.get(name).cloned().or_else(|| kinds::of(object.kind).preset(name));
        value.map_or_else(|| "not set".to_owned(), |value| value.to_string())
    };
    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| format!("{name} of {object} was {} and is now {}.", said(old, name), said(new, name)))
        .collect()
}

fn json(value: &Value) -> Json {
    match value {
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
    }
}
