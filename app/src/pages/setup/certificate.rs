//! Uploading a certificate for the MAM address, and what was uploaded before.

use super::{asked, filled, loaded, param, seen};
use crate::{
    pages::{layout::Page, stored},
    routes,
    ui::{
        badge::Badge,
        field::{File, Text},
        form::{ButtonForm, ReadsOnly, Token},
        notice::Problem,
        prose::prose,
        table::Table,
        time::Time,
    },
};
use leptos::prelude::*;
use model::{
    certificate::{self, UploadForm},
    desired::Step,
    state::Tone,
};
use services::UploadView;

#[component]
pub fn Certificate() -> impl IntoView {
    let (asked, id) = (asked(), param("id", "such cluster"));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        let setup = services.setup().show(&cx, id).await?;
        let year = setup.view.sighting.now.to_string().chars().take(4).collect::<String>();
        let release = seen::snapshot(&setup).map(|snapshot| snapshot.release.as_str());
        let name = certificate::proposed_name(&setup.view.cluster.title, &year, release);
        let filled = filled(&routes::certificate_form(id), stored(&UploadForm { name })).await?;
        Ok((setup, filled))
    };
    loaded(load, move |(setup, filled)| {
        let cluster = setup.view.cluster.clone();
        let id = cluster.id;
        view! {
            <Page title=format!("Certificate for {}", cluster.title)>
                <p class="crumbs">
                    <a href=routes::cluster(id)>{cluster.title.clone()}</a>
                    " / "
                    <a href=routes::setup(id)>"Set-up"</a>
                    " / "
                    <a href=routes::step(id, Step::Mam)>{Step::Mam.title()}</a>
                </p>
                <h1>"Upload a certificate"</h1>
                <p class="lead">
                    {format!(
                        "For {}, where TLS ends at the MAM address. It is checked here; it goes to the appliance with a plan, over the verified connection. The private key is kept encrypted until it has arrived there, and is then destroyed here.",
                        cluster.fqdn,
                    )}
                </p>
                {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                {(!may_operate).then(|| view! { <ReadsOnly /> })}
                {may_operate
                    .then(|| {
                        view! {
                            <form
                                method="post"
                                action="/rpc/upload_certificate"
                                enctype="multipart/form-data"
                                class="stack wide"
                            >
                                <Token door="/rpc/upload_certificate" />
                                <input type="hidden" name="cluster" value=id.to_string() />
                                <File
                                    filled=filled.clone()
                                    name="certificate"
                                    label="Certificate"
                                    hint="PEM with the intermediates, or PFX (PKCS#12). The order does not matter."
                                />
                                <File
                                    filled=filled.clone()
                                    name="key"
                                    label="Private key"
                                    hint="PEM. Leave it out when it is in the same file."
                                />
                                <Text
                                    filled=filled.clone()
                                    name="password"
                                    kind="password"
                                    label="Password of the file"
                                    hint="Of a PFX or an encrypted key; empty where there is none."
                                    complete="off"
                                />
                                <Text
                                    filled
                                    name="name"
                                    label="Name of the certificate key"
                                    hint="A new name for each certificate, so that the one in use is not replaced under its users."
                                />
                                <button type="submit" class="button primary">
                                    "Check and keep"
                                </button>
                            </form>
                        }
                    })}
                <Uploaded uploads=setup.uploads.clone() may_operate />
            </Page>
        }
    })
}

#[component]
fn Uploaded(uploads: Vec<UploadView>, may_operate: bool) -> impl IntoView {
    let any = !uploads.is_empty();
    let rows = uploads.into_iter().map(move |upload| {
        let (cluster, number) = (upload.cluster.to_string(), upload.id.to_string());
        let key = match upload.key_gone_at {
            Some(at) => view! { <span class="sub">"not kept here since " <Time at /></span> }.into_any(),
            None if may_operate => view! {
                <ButtonForm
                    action="/rpc/forget_upload"
                    label="Destroy"
                    fields=vec![("cluster", cluster), ("upload", number)]
                />
            }
            .into_any(),
            None => view! { <span class="sub">"kept until it arrives"</span> }.into_any(),
        };
        let (tone, word, said) = match &upload.summary {
            Ok(summary) if summary.warnings.is_empty() => (Tone::Good, "fits", Vec::new()),
            Ok(summary) => (Tone::Warn, "with a warning", summary.warnings.clone()),
            Err(sentence) => (Tone::Unknown, "cannot be read", vec![sentence.clone()]),
        };
        let warnings = said.into_iter().map(|sentence| view! { <p class="sub">{prose(&sentence)}</p> });
        let summary = upload.summary.ok();
        let (names, made) = summary.as_ref().map_or_else(Default::default, |summary| {
            (summary.names.join(", "), format!("issued by {}, {}", summary.issuer, summary.key))
        });
        let until = summary.map(|summary| view! { <Time at=summary.not_after /> });
        view! {
            <tr>
                <th scope="row">
                    {upload.name} <div class="sub">{format!("by {}", upload.by_name)}</div>
                </th>
                <td>
                    {names} <div class="sub">{made}</div>
                </td>
                <td>
                    {until}
                </td>
                <td>
                    <Badge tone word />
                    {warnings.collect_view()}
                </td>
                <td>{key}</td>
            </tr>
        }
    });
    any.then(|| {
        view! {
            <h2>"Uploaded before"</h2>
            <Table headings=vec!["Name", "For", "Valid until", "Check", "Private key"] cards=true>{rows.collect_view()}</Table>
        }
    })
}
