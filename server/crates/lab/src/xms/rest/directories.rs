//! LDAP directories. A name is the key; the domain cannot be changed, and passwords never come back.

use super::{Call, Outcome, done, loose};
use crate::xms::answer::Answer;
use serde_json::{Value, json};

/// What a directory must say of itself.
const NEEDED: [&str; 4] = ["domain", "primaryHost", "username", "userBaseDN"];

pub(super) fn list(call: &Call) -> Answer {
    Answer::success(json!({ "adList": call.store.directories }))
}

pub(super) fn add<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let given = |key: &&str| loose::text(&call.body[key]).is_some_and(|text| !text.is_empty());
    if !NEEDED.iter().all(given) {
        return Err(&rest.unreadable);
    }
    let mut entry = json!({
        "domainAlias": "", "secondaryHost": "", "port": 389, "globalCatalogPort": 3268, "useSecure": false,
        "groupBaseDN": "", "userSearchBy": "upn", "lockoutLimit": 0, "lockoutTime": 1, "gcRootContext": "",
        "type": "Microsoft Active Directory", "defaultDomain": false, "name": call.body["domain"],
    });
    let name = loose::text(&entry["name"]).unwrap_or_default();
    if find(call, &name).is_some() {
        return Err(&rest.already_there);
    }
    lay(&mut entry, &call.body);
    call.store.directories.push(entry);
    Ok(done(call))
}

pub(super) fn edit<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let at = find(call, call.key).ok_or(&rest.unknown_object)?;
    let domain = call.store.directories[at]["domain"].clone();
    if !call.body["domain"].is_null() && call.body["domain"] != domain {
        return Err(&rest.unreadable);
    }
    let body = call.body.clone();
    lay(&mut call.store.directories[at], &body);
    Ok(done(call))
}

pub(super) fn make_default<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let at = find(call, call.key).ok_or(&call.profile().rest.unknown_object)?;
    for (place, entry) in call.store.directories.iter_mut().enumerate() {
        entry["defaultDomain"] = json!(place == at);
    }
    Ok(done(call))
}

pub(super) fn delete<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let at = find(call, call.key).ok_or(&rest.unknown_object)?;
    if call.store.directories[at]["defaultDomain"] == true {
        return Err(&rest.in_use);
    }
    call.store.directories.remove(at);
    Ok(done(call))
}

fn find(call: &Call, name: &str) -> Option<usize> {
    call.store.directories.iter().position(|entry| entry["name"].as_str() == Some(name))
}

/// Takes the fields that a directory has; numbers and booleans may come as texts.
fn lay(entry: &mut Value, body: &Value) {
    let Some(fields) = body.as_object() else { return };
    for (key, value) in fields.iter().filter(|(key, _)| *key != "name" && *key != "defaultDomain") {
        let known = &entry[key];
        entry[key] = if known.is_number() {
            loose::number(value).map_or_else(|| value.clone(), |number| json!(number))
        } else if known.is_boolean() {
            loose::boolean(value).map_or_else(|| value.clone(), |flag| json!(flag))
        } else {
            value.clone()
        };
    }
    entry["password"] = json!("");
}
