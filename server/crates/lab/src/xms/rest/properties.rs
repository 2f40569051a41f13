//! Server properties: stored at once, in force on each node after its restart.

use super::{Call, Outcome, loose};
use crate::xms::{answer::Answer, store::Property};
use serde_json::{Value, json};

pub(super) fn list(call: &Call) -> Answer {
    views(call.store.properties.iter())
}

pub(super) fn filter(call: &Call) -> Answer {
    let (body, rest) = (&call.body, &call.profile().rest);
    let wanted = body["searchStr"].as_str().unwrap_or_default().to_lowercase();
    let mut found: Vec<&Property> =
        call.store.properties.iter().filter(|property| property.name.to_lowercase().contains(&wanted)).collect();
    if body["orderBy"].as_str().is_some_and(|column| column.eq_ignore_ascii_case("name")) {
        found.sort_by(|one, other| one.name.cmp(&other.name));
    }
    if body["sortOrder"].as_str().is_some_and(|order| order.eq_ignore_ascii_case("desc")) {
        found.reverse();
    }
    let start = loose::number(&body["start"]).unwrap_or(0);
    let limit = loose::number(&body["limit"]).unwrap_or(rest.default_limit);
    views(found.into_iter().skip(start).take(limit))
}

fn views<'p>(properties: impl Iterator<Item = &'p Property>) -> Answer {
    Answer::success(json!({ "allEwProperties": properties.map(Property::view).collect::<Vec<_>>() }))
}

pub(super) fn add<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let (name, value) = named_value(&call.body).ok_or(&rest.unreadable)?;
    if call.store.properties.iter().any(|property| property.name == name) {
        return Err(&rest.already_there);
    }
    let field = |key: &str| loose::text(&call.body[key]).unwrap_or_default();
    let (display, description) = (field("displayName"), field("description"));
    let id = call.store.next_id();
    call.store.properties.push(Property { id, name, default: value.clone(), value, display, description });
    Ok(changed(call))
}

pub(super) fn edit<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let (name, value) = named_value(&call.body).ok_or(&rest.unreadable)?;
    let found = call.store.properties.iter_mut().find(|property| property.name == name);
    let property = found.ok_or(&rest.unknown_object)?;
    property.value = value;
    if let Some(display) = loose::text(&call.body["displayName"]) {
        property.display = display;
    }
    if let Some(description) = loose::text(&call.body["description"]) {
        property.description = description;
    }
    Ok(changed(call))
}

/// Wants a bare array of names.
pub(super) fn delete<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let names = names(&call.body).ok_or(&call.profile().rest.unrecognized)?;
    all_known(call, &names)?;
    call.store.properties.retain(|property| !names.contains(&property.name));
    Ok(changed(call))
}

/// Wants an object with a list of names.
pub(super) fn reset<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let names = names(&call.body["names"]).ok_or(&call.profile().rest.unrecognized)?;
    all_known(call, &names)?;
    for property in call.store.properties.iter_mut().filter(|property| names.contains(&property.name)) {
        property.value = property.default.clone();
    }
    Ok(changed(call))
}

fn named_value(body: &Value) -> Option<(String, String)> {
    let name = loose::text(&body["name"]).filter(|name| !name.is_empty())?;
    Some((name, loose::text(&body["value"])?))
}

fn names(body: &Value) -> Option<Vec<String>> {
    body.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}

fn all_known<'a>(call: &Call<'a, '_>, names: &[String]) -> Result<(), &'a super::Refusal> {
    let known = |name: &String| call.store.properties.iter().any(|property| property.name == *name);
    if names.iter().all(known) { Ok(()) } else { Err(&call.profile().rest.unknown_object) }
}

fn changed(call: &mut Call) -> Answer {
    call.store.revision += 1;
    Answer::json(200, &json!({ "status": 0, "message": call.profile().rest.restart_message }))
}
