//! A node's keys: what it shows, what was accepted, and the two buttons.

use crate::ui::{
    badge::Badge,
    form::ButtonForm,
    time::{Ago, Time},
};
use leptos::{either::Either, prelude::*};
use model::{
    At, ClusterId,
    node::{Keys, NodeKeys},
    state::Tone,
};
use services::NodeView;

/// In a word.
fn standing(keys: &NodeKeys) -> (Tone, &'static str) {
    match (&keys.changed, &keys.accepted, &keys.offered) {
        (Some(_), ..) => (Tone::Bad, "key changed"),
        (None, Some(accepted), _) if accepted.keys.tls.is_none() || accepted.keys.ssh.is_none() => {
            (Tone::Warn, "one key accepted")
        }
        (None, Some(_), _) => (Tone::Good, "keys accepted"),
        (None, None, Some(_)) => (Tone::Warn, "to be compared"),
        (None, None, None) => (Tone::Quiet, "keys not fetched"),
    }
}

#[component]
pub fn KeyCard(cluster: ClusterId, view: NodeView, now: At, may_operate: bool) -> impl IntoView {
    let address = view.node.address.to_string();
    let (tone, word) = standing(&view.keys);
    let NodeKeys { offered, accepted, changed } = view.keys;
    let same = offered.as_ref().zip(accepted.as_ref()).is_some_and(|(offered, accepted)| offered.keys == accepted.keys);
    let fields = {
        let address = address.clone();
        move || vec![("cluster", cluster.to_string()), ("address", address.clone())]
    };
    let fetch = fields();
    view! {
        <article class="key-card">
            <h3>{address.clone()} " " <span class="sub">{view.node.name}</span> " " <Badge tone word /></h3>
            {changed
                .map(|changed| {
                    view! {
                        <p class="field-error">"Shown instead since " <Time at=changed.at /> ":"</p>
                        <Fingerprints keys=changed.keys subject=None />
                    }
                })}
            {accepted
                .map(|accepted| {
                    view! {
                        <p class="sub">"Accepted by " {accepted.by_name} ", " <Time at=accepted.at /></p>
                        <Fingerprints keys=accepted.keys subject=None />
                    }
                })}
            {offered
                .map(|offered| {
                    let missing = offered.problems.into_iter().map(|text| view! { <p class="field-error">{text}</p> });
                    let missing = missing.collect_view();
                    let keys = offered.keys.clone();
                    let accept = move || {
                        let mut fields = fields();
                        fields.push(("tls", keys.tls.unwrap_or_default()));
                        fields.push(("ssh", keys.ssh.unwrap_or_default()));
                        view! { <ButtonForm action="/rpc/accept_node_keys" label="Accept these keys" class="button primary" fields /> }
                    };
                    view! {
                        <p class="sub">
                            {if same { "Shown, the same as accepted, " } else { "Shown, not accepted yet, " }}
                            <Ago at=offered.at now />
                        </p>
                        {if same {
                            Either::Left(())
                        } else {
                            Either::Right(view! { <Fingerprints keys=offered.keys subject=offered.subject /> })
                        }}
                        {missing}
                        {may_operate.then(accept)}
                    }
                })}
            {may_operate
                .then(|| view! { <ButtonForm action="/rpc/fetch_node_keys" label="Fetch keys" fields=fetch /> })}
        </article>
    }
}

/// In the form that people compare.
#[component]
fn Fingerprints(keys: Keys, subject: Option<String>) -> impl IntoView {
    view! {
        <dl class="facts">
            <dt>"Certificate of 4443, SHA-256"</dt>
            <dd>
                <code class="fingerprint">{keys.tls_text().unwrap_or_else(|| "not shown".to_owned())}</code>
                {subject.map(|name| view! { <span class="sub">{name}</span> })}
            </dd>
            <dt>"SSH host key"</dt>
            <dd>
                <code class="fingerprint">{keys.ssh.unwrap_or_else(|| "not shown".to_owned())}</code>
            </dd>
        </dl>
    }
}
