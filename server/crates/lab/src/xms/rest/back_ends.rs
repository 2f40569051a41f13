//! Licences and the server that gives them.

use super::{Call, Outcome, done, loose, upload::Parts};
use crate::xms::{answer::Answer, store::days};
use serde_json::json;

pub(super) fn licences(call: &Call) -> Answer {
    let seed = &call.profile().site.licences;
    let licences = &call.store.licences;
    let ends = licences.ends;
    let total = licences.in_use + licences.available;
    let (in_use, available) = if call.ills.licence_out { (total, 0) } else { (licences.in_use, licences.available) };
    Answer::success(json!({ "cpLicenseServer": {
        "serverAddress": licences.server,
        "localPort": 0,
        "remotePort": licences.remote_port,
        "serverPort": seed.server_port,
        "serverType": licences.kind,
        "licenseType": "none",
        "isServerConfigured": licences.active,
        "gracePeriodLeft": 0,
        "isRestartLpeNeeded": null,
        "isScheduleNotificationNeeded": null,
        "licenseList": [{
            "p_E_M": seed.product,
            "licenseType": "Retail",
            "expirationDate": ends.day_month_year(),
            "remainingDays": days(call.now, ends),
            "sadate": ends.year_month_day(),
            "licensesInUse": in_use,
            "licensesAvailable": available,
            "overdraftLicenseCount": 0,
            "serialNumber": "LAB-1",
            "vendorString": "",
            "notice": "",
        }],
        "licenseNotification": {
            "id": 1,
            "notificationEnabled": true,
            "notifyFrequency": 7,
            "notifyNumberDaysBeforeExpire": 60,
            "recepientList": "ops@example.com",
            "emailContent": "",
        },
    } }))
}

/// Another server, or the same with another port.
pub(super) fn set_licence_server<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let unreadable = &call.profile().rest.unreadable;
    let server = loose::text(&call.body["serverAddress"]).filter(|text| !text.is_empty()).ok_or(unreadable)?;
    let port = loose::number(&call.body["remotePort"]).and_then(|port| u16::try_from(port).ok()).ok_or(unreadable)?;
    (call.store.licences.server, call.store.licences.remote_port) = (server, port);
    Ok(done(call))
}

/// `local` or `remote`. It changes state although it is a GET.
pub(super) fn activate_licences<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    if !["local", "remote"].contains(&call.key) {
        return Err(&call.profile().rest.unknown_object);
    }
    (call.store.licences.kind, call.store.licences.active) = (call.key.to_owned(), true);
    Ok(done(call))
}

/// Any file will do that looks like one of the licence server's.
pub(super) fn upload_licence<'a>(call: &mut Call<'a, '_>, parts: &Parts) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let file = parts.files.first().ok_or(&rest.unreadable)?;
    if !String::from_utf8_lossy(file).lines().any(|line| line.starts_with("INCREMENT ")) {
        return Err(&rest.unreadable);
    }
    "local".clone_into(&mut call.store.licences.kind);
    Ok(done(call))
}

pub(super) fn remove_licences<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    if !std::mem::take(&mut call.store.licences.active) {
        return Err(&call.profile().rest.unknown_object);
    }
    Ok(done(call))
}

pub(super) fn licence_end(call: &Call) -> Answer {
    let ends = call.store.licences.ends;
    Answer::success(json!({ "expiredDate": ends.0, "daysBeforeExpire": days(call.now, ends), "daysInPOC": 0 }))
}

/// Connected when it is the server that the cluster has.
pub(super) fn test_licence_server<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let seed = &call.profile().site.licences;
    let address = loose::text(&call.body["serverAddress"]).ok_or(&call.profile().rest.unreadable)?;
    let port = loose::number(&call.body["remotePort"]);
    let connected = address == seed.server_address && port == Some(usize::from(seed.remote_port));
    Ok(Answer::success(json!({ "isConnected": connected })))
}
