//! A certificate comes in as files.

use super::{
    Submission,
    multipart::{Form, Incoming},
    writer,
};
use crate::{error::AppError, routes};
use leptos::{
    prelude::*,
    server_fn::{
        codec::{FromReq, IntoReq},
        request::{ClientReq, Req},
    },
};
use model::{ClusterId, certificate::UploadForm, desired::Step};
use services::{CertificateFiles, Failure};

/// Fields `certificate` and `key` are files; `password`, `name`, `cluster` and `token` are text.
#[server(prefix = "/rpc", endpoint = "upload_certificate", input = Form, input_derive = ())]
pub async fn upload_certificate(incoming: Incoming) -> Result<(), AppError> {
    let cx = writer()?;
    let fields = incoming.read(&["certificate", "key"], CertificateFiles::MOST).await;
    let (mut text, mut files) = (fields.text, fields.files);
    let mut taken = |name: &str| text.remove(name).unwrap_or_default();
    let id = ClusterId(taken("cluster").parse().unwrap_or_default());
    let form = UploadForm { name: taken("name") };
    let password = taken("password");
    let given = CertificateFiles {
        certificate: files.remove("certificate").unwrap_or_default(),
        key: files.remove("key"),
        password: (!password.is_empty()).then(|| password.into()),
    };
    // The files do not come back with the form: a browser has no place for them, and the key is a secret.
    let submission = Submission::new(routes::certificate_form(id), taken("token"), routes::certificate(id), &form)?;
    let services = submission.services.clone();
    let errors = fields.errors;
    submission
        .finish(async move {
            // Who may not see the cluster learns nothing from what is wrong with the files.
            services.uploads().list(&cx, id).await?;
            if !errors.is_empty() {
                return Err(Failure::Fields(errors));
            }
            services.uploads().add(&cx, id, &form, given).await?;
            // The MAM form shows it chosen, beside whatever was typed there.
            services.uploads().choose_certificate(&cx, id, &routes::step_form(id, Step::Mam), &form.name).await?;
            Ok(routes::step(id, Step::Mam))
        })
        .await
}

/// Destroys the private key of an upload that is not needed any more.
#[server(prefix = "/rpc", endpoint = "forget_upload")]
pub async fn forget_upload(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] upload: i64,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let submission = Submission::new(routes::certificate_form(id), token, routes::certificate(id), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission
        .finish(async move { services.uploads().forget(&cx, id, upload).await.map(|()| routes::certificate(id)) })
        .await
}

impl<Request: Req<AppError> + Send + 'static> FromReq<Form, Request, AppError> for UploadCertificate {
    async fn from_req(request: Request) -> Result<Self, AppError> {
        Ok(Self { incoming: Incoming::of(request).await? })
    }
}

/// Nobody of ours sends it by script; the browser's own form does.
impl<Request: ClientReq<AppError>> IntoReq<Form, Request, AppError> for UploadCertificate {
    fn into_req(self, _path: &str, _accepts: &str) -> Result<Request, AppError> {
        Err(AppError::Internal { request: String::new() })
    }
}
