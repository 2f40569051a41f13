//! An appliance as it is described, to be changed: another password, address, way or certificate.

use super::way::{OtherHalf, Way};
use crate::{
    pages::{asked, filled, layout::Page, loaded, param, stored},
    routes,
    ui::{
        field::{Filled, Text},
        form::Token,
        notice::Problem,
        prose::prose,
    },
};
use leptos::prelude::*;
use model::{
    ApplianceId,
    appliance::{ApplianceForm, HalfField, Which},
};

#[component]
pub fn Edit() -> impl IntoView {
    let (asked, id) = (asked(), param::<ApplianceId>("id", "such appliance"));
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        cx.admin()?;
        let spec = services.appliances().show(&cx, id).await?.appliance.spec;
        let form = ApplianceForm::of(&spec);
        Ok((id, spec, filled(&routes::appliance_edit_form(id), stored(&form)).await?))
    };
    loaded(load, |(id, spec, filled)| {
        view! {
            <Page title=format!("Edit {}", spec.title)>
                <section class="narrow">
                    <p class="crumbs">
                        <a href=routes::appliance(id)>{spec.title.clone()}</a>
                    </p>
                    <h1>"Edit the appliance"</h1>
                    <p class="sub">
                        "What is typed is tried before it is saved. Nothing is changed on the appliance itself, and what was planned or made there stays as it is."
                    </p>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    <form method="post" action="/rpc/edit_appliance" class="stack">
                        <Token door="/rpc/edit_appliance" />
                        <input type="hidden" name="appliance" value=id.to_string() />
                        <Text filled=filled.clone() name="title" label="Name" hint="What your team calls it." />
                        <Text
                            filled=filled.clone()
                            name="address"
                            label="Management address"
                            hint="NSIP, or a SNIP with management access. A pasted address of its web pages will do. HTTPS unless you type http://."
                        />
                        <Text filled=filled.clone() name="user" label="Account" />
                        <Text
                            filled=filled.clone()
                            name="password"
                            label="Password"
                            kind="password"
                            complete="new-password"
                            hint="Empty: the kept one stays, for the same account at an address that it was given for. Encrypted before it is stored; never shown again."
                        />
                        <Way filled=filled.clone() which=Which::First />
                        <Certificate filled=filled.clone() which=Which::First />
                        <OtherHalf filled=filled.clone()>
                            <Certificate filled which=Which::Second />
                        </OtherHalf>
                        <div class="actions">
                            <button type="submit" name="intent" value="save" class="button primary">
                                "Test and save"
                            </button>
                            <button type="submit" name="intent" value="untested" class="button">
                                "Save without a test"
                            </button>
                        </div>
                    </form>
                </section>
            </Page>
        }
    })
}

/// Whom to trust, each choice in words: a box that is not ticked would say nothing of what counts instead.
#[component]
fn Certificate(filled: Filled, which: Which) -> impl IntoView {
    let name = which.field(HalfField::Pin);
    let kept = filled.stored.value(name).unwrap_or_default().to_owned();
    let chosen = filled.value(name);
    let shown = filled.certificate(which).filter(|shown| *shown != kept);
    let problem = filled.error(name);
    let invalid = problem.is_some().then_some("true");
    // What was typed the last time is a choice too: the answer that showed it may be over.
    let new = shown.or_else(|| (!chosen.is_empty() && chosen != kept).then(|| chosen.clone()));
    let changed = new.is_some() && !kept.is_empty();
    let radio = move |value: String, text: AnyView| {
        let checked = chosen == value;
        view! {
            <label class="tick">
                <input type="radio" name=name value=value checked=checked />
                <span>{text}</span>
            </label>
        }
    };
    let print = |fingerprint: &str| view! { <code class="fingerprint">{fingerprint.to_owned()}</code> };
    let keep = (!kept.is_empty()).then(|| {
        let word = if changed { "Keep the old one, SHA-256 " } else { "Trust exactly this certificate, SHA-256 " };
        radio(kept.clone(), view! { {word} {print(&kept)} }.into_any())
    });
    let replace = new.map(|new| {
        let word = if changed {
            "Replace it: trust exactly the one that is shown now, SHA-256 "
        } else {
            "Trust exactly this certificate, SHA-256 "
        };
        radio(new.clone(), view! { {word} {print(&new)} }.into_any())
    });
    view! {
        <fieldset class="field" data-invalid=invalid>
            <legend>"Certificate"</legend>
            {changed
                .then(|| view! { <p>"The appliance shows another certificate than the trusted one. Replace it?"</p> })}
            {problem.map(|sentence| view! { <p class="field-error">{prose(&sentence)}</p> })} {keep} {replace}
            {radio(String::new(), "Any for this address that this machine's authorities vouch for".into_any())}
            <p class="field-hint">
                "Compare a fingerprint with the one on the appliance: "
                <code>"openssl x509 -in /nsconfig/ssl/ns-server.cert -noout -fingerprint -sha256"</code>
                ". What is replaced stands in the log, old and new."
            </p>
        </fieldset>
    }
}
