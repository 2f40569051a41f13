//! One node: all its facts with their times, whether it has joined, and the wizard's questions.

use super::{
    NodeIdTable,
    facts::{Clock, aged, clock_words, membership, port, rest, status, troubles},
};
use crate::{
    pages::{
        asked,
        clusters::findings::{Findings, Frame},
        layout::Page,
        loaded, param,
    },
    routes,
    ui::{notice::Problem, prose::prose, table::Table, time::Ago},
};
use leptos::{either::Either, prelude::*};
use model::{
    At,
    appliance::fingerprint_text,
    excerpt::{Excerpt, LISTED},
    finding::{Finding, Grade},
    node::{Door, Lists, Members, PortFact, Question, Told, first_node, joining_node},
};
use services::{ClusterView, Failure, NodesView};
use std::{net::Ipv4Addr, sync::Arc};

#[component]
pub fn Show() -> impl IntoView {
    let (asked, id, address) = (asked(), param("id", "such cluster"), param("ip", "such node"));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let load = async move {
        let ((services, cx), id, address): (_, _, Ipv4Addr) = (asked?, id?, address?);
        let view = services.nodes().show(&cx, id).await?;
        let cluster = services.clusters().show(&cx, id).await?;
        let Some(place) = view.nodes.iter().position(|node| node.node.address == address) else {
            return Err(Failure::NotFound("such node"));
        };
        Ok((view, cluster, address, place))
    };
    loaded(load, move |(view, cluster, address, place)| {
        let (id, title, fqdn) = (view.cluster.id, view.cluster.title.clone(), view.cluster.fqdn.clone());
        // Whoever has joined once is past the wizard.
        let begins = view.nodes[place].facts.members.is_none();
        view! {
            <Page title=format!("Node {address} of {title}")>
                <p class="crumbs">
                    <a href=routes::cluster(id)>{title}</a>
                    " / "
                    <a href=routes::nodes(id)>"Nodes"</a>
                </p>
                <h1>{format!("Node {address}")}</h1>
                <NodeFindings view=cluster address may_operate />
                <NodePanel view address />
                <section>
                    <h2>"Join checklist"</h2>
                    <p class="lead">
                        "The questions of the node's first start, in order, and what to type. Secrets do not stand here: keep them in your password store, every node asks for them again."
                    </p>
                    <details open=begins && place == 0>
                        <summary>"The cluster's first node"</summary>
                        <Questions list=first_node(address, &fqdn) />
                    </details>
                    <details open=begins && place != 0>
                        <summary>"A node that joins"</summary>
                        <Questions list=joining_node(address) />
                    </details>
                </section>
            </Page>
        }
    })
}

#[component]
fn Questions(list: Vec<Question>) -> impl IntoView {
    let items = list.into_iter().map(|question| {
        view! {
            <li>
                <b>{question.asked}</b>
                <div>{question.answer}</div>
                <div class="sub">{question.why}</div>
            </li>
        }
    });
    view! { <ol class="questions">{items.collect_view()}</ol> }
}

/// What is found of this node alone, as it stands on the cluster's page.
#[component]
pub fn NodeFindings(view: ClusterView, address: Ipv4Addr, may_operate: bool) -> impl IntoView {
    let frame = Frame { cluster: view.cluster.id, now: view.sighting.now, may_operate };
    let of_it = |finding: &Finding| finding.is_of(address) && finding.outcome != Grade::Pass;
    let findings: Vec<Finding> = view.findings.into_iter().filter(of_it).collect();
    view! {
        <div id="node-findings">
            <Findings findings sinces=view.sinces frame />
        </div>
    }
}

/// Replaced as a whole when a node is heard.
#[component]
pub fn NodePanel(view: NodesView, address: Ipv4Addr) -> impl IntoView {
    let (id, now, clock) = (view.cluster.id, view.now, Clock::of(&view));
    let all = view.facts();
    let lists = Lists::of(&all, clock.interval);
    let (verdict, standing) = (lists.joined(address), lists.standing(address, now));
    let Some(node) = view.nodes.into_iter().find(|node| node.node.address == address) else { return Either::Left(()) };
    let facts = node.facts;
    let ports = [443, 8443, 4443].map(|number| (number, facts.ports.get(&number).cloned()));
    let ports = ports.into_iter().map(move |(number, told)| {
        view! {
            <dt>"Port " {number}</dt>
            <dd>{port(clock, number, told.as_ref())} {told.map(|told| certificate(told, now))}</dd>
        }
    });
    let any_failed = facts.tries.values().any(|told| told.value.is_some());
    Either::Right(view! {
        <div id="node-live">
            {node
                .keys
                .alarm(&address.to_string())
                .map(|sentence| {
                    let keys = format!("{}#{}", routes::nodes(id), routes::NodesPart::Keys.anchor());
                    view! {
                        <Problem sentence />
                        <p>
                            <a class="button" href=keys>
                                "Compare its keys"
                            </a>
                        </p>
                    }
                })}
            <p class="verdict">
                {membership(clock, &verdict)}
                <span>{prose(&verdict.sentence)}</span>
                {verdict.at.map(|at| view! { <span class="sub">"read " <Ago at now /></span> })}
            </p>
            <dl class="facts">
                <dt>"Name on the NetScaler"</dt>
                <dd>{node.node.name}</dd>
                <dt>"Status"</dt>
                <dd>{status(clock, standing)}</dd>
                <dt>"REST"</dt>
                <dd>{rest(clock, &facts)}</dd>
                <dt>"Devices in the database"</dt>
                <dd>{said(facts.devices.as_ref().map(|told| (told.at, told.value.to_string())), now)}</dd>
                <dt>"Version"</dt>
                <dd>{said(facts.version.as_ref().map(|told| (told.at, told.value.clone())), now)}</dd>
                <dt>"Clock"</dt>
                <dd>{said(facts.clock.as_ref().map(|told| (told.at, clock_words(told.value))), now)}</dd>
                {ports.collect_view()}
            </dl>
            {any_failed.then(|| view! { <h2>"What did not work at the last try"</h2> <ul class="remarks">{troubles(&facts, now)}</ul> })}
            <h2>"Node ID by each source"</h2>
            <NodeIdTable cluster=id facts=Arc::new(all) clock shown=vec![address] />
            {facts.members.clone().map(|told| members(told, clock))}
        </div>
    })
}

fn said(fact: Option<(At, String)>, now: At) -> impl IntoView {
    match fact {
        None => Either::Left("not seen"),
        Some((at, text)) => Either::Right(view! {
            {text}
            " "
            <span class="sub"><Ago at now /></span>
        }),
    }
}

fn certificate(told: Told<PortFact>, now: At) -> impl IntoView {
    let PortFact { sha256, subject, problem, .. } = told.value;
    view! {
        " "
        <span class="sub"><Ago at=told.at now /></span>
        {subject.map(|name| view! { <div>{name}</div> })}
        {sha256.map(|digits| view! { <code class="fingerprint">{fingerprint_text(&digits)}</code> })}
        {problem.map(|sentence| view! { <div>{prose(&sentence)}</div> })}
    }
}

fn members(told: Told<Members>, clock: Clock) -> impl IntoView {
    let at = told.at;
    let Excerpt { shown, rest } = Excerpt::of(told.value.list, LISTED, |member| member.tone().into());
    let more = rest.sentence("member", "members", "ACTIVE").map(|sentence| view! { <p class="more">{sentence}</p> });
    let rows = shown.into_iter().map(move |member| {
        view! {
            <tr>
                <th scope="row">{member.address.clone()}</th>
                <td>{aged(clock, Door::Ssh, at, member.tone(), member.status.clone())}</td>
                <td>{member.role}</td>
            </tr>
        }
    });
    view! {
        <h2>"Members as it sees them"</h2>
        <p class="sub">{told.value.source.to_string()} ", " <Ago at now=clock.now /></p>
        <Table headings=vec!["Member", "Status", "Role"] cards=true>{rows.collect_view()}</Table>
        {more}
    }
}
