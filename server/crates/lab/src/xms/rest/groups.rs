//! Groups of users, delivery groups and the ways to enrol, as far as a cluster's administrator reads them.

use super::{Call, Outcome, done};
use crate::xms::answer::Answer;
use serde_json::{Value, json};

pub(super) fn local(call: &Call) -> Answer {
    Answer::success(json!({ "groups": call.store.groups }))
}

pub(super) fn add<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    if call.store.groups.iter().any(|known| known == call.key) {
        return Err(&call.profile().rest.already_there);
    }
    call.store.groups.push(call.key.to_owned());
    Ok(done(call))
}

pub(super) fn delete<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let at = call.store.groups.iter().position(|known| known == call.key).ok_or(&rest.unknown_object)?;
    if call.store.users.iter().any(|user| user.groups.iter().any(|group| group == call.key)) {
        return Err(&rest.in_use);
    }
    call.store.groups.remove(at);
    Ok(done(call))
}

pub(super) fn delivery(call: &Call) -> Answer {
    let all = &call.store.delivery_groups;
    let view = |group: &Value| json!({ "name": group["name"], "description": group["description"], "disabled": group["disabled"] });
    let list: Vec<Value> = all.iter().map(view).collect();
    Answer::success(json!({ "dgListData": { "totalMatchCount": all.len(), "totalCount": all.len(), "dgList": list } }))
}

/// Without an envelope, as documented.
pub(super) fn deployment<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let found = call.store.delivery_groups.iter().find(|group| group["name"].as_str() == Some(call.key));
    let group = found.ok_or(&call.profile().rest.unknown_object)?;
    let count = |key: &str| group[key].clone();
    Ok(Answer::json(
        200,
        &json!({
            "name": call.key,
            "nbSuccess": count("nbSuccess"),
            "nbFailure": count("nbFailure"),
            "nbPending": count("nbPending"),
        }),
    ))
}

pub(super) fn enrolment_modes(call: &Call) -> Answer {
    Answer::success(json!({ "modes": call.profile().site.enrolment_modes }))
}

pub(super) fn enrolment_info(call: &Call) -> Answer {
    let modes = &call.profile().site.enrolment_modes;
    let default = modes.iter().find(|mode| mode["default"] == true).map(|mode| &mode["name"]);
    Answer::success(
        json!({ "enrollmentInfo": { "defaultMode": default, "modes": modes, "groups": call.store.groups } }),
    )
}
