//! The moving part of the nodes' page: alarms, what each node says, node IDs, what failed.

use super::{
    facts::{Clock, clock_words, membership, port, rest, status, troubles, word},
    part::NodesPartView,
};
use crate::{
    routes,
    ui::{
        notice::{Note, Problem},
        table::Table,
        time::Ago,
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    ClusterId,
    excerpt::{Excerpt, LINES},
    node::{Joined, Lists, NodeStanding},
};
use services::NodeView;
use std::sync::Arc;

const HEADINGS: [&str; 7] = ["Node", "Ports", "Version", "Status", "Joined", "REST", "#Clock"];

/// Moves when a node is heard.
#[component]
pub fn NodesPanel(part: NodesPartView) -> impl IntoView {
    let (id, now, clock) = (part.id(), part.view.now, part.clock());
    let facts = Arc::clone(&part.facts);
    let alarms = part.view.nodes.iter().filter_map(|node| node.keys.alarm(&node.node.address.to_string()));
    let Excerpt { shown: alarms, rest } = Excerpt::first(alarms.collect(), LINES);
    let more = rest.more("node shows another key as well", "nodes show another key as well");
    let alarms = alarms.into_iter().chain(more.map(|more| format!("{more}; they stand first below.")));
    let alarms = alarms.map(|sentence| view! { <Problem sentence /> }).collect_view();
    let failed: Vec<_> = part.shown().iter().map(|node| troubles(&node.facts, now)).collect();
    let did_fail = |node: &NodeView| node.facts.tries.values().any(|told| told.value.is_some());
    let any_failed = part.shown().iter().any(did_fail);
    // The database is one, so one number is everybody's.
    let devices = facts.iter().filter_map(|facts| facts.devices.as_ref()).max_by_key(|told| told.at).cloned();
    let empty = part.count() == 0;
    let lists = Lists::of(&facts, clock.interval);
    let rows = part.shown().iter().map(|node| {
        let address = node.node.address;
        let (joined, standing) = (lists.joined(address), lists.standing(address, now));
        view! { <Row id node=node.clone() joined standing clock /> }
    });
    let rows = rows.collect_view();
    let (counts, pager) = (part.counts(), part.pager());
    view! {
        <div id="nodes-live">
            {alarms}
            {if empty {
                Either::Left(
                    view! { <Note sentence="No nodes are described yet. They are part of the cluster's set-up; once they are saved there, they appear here." /> },
                )
            } else {
                Either::Right(
                    view! {
                        <section>
                            <h2>"As they were seen"</h2>
                            {counts}
                            <Table headings=HEADINGS.to_vec() cards=true>{rows}</Table>
                            {pager}
                            {devices
                                .map(|told| {
                                    view! {
                                        <p class="sub">
                                            {told.value} " devices in the database, counted over REST "
                                            <Ago at=told.at now />
                                        </p>
                                    }
                                })}
                            {any_failed
                                .then(|| {
                                    view! {
                                        <h3>"What did not work at the last try"</h3>
                                        <ul class="remarks">{failed}</ul>
                                    }
                                })}
                        </section>
                    },
                )
            }}
        </div>
    }
}

#[component]
fn Row(id: ClusterId, node: NodeView, joined: Joined, standing: NodeStanding, clock: Clock) -> impl IntoView {
    let (address, facts) = (node.node.address, node.facts);
    let ports = [443, 8443, 4443].map(|number| port(clock, number, facts.ports.get(&number)));
    view! {
        <tr data-key=address.to_string()>
            <th scope="row">
                <a href=routes::node(id, address)>{address.to_string()}</a>
                <div class="sub">{node.node.name}</div>
            </th>
            <td data-label="Ports">
                <div class="badges">{ports.into_iter().collect_view()}</div>
            </td>
            <td data-label="Version">{word(clock, facts.version.as_ref().map(|told| (told.at, told.value.clone())))}</td>
            <td data-label="Status">{status(clock, standing)}</td>
            <td data-label="Joined">
                {membership(clock, &joined)}
            </td>
            <td data-label="REST">{rest(clock, &facts)}</td>
            <td class="number" data-label="Clock">{word(clock, facts.clock.as_ref().map(|told| (told.at, clock_words(told.value))))}</td>
        </tr>
    }
}
