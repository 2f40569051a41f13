//! A new appliance: one form for trying, pinning and adding. What a try came to stands beside the buttons, and the
//! password is kept meanwhile.

use super::way::{OtherHalf, Way};
use crate::{
    pages::{asked, filled, layout::Page, loaded, stored},
    routes,
    ui::{
        field::{Filled, Text},
        form::Token,
        notice::{Note, Problem},
        prose::prose,
        time::Time,
    },
    visitor::Hints,
};
use leptos::{either::Either, prelude::*};
use model::{
    At,
    appliance::{ApplianceForm, HalfField, Which},
    fields::FormAnswer,
};

/// Where a try's result is.
pub const ANSWER: &str = "answer";

#[component]
pub fn New() -> impl IntoView {
    let hints = use_context::<Hints>().unwrap_or_default();
    let direct =
        || ApplianceForm { connect: "direct".into(), second_connect: "direct".into(), ..ApplianceForm::default() };
    let fresh = hints.appliance.clone().unwrap_or_else(direct);
    let asked = asked();
    let load = async move {
        let (services, cx) = asked?;
        cx.admin()?;
        let filled = filled(routes::APPLIANCE_FORM, stored(&fresh)).await?;
        let kept = services.appliances().password_kept_until(&cx, routes::APPLIANCE_FORM).await?;
        Ok((filled, kept))
    };
    loaded(load, move |(filled, kept)| {
        view! {
            <Page title="Add an appliance">
                <section class="narrow">
                    <h1>"Add an appliance"</h1>
                    <p class="sub">
                        "A NetScaler (Citrix ADC) from 10.5 on, spoken to by NITRO. Only its default partition is looked at."
                    </p>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    {hints.text.map(|sentence| view! { <Note sentence /> })}
                    <form method="post" action="/rpc/add_appliance" class="stack">
                        <Token door="/rpc/add_appliance" />
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
                            hint="Encrypted before it is stored, and never shown again."
                        />
                        {kept.map(|until| view! { <KeptPassword until /> })}
                        <Way filled=filled.clone() which=Which::First />
                        <OtherHalf filled=filled.clone() />
                        <Answer filled=filled.clone() />
                        <Buttons filled />
                    </form>
                </section>
            </Page>
        }
    })
}

/// Until when nobody has to type it again.
#[component]
fn KeptPassword(until: At) -> impl IntoView {
    view! {
        <p class="field-hint">
            "The password that you typed is kept, encrypted, until " <Time at=until />
            ", for this account at this address alone: leave the field empty."
        </p>
    }
}

/// What the try came to: the certificate to be compared, or that the connection works.
#[component]
fn Answer(filled: Filled) -> impl IntoView {
    let halves = [Which::First, Which::Second];
    let problem = halves.into_iter().find_map(|which| filled.error(which.field(HalfField::Pin)));
    let works = match &filled.kept.answer {
        Some(FormAnswer::Works(greeting)) => Some(greeting.clone()),
        _ => None,
    };
    let known = halves.map(|which| (filled.certificate(which), filled.value(which.field(HalfField::Pin))));
    let any = problem.is_some()
        || works.is_some()
        || known.iter().any(|(shown, pinned)| shown.is_some() || !pinned.is_empty());
    let tone = match (&problem, &works) {
        (Some(_), _) => "bad",
        (None, Some(_)) => "good",
        (None, None) => "quiet",
    };
    let prints = halves.into_iter().zip(known).map(|(which, (shown, pinned))| match shown {
        Some(fingerprint) => Either::Left(view! { <Offer which fingerprint /> }),
        None => Either::Right((!pinned.is_empty()).then(|| view! { <Pinned which fingerprint=pinned /> })),
    });
    any.then(|| {
        view! {
            <section id=ANSWER class="notice answer" data-tone=tone tabindex="-1" role="status">
                {problem.map(|sentence| view! { <p class="field-error">{prose(&sentence)}</p> })}
                {works.map(|greeting| view! { <p>{format!("Connection works: {greeting}.")}</p> })}
                {prints.collect_view()}
            </section>
        }
    })
}

/// A certificate that nobody has accepted. The buttons below accept exactly this one.
#[component]
fn Offer(which: Which, fingerprint: String) -> impl IntoView {
    let (who, name) = match which {
        Which::First => ("The appliance", "shown"),
        Which::Second => ("The other half of the pair", "second_shown"),
    };
    view! {
        <p>
            {who}
            " shows a certificate that no authority of this machine vouches for, as a factory certificate always does. Compare its SHA-256 with the one on the appliance; the password was not sent to it yet."
        </p>
        <code class="fingerprint">{fingerprint.clone()}</code>
        <p class="field-hint">
            "On the appliance: "
            <code>"openssl x509 -in /nsconfig/ssl/ns-server.cert -noout -fingerprint -sha256"</code>
        </p>
        <input type="hidden" name=name value=fingerprint />
    }
}

/// The one that was accepted in this form.
#[component]
fn Pinned(which: Which, fingerprint: String) -> impl IntoView {
    let whose = match which {
        Which::First => "Trust exactly this certificate, SHA-256 ",
        Which::Second => "Trust exactly this certificate of the other half, SHA-256 ",
    };
    view! {
        <label class="tick">
            <input type="checkbox" name=which.field(HalfField::Pin) value=fingerprint.clone() checked=true />
            <span>{whose} <code class="fingerprint">{fingerprint}</code></span>
        </label>
    }
}

#[component]
fn Buttons(filled: Filled) -> impl IntoView {
    let offered = [Which::First, Which::Second].into_iter().any(|which| filled.certificate(which).is_some());
    let (add, add_text) =
        if offered { ("trust-add", "Trust this certificate and add") } else { ("add", "Add the appliance") };
    let (test, test_text) =
        if offered { ("trust-test", "Trust it and test only") } else { ("test", "Test connection") };
    view! {
        <div class="actions">
            <button type="submit" name="intent" value=add class="button primary">
                {add_text}
            </button>
            <button type="submit" name="intent" value=test class="button">
                {test_text}
            </button>
            <span class="busy" role="status">
                "The appliance is being asked."
            </span>
        </div>
    }
}
