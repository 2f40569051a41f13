//! The cluster's certificates, with days counted by the lab's clock.

use super::{Call, Outcome, loose};
use crate::{
    certificate::Form,
    clock::LabTime,
    xms::{
        answer::Answer,
        store::{Certificate, days},
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use std::time::Duration;

pub(super) fn list(call: &Call) -> Answer {
    let now = call.now;
    let mut all = call.store.certificates.clone();
    if call.ills.apns_expired {
        for apns in all.iter_mut().filter(|certificate| certificate.use_as == "apns") {
            apns.to = now.minus(Duration::from_hours(24));
        }
    }
    let apns = all.iter().find(|certificate| certificate.use_as == "apns" && certificate.active);
    let certificates: Vec<Value> = all.iter().map(|certificate| view(certificate, now)).collect();
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

/// Wants a bare array of numbers; what is in use stays.
pub(super) fn delete<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let ids = call.body.as_array().ok_or(&rest.unrecognized)?;
    let ids: Vec<usize> = ids.iter().filter_map(loose::number).collect();
    let find = |id: &usize| call.store.certificates.iter().find(|certificate| certificate.id == *id);
    for id in &ids {
        let certificate = find(id).ok_or(&rest.unknown_object)?;
        if certificate.active && ["listener", "apns"].contains(&certificate.use_as.as_str()) {
            return Err(&rest.in_use);
        }
    }
    call.store.certificates.retain(|certificate| !ids.contains(&certificate.id));
    Ok(super::done(call))
}

/// A new key and a request for its signature; the key waits here for the certificate.
pub(super) fn request<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let name = loose::text(&call.body["commonName"]).filter(|name| !name.is_empty()).ok_or(&rest.unreadable)?;
    let made = KeyPair::generate().and_then(|key| {
        let mut params = CertificateParams::new(vec![name.clone()])?;
        params.distinguished_name.push(DnType::CommonName, name);
        let request = params.serialize_request(&key)?.pem()?;
        Ok((PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())), request))
    });
    let (key, request) = made.map_err(|_| &rest.unreadable)?;
    call.store.asked.push(key);
    Ok(Answer::success(json!({ "csr": request })))
}

/// The certificate alone, as PEM; keys do not leave.
pub(super) fn export<'a>(call: &mut Call<'a, '_>) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let id = loose::number(&call.body["id"]).ok_or(&rest.unreadable)?;
    let found = call.store.certificates.iter().find(|certificate| certificate.id == id);
    let certificate = found.ok_or(&rest.unknown_object)?;
    let der = certificate.der.as_ref().ok_or(&rest.unknown_object)?;
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
    Ok(Answer::file(&format!("{}.pem", certificate.name), pem))
}

/// `isActive` is a boolean and `privateKey` a string, as on the wire.
fn view(certificate: &Certificate, now: LabTime) -> Value {
    let (serial, algorithm) = wire(certificate);
    json!({
        "id": certificate.id.to_string(),
        "name": certificate.name,
        "description": certificate.description,
        "type": certificate.kind,
        "isActive": certificate.active,
        "privateKey": certificate.private_key.to_string(),
        "validFrom": certificate.from.iso_day(),
        "validTo": certificate.to.iso_day(),
        "remainingDays": days(now, certificate.to),
        "ca": certificate.kind == "chain",
        "certDetails": {
            "signatureAlgo": algorithm,
            "serialNum": serial,
            "issuerName": name(&certificate.issuer),
            "subjectName": name(&certificate.common_name),
        },
    })
}

/// Serial number and signature as the certificate itself has them; of one that is a name only, made up.
fn wire(certificate: &Certificate) -> (String, String) {
    let der = certificate.der.as_ref().and_then(|der| crate::certificate::certificate(der, Form::Der).ok());
    match der {
        Some(facts) => {
            let (hash, key) = facts.signature.split_once("With").unwrap_or(("", ""));
            let spelled = match facts.signature.strip_prefix("ecdsa-with-") {
                Some(hash) => format!("{hash}withECDSA"),
                None if key.starts_with("RSA") => format!("{}withRSA", hash.to_uppercase()),
                None => facts.signature.clone(),
            };
            (facts.serial.to_lowercase(), spelled)
        }
        None => (certificate.id.to_string(), "SHA256withRSA".to_owned()),
    }
}

fn name(common_name: &str) -> Value {
    json!({ "certString": format!("CN={common_name}"), "commonName": common_name })
}
