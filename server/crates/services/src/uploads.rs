//! Certificates on their way to an appliance: checked when they come in, sealed until they go out.

use crate::{Failure, ReadCx, Services};
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

impl Services {
    /// Certificates that were uploaded for a cluster, newest first.
    pub async fn uploads(&self, _cx: &ReadCx, cluster: ClusterId) -> Result<Vec<UploadView>, Failure> {
        Ok(self.store.uploads(cluster).await?)
    }

    /// The uploads as the set-up names them.
    pub(crate) async fn upload_files(&self, cluster: ClusterId) -> Result<Vec<(String, CertFiles)>, Failure> {
        let uploads = self.store.uploads(cluster).await?;
        Ok(uploads
            .into_iter()
            .map(|upload| {
                let summary = &upload.summary;
                let files = certificate::files(&upload.name, upload.id, summary.chain.len(), &summary.sha256);
                (upload.name, files)
            })
            .collect())
    }

    /// One part of an upload as a request wants it; `place` is `7/key`. For the request that is being sent, and for
    /// nothing else.
    pub(crate) async fn upload_content(&self, place: &str) -> Result<serde_json::Value, Failure> {
        let gone = || Failure::Refused("The uploaded certificate is not there any more. Upload it again.".into());
        let (id, part) = place.split_once('/').ok_or_else(gone)?;
        let id: i64 = id.parse().map_err(|_| gone())?;
        let (cluster, name, sealed) = self.store.upload_sealed(id).await.map_err(|_| gone())?;
        let contents = self.vault.unseal(&sealed, &about(cluster, &name))?;
        let parts: BTreeMap<String, String> = serde_json::from_str(contents.expose_secret())
            .map_err(|_| Failure::Internal("The stored certificate cannot be read. Upload it again.".into()))?;
        let pem = parts.get(part).ok_or_else(gone)?;
        Ok(BASE64_STANDARD.encode(pem).into())
    }
}
