//! The nodes' keys: compared with each other, accepted together or one by one.

use super::part::{NodesPartView, keys_word};
use crate::{
    routes::NodesPart,
    ui::{
        badge::Badge,
        form::{ButtonForm, Token},
        notice::Problem,
        prose::prose,
        table::Table,
        time::{Ago, Time},
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    At, ClusterId,
    node::{Keys, NodeKeys, Survey},
    state::Tone,
    step_state::counted,
};
use services::NodeView;
use std::net::Ipv4Addr;

/// All nodes: what may be accepted in one act, what stands apart, and each by itself.
#[component]
pub fn KeySection(part: NodesPartView, problem: Option<String>, may_operate: bool) -> impl IntoView {
    let (id, now, fqdn) = (part.id(), part.view.now, part.view.cluster.fqdn.clone());
    let survey = part.view.survey();
    let count = part.count();
    let (accepted, missing) = (survey.accepted.len(), !survey.missing.is_empty());
    let apart: Vec<_> = survey.apart.iter().map(|(address, why)| (*address, why.sentence(&fqdn))).collect();
    // Those that want a look are open; the others can be unfolded.
    let (looked_at, others): (Vec<NodeView>, Vec<NodeView>) =
        part.shown().iter().cloned().partition(|node| apart.iter().any(|(address, _)| *address == node.node.address));
    let elsewhere = apart.iter().filter(|(address, _)| !part.shows(*address)).count();
    let elsewhere = (elsewhere > 0).then(|| {
        let nodes = counted(elsewhere, "node", "nodes");
        view! { <p class="sub">{format!("The keys of {nodes} on other pages want a look of their own as well.")}</p> }
    });
    let looked_at = looked_at.into_iter().map(move |node| {
        let why = apart.iter().find(|(address, _)| *address == node.node.address).map(|(_, why)| why.clone());
        view! { <KeyCard cluster=id view=node why now may_operate /> }
    });
    let looked_at = looked_at.collect_view();
    let any_others = !others.is_empty();
    let others =
        others.into_iter().map(move |node| view! { <KeyCard cluster=id view=node why=None now may_operate /> });
    let others = others.collect_view();
    let (tone, word) = if accepted == count {
        (Tone::Good, format!("{accepted} of {count} accepted"))
    } else {
        (Tone::Quiet, format!("{accepted} of {count} accepted"))
    };
    let all = accepted == count;
    view! {
        <section id=NodesPart::Keys.anchor() class="part" tabindex="-1" aria-labelledby="keys-title">
            <h2 id="keys-title">"2. Keys " <Badge tone word /></h2>
            {(!all)
                .then(|| {
                    view! {
                        <p class="lead">
                            "No password goes to a node before somebody has compared its keys: the certificate with what a browser shows at port 4443 from a machine that you trust, the host key with what your SSH client knows ("
                            <code>"ssh-keygen -l -F <address>"</code>
                            ")."
                        </p>
                    }
                })}
            {problem.map(|sentence| view! { <Problem sentence /> })}
            <Together part survey may_operate />
            <div class="key-cards">{looked_at}</div>
            {elsewhere}
            {may_operate
                .then(|| {
                    let fields = vec![("cluster", id.to_string())];
                    let class = if missing { "button primary" } else { "button" };
                    view! {
                        <div class="actions">
                            <ButtonForm
                                action="/rpc/fetch_all_node_keys"
                                label=if missing { "Fetch and compare all" } else { "Fetch all again" }
                                class
                                busy="The nodes are being asked for their keys; no password is sent."
                                fields
                            />
                        </div>
                    }
                })}
            {any_others
                .then(|| {
                    view! {
                        <details>
                            <summary>"Node by node"</summary>
                            <div class="key-cards">{others}</div>
                        </details>
                    }
                })}
        </section>
    }
}

/// What belongs together, and the one button for it.
#[component]
fn Together(part: NodesPartView, survey: Survey, may_operate: bool) -> impl IntoView {
    let certificate = survey.certificate();
    let (cluster, count, some) = (part.id(), part.count(), survey.together.len());
    // Nobody accepts what they have not seen: what stands on this page alone.
    let here: Vec<(Ipv4Addr, Keys)> = survey.together.into_iter().filter(|(address, _)| part.shows(*address)).collect();
    let accepted = here.len();
    let shown = here.iter().map(|(address, keys)| {
        let value =
            format!("{address}|{}|{}", keys.tls.clone().unwrap_or_default(), keys.ssh.clone().unwrap_or_default());
        view! { <input type="hidden" name="shown[]" value=value /> }
    });
    let shown = shown.collect_view();
    let rows = here.into_iter().map(|(address, keys)| {
        view! {
            <tr>
                <th scope="row">{address.to_string()}</th>
                <td>
                    <code class="fingerprint">{keys.ssh.unwrap_or_else(|| "none shown".to_owned())}</code>
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    certificate.filter(|_| accepted > 0).map(|certificate| {
        let who = match some {
            1 => "This node shows".to_owned(),
            some if some == count => {
                format!("All {some} nodes show the same certificate, as the nodes of one cluster do:")
            }
            some => format!("{some} of {count} nodes show the same certificate, as the nodes of one cluster do:"),
        };
        let listed = (accepted < some).then(|| {
            view! { <p class="sub">{format!("Listed are the {accepted} of them on this page; only those are accepted here.")}</p> }
        });
        let label = match accepted {
            1 => "Accept its keys".to_owned(),
            some => format!("Accept the keys of these {some} nodes"),
        };
        view! {
            <div class="key-card together">
                <p>{who} " SHA-256"</p>
                <code class="fingerprint">{certificate}</code>
                {listed}
                <Table headings=vec!["Node", "SSH host key, each its own"]>{rows}</Table>
                {may_operate
                    .then(|| {
                        view! {
                            <form method="post" action="/rpc/accept_all_node_keys" class="actions">
                                <Token door="/rpc/accept_all_node_keys" />
                                <input type="hidden" name="cluster" value=cluster.to_string() />
                                {shown}
                                <button type="submit" class="button primary">
                                    {label}
                                </button>
                                <span class="busy" role="status">
                                    "Accepted; the nodes are being asked with their accounts."
                                </span>
                            </form>
                        }
                    })}
            </div>
        }
    })
}

#[component]
fn KeyCard(cluster: ClusterId, view: NodeView, why: Option<String>, now: At, may_operate: bool) -> impl IntoView {
    let address = view.node.address.to_string();
    let (tone, word) = keys_word(&view.keys);
    let returned = view.keys.returned();
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
            {why.map(|sentence| view! { <p class="field-error">{prose(&sentence)}</p> })}
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
                    let missing = offered.problems.into_iter().map(|text| view! { <p class="field-error">{prose(&text)}</p> });
                    let missing = missing.collect_view();
                    let keys = offered.keys.clone();
                    let accept = move || {
                        let mut fields = fields();
                        fields.push(("tls", keys.tls.unwrap_or_default()));
                        fields.push(("ssh", keys.ssh.unwrap_or_default()));
                        view! {
                            <ButtonForm
                                action="/rpc/accept_node_keys"
                                label="Accept these keys"
                                busy="Accepted; the nodes are being asked with their accounts."
                                fields
                            />
                        }
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
                        {(may_operate && (!same || returned)).then(accept)}
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
