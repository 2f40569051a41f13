//! The cluster's certificates, with days counted by the lab's clock.

use serde_json::{Value, json};

use super::Call;
use crate::{
    clock::LabTime,
    xms::{
        answer::Answer,
        store::{Certificate, days},
    },
};

pub(super) fn list(call: &Call) -> Answer {
    let now = call.now;
    let apns = call.store.certificates.iter().find(|certificate| certificate.use_as == "apns");
    let certificates: Vec<Value> = call.store.certificates.iter().map(|certificate| view(certificate, now)).collect();
    Answer::success(json!({
        "certificate": certificates,
        "apnsCheckObj": {
            "topicNameMismatch": false,
            "certExpired": apns.is_some_and(|apns| now >= apns.to),
            "certNotYetValid": apns.is_some_and(|apns| now < apns.from),
            "malformed": false,
        },
    }))
}

/// `isActive` is a boolean and `privateKey` a string, as on the wire.
fn view(certificate: &Certificate, now: LabTime) -> Value {
    json!({
        "id": certificate.id.to_string(),
        "name": certificate.name,
        "description": certificate.use_as,
        "type": certificate.kind,
        "isActive": true,
        "privateKey": certificate.private_key.to_string(),
        "validFrom": certificate.from.iso_day(),
        "validTo": certificate.to.iso_day(),
        "remainingDays": days(now, certificate.to),
        "ca": certificate.kind == "chain",
        "certDetails": {
            "signatureAlgo": "SHA256withRSA",
            "serialNum": certificate.id.to_string(),
            "issuerName": name(&certificate.issuer),
            "subjectName": name(&certificate.common_name),
        },
    })
}

fn name(common_name: &str) -> Value {
    json!({ "certString": format!("CN={common_name}"), "commonName": common_name })
}
