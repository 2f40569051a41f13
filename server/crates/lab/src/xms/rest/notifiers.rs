//! Servers for mail and text messages: any number of each kind, one of each in use.

use super::{Call, Outcome, done, loose};
use crate::xms::answer::Answer;
use serde_json::{Value, json};

pub(super) fn list(call: &Call) -> Answer {
    Answer::success(json!({ "list": call.store.notifiers }))
}

pub(super) fn add_smtp<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    add(call, "SMTP")
}

pub(super) fn add_sms<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    add(call, "SMS")
}

fn add<'a>(call: &mut Call<'a, '_>, kind: &str) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let name = loose::text(&call.body["name"]).filter(|name| !name.is_empty()).ok_or(&rest.unreadable)?;
    if call.store.notifiers.iter().any(|known| known["name"].as_str() == Some(&name)) {
        return Err(&rest.already_there);
    }
    let mut server = call.body.clone();
    server["id"] = json!(call.store.next_id());
    server["serverType"] = json!(kind);
    server["isActive"] = json!(false);
    call.store.notifiers.push(server);
    Ok(done(call))
}

pub(super) fn edit<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let at = find(call).ok_or(&rest.unknown_object)?;
    let fields = call.body.as_object().ok_or(&rest.unreadable)?.clone();
    for (key, value) in fields.into_iter().filter(|(key, _)| !["id", "serverType", "isActive"].contains(&key.as_str()))
    {
        call.store.notifiers[at][key] = value;
    }
    Ok(done(call))
}

pub(super) fn activate<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let at = find(call).ok_or(&call.profile().rest.unknown_object)?;
    let kind = call.store.notifiers[at]["serverType"].clone();
    for (place, server) in
        call.store.notifiers.iter_mut().enumerate().filter(|(_, server)| server["serverType"] == kind)
    {
        server["isActive"] = json!(place == at);
    }
    Ok(done(call))
}

pub(super) fn delete<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let at = find(call).ok_or(&call.profile().rest.unknown_object)?;
    if call.store.notifiers[at]["isActive"] == true {
        return Err(&call.profile().rest.in_use);
    }
    call.store.notifiers.remove(at);
    Ok(done(call))
}

fn find(call: &Call) -> Option<usize> {
    let id = |server: &Value| loose::text(&server["id"]);
    call.store.notifiers.iter().position(|server| id(server).as_deref() == Some(call.key))
}
