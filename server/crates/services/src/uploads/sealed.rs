//! What is kept of an upload: sealed, and opened for the request that brings it to the appliance.

use crate::{Failure, ground::Ground, refusal::Refusal};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use model::{ClusterId, certificate, desired::CertFiles};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;

/// An upload as pages show it.
pub type UploadView = store::uploads::Upload;

/// What the contents are bound to: they do not open as another cluster's or under another name.
pub(crate) fn about(cluster: ClusterId, name: &str) -> String {
    format!("upload:{cluster}:{name}")
}

pub(crate) fn written(parts: &BTreeMap<String, String>) -> Result<String, Failure> {
    serde_json::to_string(parts).map_err(|error| Failure::Internal(format!("{error}.")))
}

fn parts(ground: &Ground, sealed: &[u8], about: &str) -> Result<BTreeMap<String, String>, Failure> {
    let contents = ground.vault.unseal(sealed, about)?;
    serde_json::from_str(contents.expose_secret())
        .map_err(|_| Failure::Internal("The stored certificate cannot be read. Upload it again.".into()))
}

/// What is kept of an upload once its key is where it belongs: the certificates, which are no secret.
pub(crate) async fn without_key(ground: &Ground, id: i64) -> Result<Vec<u8>, Failure> {
    let (cluster, name, sealed) = ground.store.upload_sealed(id).await?;
    let about = about(cluster, &name);
    let mut parts = parts(ground, &sealed, &about)?;
    parts.remove("key");
    ground.vault.seal(&written(&parts)?, &about)
}

/// One part of an upload as a request wants it; `place` is `7/key`. For the request that is being sent, and for nothing
/// else.
pub(crate) async fn content(ground: &Ground, place: &str) -> Result<serde_json::Value, Failure> {
    let gone = || Failure::from(Refusal::UploadGone);
    let (id, part) = place.split_once('/').ok_or_else(gone)?;
    let id: i64 = id.parse().map_err(|_| gone())?;
    let found = ground.store.upload_sealed(id).await;
    // A database that does not answer is no reason to ask anybody for their key.
    let (cluster, name, sealed) = found.map_err(|error| match error {
        store::Error::NotFound => gone(),
        other => other.into(),
    })?;
    let parts = parts(ground, &sealed, &about(cluster, &name))?;
    let pem = parts.get(part).ok_or_else(gone)?;
    Ok(BASE64_STANDARD.encode(pem).into())
}

/// The uploads as the set-up names them.
pub(crate) async fn files(ground: &Ground, cluster: ClusterId) -> Result<Vec<(String, CertFiles)>, Failure> {
    let uploads = ground.store.uploads(cluster).await?;
    Ok(uploads
        .into_iter()
        .filter_map(|upload| {
            // Without its summary nobody knows which files there are.
            let summary = upload.summary.ok()?;
            let files = certificate::files(&upload.name, upload.id, summary.chain.len(), &summary.sha256);
            Some((upload.name, files))
        })
        .collect())
}
