//! Certificates that come in: as a key store, or as a single file. The list has them at once; what a node shows changes
//! when it starts the next time.

use super::{Call, Outcome, loose, upload::Parts};
use crate::{clock::LabTime, tls::Identity, xms::store::Certificate};
use p12_keystore::Pkcs12Archive;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};
use std::{panic::catch_unwind, sync::Arc};
use x509_parser::{parse_x509_certificate, x509::X509Name};

pub(super) fn keystore<'a>(call: &mut Call<'a, '_>, parts: &Parts) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let file = parts.files.first().ok_or(&rest.unreadable)?;
    let password = loose::text(&parts.data["password"]).unwrap_or_default();
    // A library of others, and a file of anybody's: it may panic where the file is odd.
    let archive = catch_unwind(|| Pkcs12Archive::from_pkcs12(file, &password));
    let archive = archive.ok().and_then(Result::ok).ok_or(&rest.bad_keystore)?;
    let key = archive.keys.first().ok_or(&rest.bad_keystore)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.key.as_der().to_vec()));
    let chain = archive.certs.iter().map(|bag| CertificateDer::from(bag.cert.as_der().to_vec())).collect();
    take_in(call, parts, chain, Some(&key))
}

/// PEM, with the key in it, in a second file, or kept here since the request for the signature.
pub(super) fn single_file<'a>(call: &mut Call<'a, '_>, parts: &Parts) -> Outcome<'a> {
    let rest = &call.profile().rest;
    let file = parts.files.first().ok_or(&rest.unreadable)?;
    let mut chain: Vec<_> = CertificateDer::pem_slice_iter(file).filter_map(Result::ok).collect();
    if !rest.single_file_links_chain {
        chain.truncate(1);
    }
    let key = parts.files.iter().find_map(|file| PrivateKeyDer::from_pem_slice(file).ok());
    let asked = || call.store.asked.iter().find(|key| fits(&chain, key)).map(PrivateKeyDer::clone_key);
    let key = key.or_else(asked);
    take_in(call, parts, chain, key.as_ref())
}

fn take_in<'a>(
    call: &mut Call<'a, '_>,
    parts: &Parts,
    chain: Vec<CertificateDer<'static>>,
    key: Option<&PrivateKeyDer<'static>>,
) -> Outcome<'a> {
    let bad = &call.profile().rest.bad_keystore;
    let chain = in_order(chain, key).ok_or(bad)?;
    let use_as = loose::text(&parts.data["useAs"]).unwrap_or_else(|| call.key.to_owned());
    let is_listener = use_as == "listener" || call.key == "listener";
    if is_listener {
        let key = key.filter(|key| fits(&chain, key)).ok_or(bad)?;
        call.store.listener = Arc::new(Identity::with_key(chain.clone(), key).map_err(|_| bad)?);
        call.store.revision += 1;
    }
    let use_as = if is_listener { "listener".to_owned() } else { use_as };
    for (at, der) in chain.iter().enumerate() {
        let mut item = item(call, der).ok_or(bad)?;
        item.description = loose::text(&parts.data["description"]).unwrap_or_default();
        if at == 0 {
            for old in call.store.certificates.iter_mut().filter(|old| old.use_as == use_as && old.active) {
                old.active = false;
            }
            (item.kind, item.private_key) = ("entity".to_owned(), key.is_some());
            item.use_as.clone_from(&use_as);
        }
        call.store.certificates.push(item);
    }
    Ok(super::done(call))
}

/// The leaf first: the one that the key belongs to.
fn in_order(
    mut chain: Vec<CertificateDer<'static>>,
    key: Option<&PrivateKeyDer<'static>>,
) -> Option<Vec<CertificateDer<'static>>> {
    if let Some(key) = key {
        let leaf = chain.iter().position(|one| fits(std::slice::from_ref(one), key))?;
        chain.swap(0, leaf);
    }
    (!chain.is_empty()).then_some(chain)
}

fn fits(chain: &[CertificateDer], key: &PrivateKeyDer<'static>) -> bool {
    let read = chain.first().and_then(|leaf| parse_x509_certificate(leaf).ok());
    let signer = rustls::crypto::ring::sign::any_supported_type(key).ok();
    let public = signer.as_ref().and_then(|signer| signer.public_key());
    read.zip(public).is_some_and(|((_, leaf), public)| leaf.public_key().raw == public.as_ref())
}

fn item(call: &mut Call, der: &CertificateDer<'static>) -> Option<Certificate> {
    let (_, read) = parse_x509_certificate(der).ok()?;
    let common = |name: &X509Name| {
        name.iter_common_name().next().and_then(|name| name.as_str().ok()).unwrap_or_default().to_owned()
    };
    let time = |at: x509_parser::time::ASN1Time| LabTime(at.timestamp().saturating_mul(1000));
    Some(Certificate {
        id: usize::try_from(call.store.next_id()).ok()?,
        name: common(read.subject()),
        description: String::new(),
        kind: "chain".to_owned(),
        use_as: "none".to_owned(),
        common_name: common(read.subject()),
        issuer: common(read.issuer()),
        private_key: false,
        active: true,
        from: time(read.validity().not_before),
        to: time(read.validity().not_after),
        der: Some(der.clone()),
    })
}
