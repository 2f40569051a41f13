//! The nodes: what each says of itself, what the set-up says, and what the appliance has.

use super::{
    picture::Map,
    sight::{Sight, text},
};
use crate::{
    routes::{self, NodesPart},
    ui::{badge::Badge, table::Table, time::Ago},
};
use leptos::prelude::*;
use model::{
    At, Freshness,
    desired::Node,
    excerpt::{Excerpt, LISTED},
    node::{NodeFacts, computed_id, same_id},
    object::ObjectRef,
    state::Tone,
};

pub const HEADINGS: [&str; 7] =
    ["Node", "In the cluster", "#ID it says", "#ID in the set-up", "#Server ID", "Do they agree?", "#Devices"];

/// One row a node: all of few, the worst of many. Everything that a node said stands with its age.
pub fn nodes(sight: &Sight<'_>, map: &Map) -> impl IntoView + use<> {
    // As they are drawn, so that what is in the picture is here too; members besides are no nodes of the set-up.
    let all: Vec<_> = sight.desired.nodes.iter().zip(&map.nodes).collect();
    let Excerpt { shown, rest } = Excerpt::of(all, LISTED, |(_, stop)| stop.weight());
    let rows: Vec<_> = shown.into_iter().map(|(node, _)| row(sight, node)).collect();
    let any = !rows.is_empty();
    let headings = HEADINGS.to_vec();
    let rest = rest.sentence("node", "nodes", "UP").map(|sentence| {
        let href = routes::members(sight.view.cluster.id);
        view! {
            <p class="more">
                {sentence} " " <a href=href>"All nodes and their members"</a>
            </p>
        }
    });
    let ids = routes::nodes_part(sight.view.cluster.id, NodesPart::Ids);
    any.then(|| {
        view! {
            <section>
                <h2>"Nodes"</h2>
                <Table headings cards=true>{rows}</Table>
                {rest}
                <p class="sub">
                    "Each source of a node's ID stands on the page of the " <a href=ids>"nodes"</a> ". Check-ins and tasks stand on the node's own Cluster Information page, which no source here reads."
                </p>
            </section>
        }
    })
}

fn row(sight: &Sight<'_>, node: &Node) -> impl IntoView + use<> {
    row_with(sight, node, None)
}

/// With a cell after the one that says whether it is in the cluster.
pub fn row_with(sight: &Sight<'_>, node: &Node, cell: Option<AnyView>) -> impl IntoView + use<> {
    let now = sight.now();
    let facts = sight.view.nodes.iter().find(|facts| facts.address == node.address);
    let interval = sight.view.sighting.interval;
    let word = sight.lists.standing(node.address, now);
    let against = sight.against(node).filter(|_| word.tone == Tone::Good);
    let standing = view! {
        <Badge tone=word.tone word=word.word />
        {word.at.map(|at| view! { <div class="sub"><Ago at now /></div> })}
        {against.map(|mark| view! { <div><Badge tone=mark.tone word=mark.word /></div> })}
    };
    let own = own_id(node, facts, now, interval);
    let server = sight.server_of(node);
    let member = sight
        .desired
        .mam
        .as_ref()
        .and_then(|mam| sight.find(&ObjectRef::member(&mam.listener.group, &server, mam.listener.port)));
    let configured = member.map(|seen| text(seen, "customserverid")).filter(|id| !id.is_empty());
    let (tone, word) = match sight.freshness {
        Freshness::Fresh => {
            let said = facts.and_then(|facts| facts.reported_id_now(now, interval)).map(|fact| fact.id.as_str());
            agreement(node, said, configured.as_deref(), member.is_some())
        }
        Freshness::Stale | Freshness::Unknown => (Tone::Unknown, "not seen lately".to_owned()),
    };
    let devices = facts.and_then(|facts| facts.devices.clone());
    let devices = devices.map_or_else(
        || "–".into_any(),
        |told| view! { {told.value.to_string()} <div class="sub"><Ago at=told.at now /></div> }.into_any(),
    );
    view! {
        <tr data-key=node.address.to_string()>
            <th scope="row">
                <a href=routes::node(sight.view.cluster.id, node.address)>{server}</a>
                <div class="sub">{node.address.to_string()}</div>
            </th>
            <td data-label="In the cluster">{standing}</td>
            {cell}
            <td class="number" data-label="ID it says">
                {own}
            </td>
            <td class="number" data-label="ID in the set-up">
                {node.id.clone().unwrap_or_else(|| "–".to_owned())}
            </td>
            <td class="number" data-label="Server ID">
                {configured.unwrap_or_else(|| "–".to_owned())}
            </td>
            <td data-label="Do they agree?">
                <Badge tone word />
            </td>
            <td class="number" data-label="Devices">
                {devices}
            </td>
        </tr>
    }
}

/// What the node says of its number, by whom and when; where it says nothing, or another, what its address gives.
fn own_id(node: &Node, facts: Option<&NodeFacts>, now: At, interval: u32) -> impl IntoView + use<> {
    let fact = facts.and_then(|facts| facts.reported_id_now(now, interval).or_else(|| facts.reported_id())).cloned();
    let computed = computed_id(node.address).id;
    let odd = fact.as_ref().is_none_or(|fact| !same_id(&fact.id, &computed));
    let told = fact.map(|fact| {
        let at = fact.at.map(|at| view! { " " <Ago at now /> });
        view! { {fact.id} <div class="sub">{fact.source.to_string()} {at}</div> }
    });
    let nothing = told.is_none().then_some("–");
    let by_address = odd.then(|| view! { <div class="sub">"its address gives " {computed}</div> });
    view! { {told} {nothing} {by_address} }
}

/// Whether the numbers of one node are one number, and which one is not.
fn agreement(node: &Node, said: Option<&str>, configured: Option<&str>, is_member: bool) -> (Tone, String) {
    let wanted = node.id.as_deref();
    let differs = |one: Option<&str>, other: Option<&str>| matches!((one, other), (Some(one), Some(other)) if !same_id(one, other));
    if is_member && configured.is_none() {
        (Tone::Bad, "no server ID".into())
    } else if differs(configured, said) || (said.is_none() && differs(configured, wanted)) {
        (Tone::Bad, "server ID differs".into())
    } else if differs(said, wanted) {
        (Tone::Bad, "set-up differs".into())
    } else if differs(said, Some(&computed_id(node.address).id)) {
        (Tone::Warn, "address differs".into())
    } else if said.is_none() {
        (Tone::Unknown, "node not asked".into())
    } else if configured.is_none() {
        (Tone::Quiet, "not applied yet".into())
    } else {
        (Tone::Good, "agree".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_differs_is_named_and_nothing_is_agreed_that_nobody_said() {
        let node = |id: &str| Node { name: "xms01".into(), address: [10, 20, 30, 11].into(), id: Some(id.into()) };
        let right = "169090571";
        for (node, said, configured, word) in [
            (node(right), Some(right), Some(right), "agree"),
            (node(right), None, Some(right), "node not asked"),
            (node(right), Some(right), None, "no server ID"),
            (node(right), Some(right), Some("7"), "server ID differs"),
            (node(right), None, Some("7"), "server ID differs"),
            (node("7"), Some(right), Some(right), "set-up differs"),
            (node("7"), Some("7"), Some("7"), "address differs"),
        ] {
            let (tone, told) = agreement(&node, said, configured, true);
            assert_eq!(told, word);
            assert_eq!(tone == Tone::Good, word == "agree");
        }
    }
}
