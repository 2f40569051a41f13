//! The MAM step's fields.

use super::{
    Own,
    drawn::Drawn,
    proposal::{self, Proposed},
};
use crate::{
    routes,
    ui::field::{Choice, Text},
};
use leptos::{either::Either, prelude::*};
use model::desired::MamForm;

pub const OWN: Own = Own {
    form: Some(("/rpc/save_mam", |setup, site| {
        // The second of two, as long as the first one is not taken by the MDM step.
        let vip = proposal::address(setup, site, usize::from(setup.desired.mdm.is_none()));
        let certificate = setup.fitting_certificate().unwrap_or_default();
        MamForm { vip, certificate, ..MamForm::fresh(&setup.view.cluster.title) }.into()
    })),
    content: |drawn| fields(drawn).into_any(),
    beside: None,
};

fn fields(drawn: &Drawn) -> impl IntoView + use<> {
    let (setup, filled) = (&drawn.setup, drawn.filled.clone());
    let id = setup.view.cluster.id;
    let uploads = setup.uploads.iter().map(|upload| {
        let what = upload.summary.as_ref().map_or_else(String::clone, |summary| summary.subject.clone());
        let text = format!("{}, uploaded by {}: {what}", upload.name, upload.by_name);
        (upload.name.clone(), text)
    });
    let there = setup.certificates();
    let keys = there.iter().map(|key| (key.name.clone(), format!("{} — {}", key.name, key.sentence)));
    let mut options: Vec<(String, String)> = uploads.chain(keys).collect();
    options.dedup_by(|one, other| one.0 == other.0);
    let chosen = filled.value("certificate");
    // A name that is not on the appliance (any more) stays visible: it is what the problem is about.
    if !chosen.is_empty() && !options.iter().any(|(name, _)| *name == chosen) {
        options.insert(0, (chosen.clone(), format!("{chosen} — not on the appliance")));
    }
    let known = !options.is_empty();
    options.insert(0, (String::new(), "Choose…".into()));
    view! {
        <Text
            filled=filled.clone()
            name="vip"
            label="MAM address (VIP)"
            hint="The second of the two free addresses. Only the Gateway has to reach it; it listens on 8443."
        />
        {drawn
            .proposes_address()
            .then(|| view! { <Proposed sentence="No object that was seen on the appliance has this address. Whether a foreign host has it, the appliance cannot tell." /> })}
        {if known {
            Either::Left(
                view! {
                    <Choice
                        filled=filled.clone()
                        name="certificate"
                        label="Certificate"
                        hint="A certificate key for the cluster's name, bound to the virtual server. Those that fit come first."
                        options
                    />
                },
            )
        } else {
            Either::Right(
                view! {
                    <Text
                        filled=filled.clone()
                        name="certificate"
                        label="Certificate"
                        hint="Name of a certificate key on the appliance. It was not seen yet, so there is nothing to choose from."
                    />
                },
            )
        }}
        <p>
            <a href=routes::certificate(id)>"Upload a certificate"</a>
            " instead: PEM or PFX, checked before anything goes to the appliance."
        </p>
        <Text
            filled=filled
            name="vserver"
            label="Name of the virtual server"
            hint="Persistence is CUSTOMSERVERID on HTTP.REQ.COOKIE.VALUE(\"ACNODEID\"), as the procedure has it."
        />
    }
}
