//! Reading certificate and key files as the appliance does: real X.509, real keys.

use crate::{
    clock::LabTime,
    refusal::{Outcome, Refusal},
};
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls::{
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::SigningKey,
};
use std::{net::IpAddr, sync::Arc};
use x509_parser::{
    extensions::GeneralName,
    objects::{oid_registry, oid2abbrev, oid2sn},
    prelude::{FromDer, X509Certificate},
    public_key::PublicKey,
    x509::{RelativeDistinguishedName, X509Name},
};

/// What a certificate says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Upper-case hexadecimal digits.
    pub serial: String,
    pub issuer: String,
    pub subject: String,
    pub not_before: LabTime,
    pub not_after: LabTime,
    pub signature: String,
    pub public_key: String,
    pub key_size: usize,
    pub version: u32,
    /// Words of `certificatetype`.
    pub kinds: &'static str,
    pub dns: Vec<String>,
    pub addresses: Vec<IpAddr>,
    /// The public key as in the certificate, to be compared with the private one.
    spki: Vec<u8>,
    /// The certificate itself, as clients are shown it.
    pub der: CertificateDer<'static>,
}

/// How a file is to be read (`inform`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Pem,
    Der,
}

/// The first certificate of a file; 1540 when there is none.
pub(crate) fn certificate(file: &[u8], form: Form) -> Outcome<Facts> {
    let none = || Refusal::new(1540);
    let der = match form {
        Form::Pem => CertificateDer::from_pem_slice(file).map_err(|_| none())?.to_vec(),
        Form::Der => file.to_vec(),
    };
    let (_, read) = X509Certificate::from_der(&der).map_err(|_| none())?;
    let text = |oid| oid2sn(oid, oid_registry()).map_or_else(|_| oid.to_id_string(), str::to_owned);
    let key = read.public_key();
    let (dns, addresses) = names(&read);
    Ok(Facts {
        serial: hex::encode_upper(read.raw_serial()).trim_start_matches("00").to_owned(),
        issuer: name(read.issuer()),
        subject: name(read.subject()),
        not_before: LabTime(read.validity().not_before.timestamp().saturating_mul(1000)),
        not_after: LabTime(read.validity().not_after.timestamp().saturating_mul(1000)),
        signature: text(&read.signature_algorithm.algorithm),
        public_key: text(&key.algorithm.algorithm),
        key_size: match key.parsed() {
            Ok(PublicKey::RSA(rsa)) => rsa.key_size(),
            Ok(PublicKey::EC(point)) => point.key_size(),
            _ => 0,
        },
        version: read.version().0 + 1,
        kinds: kinds(&read),
        dns,
        addresses,
        spki: key.raw.to_vec(),
        der: CertificateDer::from(der.clone()),
    })
}

/// The key of a file, if it opens (1537, 1614) and belongs to the certificate (1538).
pub(crate) fn fits(facts: &Facts, file: &[u8], form: Form, pass: Option<&str>) -> Outcome<Arc<dyn SigningKey>> {
    let key = private_key(file, form, pass)?;
    let signer = rustls::crypto::ring::sign::any_supported_type(&key).map_err(|_| Refusal::new(1537))?;
    let public = signer.public_key().ok_or(Refusal::new(1537))?;
    if public.as_ref() == facts.spki { Ok(signer) } else { Err(Refusal::new(1538)) }
}

fn private_key(file: &[u8], form: Form, pass: Option<&str>) -> Outcome<PrivateKeyDer<'static>> {
    let bad = || Refusal::new(1537);
    if form == Form::Der {
        return PrivateKeyDer::try_from(file.to_vec()).map_err(|_| bad());
    }
    let text = std::str::from_utf8(file).map_err(|_| bad())?;
    if !text.contains("ENCRYPTED") {
        return PrivateKeyDer::from_pem_slice(file).map_err(|_| bad());
    }
    let pass = pass.ok_or_else(bad)?;
    // The older form, with its cipher in a header, is not read: 1537.
    let start = text.find("-----BEGIN ENCRYPTED PRIVATE KEY-----").ok_or_else(bad)?;
    let (_, sealed) = pkcs8::Document::from_pem(text[start..].trim_end()).map_err(|_| bad())?;
    let sealed = EncryptedPrivateKeyInfoRef::try_from(sealed.as_bytes()).map_err(|_| bad())?;
    let opened = sealed.decrypt(pass).map_err(|_| Refusal::new(1614))?;
    PrivateKeyDer::try_from(opened.as_bytes().to_vec()).map_err(|_| bad())
}

/// `C=US,O=Example,CN=*.example.com`: in the order of the certificate, without blanks.
fn name(name: &X509Name) -> String {
    let parts = name.iter_rdn().flat_map(RelativeDistinguishedName::iter).map(|part| {
        let kind = oid2abbrev(part.attr_type(), oid_registry())
            .map_or_else(|_| part.attr_type().to_id_string(), str::to_owned);
        format!("{kind}={}", part.as_str().unwrap_or("?"))
    });
    parts.collect::<Vec<_>>().join(",")
}

fn names(read: &X509Certificate) -> (Vec<String>, Vec<IpAddr>) {
    let (mut dns, mut addresses) = (Vec::new(), Vec::new());
    let Ok(Some(extension)) = read.subject_alternative_name() else { return (dns, addresses) };
    for name in &extension.value.general_names {
        match name {
            GeneralName::DNSName(name) => dns.push((*name).to_owned()),
            GeneralName::IPAddress(bytes) => {
                let four = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
                addresses.extend(four.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)).ok());
            }
            _ => {}
        }
    }
    (dns, addresses)
}

/// A certificate without a list of purposes may be used for all.
fn kinds(read: &X509Certificate) -> &'static str {
    if read.is_ca() {
        return if read.issuer() == read.subject() { "ROOT_CERT" } else { "INTM_CERT" };
    }
    match read.extended_key_usage() {
        Ok(None) => "CLNT_CERT SRVR_CERT",
        Ok(Some(usage)) => match (usage.value.any, usage.value.client_auth, usage.value.server_auth) {
            (true, _, _) | (_, true, true) => "CLNT_CERT SRVR_CERT",
            (_, true, false) => "CLNT_CERT",
            (_, false, true) => "SRVR_CERT",
            (_, false, false) => "UNKNOWN_CERT",
        },
        Err(_) => "UNKNOWN_CERT",
    }
}

impl Facts {
    pub fn is_authority(&self) -> bool {
        matches!(self.kinds, "ROOT_CERT" | "INTM_CERT")
    }

    /// The names of hosts: the alternative ones, or without any of them the common name.
    pub fn names(&self) -> Vec<String> {
        if !self.dns.is_empty() || !self.addresses.is_empty() {
            return self.dns.clone();
        }
        let common = self.subject.split(',').filter_map(|part| part.strip_prefix("CN="));
        common.map(str::to_owned).collect()
    }

    /// Whole days that are left; 0 from the last one on.
    pub fn days_left(&self, now: LabTime) -> i64 {
        self.not_after.since(now) / (24 * 60 * 60 * 1000)
    }

    pub fn status(&self, now: LabTime) -> &'static str {
        if now < self.not_before {
            "Not yet valid"
        } else if now > self.not_after {
            "Expired"
        } else {
            "Valid"
        }
    }
}
