//! Certificates on their way to an appliance: checked when they come in, sealed until they go out.

pub(crate) mod sealed;

use crate::{
    Failure, ReadCx, Topic, WriteCx, clusters::Clusters, cx::detail, forms::Forms, ground::Ground, setup::Setup,
};
use certs::{Bundle, Part, Problem, Remark, RemarkSeverity, judge};
use model::{
    At, ClusterId,
    certificate::{Summary, UploadForm},
    clock::from_millis,
    desired::{Form, MamForm},
    fields::Typed,
    object::ObjectRef,
    record::RecordKind,
};
pub use sealed::UploadView;
use sealed::{about, without_key, written};
use secrecy::{ExposeSecret, SecretString};
use std::{collections::BTreeMap, sync::Arc};
use store::{
    records::append_in,
    uploads::{add_upload_in, key_gone_in},
};

/// What somebody uploads.
pub struct CertificateFiles {
    pub certificate: Vec<u8>,
    pub key: Option<Vec<u8>>,
    pub password: Option<SecretString>,
}

impl CertificateFiles {
    /// Bytes of one file.
    pub const MOST: usize = certs::MAX_BYTES;
}

#[derive(Clone)]
pub struct Uploads {
    pub(crate) ground: Arc<Ground>,
    pub(crate) clusters: Clusters,
    pub(crate) setup: Setup,
    pub(crate) forms: Forms,
}

impl Uploads {
    /// Certificates that were uploaded for a cluster, newest first.
    pub async fn list(&self, cx: &ReadCx, cluster: ClusterId) -> Result<Vec<UploadView>, Failure> {
        self.ground.cluster_in_scope(cx, cluster).await?;
        Ok(self.ground.store.uploads(cluster).await?)
    }

    /// Checks a certificate and keeps it, sealed, until a plan brings it to the appliance.
    pub async fn add(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        form: &UploadForm,
        files: CertificateFiles,
    ) -> Result<(), Failure> {
        let view = self.clusters.show(cx, id).await?;
        let release = view.sighting.seen.as_ref().map(|(_, snapshot, _)| snapshot.release.clone());
        let name = form.parse(release.as_deref(), 0)?;
        let there = view.sighting.seen.as_ref().is_some_and(|(_, snapshot, _)| {
            snapshot.find(&ObjectRef::cert_key(&name)).is_some()
                || snapshot.find(&ObjectRef::cert_file(&format!("{name}.cer"))).is_some()
        });
        let waits = |upload: &UploadView| upload.name == name && upload.key_gone_at.is_none();
        if there || self.ground.store.uploads(id).await?.iter().any(waits) {
            return Err(taken(&name));
        }
        if files.certificate.is_empty() {
            return Err(Failure::field("certificate", "Choose the file with the certificate."));
        }
        let (fqdn, at) = (view.cluster.fqdn.clone(), self.ground.now());
        // Deriving a key from a password takes its time, and crowds out nobody else's requests there.
        let read = tokio::task::spawn_blocking(move || checked(&files, &fqdn, at)).await;
        let (summary, contents) =
            read.map_err(|error| Failure::Internal(format!("Reading the certificate was cut off ({error}).")))??;
        // Now it is known how many intermediates there are, which are named after it.
        form.parse(release.as_deref(), summary.chain.len())?;
        let sealed = self.ground.vault.seal(contents.expose_secret(), &about(id, &name))?;
        let said = format!("Certificate {name} for {} was uploaded for {}.", summary.subject, view.cluster.title);
        let mut entry = cx.entry(at, RecordKind::CertificateUploaded, said);
        entry.cluster = Some(id);
        entry.detail = detail(&summary)?;
        let (by, named) = (cx.person().name.clone(), name.clone());
        let written = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    add_upload_in(conn, id, &name, &summary, &by, &sealed, at).await?;
                    append_in(conn, &entry).await
                })
            })
            .await;
        written.map_err(|error| match error {
            store::Error::Taken { .. } => taken(&named),
            other => other.into(),
        })?;
        self.ground.bus.tell(Topic::Cluster(id));
        Ok(())
    }

    /// Destroys the private key of an upload that no plan is to bring anywhere any more. One that is gone already leaves
    /// no record.
    pub async fn forget(&self, cx: &WriteCx, cluster: ClusterId, id: i64) -> Result<(), Failure> {
        let uploads = self.list(cx, cluster).await?;
        let upload = uploads.into_iter().find(|upload| upload.id == id).ok_or(Failure::NotFound("such upload"))?;
        let (at, sealed) = (self.ground.now(), without_key(&self.ground, id).await?);
        let said = format!("The private key of the uploaded certificate {} was destroyed here.", upload.name);
        let mut entry = cx.entry(at, RecordKind::CertificateForgotten, said);
        entry.cluster = Some(cluster);
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    if key_gone_in(conn, id, &sealed, at).await? {
                        append_in(conn, &entry).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.ground.bus.tell(Topic::Cluster(cluster));
        Ok(())
    }

    /// The caller's MAM form, which is called `mam`, with the certificate chosen, whatever else was typed there.
    pub async fn choose_certificate(&self, cx: &WriteCx, id: ClusterId, mam: &str, name: &str) -> Result<(), Failure> {
        let kept = self.forms.typed(cx, mam).await?;
        let mut values = if let Some(kept) = kept {
            kept.values
        } else {
            let setup = self.setup.show(cx, id).await?;
            let form = MamForm::of(&setup.desired).unwrap_or_else(|| MamForm::fresh(&setup.view.cluster.title));
            // An address that nobody gave yet stays the page's to propose.
            let typed =
                [("vip", form.vip), ("vserver", form.vserver)].into_iter().filter(|(_, value)| !value.is_empty());
            typed.map(|(name, value)| (name.to_owned(), value)).collect()
        };
        values.insert("certificate".to_owned(), name.trim().to_owned());
        self.forms.keep(cx, mam, Typed { values, ..Typed::default() }).await
    }
}

/// What is in the files, and the parts that a plan will send. A finding that phones would not forgive is an error beside
/// its field; the others are kept as warnings.
fn checked(files: &CertificateFiles, fqdn: &str, at: At) -> Result<(Summary, SecretString), Failure> {
    let password = files.password.as_ref().map(ExposeSecret::expose_secret);
    let bundle =
        Bundle::read(&files.certificate, files.key.as_deref(), password).map_err(|problem| refused(&problem))?;
    let findings = judge(&bundle, fqdn, at.as_second());
    let of = |severity: RemarkSeverity| -> Vec<String> {
        let fits = |finding: &&Remark| finding.severity == severity;
        findings.iter().filter(fits).map(|finding| finding.sentence.clone()).collect()
    };
    let failures = of(RemarkSeverity::Fail);
    if !failures.is_empty() {
        return Err(Failure::field("certificate", failures.join(" ")));
    }
    let leaf = &bundle.leaf;
    let names = if leaf.dns_names.is_empty() { vec![leaf.name().to_owned()] } else { leaf.dns_names.clone() };
    let summary = Summary {
        subject: leaf.name().to_owned(),
        names,
        issuer: leaf.issuer.clone(),
        not_before: from_millis(leaf.not_before.saturating_mul(1000)),
        not_after: from_millis(leaf.not_after.saturating_mul(1000)),
        sha256: leaf.fingerprint.clone(),
        key: format!("{} {}", leaf.key.algorithm, leaf.key.bits),
        chain: bundle.chain.iter().map(|issuer| issuer.name().to_owned()).collect(),
        warnings: of(RemarkSeverity::Warn),
    };
    let mut parts = BTreeMap::from([
        ("cert".to_owned(), bundle.leaf_pem()),
        ("key".to_owned(), bundle.key_pem().expose_secret().to_owned()),
    ]);
    parts.extend(bundle.chain.iter().enumerate().map(|(index, issuer)| (format!("chain{index}"), issuer.pem())));
    Ok((summary, written(&parts)?.into()))
}

fn taken(name: &str) -> Failure {
    Failure::field(
        "name",
        format!("There is a certificate {name} already. Give this one a name of its own, for example with its year."),
    )
}

fn refused(problem: &Problem) -> Failure {
    let field = match problem.part() {
        Part::Certificate => "certificate",
        Part::Key => "key",
        Part::Password => "password",
    };
    Failure::field(field, problem.sentence())
}
