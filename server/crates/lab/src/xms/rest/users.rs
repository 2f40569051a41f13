//! Local users. Those of a directory are not in the list and cannot be changed here.

use super::{Call, Outcome, Refusal, done, loose};
use crate::xms::{answer::Answer, store::User};
use serde_json::{Value, json};

pub(super) fn list(call: &Call) -> Answer {
    let local = call.store.users.iter().filter(|user| user.directory.is_none());
    Answer::success(json!({ "result": local.map(User::view).collect::<Vec<_>>() }))
}

pub(super) fn show<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let at = find(call, call.key)?;
    Ok(Answer::success(json!({ "result": call.store.users[at].view() })))
}

pub(super) fn add<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let text = |key: &str| loose::text(&call.body[key]).filter(|text| !text.is_empty());
    let (name, password) = text("username").zip(text("password")).ok_or(&rest.unreadable)?;
    if call.store.user(&name).is_some() {
        return Err(&rest.already_there);
    }
    let role = text("role").unwrap_or_else(|| "USER".to_owned());
    known_role(call, &role)?;
    let id = call.store.next_id();
    let mut user = User::local(id, &name, &password, &role);
    lay(&mut user, &call.body);
    call.store.users.push(user);
    Ok(done(call))
}

/// The role must be said; an empty password keeps the old one.
pub(super) fn edit<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let text = |key: &str| loose::text(&call.body[key]).filter(|text| !text.is_empty());
    let at = find(call, &text("username").ok_or(&rest.unreadable)?)?;
    let role = text("role").ok_or(&rest.unreadable)?;
    known_role(call, &role)?;
    let (password, body) = (text("password"), call.body.clone());
    let user = &mut call.store.users[at];
    user.role = role;
    if let Some(password) = password {
        user.password = password;
    }
    lay(user, &body);
    Ok(done(call))
}

pub(super) fn set_password<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let text = |key: &str| loose::text(&call.body[key]).filter(|text| !text.is_empty());
    let both = text("username").zip(text("password"));
    let (name, password) = both.ok_or(&call.profile().rest.unreadable)?;
    let at = find(call, &name)?;
    call.store.users[at].password = password;
    Ok(done(call))
}

/// Wants a bare array of names.
pub(super) fn delete<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let list = call.body.as_array().ok_or(&call.profile().rest.unrecognized)?;
    let names: Vec<String> = list.iter().filter_map(loose::text).collect();
    for name in &names {
        find(call, name)?;
    }
    call.store.users.retain(|user| !names.iter().any(|name| user.name.eq_ignore_ascii_case(name)));
    Ok(done(call))
}

pub(super) fn delete_one<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let at = find(call, call.key)?;
    call.store.users.remove(at);
    Ok(done(call))
}

fn find<'a>(call: &Call<'a, '_>, name: &str) -> Result<usize, &'a Refusal> {
    let mut users = call.store.users.iter();
    let found = users.position(|user| user.directory.is_none() && user.name.eq_ignore_ascii_case(name));
    found.ok_or(&call.profile().rest.user_not_found)
}

fn known_role<'a>(call: &Call<'a, '_>, role: &str) -> Result<(), &'a Refusal> {
    let known = call.store.roles.iter().any(|known| known["name"].as_str() == Some(role));
    if known { Ok(()) } else { Err(&call.profile().rest.unknown_object) }
}

fn lay(user: &mut User, body: &Value) {
    if let Some(groups) = body["groups"].as_array() {
        user.groups = groups.iter().filter_map(loose::text).collect();
    }
    if body["attributes"].is_object() {
        user.attributes = body["attributes"].clone();
    }
}
