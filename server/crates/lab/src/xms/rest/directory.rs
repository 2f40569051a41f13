//! Licences and directories: the back ends that the API shows.

use serde_json::{Value, json};

use super::{Call, Outcome, loose};
use crate::xms::{answer::Answer, store::days};

pub(super) fn licences(call: &Call) -> Answer {
    let seed = &call.profile().site.licences;
    let ends = call.store.licence_ends.unwrap_or(call.now);
    Answer::success(json!({ "cpLicenseServer": {
        "serverAddress": seed.server_address,
        "localPort": 0,
        "remotePort": seed.remote_port,
        "serverPort": seed.server_port,
        "serverType": "remote",
        "licenseType": "none",
        "isServerConfigured": true,
        "gracePeriodLeft": 0,
        "isRestartLpeNeeded": null,
        "isScheduleNotificationNeeded": null,
        "licenseList": [{
            "p_E_M": seed.product,
            "licenseType": "Retail",
            "expirationDate": ends.day_month_year(),
            "remainingDays": days(call.now, ends),
            "sadate": ends.year_month_day(),
            "licensesInUse": seed.in_use,
            "licensesAvailable": seed.available,
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

pub(super) fn licence_end(call: &Call) -> Answer {
    let ends = call.store.licence_ends.unwrap_or(call.now);
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

pub(super) fn ldap(call: &Call) -> Answer {
    let list: &Vec<Value> = &call.profile().site.ldap;
    Answer::success(json!({ "adList": list }))
}
