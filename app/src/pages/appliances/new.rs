//! A new appliance: tried before it is added, its certificate shown before it is trusted.

use crate::{
    pages::{asked, filled, loaded, stored},
    routes,
    ui::{
        field::{Choice, Filled, Text},
        form::Token,
        layout::Page,
        notice::{Note, Problem},
    },
    visitor::Hints,
};
use leptos::prelude::*;
use model::appliance::ApplianceForm;

#[component]
pub fn New() -> impl IntoView {
    let hints = use_context::<Hints>().unwrap_or_default();
    let direct = || ApplianceForm { connect: "direct".into(), ..ApplianceForm::default() };
    let fresh = hints.appliance.clone().unwrap_or_else(direct);
    let asked = asked();
    let load = async move {
        asked?.1.admin()?;
        filled(routes::APPLIANCE_FORM, stored(&fresh)).await
    };
    loaded(load, move |filled| {
        let ways = [("direct", "Directly"), ("socks5", "Through a SOCKS5 proxy"), ("map", "At another address (NAT)")];
        view! {
            <Page title="Add an appliance">
                <section class="narrow">
                    <h1>"Add an appliance"</h1>
                    <p class="sub">
                        "A NetScaler (Citrix ADC) from 10.5 on, spoken to by NITRO. Only its default partition is looked at."
                    </p>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    {filled.error("tested").map(|greeting| view! { <Note tone="good" sentence=format!("Connection works: {greeting}. Type the password again to add it.") /> })}
                    {hints.text.map(|sentence| view! { <Note sentence /> })}
                    <form method="post" action="/rpc/add_appliance" class="stack">
                        <Token />
                        <Text filled=filled.clone() name="title" label="Name" hint="What your team calls it." />
                        <Text
                            filled=filled.clone()
                            name="address"
                            label="Management address"
                            hint="NSIP, or a SNIP with management access. HTTPS unless you type http://."
                        />
                        <Text filled=filled.clone() name="user" label="Account" />
                        <Text
                            filled=filled.clone()
                            name="password"
                            label="Password"
                            kind="password"
                            complete="new-password"
                            hint="Encrypted before it is stored; never shown again, and not kept in this form."
                        />
                        <Choice
                            filled=filled.clone()
                            name="connect"
                            label="Connect"
                            options=ways.map(|(value, text)| (value.to_owned(), text.to_owned())).to_vec()
                        />
                        <Text
                            filled=filled.clone()
                            name="via"
                            label="Proxy, or the other address"
                            hint="Host and port, for example 10.9.9.9:1080. Empty for a direct connection."
                        />
                        <Certificate filled />
                        <div class="actions">
                            <button type="submit" name="intent" value="add" class="button primary">
                                "Add the appliance"
                            </button>
                            <button type="submit" name="intent" value="test" class="button">
                                "Test connection"
                            </button>
                        </div>
                    </form>
                </section>
            </Page>
        }
    })
}

/// Whom to trust. When an untrusted certificate was shown, it can be pinned by ticking it.
#[component]
fn Certificate(filled: Filled) -> impl IntoView {
    let pinned = filled.value("pin");
    let shown = filled.error("shown");
    let problem = filled.error("pin");
    let invalid = problem.is_some().then_some("true");
    let offer = shown.clone().or_else(|| (!pinned.is_empty()).then(|| pinned.clone()));
    view! {
        <fieldset class="field" data-invalid=invalid>
            <legend>"Certificate"</legend>
            {problem.map(|sentence| view! { <p class="field-error">{sentence}</p> })}
            {match offer {
                None => {
                    view! {
                        <p class="field-hint">
                            "Checked against this machine's authorities. A factory certificate fails that check; its fingerprint is then shown here, to be compared and pinned."
                        </p>
                    }
                        .into_any()
                }
                Some(fingerprint) => {
                    let ticked = shown.is_none();
                    view! {
                        <label class="tick">
                            <input type="checkbox" name="pin" value=fingerprint.clone() checked=ticked />
                            <span>
                                "Trust exactly this certificate, SHA-256 "
                                <code class="fingerprint">{fingerprint}</code>
                            </span>
                        </label>
                        <p class="field-hint">
                            "Compare it with the one on the appliance: "
                            <code>"openssl x509 -in /nsconfig/ssl/ns-server.cert -noout -fingerprint -sha256"</code>
                        </p>
                    }
                        .into_any()
                }
            }}
        </fieldset>
    }
}
