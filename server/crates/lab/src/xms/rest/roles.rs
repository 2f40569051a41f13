//! Roles and what they may do.

use super::{Call, Outcome, done, loose};
use crate::xms::answer::Answer;
use serde_json::{Value, json};

pub(super) fn list(call: &Call) -> Answer {
    let names: Vec<&Value> = call.store.roles.iter().map(|role| &role["name"]).collect();
    Answer::success(json!({ "roles": names }))
}

pub(super) fn show<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let at = find(call, call.key).ok_or(&call.profile().rest.unknown_object)?;
    Ok(Answer::success(json!({ "role": call.store.roles[at] })))
}

/// All that a role can be allowed, nothing granted.
pub(super) fn tree(call: &Call) -> Answer {
    let all = &call.profile().site.permissions;
    let list: Vec<Value> = all.iter().map(|name| json!({ "permission": name, "granted": false })).collect();
    Answer::success(json!({ "permissions": list }))
}

pub(super) fn add<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let role = read(call).ok_or(&rest.unreadable)?;
    if find(call, role["name"].as_str().unwrap_or_default()).is_some() {
        return Err(&rest.already_there);
    }
    call.store.roles.push(role);
    Ok(done(call))
}

pub(super) fn edit<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let role = read(call).ok_or(&rest.unreadable)?;
    let at = find(call, role["name"].as_str().unwrap_or_default()).ok_or(&rest.unknown_object)?;
    call.store.roles[at] = role;
    Ok(done(call))
}

pub(super) fn delete<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let at = find(call, call.key).ok_or(&rest.unknown_object)?;
    if call.store.users.iter().any(|user| user.role == call.key) {
        return Err(&rest.in_use);
    }
    call.store.roles.remove(at);
    Ok(done(call))
}

fn find(call: &Call, name: &str) -> Option<usize> {
    call.store.roles.iter().position(|role| role["name"].as_str() == Some(name))
}

fn read(call: &Call) -> Option<Value> {
    let name = loose::text(&call.body["name"]).filter(|name| !name.is_empty())?;
    let list = |key: &str| call.body[key].as_array().cloned().unwrap_or_default();
    Some(json!({ "name": name, "permissions": list("permissions"), "adGroups": list("adGroups") }))
}
