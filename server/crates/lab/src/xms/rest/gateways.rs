//! The `NetScaler` Gateways that the cluster knows: `agList`, from the days of Access Gateway.

use super::{Call, Outcome, Refusal, loose};
use crate::xms::answer::Answer;
use serde_json::{Value, json};

pub(super) fn list(call: &Call) -> Answer {
    Answer::success(json!({ "agList": call.store.gateways }))
}

pub(super) fn add<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let mut gateway = read(call)?;
    if call.store.gateways.iter().any(|known| known["name"] == gateway["name"]) {
        return Err(&call.profile().rest.already_there);
    }
    let id = call.store.next_id().to_string();
    gateway["id"] = json!(id);
    call.store.gateways.push(gateway);
    Ok(done(call, &id))
}

pub(super) fn edit<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let at = find(call)?;
    let mut gateway = read(call)?;
    let id = call.key.to_owned();
    if call.store.gateways.iter().any(|known| known["name"] == gateway["name"] && known["id"] != id.as_str()) {
        return Err(&call.profile().rest.already_there);
    }
    gateway["id"] = json!(id);
    call.store.gateways[at] = gateway;
    Ok(done(call, &id))
}

pub(super) fn delete<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let at = find(call)?;
    call.store.gateways.remove(at);
    Ok(answer())
}

pub(super) fn make_default<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let at = find(call)?;
    call.store.gateways[at]["default"] = json!(true);
    let id = call.key.to_owned();
    Ok(done(call, &id))
}

fn find<'a>(call: &Call<'a, '_>) -> Result<usize, &'a Refusal> {
    let found = call.store.gateways.iter().position(|known| known["id"] == call.key);
    found.ok_or(&call.profile().rest.unknown_object)
}

/// Name, URL and `passwordRequired` are needed; the rest has defaults.
fn read<'a>(call: &Call<'a, '_>) -> Result<Value, &'a Refusal> {
    let unreadable = &call.profile().rest.unreadable;
    let needed = |key: &str| loose::text(&call.body[key]).filter(|text| !text.is_empty()).ok_or(unreadable);
    let mut gateway = json!({
        "name": needed("name")?,
        "url": needed("url")?,
        "passwordRequired": loose::boolean(&call.body["passwordRequired"]).ok_or(unreadable)?,
        "default": loose::boolean(&call.body["default"]).unwrap_or(false),
    });
    for (field, default) in [("alias", json!("")), ("logonType", json!("")), ("callback", json!([]))] {
        gateway[field] = if call.body[field].is_null() { default } else { call.body[field].clone() };
    }
    Ok(gateway)
}

/// There is one default at most: the last one that was told to be.
fn done(call: &mut Call, id: &str) -> Answer {
    let is_default = call.store.gateways.iter().any(|known| known["id"] == id && known["default"] == true);
    for gateway in call.store.gateways.iter_mut().filter(|known| is_default && known["id"] != id) {
        gateway["default"] = json!(false);
    }
    answer()
}

fn answer() -> Answer {
    Answer::success(json!({ "agList": [] }))
}
