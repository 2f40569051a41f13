//! `device/filter`: counts for the whole database.

use super::{Call, Outcome, loose};
use crate::{
    clock::LabTime,
    xms::{
        answer::Answer,
        devices::{Device, GROUPS},
    },
};
use serde_json::{Value, json};
use std::time::Duration;

pub(super) fn filter<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    page(call, usize::MAX)
}

/// The same, but never more than so many at once.
pub(super) fn newer_filter<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    page(call, call.profile().rest.newer_limit)
}

fn page<'a>(call: &Call<'a, '_>, most: usize) -> Outcome<'a> {
    let (body, rest) = (&call.body, &call.profile().rest);
    // `{}` and nothing at all are every device; a list, a text or a start that is no number are no filter.
    let numbers = ["start", "limit"].iter().all(|name| body[*name].is_null() || loose::number(&body[*name]).is_some());
    if !(body.is_object() || body.is_null()) || !numbers {
        return Err(&rest.unreadable);
    }
    let seed = &call.profile().site.devices;
    let wanted = loose::list(&body["filterIds"]).ok_or(&rest.unreadable)?;
    let search = loose::text(&body["search"]).unwrap_or_default().to_lowercase();
    let fits = |device: &Device| chosen(device, &wanted) && (search.is_empty() || mentions(device, &search));
    let enrolled = || seed.all().filter(|_| call.store.has_devices);
    let mut found: Vec<Device> = enrolled().filter(fits).collect();
    match body["sortColumn"].as_str().map(str::to_uppercase).as_deref() {
        Some("SERIALNUMBER") => found.sort_by(|one, other| one.serial.cmp(&other.serial)),
        Some("USERNAME") => found.sort_by(|one, other| one.user.cmp(&other.user)),
        Some("PLATFORM") => found.sort_by_key(|device| device.platform_name),
        // Spelt as it is on the wire.
        Some("LASTAUTENTICATED") => found.sort_by_key(|device| std::cmp::Reverse(device.hours)),
        _ => {}
    }
    if body["sortOrder"].as_str().is_some_and(|order| order.eq_ignore_ascii_case("desc")) {
        found.reverse();
    }
    let start = loose::number(&body["start"]).unwrap_or(0);
    let limit = loose::number(&body["limit"]).unwrap_or(rest.default_limit).min(most);
    let page: Vec<Value> = found.iter().skip(start).take(limit).map(|device| view(device, call.now)).collect();
    let count = |filter: &str| -> i64 {
        if loose::boolean(&body["enableCount"]) != Some(true) {
            return -1;
        }
        i64::try_from(enrolled().filter(|device| device.fits(filter) == Some(true)).count()).unwrap_or(-1)
    };
    Ok(Answer::success(json!({
        "currentFilter": { "detail": tree(&wanted, count), "selectedFilters": wanted },
        "filteredDevicesDataList": page,
        "totalCount": enrolled().count(),
        "matchedRecords": found.len(),
    })))
}

/// One device, by its number.
pub(super) fn show<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let found =
        call.key.parse::<usize>().ok().and_then(|id| call.profile().site.devices.all().find(|one| one.id == id));
    let device = found.filter(|_| call.store.has_devices).ok_or(&call.profile().rest.bad_device)?;
    let mut item = view(&device, call.now);
    // Spelt as it is on the wire (1.6).
    item["blueToothMacAccress"] = format!("02:00:00:00:{:02x}:{:02x}", device.id / 256 % 256, device.id % 256).into();
    Ok(Answer::success(json!({ "device": item })))
}

/// Something is done to devices, which are named by number in a bare array; one that is not there fails the whole.
pub(super) fn act<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let ids = call.body.as_array().ok_or(&call.profile().rest.unrecognized)?;
    let known =
        |id: &&Value| loose::number(id).is_some_and(|id| (1..=call.profile().site.devices.total()).contains(&id));
    let messages: Vec<Value> = ids
        .iter()
        .filter(|id| !known(id))
        .map(|id| json!({ "id": loose::text(id), "message": call.profile().rest.bad_device.message }))
        .collect();
    if messages.is_empty() {
        return Ok(super::done(call));
    }
    Ok(Answer::json(
        200,
        &json!({
            "status": -1,
            "deviceActionMessages": { "devicesActionParameters": { "description": call.key, "messageList": messages } },
        }),
    ))
}

/// Any filter of a group will do, and each group that is named must be satisfied. Unknown filters match nothing.
fn chosen(device: &Device, wanted: &[String]) -> bool {
    let group = |filter: &str| GROUPS.iter().position(|(_, filters)| filters.contains(&filter));
    wanted.iter().all(|filter| {
        let mine = group(filter);
        wanted.iter().filter(|other| group(other) == mine).any(|other| device.fits(other) == Some(true))
    })
}

fn mentions(device: &Device, search: &str) -> bool {
    [&device.serial, &device.user].iter().any(|text| text.to_lowercase().contains(search))
}

fn view(device: &Device, now: LabTime) -> Value {
    let mode = device.mode;
    let managed = !mode.ends_with(".unmanaged");
    json!({
        "id": device.id,
        "serialNumber": device.serial,
        "platform": device.platform_name,
        "osVersion": device.version,
        "managed": managed,
        "jailBroken": false,
        "mdmKnown": !mode.contains(".mam."),
        "mamKnown": !mode.contains(".mdm."),
        "mamRegistered": !mode.contains(".mdm."),
        "gatewayBlocked": false,
        "deployFailed": 0,
        "deployPending": 0,
        "deploySuccess": 1,
        "userName": device.user,
        "lastAccess": now.minus(Duration::from_secs(u64::from(device.hours) * 3600)).american(),
        "inactivityDays": (device.hours / 24).to_string(),
        "properties": [],
    })
}

fn tree(wanted: &[String], count: impl Fn(&str) -> i64) -> Vec<Value> {
    let item = |name: &str, value: i64, level: u8, nodes: Vec<Value>| {
        json!({
            "displayName": name,
            "name": name,
            "value": value,
            "level": level,
            "checked": wanted.iter().any(|filter| filter == name),
            "leafNode": nodes.is_empty(),
            "nodes": nodes,
        })
    };
    let group = |(name, filters): &(&str, &[&str])| {
        let counts: Vec<i64> = filters.iter().map(|filter| count(filter)).collect();
        // Of those that are counted; otherwise -1 like them.
        let all = if counts.contains(&-1) { -1 } else { counts.iter().sum() };
        let nodes = filters.iter().zip(counts).map(|(filter, value)| item(filter, value, 1, Vec::new())).collect();
        item(name, all, 0, nodes)
    };
    GROUPS.iter().map(group).collect()
}
