//! Node IDs by each source, side by side, what is odd about them, and the way from there into the set-up.

use super::{facts::Clock, part::NodesPartView};
use crate::{
    routes,
    ui::{
        badge::Badge,
        form::ButtonForm,
        notice::{Note, Problem},
        prose::prose,
        table::Table,
        time::Ago,
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    ClusterId,
    desired::Step,
    excerpt::{Excerpt, LISTED},
    node::{Hindrance, IdFact, NodeFacts, Source, agreement, id_remarks},
    state::Tone,
};
use std::{net::Ipv4Addr, sync::Arc};

const HEADINGS: [&str; 6] = ["Node", "SSH", "Pasted", "Page", "Computed", "Together"];

/// Reading them, and taking them where they were read. `next` is the first step that is still open.
#[component]
pub fn IdSection(part: NodesPartView, problem: Option<String>, next: Option<Step>, may_operate: bool) -> impl IntoView {
    let (id, view) = (part.id(), &part.view);
    let hindrances = view.hindrances();
    let (news, count) = (view.reported_news(), view.nodes.len());
    let known = view.nodes.iter().filter(|node| node.node.id.is_some()).count();
    let done = known == count && news == 0;
    let (tone, word) = if done {
        (Tone::Good, format!("{known} of {count} in the set-up"))
    } else {
        (Tone::Quiet, format!("{known} of {count} in the set-up"))
    };
    let hindered = !hindrances.is_empty();
    let read_class = if news > 0 || done || hindered { "button" } else { "button primary" };
    let missing = hindrances.into_iter().map(|why| {
        let (part, text) = match why {
            Hindrance::NoAccount => (routes::NodesPart::Accounts, "Give the account"),
            Hindrance::AccountRefused => (routes::NodesPart::Accounts, "See the accounts"),
            Hindrance::Keys(_) => (routes::NodesPart::Keys, "Compare the keys"),
        };
        view! {
            <li>
                {prose(&why.sentence())} " " <a href=format!("#{}", part.anchor())>{text}</a>
            </li>
        }
    });
    let missing = missing.collect_view();
    let cluster = || vec![("cluster", id.to_string())];
    view! {
        <section id=routes::NodesPart::Ids.anchor() class="part" tabindex="-1" aria-labelledby="ids-title">
            <h2 id="ids-title">"3. Node IDs " <Badge tone word /></h2>
            <p class="lead">
                "The NetScaler keeps a device on its node by this number. What the node itself says, by SSH, counts; the computed one is a rule of thumb."
            </p>
            {problem.map(|sentence| view! { <Problem sentence /> })}
            <NodeIdsPanel part />
            {may_operate
                .then(|| {
                    view! {
                        <div class="actions">
                            {(news > 0)
                                .then(|| {
                                    let fields = [cluster(), vec![("from", "nodes".to_owned())]].concat();
                                    view! {
                                        <ButtonForm
                                            action="/rpc/take_node_ids"
                                            label=format!("Use these IDs ({news} new)")
                                            class="button primary"
                                            fields
                                        />
                                    }
                                })}
                            <ButtonForm
                                action="/rpc/read_node_ids"
                                label="Read node IDs"
                                class=read_class
                                busy="The nodes are being asked in their menu programs; a silent one takes half a minute at most."
                                fields=cluster()
                            />
                            {hindered
                                .then(|| {
                                    let fields = [cluster(), vec![("intent", "pages".to_owned())]].concat();
                                    view! {
                                        <ButtonForm
                                            action="/rpc/read_node_ids"
                                            label="Ask the pages without an account"
                                            busy="The nodes' pages are being asked."
                                            fields
                                        />
                                    }
                                })}
                        </div>
                    }
                })}
            {hindered.then(|| view! { <ul class="missing">{missing}</ul> })}
            {done
                .then(|| {
                    view! {
                        <Note tone="good" sentence="The set-up has the ID of each node." />
                        {next
                            .map(|step| {
                                view! {
                                    <p class="actions">
                                        <a class="button primary" href=routes::step(id, step)>
                                            {format!("Next: {}", step.title())}
                                        </a>
                                    </p>
                                }
                            })}
                    }
                })}
        </section>
    }
}

/// Replaced as a whole when a node is heard, so that it has no buttons.
#[component]
pub fn NodeIdsPanel(part: NodesPartView) -> impl IntoView {
    let (cluster, clock, shown) = (part.id(), part.clock(), part.addresses());
    view! {
        <div id="node-ids-live">
            <NodeIdTable cluster facts=part.facts clock shown />
        </div>
    }
}

/// A row for each node of `shown`, in that order, and what is odd about them, be it with another.
#[component]
pub fn NodeIdTable(
    cluster: ClusterId,
    facts: Arc<Vec<NodeFacts>>,
    clock: Clock,
    shown: Vec<Ipv4Addr>,
) -> impl IntoView {
    let Clock { now, interval } = clock;
    let current: Vec<NodeFacts> = facts.iter().map(|facts| facts.ids_of_now(now, interval)).collect();
    let remarks = id_remarks(&current).into_iter();
    let remarks = remarks.filter(|remark| remark.nodes.iter().any(|node| shown.contains(node)));
    let Excerpt { shown: remarks, rest } = Excerpt::of(remarks.collect(), LISTED, |remark| remark.tone.into());
    let more =
        rest.more("remark like these", "remarks like these").map(|more| view! { <li class="more">{more} "."</li> });
    let remarks = remarks.into_iter().map(|remark| {
        let word = match remark.tone {
            Tone::Good => "all agree",
            Tone::Bad => "wrong",
            Tone::Warn => "odd",
            _ => "not confirmed",
        };
        view! {
            <li>
                <Badge tone=remark.tone word />
                " "
                {prose(&remark.sentence)}
            </li>
        }
    });
    let remarks = remarks.collect_view();
    let shown = shown.iter().filter_map(|address| facts.iter().find(|facts| facts.address == *address));
    let rows: Vec<_> = shown
        .map(|facts| {
            let (tone, word) = agreement(facts, now, interval);
            let sources = Source::ALL.into_iter().zip(&HEADINGS[1..]);
            let cells =
                sources.map(|(source, label)| view! { <td data-label=*label>{cell(facts.id(source), clock)}</td> });
            view! {
                <tr data-key=facts.address.to_string()>
                    <th scope="row">
                        <a href=routes::node(cluster, facts.address)>{facts.address.to_string()}</a>
                    </th>
                    {cells.collect_view()}
                    <td data-label="Together">
                        <Badge tone word />
                    </td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="node-ids">
            <Table headings=HEADINGS.to_vec() cards=true>{rows}</Table>
            <ul class="remarks">{remarks} {more}</ul>
        </div>
    }
}

fn cell(fact: Option<&IdFact>, clock: Clock) -> impl IntoView + use<> {
    let Some(fact) = fact.cloned() else { return Either::Left(view! { <span class="sub">"not read"</span> }) };
    let (verified, now) = (fact.is_verified(), clock.now);
    let old = !fact.counts(now, clock.interval);
    Either::Right(view! {
        <code class="number">{fact.id}</code>
        {fact.at.map(|at| view! { <span class="sub">" " <Ago at now /></span> })}
        {old.then(|| view! { " " <Badge tone=Tone::Warn word="old" /> })}
        {(!verified).then(|| view! { <span class="sub" title=fact.doubt>" unverified"</span> })}
    })
}
